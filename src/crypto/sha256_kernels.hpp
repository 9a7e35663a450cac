// The kernels of cairn::accelerated, one table each.
#pragma once

#include "cairn/hash.hpp"

namespace cairn::accelerated {

extern const HashBackend sha256_portable;        ///< the core's own code
extern const HashBackend sha256_x86_sha;         ///< SHA extensions, SSE4.1
extern const HashBackend sha256_x86_sha_avx512;  ///< the same with AVX-512VL's 32 registers
extern const HashBackend sha256_x86_sha_wide;    ///< that for few messages, and for many the next
extern const HashBackend sha256_x86_avx512;      ///< sixteen messages at once
extern const HashBackend sha256_x86_avx2;        ///< eight messages at once
extern const HashBackend sha256_armv8;           ///< the SHA-256 instructions of Armv8

}  // namespace cairn::accelerated
