// P-256 with a PSA library that has no deterministic ECDSA, as those of many secure elements: this
// program takes psa_sign_hash() over from the shared library, and refuses that algorithm.
#include <dlfcn.h>
#include <psa/crypto.h>

#include <cairn/sign.hpp>

#include "support/catch.hpp"
#include "support/signing.hpp"

namespace {

bool without_ecdsa = false;
int refused = 0;

}  // namespace

extern "C" psa_status_t psa_sign_hash(mbedtls_svc_key_id_t key, psa_algorithm_t algorithm,
                                      const uint8_t* hash, size_t hash_size, uint8_t* signature,
                                      size_t capacity, size_t* size) {
  if (without_ecdsa || PSA_ALG_IS_DETERMINISTIC_ECDSA(algorithm)) {
    ++refused;
    return PSA_ERROR_NOT_SUPPORTED;
  }
  static const auto real =
      reinterpret_cast<decltype(&psa_sign_hash)>(dlsym(RTLD_NEXT, "psa_sign_hash"));
  return real(key, algorithm, hash, hash_size, signature, capacity, size);
}

TEST_CASE("without deterministic ECDSA a key signs at random, and every signature verifies") {
  for (int i = 0; i < 100; ++i) {  // more than PSA has slots: the first attempt leaves none behind
    const signing::P256Pair pair(7);
    REQUIRE(refused == i + 1);
    REQUIRE_FALSE(PSA_ALG_IS_DETERMINISTIC_ECDSA(pair.key.algorithm));
    cairn::Signature a, b;
    REQUIRE(cairn::sign(pair.signer, cairn::literal("m"), a) == cairn::Status::ok);
    REQUIRE(cairn::sign(pair.signer, cairn::literal("m"), b) == cairn::Status::ok);
    REQUIRE_FALSE(cairn::equal(a.bytes, b.bytes));
    for (const cairn::Signature& s : {a, b}) {
      REQUIRE(cairn::verify(signing::verifiers(), pair.signer.public_key, cairn::literal("m"), s) ==
              cairn::Status::ok);
    }
  }
}

TEST_CASE("a library without ECDSA is unsupported, and keeps no slot") {
  without_ecdsa = true;
  const vectors::Bytes scalar(32, 7);
  cairn::P256Key key{};
  cairn::Signer signer;
  for (int i = 0; i < 100; ++i)
    REQUIRE(cairn::p256_signer(vectors::view(scalar), key, signer) == cairn::Status::unsupported);
  without_ecdsa = false;
  REQUIRE(cairn::p256_signer(vectors::view(scalar), key, signer) == cairn::Status::ok);
  cairn::p256_forget(key);
}
