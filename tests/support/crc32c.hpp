// CRC-32C, eight bytes at a time: for tests that compute little else. Nothing of the library is
// used here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace test_crc {

using Tables = std::array<std::array<uint32_t, 256>, 8>;

inline Tables make_tables() {
  Tables out{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = value >> 1 ^ (value & 1 ? 0x82F63B78u : 0);
    out[0][i] = value;
  }
  for (size_t zeros = 1; zeros < 8; ++zeros)
    for (size_t i = 0; i < 256; ++i)
      out[zeros][i] = out[zeros - 1][i] >> 8 ^ out[0][out[zeros - 1][i] & 0xFF];
  return out;
}

/// Continues the CRC of what came before, `crc`.
inline uint32_t crc32c(const uint8_t* bytes, size_t size, uint32_t crc) {
  static const Tables tables = make_tables();
  crc = ~crc;
  for (; size >= 8; size -= 8, bytes += 8) {
    const uint32_t first = crc ^ (bytes[0] | uint32_t{bytes[1]} << 8 | uint32_t{bytes[2]} << 16 |
                                  uint32_t{bytes[3]} << 24);
    crc = tables[7][first & 0xFF] ^ tables[6][first >> 8 & 0xFF] ^ tables[5][first >> 16 & 0xFF] ^
          tables[4][first >> 24] ^ tables[3][bytes[4]] ^ tables[2][bytes[5]] ^ tables[1][bytes[6]] ^
          tables[0][bytes[7]];
  }
  for (; size != 0; --size)
    crc = crc >> 8 ^ tables[0][(crc ^ *bytes++) & 0xFF];
  return ~crc;
}

}  // namespace test_crc
