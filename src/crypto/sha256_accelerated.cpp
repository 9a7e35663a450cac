// Which kernel hashes: the first of the list that the machine can run, or the one that the
// environment names.
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

const HashBackend& choose() {
  const char* const name = getenv("CAIRN_SHA256");
  if (name == nullptr || *name == 0) return *sha256_kernel(0);
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

// Two threads that are first together choose the same.
const HashBackend& sha256_accelerated() {
  const HashBackend* backend = __atomic_load_n(&accelerated::chosen, __ATOMIC_ACQUIRE);
  if (backend == nullptr) {
    backend = &accelerated::choose();
    __atomic_store_n(&accelerated::chosen, backend, __ATOMIC_RELEASE);
  }
  return *backend;
}

}  // namespace cairn
