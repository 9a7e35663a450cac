// Signing and verifying: the dispatch, and the adapters with good and bad keys.
#include <cairn/sign.hpp>
#include <cstring>

#include "support/catch.hpp"
#include "support/signing.hpp"
#include "support/vectors.hpp"

#ifdef CAIRN_TEST_WITH_PSA
#include <psa/crypto.h>
#endif

using cairn::PublicKey;
using cairn::Signature;
using cairn::Signer;
using cairn::Status;
using cairn::Verifier;
using vectors::Bytes;
using vectors::view;

namespace {

// A key holder that answers with a set number and remembers what it was asked.
struct Holder {
  int answer = 0;
  Bytes message;
  int calls = 0;

  static int sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
    Holder& self = *static_cast<Holder*>(user);
    self.message.assign(message, message + size);
    memset(signature, 0xA5, cairn::signature_bytes);
    return self.answer;
  }
  static int verify(void* user, const cairn_public_key*, const uint8_t* message, size_t size,
                    const uint8_t*) {
    Holder& self = *static_cast<Holder*>(user);
    self.message.assign(message, message + size);
    ++self.calls;
    return self.answer;
  }
};

Verifier verifier_of(Holder& holder, uint8_t algorithm) {
  return {sizeof(Verifier), algorithm, &holder, Holder::verify};
}

}  // namespace

TEST_CASE("a public key has the size and the identity of its algorithm") {
  CHECK(cairn::public_key_size(CAIRN_ED25519) == 32);
  CHECK(cairn::public_key_size(CAIRN_P256) == 64);
  CHECK(cairn::public_key_size(0) == 0);
  CHECK(cairn::public_key_size(3) == 0);

  PublicKey a{CAIRN_ED25519, {1, 2, 3}};
  PublicKey b = a;
  CHECK(a == b);
  b.bytes[31] = 1;
  CHECK_FALSE(a == b);
  b = a;
  b.bytes[32] = 1;  // behind the end of an Ed25519 key
  CHECK(a == b);
  a.algorithm = b.algorithm = CAIRN_P256;
  CHECK_FALSE(a == b);
  b = a;
  b.algorithm = CAIRN_ED25519;
  CHECK_FALSE(a == b);
}

TEST_CASE("sign hands the message on, and leaves no signature when the holder fails") {
  Holder holder;
  Signer signer{};
  signer.user = &holder;
  signer.sign = Holder::sign;
  Signature signature;
  CHECK(cairn::sign(signer, cairn::literal("abc"), signature) == Status::ok);
  CHECK(holder.message == Bytes({'a', 'b', 'c'}));
  CHECK(signature.bytes[63] == 0xA5);

  for (int answer : {-6, -15, -100, 1}) {
    holder.answer = answer;
    CHECK(cairn::sign(signer, cairn::literal("abc"), signature) == Status::io);
    CHECK(Bytes(signature.bytes, signature.bytes + 64) == Bytes(64, 0));
  }
}

TEST_CASE("verify asks the first verifier of the key's algorithm") {
  Holder ed25519, p256, second;
  const Verifier list[] = {verifier_of(ed25519, CAIRN_ED25519), verifier_of(p256, CAIRN_P256),
                           verifier_of(second, CAIRN_P256)};
  const Signature signature{};
  const PublicKey key{CAIRN_P256, {}};
  CHECK(cairn::verify({list, 3}, key, cairn::literal("m"), signature) == Status::ok);
  CHECK((ed25519.calls == 0 && p256.calls == 1 && second.calls == 0));
  CHECK(p256.message == Bytes{'m'});

  p256.answer = CAIRN_E_SIGNATURE_INVALID;
  CHECK(cairn::verify({list, 3}, key, {}, signature) == Status::signature_invalid);
  for (int answer : {CAIRN_E_IO, CAIRN_E_UNSUPPORTED, -1000, 1}) {
    p256.answer = answer;
    CHECK(cairn::verify({list, 3}, key, {}, signature) == Status::io);
  }
  CHECK(cairn::verify({list, 1}, key, {}, signature) == Status::unsupported);
  CHECK(cairn::verify({}, key, {}, signature) == Status::unsupported);
}

namespace {

// Signs messages of several sizes; every changed bit of message, signature and key must show.
void check_pair(const signing::Pair& pair) {
  for (size_t size : {0u, 1u, 55u, 64u, 300u}) {
    CAPTURE(size);
    Bytes message(size, 0x5A);
    Signature signature;
    REQUIRE(cairn::sign(pair.signer, view(message), signature) == Status::ok);
    const auto check = [&](const PublicKey& key, const Signature& s) {
      return cairn::verify(signing::verifiers(), key, view(message), s);
    };
    CHECK(check(pair.signer.public_key, signature) == Status::ok);
    for (size_t at : {size_t{0}, size / 2, size - 1}) {
      if (at >= size) continue;
      message[at] ^= 1;
      CHECK(check(pair.signer.public_key, signature) == Status::signature_invalid);
      message[at] ^= 1;
    }
    for (size_t bit = 0; bit < 512; bit += 31) {
      Signature bad = signature;
      bad.bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      CHECK(check(pair.signer.public_key, bad) == Status::signature_invalid);
    }
    const size_t key_bits = 8 * cairn::public_key_size(pair.signer.public_key.algorithm);
    for (size_t bit = 0; bit < key_bits; bit += 37) {
      PublicKey bad = pair.signer.public_key;
      bad.bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      CHECK(check(bad, signature) == Status::signature_invalid);
    }
    CHECK(check(pair.signer.public_key, Signature{}) == Status::signature_invalid);
  }
}

}  // namespace

#ifdef CAIRN_TEST_WITH_SODIUM

TEST_CASE("Ed25519 signs and verifies") {
  const signing::Ed25519Pair pair(7);
  CHECK(pair.signer.struct_size == sizeof(Signer));
  CHECK(pair.signer.public_key.algorithm == CAIRN_ED25519);
  check_pair(pair);

  // No key at all: a point of small order, and one that is not canonical.
  PublicKey none{CAIRN_ED25519, {}};
  const Signature signature{};
  CHECK(cairn::verify(signing::verifiers(), none, {}, signature) == Status::signature_invalid);
  memset(none.bytes, 0xFF, 32);
  CHECK(cairn::verify(signing::verifiers(), none, {}, signature) == Status::signature_invalid);
}

TEST_CASE("an Ed25519 seed has 32 bytes") {
  cairn::Ed25519Key key;
  Signer signer;
  for (size_t size : {0u, 31u, 33u, 64u}) {
    const Bytes seed(size, 1);
    CHECK(cairn::ed25519_signer(view(seed), key, signer) == Status::bad_argument);
  }
}

#endif
#ifdef CAIRN_TEST_WITH_PSA

TEST_CASE("P-256 signs and verifies") {
  const signing::P256Pair pair(7);
  CHECK(pair.signer.struct_size == sizeof(Signer));
  CHECK(pair.signer.public_key.algorithm == CAIRN_P256);
  check_pair(pair);
}

TEST_CASE("a P-256 scalar has 32 bytes and lies between 0 and the order") {
  cairn::P256Key key{};
  Signer signer;
  for (size_t size : {0u, 31u, 33u}) {
    const Bytes scalar(size, 1);
    CHECK(cairn::p256_signer(view(scalar), key, signer) == Status::bad_argument);
  }
  Bytes order = vectors::hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  CHECK(cairn::p256_signer(view(order), key, signer) == Status::bad_argument);
  CHECK(cairn::p256_signer(view(Bytes(32, 0)), key, signer) == Status::bad_argument);
  CHECK(cairn::p256_signer(view(Bytes(32, 0xFF)), key, signer) == Status::bad_argument);
  --order.back();
  REQUIRE(cairn::p256_signer(view(order), key, signer) == Status::ok);
  cairn::p256_forget(key);
}

TEST_CASE("a P-256 key that was forgotten signs no more, and its slot is free") {
  cairn::P256Key key{};
  Signer signer;
  Signature signature;
  for (int i = 0; i < 200; ++i) {  // more than PSA has slots
    REQUIRE(cairn::p256_signer(view(Bytes(32, 9)), key, signer) == Status::ok);
    REQUIRE(cairn::sign(signer, {}, signature) == Status::ok);
    cairn::p256_forget(key);
    REQUIRE(cairn::sign(signer, {}, signature) == Status::io);
  }
}

TEST_CASE("verifying takes no slot for good") {
  const signing::P256Pair pair(7);
  PublicKey off_curve = pair.signer.public_key;
  off_curve.bytes[63] ^= 1;
  Signature signature;
  REQUIRE(cairn::sign(pair.signer, {}, signature) == Status::ok);
  for (int i = 0; i < 100; ++i) {
    REQUIRE(cairn::verify(signing::verifiers(), pair.signer.public_key, {}, signature) ==
            Status::ok);
    REQUIRE(cairn::verify(signing::verifiers(), off_curve, {}, signature) ==
            Status::signature_invalid);
  }
}

TEST_CASE("a generated P-256 key is new, and signs") {
  uint8_t a[32], b[32], small[31];
  REQUIRE(cairn::p256_generate(a) == Status::ok);
  REQUIRE(cairn::p256_generate(b) == Status::ok);
  CHECK_FALSE(cairn::equal(a, b));
  CHECK(cairn::p256_generate(small) == Status::bad_argument);
  const signing::P256Pair pair(Bytes(a, a + 32));
  Signature signature;
  CHECK(cairn::sign(pair.signer, {}, signature) == Status::ok);
}

namespace {

psa_key_id_t make_slot(psa_key_type_t type, size_t bits, psa_algorithm_t algorithm) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_set_key_type(&attributes, type);
  psa_set_key_bits(&attributes, bits);
  psa_set_key_algorithm(&attributes, algorithm);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH);
  psa_key_id_t slot = 0;
  REQUIRE(psa_crypto_init() == PSA_SUCCESS);
  REQUIRE(psa_generate_key(&attributes, &slot) == PSA_SUCCESS);
  return slot;
}

constexpr psa_key_type_t p256_pair = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);

}  // namespace

TEST_CASE("a P-256 key signs from the slot where it lies, as its policy permits") {
  for (psa_algorithm_t algorithm :
       {PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256), PSA_ALG_ECDSA(PSA_ALG_SHA_256),
        PSA_ALG_ECDSA(PSA_ALG_ANY_HASH), PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_ANY_HASH)}) {
    CAPTURE(algorithm);
    const psa_key_id_t slot = make_slot(p256_pair, 256, algorithm);
    signing::Pair pair;
    cairn::P256Key key{};
    REQUIRE(cairn::p256_signer_from_slot(slot, key, pair.signer) == Status::ok);
    check_pair(pair);
    Signature a, b;
    REQUIRE(cairn::sign(pair.signer, {}, a) == Status::ok);
    REQUIRE(cairn::sign(pair.signer, {}, b) == Status::ok);
    const bool deterministic = PSA_ALG_IS_DETERMINISTIC_ECDSA(algorithm);
    CHECK(cairn::equal(a.bytes, b.bytes) == deterministic);
    psa_destroy_key(slot);
  }
}

TEST_CASE("a slot without a P-256 signing key is refused") {
  cairn::P256Key key{};
  Signer signer;
  CHECK(cairn::p256_signer_from_slot(0x1234, key, signer) == Status::not_found);
  CHECK(cairn::p256_signer_from_slot(0, key, signer) == Status::not_found);
  const psa_key_id_t other_curve = make_slot(p256_pair, 384, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
  CHECK(cairn::p256_signer_from_slot(other_curve, key, signer) == Status::unsupported);
  psa_destroy_key(other_curve);
  const psa_key_id_t other_use = make_slot(p256_pair, 256, PSA_ALG_ECDH);
  CHECK(cairn::p256_signer_from_slot(other_use, key, signer) == Status::unsupported);
  psa_destroy_key(other_use);
}

#endif
