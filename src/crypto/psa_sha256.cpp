// SHA-256 by PSA Crypto, and so by whatever driver stands behind it.
//
// Where a PSA call fails (no psa_crypto_init() yet, a busy peripheral) the built-in code answers:
// the digest is the same. Streaming is the built-in code altogether, because a PSA operation may
// hold a resource of its driver and so cannot be a state that is copied and dropped at will.
#include <psa/crypto.h>

#include "cairn/hash.hpp"
#include "mem.hpp"

namespace cairn {
namespace {

void start(Sha256State& state) {
  sha256_builtin.start(state);
}
void update(Sha256State& state, ByteView data) {
  sha256_builtin.update(state, data);
}
void finish(Sha256State& state, Digest& out) {
  sha256_builtin.finish(state, out);
}

bool psa_once(ByteView message, Digest& out) {
  size_t size = 0;
  return psa_hash_compute(PSA_ALG_SHA_256, message.data, message.size, out.bytes, digest_bytes,
                          &size) == PSA_SUCCESS;
}

bool psa_prefixed(uint8_t prefix, ByteView message, Digest& out) {
  psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
  size_t size = 0;
  const bool done = psa_hash_setup(&operation, PSA_ALG_SHA_256) == PSA_SUCCESS &&
                    psa_hash_update(&operation, &prefix, 1) == PSA_SUCCESS &&
                    psa_hash_update(&operation, message.data, message.size) == PSA_SUCCESS &&
                    psa_hash_finish(&operation, out.bytes, digest_bytes, &size) == PSA_SUCCESS;
  if (!done) static_cast<void>(psa_hash_abort(&operation));
  return done;
}

void once(ByteView message, Digest& out) {
  if (!psa_once(message, out)) sha256_builtin.once(message, out);
}

void many(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
  for (size_t i = 0; i < count; ++i) {
    if (!psa_prefixed(prefix, messages[i], out[i])) {
      sha256_builtin.many(prefix, messages + i, 1, out + i);
    }
  }
}

void nodes(const Digest* pairs, size_t count, Digest* out) {
  uint8_t message[1 + 2 * digest_bytes];
  message[0] = 0x01;
  for (size_t i = 0; i < count; ++i) {
    memcpy(message + 1, pairs + 2 * i, 2 * digest_bytes);
    once(message, out[i]);
  }
}

}  // namespace

const HashBackend sha256_psa = {"psa", start, update, finish, once, many, nodes};

}  // namespace cairn
