// Base64 (RFC 4648 §4) and decimal numbers, both strict: one text for each value.
#include "cairn/note.hpp"
#include "text.hpp"

namespace cairn {

namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t no_digit = 64;

// What each character from '+' to 'z' stands for.
struct Digits {
  uint8_t of['z' - '+' + 1];
};

constexpr Digits make_digits() {
  Digits out = {};
  for (uint8_t& digit : out.of)
    digit = no_digit;
  for (uint8_t i = 0; i < 64; ++i)
    out.of[alphabet[i] - '+'] = i;
  return out;
}

constexpr Digits digit_values = make_digits();

uint32_t digit_of(uint8_t c) {
  return c >= '+' && c <= 'z' ? digit_values.of[c - '+'] : no_digit;
}

size_t padding_of(ByteView text) {
  if (text.empty() || text[text.size - 1] != '=') return 0;
  return text[text.size - 2] == '=' ? 2 : 1;
}

// The 24 bits of four characters, of which the last `padding` are '='; above 24 bits: no base64.
uint32_t decode_group(const uint8_t* text, size_t padding) {
  constexpr uint32_t invalid = 1u << 24;
  uint32_t bits = 0;
  for (size_t i = 0; i < 4; ++i) {
    const uint32_t digit = i < 4 - padding ? digit_of(text[i]) : 0;
    if (digit == no_digit) return invalid;
    bits = bits << 6 | digit;
  }
  // Bits that stand for no byte must be zero, or one value would have several texts.
  const uint32_t unused = padding == 2 ? 0xFFFF : padding == 1 ? 0xFF : 0;
  return (bits & unused) != 0 ? invalid : bits;
}

// Decodes into `out`, or only checks when it is null.
bool decode(ByteView text, uint8_t* out) {
  const size_t padding = padding_of(text);
  for (size_t i = 0; i < text.size; i += 4) {
    const size_t here = i + 4 == text.size ? padding : 0;
    const uint32_t bits = decode_group(text.data + i, here);
    if (bits >> 24 != 0) return false;
    if (out == nullptr) continue;
    for (size_t k = 0; k < 3 - here; ++k)
      *out++ = static_cast<uint8_t>(bits >> (16 - 8 * k));
  }
  return true;
}

}  // namespace

Result<size_t> encode_base64(ByteView data, MutableBytes out) {
  if (data.size > SIZE_MAX / 4 * 3 - 2 || out.size < base64_size(data.size)) return Status::full;
  uint8_t* to = out.data;
  for (size_t i = 0; i < data.size; i += 3) {
    const size_t here = data.size - i < 3 ? data.size - i : 3;
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < here ? data[i + k] : 0u);
    for (size_t k = 0; k < 4; ++k)
      *to++ = static_cast<uint8_t>(k <= here ? alphabet[bits >> (18 - 6 * k) & 63] : '=');
  }
  return base64_size(data.size);
}

Result<size_t> base64_decoded_size(ByteView text) {
  if (text.size % 4 != 0 || !decode(text, nullptr)) return Status::corrupt;
  return text.size / 4 * 3 - padding_of(text);
}

Result<size_t> decode_base64(ByteView text, MutableBytes out) {
  const Result<size_t> size = base64_decoded_size(text);
  if (!size.ok()) return size;
  if (size.value > out.size) return Status::full;
  decode(text, out.data);
  return size;
}

size_t format_decimal(uint64_t value, uint8_t (&out)[decimal_bytes_max]) {
  // Divided by 10 in pieces of 16 bits: a small core's routine for 64 bits takes 0.8 KB.
  uint16_t pieces[4] = {static_cast<uint16_t>(value >> 48), static_cast<uint16_t>(value >> 32),
                        static_cast<uint16_t>(value >> 16), static_cast<uint16_t>(value)};
  uint8_t reversed[decimal_bytes_max];
  size_t size = 0;
  unsigned left = 0;
  do {
    uint32_t rest = 0;
    left = 0;
    for (uint16_t& piece : pieces) {
      const uint32_t dividend = rest << 16 | piece;
      piece = static_cast<uint16_t>(dividend / 10);
      rest = dividend % 10;
      left |= piece;
    }
    reversed[size++] = static_cast<uint8_t>('0' + rest);
  } while (left != 0);
  for (size_t i = 0; i < size; ++i)
    out[i] = reversed[size - 1 - i];
  return size;
}

Result<uint64_t> parse_decimal(ByteView text) {
  constexpr size_t digits_max = 19;  // of 2^63 - 1; no 19 digits overflow 64 bits
  if (text.empty() || text.size > digits_max) return Status::corrupt;
  if (text[0] == '0' && text.size > 1) return Status::corrupt;
  uint64_t value = 0;
  for (uint8_t c : text) {
    if (c < '0' || c > '9') return Status::corrupt;
    value = value * 10 + (c - uint64_t{'0'});
  }
  if (value >> 63 != 0) return Status::corrupt;
  return value;
}

}  // namespace cairn
