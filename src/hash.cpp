#include "cairn/hash.hpp"

#include "mem.hpp"

namespace cairn {

bool operator==(const Digest& a, const Digest& b) {
  return memcmp(a.bytes, b.bytes, digest_bytes) == 0;
}

const HashBackend& hash_backend() {
#if CAIRN_HASH_BACKEND == 1
  return sha256_psa;
#elif CAIRN_HASH_BACKEND == 2
  return sha256_sodium;
#elif CAIRN_HASH_BACKEND == 3
  return sha256_accelerated();
#else
  return sha256_builtin;
#endif
}

Digest sha256(ByteView data) {
  Digest out;
  hash_backend().once(data, out);
  return out;
}

}  // namespace cairn
