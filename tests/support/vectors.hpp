// Test vectors: where they lie, and how their encodings are read.
#pragma once

#include <cairn/bytes.hpp>
#include <cairn/hash.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/hex.hpp"

namespace vectors {

using Bytes = std::vector<uint8_t>;

inline cairn::ByteView view(const Bytes& b) {
  return {b.data(), b.size()};
}
inline cairn::ByteView view(const std::string& s) {
  return {s.data(), s.size()};
}

/// The folder of a set: "" are the project's own vectors, which are always there.
inline std::string own(const std::string& file) {
  return CAIRN_TEST_OWN_VECTORS "/" + file;
}

/// A file of the third-party sets, or "" where they are not on this machine.
inline std::string third_party(const std::string& file) {
  const char* set = std::getenv("CAIRN_VECTORS_DIR");
  const std::string folder = set != nullptr && *set != 0 ? set : CAIRN_TEST_VECTORS_DIR;
  if (folder.empty()) return "";
  return folder + "/" + file;
}

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Bytes hex(const std::string& text) {
  return hexadecimal::decode(text);
}
inline std::string to_hex(cairn::ByteView bytes) {
  return hexadecimal::encode(bytes);
}

inline Bytes base64(const std::string& text) {
  static const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes out;
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    const size_t value = digits.find(c);
    if (value == std::string::npos) break;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<uint8_t>(bits >> count));
  }
  return out;
}

inline cairn::Digest digest(const std::string& text) {
  const Bytes bytes = hex(text);
  if (bytes.size() != cairn::digest_bytes) throw std::runtime_error("not a digest: " + text);
  cairn::Digest out;
  std::copy(bytes.begin(), bytes.end(), out.bytes);
  return out;
}

}  // namespace vectors

/// Ends a test case whose vectors are not on this machine, and says so.
#define REQUIRE_VECTORS(path)                                                              \
  do {                                                                                     \
    if ((path).empty()) {                                                                  \
      WARN("left out: set CAIRN_VECTORS_DIR to the third-party vectors to run this case"); \
      return;                                                                              \
    }                                                                                      \
  } while (false)
