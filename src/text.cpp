#include "text.hpp"

#include "cairn/note.hpp"
#include "mem.hpp"

namespace cairn {

Status reject(Fault* fault, Field field, size_t position) {
  if (fault != nullptr) *fault = {field, static_cast<uint32_t>(position)};
  return Status::corrupt;
}

Character first_character(ByteView text) {
  if (text.empty()) return {};
  const uint8_t lead = text[0];
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size < size) return {};
  uint32_t code = lead & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((text[i] & 0xC0) != 0x80) return {};
    code = code << 6 | (text[i] & 0x3Fu);
  }
  const uint32_t smallest = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest || code > 0x10FFFF || surrogate) return {};
  return {code, size};
}

bool is_unicode_space(uint32_t code) {
  return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 ||
         code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
         code == 0x202F || code == 0x205F || code == 0x3000;
}

size_t find_bad_line(ByteView text) {
  size_t line = 1;
  for (size_t i = 0; i < text.size;) {
    const uint8_t byte = text[i];
    if (byte < 0x20 && byte != '\n') return line;
    line += byte == '\n' ? 1 : 0;
    const size_t size = byte < 0x80 ? 1 : first_character(text.part(i)).size_bytes;
    if (size == 0) return line;
    i += size;
  }
  return 0;
}

bool is_note_text(ByteView text) {
  return !text.empty() && text[text.size - 1] == '\n' && find_bad_line(text) == 0;
}

size_t count_lines(ByteView text) {
  size_t lines = 0;
  for (uint8_t byte : text)
    lines += byte == '\n' ? 1 : 0;
  return lines;
}

bool take_until(ByteView& rest, uint8_t mark, ByteView& before) {
  for (size_t i = 0; i < rest.size; ++i) {
    if (rest[i] != mark) continue;
    before = rest.part(0, i);
    rest = rest.part(i + 1);
    return true;
  }
  return false;
}

bool take_line(ByteView& rest, ByteView& line) {
  return take_until(rest, '\n', line);
}

void Writer::put(ByteView bytes) {
  if (bytes.size > out_.size - used_) full_ = true;
  if (full_) return;
  copy(out_.data + used_, bytes.data, bytes.size);
  used_ += bytes.size;
}

void Writer::put(char c) {
  const uint8_t byte = static_cast<uint8_t>(c);
  put(ByteView(&byte, 1));
}

void Writer::put_decimal(uint64_t value) {
  uint8_t digits[decimal_bytes_max];
  const size_t size = format_decimal(value, digits);
  put(ByteView(digits, size));
}

void Writer::put_base64(ByteView bytes) {
  if (full_) return;
  const Result<size_t> written = encode_base64(bytes, {out_.data + used_, out_.size - used_});
  if (!written.ok()) full_ = true;
  used_ += written.value;
}

Result<size_t> Writer::finish() const {
  if (full_) return Status::full;
  return used_;
}

}  // namespace cairn
