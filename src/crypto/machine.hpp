// What the processor that this runs on can do, as far as the operating system lets programs use it.
#pragma once

namespace cairn::accelerated {

enum Feature : unsigned {
  x86_sse42 = 1u << 0,   ///< SSE4.2 and what came before it, and so crc32
  x86_sha = 1u << 1,     ///< SHA extensions
  x86_avx2 = 1u << 2,    ///< and its registers
  x86_avx512 = 1u << 3,  ///< AVX-512 F, BW and VL, and their registers
  armv8_sha2 = 1u << 4,
  armv8_crc32 = 1u << 5,
};

/// The sum of what there is. Found out by the first call; any number of threads may call.
unsigned machine_features();

inline bool machine_has(unsigned features) {
  return (machine_features() & features) == features;
}

}  // namespace cairn::accelerated
