// SHA-512 (FIPS 180-4) as libsodium has it: what Ed25519 signatures are made of. On the boards
// mbedTLS computes it.
#include <sodium.h>

#include "fixtures.hpp"

using namespace on_target;

namespace {

constexpr size_t size_max = 777;

struct Message {
  uint8_t bytes[size_max];
  Message() {
    for (size_t i = 0; i < size_max; ++i)
      bytes[i] = static_cast<uint8_t>(i * 167 + i / 256);
  }
};

struct Hash {
  uint8_t bytes[crypto_hash_sha512_BYTES];
};

}  // namespace

TARGET_TEST("messages of every length round three blocks: SHA-256 of all digests, by hashlib") {
  const Message message;
  Sha256 all;
  for (size_t size = 0; size <= 400; ++size) {
    Hash hash;
    crypto_hash_sha512(hash.bytes, message.bytes, size);
    all.update(hash.bytes);
  }
  TARGET_CHECK(
      is(all.finish(), "c6830d936150a507cc1c5006689415b7fb9a5be4faa1608cb761cae3d2a43fed"));
}

TARGET_TEST("in pieces of any size the digest is that of the whole, and the state is wiped") {
  const Message message;
  const Hex<129> whole(
      "016993dedf3524d835776b7cf0336d3a13d775d7a3b5c23d090ba7beaf5bc103"
      "5123b525cd6b2a117f4bf9648619c6822dc26443ff0798ca2c6cf45fa1f62aff");
  for (size_t piece = 1; piece <= 260; piece += 7) {
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    for (size_t at = 0; at < size_max; at += piece)
      crypto_hash_sha512_update(&state, message.bytes + at,
                                size_max - at < piece ? size_max - at : piece);
    Hash hash;
    crypto_hash_sha512_final(&state, hash.bytes);
    TARGET_CHECK(equal(hash.bytes, ByteView(whole)));
    TARGET_CHECK(sodium_is_zero(reinterpret_cast<const uint8_t*>(&state), sizeof state) == 1);
  }
}
