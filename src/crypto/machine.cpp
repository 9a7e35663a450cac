#include "machine.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#else
#include <sys/auxv.h>
#endif

namespace cairn::accelerated {
namespace {

#if defined(__x86_64__)

bool has(unsigned word, unsigned bits) {
  return (word & bits) == bits;
}

// The register sets that the operating system saves; a mask of XCR0.
unsigned saved_registers() {
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

unsigned find_features() {
  constexpr unsigned ymm = 0x06, zmm = 0xe6;
  constexpr unsigned avx512 = bit_AVX512F | bit_AVX512BW | bit_AVX512VL;
  unsigned a, b, c, d, features = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return 0;
  if (has(c, bit_SSSE3 | bit_SSE4_1 | bit_SSE4_2)) features |= x86_sse42;
  const unsigned saved = has(c, bit_OSXSAVE | bit_AVX) ? saved_registers() : 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return features;
  if (has(b, bit_SHA)) features |= x86_sha;
  if (has(b, bit_AVX2) && has(saved, ymm)) features |= x86_avx2;
  if (has(b, avx512) && has(saved, zmm)) features |= x86_avx512;
  return features;
}

#else

unsigned find_features() {
  // Of Linux's <asm/hwcap.h>, which not every C library has.
  constexpr unsigned long sha2 = 1ul << 6, crc32 = 1ul << 7;
  const unsigned long there = getauxval(AT_HWCAP);
  return ((there & sha2) != 0 ? armv8_sha2 : 0u) | ((there & crc32) != 0 ? armv8_crc32 : 0u);
}

#endif

constexpr unsigned known = 1u << 31;
unsigned features;  // with `known`, once they are

}  // namespace

// Two threads that are first together find the same.
unsigned machine_features() {
  unsigned found = __atomic_load_n(&features, __ATOMIC_RELAXED);
  if (found == 0) {
    found = find_features() | known;
    __atomic_store_n(&features, found, __ATOMIC_RELAXED);
  }
  return found;
}

}  // namespace cairn::accelerated
