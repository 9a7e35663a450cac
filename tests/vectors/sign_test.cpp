// The adapters against published values: that each is wired as the standards say.
#include <cairn/sign.hpp>

#include "../../src/der.hpp"
#include "support/catch.hpp"
#include "support/json_vectors.hpp"
#include "support/signing.hpp"

#ifdef CAIRN_TEST_WITH_PSA
#include <psa/crypto.h>
#endif
#ifdef CAIRN_TEST_WITH_LINUX
#include <cairn/linux/verifiers.hpp>
#endif

using cairn::PublicKey;
using cairn::Signature;
using cairn::Status;
using nlohmann::json;
using vectors::Bytes;
using vectors::view;

namespace {

// Counts verdicts, so that an empty file of vectors cannot pass.
struct Tally {
  int valid = 0;
  int invalid = 0;

  void check(const json& test, bool accepted) {
    const bool expected = test["result"] == "valid";
    if (accepted != expected) {
      const int id = test["tcId"];
      const std::string comment = test["comment"];
      CAPTURE(id, comment, expected);
      CHECK(accepted == expected);
    }
    ++(expected ? valid : invalid);
  }
};

bool raw_signature(const Bytes& bytes, Signature& out) {
  if (bytes.size() != cairn::signature_bytes) return false;
  std::copy(bytes.begin(), bytes.end(), out.bytes);
  return true;
}

}  // namespace

#ifdef CAIRN_TEST_WITH_SODIUM

TEST_CASE("Ed25519 signatures are those of RFC 8032") {
  const json file = vectors::json(vectors::own("values/rfc8032_ed25519.json"));
  REQUIRE(file["cases"].size() == 4);
  for (const json& c : file["cases"]) {
    const std::string name = c["name"];
    CAPTURE(name);
    const signing::Ed25519Pair pair(vectors::hex(c["seed"]));
    CHECK(vectors::to_hex({pair.signer.public_key.bytes, 32}) == c["public"].get<std::string>());
    const Bytes message = vectors::hex(c["message"]);
    Signature signature;
    REQUIRE(cairn::sign(pair.signer, view(message), signature) == Status::ok);
    CHECK(vectors::to_hex(signature.bytes) == c["signature"].get<std::string>());
    CHECK(cairn::verify(signing::verifiers(), pair.signer.public_key, view(message), signature) ==
          Status::ok);
  }
}

TEST_CASE("Ed25519 verdicts are those of Wycheproof") {
  const std::string path = vectors::third_party("wycheproof/ed25519_test.json");
  REQUIRE_VECTORS(path);
  Tally tally;
  const json file = vectors::json(path);
  for (const json& group : file["testGroups"]) {
    PublicKey key{CAIRN_ED25519, {}};
    const Bytes point = vectors::hex(group["publicKey"]["pk"]);
    REQUIRE(point.size() == 32);
    std::copy(point.begin(), point.end(), key.bytes);
    for (const json& test : group["tests"]) {
      const Bytes message = vectors::hex(test["msg"]);
      Signature signature;
      tally.check(test, raw_signature(vectors::hex(test["sig"]), signature) &&
                            cairn::verify(signing::verifiers(), key, view(message), signature) ==
                                Status::ok);
    }
  }
  CHECK(tally.valid == 44);
  CHECK(tally.invalid == 32);
}

#endif
#ifdef CAIRN_TEST_WITH_PSA

TEST_CASE("deterministic ECDSA signatures are those of RFC 6979") {
  const json file = vectors::json(vectors::own("values/rfc6979_p256_sha256.json"));
  REQUIRE(file["cases"].size() == 3);
  for (const json& c : file["cases"]) {
    const std::string message = c["message"];
    CAPTURE(message);
    const signing::P256Pair pair(vectors::hex(file["x"]));
    CHECK(vectors::to_hex({pair.signer.public_key.bytes, 64}) ==
          file["Ux"].get<std::string>() + file["Uy"].get<std::string>());
    Signature signature;
    REQUIRE(cairn::sign(pair.signer, view(message), signature) == Status::ok);
    CHECK(cairn::verify(signing::verifiers(), pair.signer.public_key, view(message), signature) ==
          Status::ok);
    const std::string expected = c["r"].get<std::string>() + c["s"].get<std::string>();
    if (PSA_ALG_IS_DETERMINISTIC_ECDSA(pair.key.algorithm)) {
      CHECK(vectors::to_hex(signature.bytes) == expected);
    } else {
      WARN("this PSA library has no deterministic ECDSA: signatures were only verified");
    }
    REQUIRE(raw_signature(vectors::hex(expected), signature));
    CHECK(cairn::verify(signing::verifiers(), pair.signer.public_key, view(message), signature) ==
          Status::ok);
  }
}

namespace {

PublicKey p256_key(const json& group) {
  PublicKey key{CAIRN_P256, {}};
  const Bytes point = vectors::hex(group["publicKey"]["uncompressed"]);
  REQUIRE(point.size() == 65);
  std::copy(point.begin() + 1, point.end(), key.bytes);
  return key;
}

// What the verifiers of the algorithm say, which must be the same.
bool accepted(const PublicKey& key, const Bytes& message, const Signature& signature) {
  const bool first =
      cairn::verify(signing::verifiers(), key, view(message), signature) == Status::ok;
#ifdef CAIRN_TEST_WITH_LINUX
  CHECK((cairn::verify(cairn::host::all_verifiers(), key, view(message), signature) ==
         Status::ok) == first);
#endif
  return first;
}

}  // namespace

TEST_CASE("ECDSA verdicts on r||s are those of Wycheproof") {
  const std::string path =
      vectors::third_party("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json");
  REQUIRE_VECTORS(path);
  Tally tally;
  const json file = vectors::json(path);
  for (const json& group : file["testGroups"]) {
    const PublicKey key = p256_key(group);
    for (const json& test : group["tests"]) {
      const Bytes message = vectors::hex(test["msg"]);
      Signature signature;
      tally.check(test, raw_signature(vectors::hex(test["sig"]), signature) &&
                            accepted(key, message, signature));
    }
  }
  CHECK(tally.valid == 81);
  CHECK(tally.invalid == 50);
}

TEST_CASE("ECDSA verdicts on DER are those of Wycheproof") {
  const std::string path = vectors::third_party("wycheproof/ecdsa_secp256r1_sha256_test.json");
  REQUIRE_VECTORS(path);
  Tally tally;
  const json file = vectors::json(path);
  for (const json& group : file["testGroups"]) {
    const PublicKey key = p256_key(group);
    for (const json& test : group["tests"]) {
      const Bytes message = vectors::hex(test["msg"]);
      const Bytes der = vectors::hex(test["sig"]);
      Signature signature;
      const bool parsed = cairn::signature_from_der(view(der), signature) == Status::ok;
      tally.check(test, parsed && accepted(key, message, signature));
      if (!parsed) continue;
      uint8_t again[cairn::der_signature_bytes_max];
      const size_t size = cairn::signature_to_der(signature, again);
      CHECK(vectors::to_hex({again, size}) == test["sig"].get<std::string>());
    }
  }
  CHECK(tally.valid == 90);
  CHECK(tally.invalid == 152);
}

#endif
