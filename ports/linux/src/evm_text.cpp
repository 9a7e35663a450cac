// Addresses and hashes of EVM chains as text.
#include <cairn/linux/evm_receipt.hpp>

namespace cairn::host {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Status parse_hex(const std::string& text, uint8_t* out, size_t size) {
  if (text.size() != 2 + 2 * size || text.compare(0, 2, "0x") != 0) return Status::corrupt;
  for (size_t i = 0; i < size; ++i) {
    const int high = digit_of(text[2 + 2 * i]), low = digit_of(text[3 + 2 * i]);
    if (high < 0 || low < 0) return Status::corrupt;
    out[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return Status::ok;
}

std::string hex_text(const uint8_t* bytes, size_t size) {
  static const char digits[] = "0123456789abcdef";
  std::string text = "0x";
  for (size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 0x0F];
  }
  return text;
}

}  // namespace

Status parse_evm_address(const std::string& text, EvmAddress& out) {
  return parse_hex(text, out.data(), out.size());
}

std::string evm_address_text(const EvmAddress& address) {
  return hex_text(address.data(), address.size());
}

Status parse_evm_hash(const std::string& text, Digest& out) {
  return parse_hex(text, out.bytes, sizeof out.bytes);
}

std::string evm_hash_text(const Digest& hash) {
  return hex_text(hash.bytes, sizeof hash.bytes);
}

}  // namespace cairn::host
