// Bytes as hexadecimal text.
#pragma once

#include <cairn/bytes.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace hexadecimal {

inline std::vector<uint8_t> decode(const std::string& text) {
  std::vector<uint8_t> out;
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return out;
}

inline std::string encode(cairn::ByteView bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string out;
  for (uint8_t b : bytes) {
    out.push_back(digits[b >> 4]);
    out.push_back(digits[b & 15]);
  }
  return out;
}

}  // namespace hexadecimal
