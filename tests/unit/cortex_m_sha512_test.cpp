// The SHA-512 that firmware has in place of libsodium's, beside libsodium's.
#include <sodium.h>

#include <algorithm>
#include <array>
#include <vector>

#include "support/catch.hpp"

extern "C" {
int cairn_test_sha512(unsigned char* out, const unsigned char* in, unsigned long long size);
int cairn_test_sha512_init(crypto_hash_sha512_state* state);
int cairn_test_sha512_update(crypto_hash_sha512_state* state, const unsigned char* in,
                             unsigned long long size);
int cairn_test_sha512_final(crypto_hash_sha512_state* state, unsigned char* out);
}

namespace {

using Hash = std::array<unsigned char, crypto_hash_sha512_BYTES>;

std::vector<unsigned char> message(size_t size) {
  std::vector<unsigned char> out(size);
  for (size_t i = 0; i < size; ++i)
    out[i] = static_cast<unsigned char>(i * 167 + i / 256);
  return out;
}

}  // namespace

TEST_CASE("Cortex-M SHA-512: messages of every length round three blocks") {
  for (size_t size = 0; size <= 400; ++size) {
    const std::vector<unsigned char> text = message(size);
    Hash ours{}, theirs{};
    cairn_test_sha512(ours.data(), text.data(), size);
    crypto_hash_sha512(theirs.data(), text.data(), size);
    INFO(size);
    REQUIRE(ours == theirs);
  }
}

TEST_CASE("Cortex-M SHA-512: in pieces of every size, and nothing is left in the state") {
  const std::vector<unsigned char> text = message(777);
  Hash whole{};
  crypto_hash_sha512(whole.data(), text.data(), text.size());
  for (size_t piece = 1; piece <= 260; ++piece) {
    crypto_hash_sha512_state state;
    cairn_test_sha512_init(&state);
    for (size_t at = 0; at < text.size(); at += piece)
      cairn_test_sha512_update(&state, text.data() + at, std::min(piece, text.size() - at));
    Hash ours{};
    cairn_test_sha512_final(&state, ours.data());
    INFO(piece);
    REQUIRE(ours == whole);
    CHECK(sodium_is_zero(reinterpret_cast<const unsigned char*>(&state), sizeof state));
  }
}
