// SHA-256 (FIPS 180-4): streaming, one-shot, and many messages in one call.
//
// Which implementation answers is a build option (CAIRN_HASH_BACKEND), and with cairn::accelerated
// also a matter of the processor; all of them give the same bytes. The many-at-once calls have the
// shapes of the tree, so that an accelerated kernel can keep several messages in flight.
#pragma once

#include "bytes.hpp"
#include "config.hpp"

namespace cairn {

constexpr size_t digest_bytes = 32;

struct Digest {
  uint8_t bytes[digest_bytes];

  operator ByteView() const { return {bytes, digest_bytes}; }
};

bool operator==(const Digest& a, const Digest& b);
inline bool operator!=(const Digest& a, const Digest& b) {
  return !(a == b);
}

/// State of a streaming hash. Holds no pointer: it may be copied, and dropped at any time.
struct Sha256State {
  uint32_t chain[8];
  uint64_t size_bytes;
  uint8_t block[64];
};

/// One implementation of SHA-256. Tables, not classes: C ports and tests name them directly.
struct HashBackend {
  const char* name;
  void (*start)(Sha256State& state);
  void (*update)(Sha256State& state, ByteView data);
  void (*finish)(Sha256State& state, Digest& out);
  /// out = SHA-256(message).
  void (*once)(ByteView message, Digest& out);
  /// out[i] = SHA-256(prefix || messages[i]).
  void (*many)(uint8_t prefix, const ByteView* messages, size_t count, Digest* out);
  /// out[i] = SHA-256(0x01 || pairs[2i] || pairs[2i+1]). `out` may be `pairs` itself.
  void (*nodes)(const Digest* pairs, size_t count, Digest* out);
};

extern const HashBackend sha256_builtin;  ///< portable C++, always present
extern const HashBackend sha256_psa;      ///< PSA Crypto (cairn::psa)
extern const HashBackend sha256_sodium;   ///< libsodium (cairn::sodium)

/// cairn::accelerated: what suits the processor best of sha256_kernel(). The first call chooses, by
/// what the processor and the operating system say of themselves, and between two that both suit by
/// trying them for some microseconds; any number of threads may call.
///
/// The environment variable CAIRN_SHA256 takes the choice: sha-avx512, sha-wide, sha, avx512, avx2,
/// armv8 or portable. A name that is none of these, or of a kernel that this machine cannot run,
/// gives the portable code: the same digests, and the name of the backend tells.
const HashBackend& sha256_accelerated();

/// The kernels of cairn::accelerated that this machine can run, as a rule fastest first: the one
/// with this index, or nullptr behind the last. The last is the portable code. Their names are
/// "accelerated: " and the name that CAIRN_SHA256 takes.
const HashBackend* sha256_kernel(size_t index);

/// The implementation that this build uses, and, with cairn::accelerated, that this machine does.
const HashBackend& hash_backend();

/// Streaming SHA-256 with the build's backend.
class Sha256 {
 public:
  Sha256() { hash_backend().start(state_); }
  void update(ByteView data) { hash_backend().update(state_, data); }
  Digest finish() {
    Digest out;
    hash_backend().finish(state_, out);
    return out;
  }

 private:
  Sha256State state_;
};

/// SHA-256 of one range of bytes.
Digest sha256(ByteView data);

}  // namespace cairn
