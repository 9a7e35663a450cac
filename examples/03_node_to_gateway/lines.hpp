// Messages as lines of hexadecimal digits: what node and gateway have instead of a radio.
#pragma once

#include <cairn/bytes.hpp>
#include <optional>
#include <string>
#include <vector>

using Message = std::vector<uint8_t>;

inline std::string to_line(cairn::ByteView bytes) {
  const char digits[] = "0123456789abcdef";
  std::string line;
  for (const uint8_t byte : bytes) {
    line += digits[byte >> 4];
    line += digits[byte & 15];
  }
  return line;
}

inline std::optional<Message> from_line(const std::string& line) {
  Message bytes;
  for (size_t i = 0; i + 1 < line.size(); i += 2) {
    const std::string byte = line.substr(i, 2);
    if (byte.find_first_not_of("0123456789abcdef") != std::string::npos) return {};
    bytes.push_back(static_cast<uint8_t>(std::stoul(byte, nullptr, 16)));
  }
  if (line.size() % 2 != 0) return {};
  return bytes;
}
