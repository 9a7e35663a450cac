#include <cairn/linux/file.hpp>
#include <cairn/linux/rlp.hpp>

namespace cairn::host::rlp {
namespace {

constexpr uint8_t string_tag = 0x80;
constexpr uint8_t list_tag = 0xC0;
constexpr size_t short_bytes_max = 55;

std::string big_endian(uint64_t value) {
  std::string bytes;
  for (unsigned shift = 64; shift != 0; shift -= 8) {
    const auto byte = static_cast<char>(value >> (shift - 8) & 0xFF);
    if (byte != 0 || !bytes.empty()) bytes += byte;
  }
  return bytes;
}

std::string head(uint8_t tag, size_t size) {
  if (size <= short_bytes_max) return std::string(1, static_cast<char>(tag + size));
  const std::string length = big_endian(size);
  return static_cast<char>(tag + short_bytes_max + length.size()) + length;
}

// Reads a number of `size` bytes without leading zeros.
Result<uint64_t> number_in(ByteView bytes) {
  if (bytes.size > 8 || (!bytes.empty() && bytes[0] == 0)) return Status::corrupt;
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size; ++i)
    value = value << 8 | bytes[i];
  return value;
}

// Takes the first item off.
Status take(ByteView& rest, Item& out) {
  if (rest.empty()) return Status::corrupt;
  const uint8_t first = rest[0];
  size_t head_bytes = 1;
  uint64_t size = 0;
  out.is_list = first >= list_tag;
  if (first < string_tag) {
    head_bytes = 0;
    size = 1;
  } else {
    size = first - (out.is_list ? list_tag : string_tag);
    if (size > short_bytes_max) {
      const size_t length_bytes = static_cast<size_t>(size - short_bytes_max);
      if (rest.size < 1 + length_bytes) return Status::corrupt;
      const Result<uint64_t> length = number_in(rest.part(1, length_bytes));
      if (!length.ok() || length.value <= short_bytes_max) return Status::corrupt;
      size = length.value;
      head_bytes += length_bytes;
    }
  }
  if (rest.size - head_bytes < size) return Status::corrupt;
  out.payload = rest.part(head_bytes, static_cast<size_t>(size));
  out.encoded = rest.part(0, head_bytes + out.payload.size);
  const bool longer = !out.is_list && head_bytes != 0 && size == 1 && out.payload[0] < string_tag;
  if (longer) return Status::corrupt;
  rest = rest.part(out.encoded.size);
  return Status::ok;
}

}  // namespace

std::string string(ByteView bytes) {
  if (bytes.size == 1 && bytes[0] < string_tag) return string_of(bytes);
  return head(string_tag, bytes.size) + string_of(bytes);
}

std::string number(uint64_t value) {
  return string(bytes_of(big_endian(value)));
}

std::string list(const std::vector<std::string>& items) {
  std::string payload;
  for (const std::string& item : items)
    payload += item;
  return head(list_tag, payload.size()) + payload;
}

Status parse(ByteView bytes, Item& out) {
  CAIRN_TRY(take(bytes, out));
  return bytes.empty() ? Status::ok : Status::corrupt;
}

Status items_of(const Item& list, std::vector<Item>& out) {
  out.clear();
  if (!list.is_list) return Status::corrupt;
  for (ByteView rest = list.payload; !rest.empty();) {
    Item item;
    CAIRN_TRY(take(rest, item));
    out.push_back(item);
  }
  return Status::ok;
}

Result<uint64_t> number_of(const Item& item) {
  if (item.is_list) return Status::corrupt;
  return number_in(item.payload);
}

}  // namespace cairn::host::rlp
