// Signatures by the libraries that firmware links: Ed25519 by libsodium, ECDSA P-256 by PSA Crypto.
#include <cairn/sign.hpp>

#include "fixtures.hpp"

using namespace on_target;

namespace {

bool accepts(const Verifier& verifier, const PublicKey& key, ByteView message,
             const Signature& signature) {
  return verify({&verifier, 1}, key, message, signature) == Status::ok;
}

}  // namespace

TARGET_TEST("Ed25519: test 2 of RFC 8032 §7.1") {
  const Hex<65> seed("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const Hex<65> public_key("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const Hex<129> expected(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  const uint8_t message[] = {0x72};
  Ed25519Key key;
  Signer signer;
  Signature signature;
  TARGET_REQUIRE(ed25519_signer(seed, key, signer) == Status::ok);
  TARGET_CHECK(equal({signer.public_key.bytes, 32}, ByteView(public_key)));
  TARGET_REQUIRE(sign(signer, message, signature) == Status::ok);
  TARGET_CHECK(equal({signature.bytes, signature_bytes}, ByteView(expected)));
  TARGET_CHECK(accepts(ed25519_verifier(), signer.public_key, message, signature));
  signature.bytes[40] ^= 1;
  TARGET_CHECK(!accepts(ed25519_verifier(), signer.public_key, message, signature));
}

TARGET_TEST("P-256: the signature of RFC 6979 A.2.5 over \"sample\" verifies, and no other") {
  PublicKey key{};
  key.algorithm = CAIRN_P256;
  const Hex<129> point(
      "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
      "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  const Hex<129> expected(
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  Signature signature;
  for (size_t i = 0; i < 64; ++i) {
    key.bytes[i] = point.bytes[i];
    signature.bytes[i] = expected.bytes[i];
  }
  TARGET_CHECK(accepts(p256_verifier(), key, literal("sample"), signature));
  TARGET_CHECK(!accepts(p256_verifier(), key, literal("simple"), signature));
  key.bytes[63] ^= 1;
  TARGET_CHECK(!accepts(p256_verifier(), key, literal("sample"), signature));
}

TARGET_TEST("P-256: a key signs, many times, and takes no slot for good") {
  const Hex<65> scalar("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
  for (int i = 0; i < 6; ++i) {
    P256Key key;
    Signer signer;
    Signature signature;
    TARGET_REQUIRE(p256_signer(scalar, key, signer) == Status::ok);
    TARGET_REQUIRE(sign(signer, literal("213.5 bar"), signature) == Status::ok);
    TARGET_CHECK(accepts(p256_verifier(), signer.public_key, literal("213.5 bar"), signature));
    p256_forget(key);
  }
}
