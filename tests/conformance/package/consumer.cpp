// Uses every library of the package, so that a missing one shows when this is linked.
#include <cairn/cairn.hpp>
#include <cairn/linux/platform.hpp>
#include <cstdio>

using namespace cairn;

namespace {

// cairn::psa and cairn::sodium: a signature of each is accepted, and not over another message.
bool signs(const Signer& signer, const Verifier& verifier) {
  static const uint8_t message[] = {1, 2, 3};
  Signature signature;
  return sign(signer, {message, 3}, signature) == Status::ok &&
         verify({&verifier, 1}, signer.public_key, {message, 3}, signature) == Status::ok &&
         verify({&verifier, 1}, signer.public_key, {message, 2}, signature) ==
             Status::signature_invalid;
}

bool signs_ed25519() {
  const Digest seed = sha256({"seed", 4});
  Ed25519Key key;
  Signer signer;
  return ed25519_signer(seed, key, signer) == Status::ok && signs(signer, ed25519_verifier());
}

bool signs_p256() {
  uint8_t scalar[32];
  P256Key key;
  Signer signer;
  return p256_generate({scalar, sizeof scalar}) == Status::ok &&
         p256_signer({scalar, sizeof scalar}, key, signer) == Status::ok &&
         signs(signer, p256_verifier());
}

// cairn::linux.
bool tells_time() {
  const Platform& platform = host::linux_platform();
  return platform.monotonic_ms(platform.user) > 0;
}

}  // namespace

int main() {
  const bool ed25519 = signs_ed25519();
  const bool p256 = signs_p256();
  const bool time = tells_time();
  std::printf("Ed25519 %d, P-256 %d, clock %d\n", ed25519, p256, time);
  return ed25519 && p256 && time ? 0 : 1;
}
