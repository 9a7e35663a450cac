// P-256 verified by OpenSSL: the same answers as by PSA Crypto, for whatever is wrong.
#include <cairn/linux/verifiers.hpp>
#include <random>
#include <thread>

#include "support/catch.hpp"
#include "support/signing.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::view;

namespace {

Status by(const Verifier& verifier, const PublicKey& key, const Bytes& message,
          const Signature& signature) {
  return verify({&verifier, 1}, key, view(message), signature);
}

struct Signed {
  signing::P256Pair pair{uint8_t{7}};
  PublicKey key = pair.signer.public_key;
  Bytes message = Bytes(100, 0x5A);
  Signature signature{};

  Signed() { REQUIRE(sign(pair.signer, view(message), signature) == Status::ok); }
};

}  // namespace

TEST_CASE("OpenSSL accepts what PSA signed, and nothing that was changed in one bit") {
  Signed it;
  const Verifier openssl = host::openssl_p256_verifier();
  CHECK(openssl.algorithm == CAIRN_P256);
  CHECK(by(openssl, it.key, it.message, it.signature) == Status::ok);
  for (size_t bit = 0; bit < 8 * signature_bytes; ++bit) {
    CAPTURE(bit);
    const uint8_t mask = static_cast<uint8_t>(1u << bit % 8);
    it.signature.bytes[bit / 8] ^= mask;
    CHECK(by(openssl, it.key, it.message, it.signature) == Status::signature_invalid);
    it.signature.bytes[bit / 8] ^= mask;
    it.key.bytes[bit / 8] ^= mask;
    CHECK(by(openssl, it.key, it.message, it.signature) == Status::signature_invalid);
    it.key.bytes[bit / 8] ^= mask;
    it.message[bit / 8] ^= mask;
    CHECK(by(openssl, it.key, it.message, it.signature) == Status::signature_invalid);
    it.message[bit / 8] ^= mask;
  }
  CHECK(by(openssl, it.key, it.message, it.signature) == Status::ok);
}

TEST_CASE("Numbers out of range and points off the curve are no signatures and no keys") {
  const Signed it;
  const Verifier openssl = host::openssl_p256_verifier();
  const Verifier psa = p256_verifier();
  const Bytes order =
      vectors::hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  for (const Bytes& scalar : {Bytes(32, 0x00), Bytes(32, 0xFF), order}) {
    for (const size_t half : {size_t{0}, size_t{32}}) {
      Signature forged = it.signature;
      std::copy(scalar.begin(), scalar.end(), forged.bytes + half);
      CHECK(by(openssl, it.key, it.message, forged) == Status::signature_invalid);
      CHECK(by(psa, it.key, it.message, forged) == Status::signature_invalid);
    }
  }
  for (const uint8_t byte : {uint8_t{0x00}, uint8_t{0xFF}, uint8_t{0x01}}) {
    PublicKey key{CAIRN_P256, {}};
    std::fill_n(key.bytes, 64, byte);
    CHECK(by(openssl, key, it.message, it.signature) == Status::signature_invalid);
    CHECK(by(psa, key, it.message, it.signature) == Status::signature_invalid);
  }
  CHECK(by(openssl, it.key, {}, it.signature) == Status::signature_invalid);
}

TEST_CASE("Threads verify at the same time") {
  const Signed it;
  int accepted[4] = {};
  std::vector<std::thread> threads;
  for (int& count : accepted)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        count += by(host::openssl_p256_verifier(), it.key, it.message, it.signature) == Status::ok;
    });
  for (std::thread& thread : threads)
    thread.join();
  for (const int count : accepted)
    CHECK(count == 50);
}
