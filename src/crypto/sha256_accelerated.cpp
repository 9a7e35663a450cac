// Which kernel hashes: the one that the environment names, or else the quickest of the list that
// the machine can run.
#include <stdlib.h>

#include "machine.hpp"
#include "mem.hpp"
#include "sha256_builtin.hpp"
#include "sha256_kernels.hpp"
#include "sha256_stream.hpp"

namespace cairn {
namespace accelerated {

using Portable = Sha256Stream<builtin::compress_blocks>;
const HashBackend sha256_portable = {"accelerated: portable", Portable::start, Portable::update,
                                     Portable::finish,        Portable::once,  Portable::many,
                                     builtin::nodes};

namespace {

struct Kernel {
  const HashBackend* backend;
  unsigned needs;
};

// Fastest first. The wide ones are for machines without instructions for SHA-256.
constexpr Kernel kernels[] = {
#if defined(__x86_64__)
    {&sha256_x86_sha_avx512, x86_sha | x86_avx512},
    {&sha256_x86_sha_wide, x86_sha | x86_avx512},
    {&sha256_x86_sha, x86_sha | x86_sse42},
    {&sha256_x86_avx512, x86_avx512},
    {&sha256_x86_avx2, x86_avx2},
#else
    {&sha256_armv8, armv8_sha2},
#endif
    {&sha256_portable, 0},
};

bool is_called(const HashBackend& kernel, const char* name) {
  const char* own = kernel.name + sizeof "accelerated: " - 1;
  while (*own != 0 && *own == *name)
    ++own, ++name;
  return *own == *name;
}

#if defined(__x86_64__)
// The least of a few attempts: whatever else the machine does only adds to it.
uint64_t ticks_for_nodes(const HashBackend& kernel) {
  constexpr size_t count = 32;
  Digest pairs[2 * count] = {};
  uint64_t least = UINT64_MAX;
  for (int attempt = 0; attempt < 5; ++attempt) {
    const uint64_t before = __builtin_ia32_rdtsc();
    kernel.nodes(pairs, count, pairs);
    const uint64_t ticks = __builtin_ia32_rdtsc() - before;
    if (ticks < least) least = ticks;
  }
  return least;
}
#endif

// Whether AVX-512 is quicker than the SHA extensions the processor does not tell: it is tried.
const HashBackend& quickest() {
#if defined(__x86_64__)
  if (machine_has(x86_sha | x86_avx512) &&
      ticks_for_nodes(sha256_x86_sha_wide) < ticks_for_nodes(sha256_x86_sha_avx512)) {
    return sha256_x86_sha_wide;
  }
#endif
  return *sha256_kernel(0);
}

const HashBackend& choose() {
  const char* const name = getenv("CAIRN_SHA256");
  if (name == nullptr || *name == 0) return quickest();
  for (size_t i = 0; const HashBackend* kernel = sha256_kernel(i); ++i)
    if (is_called(*kernel, name)) return *kernel;
  return sha256_portable;
}

const HashBackend* chosen;

}  // namespace
}  // namespace accelerated

const HashBackend* sha256_kernel(size_t index) {
  for (const accelerated::Kernel& kernel : accelerated::kernels)
    if (accelerated::machine_has(kernel.needs) && index-- == 0) return kernel.backend;
  return nullptr;
}

// Of threads that are first together one's choice counts for all.
const HashBackend& sha256_accelerated() {
  const HashBackend* backend = __atomic_load_n(&accelerated::chosen, __ATOMIC_ACQUIRE);
  if (backend != nullptr) return *backend;
  const HashBackend& own = accelerated::choose();
  const bool first = __atomic_compare_exchange_n(&accelerated::chosen, &backend, &own, false,
                                                 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  return first ? own : *backend;
}

}  // namespace cairn
