// What the kernels for x86 share. A source says in CAIRN_TARGET, a target attribute, for which
// processor it is. Each of its functions has that attribute, rather than the file an option: so no
// inline function that others share is compiled for more than the build's own processor.
#pragma once

#include <immintrin.h>

#include "sha256_kernels.hpp"
#include "sha256_many.hpp"

#define CAIRN_INLINE [[gnu::always_inline, gnu::target(CAIRN_TARGET)]] inline
#define CAIRN_CALLED [[gnu::noinline, gnu::target(CAIRN_TARGET)]]

namespace cairn::accelerated {
namespace {

// For a byte shuffle that swaps the bytes of each word.
CAIRN_INLINE __m128i byte_swap() {
  return _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
}

}  // namespace
}  // namespace cairn::accelerated
