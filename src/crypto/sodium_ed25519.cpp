// Ed25519 by libsodium, whose verification is strict: canonical S and R, no keys of small order.
//
// Firmware that compiles a part of libsodium provides sodium_init(), randombytes_buf() and
// sodium_misuse() itself; with one kernel of each primitive the first returns 0.
#include <sodium.h>

#include "cairn/sign.hpp"
#include "mem.hpp"

namespace cairn {

namespace {

static_assert(crypto_sign_ed25519_SECRETKEYBYTES == sizeof(Ed25519Key::secret), "secret key size");
static_assert(crypto_sign_ed25519_BYTES == signature_bytes, "signature size");

int sign_ed25519(void* user, const uint8_t* message, size_t size_bytes, uint8_t* signature) {
  const Ed25519Key& key = *static_cast<const Ed25519Key*>(user);
  const int failed =
      crypto_sign_ed25519_detached(signature, nullptr, message, size_bytes, key.secret);
  return static_cast<int>(failed == 0 ? Status::ok : Status::io);
}

int verify_ed25519(void*, const cairn_public_key* key, const uint8_t* message, size_t size_bytes,
                   const uint8_t* signature) {
  if (sodium_init() < 0) return static_cast<int>(Status::io);
  const int wrong = crypto_sign_ed25519_verify_detached(signature, message, size_bytes, key->bytes);
  return static_cast<int>(wrong == 0 ? Status::ok : Status::signature_invalid);
}

}  // namespace

Status ed25519_signer(ByteView seed, Ed25519Key& key, Signer& out) {
  if (seed.size != crypto_sign_ed25519_SEEDBYTES) return Status::bad_argument;
  if (sodium_init() < 0) return Status::io;
  out = {};
  out.struct_size = sizeof(Signer);
  out.public_key.algorithm = CAIRN_ED25519;
  if (crypto_sign_ed25519_seed_keypair(out.public_key.bytes, key.secret, seed.data) != 0) {
    return Status::io;
  }
  out.user = &key;
  out.sign = sign_ed25519;
  return Status::ok;
}

Verifier ed25519_verifier() {
  return {sizeof(Verifier), CAIRN_ED25519, nullptr, verify_ed25519};
}

}  // namespace cairn
