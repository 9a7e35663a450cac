// CRC-32C by the instruction that x86 and Armv8 have for it.
#include "crc32c.hpp"

#include "machine.hpp"

#if defined(__x86_64__)
#include <nmmintrin.h>
#define CAIRN_CALLED [[gnu::noinline, gnu::target("sse4.2")]]
#else
#include <arm_acle.h>
#define CAIRN_CALLED [[gnu::noinline]]
#endif

namespace cairn {
namespace {

#if defined(__x86_64__)
constexpr unsigned needed = accelerated::x86_sse42;
#define CAIRN_CRC8(crc, byte) _mm_crc32_u8(crc, byte)
#define CAIRN_CRC64(crc, word) _mm_crc32_u64(crc, word)
#else
constexpr unsigned needed = accelerated::armv8_crc32;
#define CAIRN_CRC8(crc, byte) __crc32cb(crc, byte)
#define CAIRN_CRC64(crc, word) __crc32cd(crc, word)
#endif

CAIRN_CALLED uint32_t by_instruction(ByteView data, uint32_t crc) {
  uint64_t sum = ~crc;
  const uint8_t* p = data.data;
  size_t left = data.size;
  for (; left >= 8; left -= 8, p += 8)
    sum = CAIRN_CRC64(static_cast<uint32_t>(sum), load_le64(p));
  for (; left != 0; --left, ++p)
    sum = CAIRN_CRC8(static_cast<uint32_t>(sum), *p);
  return ~static_cast<uint32_t>(sum);
}

}  // namespace

uint32_t crc32c_accelerated(ByteView data, uint32_t crc) {
  return accelerated::machine_has(needed) ? by_instruction(data, crc) : crc32c_portable(data, crc);
}

}  // namespace cairn
