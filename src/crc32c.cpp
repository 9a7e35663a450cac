#include "crc32c.hpp"

#include "cairn/config.hpp"

namespace cairn {

// Four bits at a time: 64 bytes of table, which is what a small device can spare.
uint32_t crc32c_portable(ByteView data, uint32_t crc) {
  static const uint32_t table[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
                                     0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
                                     0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
                                     0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};
  crc = ~crc;
  for (uint8_t byte : data) {
    crc = table[(crc ^ byte) & 15] ^ (crc >> 4);
    crc = table[(crc ^ (byte >> 4u)) & 15] ^ (crc >> 4);
  }
  return ~crc;
}

uint32_t crc32c(ByteView data, uint32_t crc) {
#if CAIRN_HASH_BACKEND == 3
  return crc32c_accelerated(data, crc);
#else
  return crc32c_portable(data, crc);
#endif
}

}  // namespace cairn
