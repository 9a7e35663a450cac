// Fingerprints: numbers that are equal for what is equal, and hardly ever else.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace fingerprint {

inline uint64_t add(uint64_t print, uint64_t word) {
  print = (print ^ word) * 0x9FB21C651E98DF25u;
  return print ^ print >> 29;
}

inline uint64_t add(uint64_t print, const uint8_t* bytes, size_t size) {
  size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    uint64_t word;
    std::memcpy(&word, bytes + at, 8);
    print = add(print, word);
  }
  for (; at < size; ++at)
    print = add(print, bytes[at]);
  return print ^ print >> 32;
}

inline uint64_t add(uint64_t print, const std::vector<uint8_t>& bytes) {
  return add(print, bytes.data(), bytes.size());
}

}  // namespace fingerprint
