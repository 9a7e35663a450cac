// Keccak-256: published values, and the permutation against OpenSSL's SHA3-256.
#include <openssl/evp.h>

#include <cairn/linux/keccak.hpp>

#include "support/vectors.hpp"

using namespace cairn;

TEST_CASE("keccak: published values") {
  const auto hex_of = [](const std::string& text) {
    return vectors::to_hex(host::keccak256(vectors::view(text)));
  };
  CHECK(hex_of("") == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  CHECK(hex_of("abc") == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  CHECK(hex_of("Transfer(address,address,uint256)") ==
        "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
}

TEST_CASE("keccak: with the other padding it is SHA3-256, for every size around a block") {
  std::string text;
  for (size_t size = 0; size < 420; ++size) {
    Digest expected;
    REQUIRE(EVP_Digest(text.data(), text.size(), expected.bytes, nullptr, EVP_sha3_256(),
                       nullptr) == 1);
    CAPTURE(size);
    REQUIRE(host::keccak_sponge256(vectors::view(text), 0x06) == expected);
    REQUIRE(host::keccak_sponge256(vectors::view(text), 0x01) ==
            host::keccak256(vectors::view(text)));
    text += static_cast<char>(size * 7);
  }
}
