// SHA-256 by libsodium. Needs no sodium_init().
#include <sodium.h>

#include "cairn/hash.hpp"
#include "mem.hpp"

namespace cairn {
namespace {

using State = crypto_hash_sha256_state;
static_assert(sizeof(State) <= sizeof(Sha256State), "libsodium's state does not fit");

// The library's state lives in the bytes of ours and is copied in and out: two types over one
// memory would break the aliasing rules.
State load(const Sha256State& from) {
  State state;
  memcpy(&state, &from, sizeof state);
  return state;
}
void store(const State& state, Sha256State& to) {
  memcpy(&to, &state, sizeof state);
}

void start(Sha256State& state) {
  State inner;
  crypto_hash_sha256_init(&inner);
  store(inner, state);
}

void update(Sha256State& state, ByteView data) {
  State inner = load(state);
  crypto_hash_sha256_update(&inner, data.data, data.size);
  store(inner, state);
}

void finish(Sha256State& state, Digest& out) {
  State inner = load(state);
  crypto_hash_sha256_final(&inner, out.bytes);
}

void once(ByteView message, Digest& out) {
  crypto_hash_sha256(out.bytes, message.data, message.size);
}

void many(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
  for (size_t i = 0; i < count; ++i) {
    State state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &prefix, 1);
    crypto_hash_sha256_update(&state, messages[i].data, messages[i].size);
    crypto_hash_sha256_final(&state, out[i].bytes);
  }
}

void nodes(const Digest* pairs, size_t count, Digest* out) {
  uint8_t message[1 + 2 * digest_bytes];
  message[0] = 0x01;
  for (size_t i = 0; i < count; ++i) {
    memcpy(message + 1, pairs + 2 * i, 2 * digest_bytes);
    crypto_hash_sha256(out[i].bytes, message, sizeof message);
  }
}

}  // namespace

const HashBackend sha256_sodium = {"sodium", start, update, finish, once, many, nodes};

}  // namespace cairn
