// C API: Ed25519 by libsodium.
#include "c_api.hpp"

using namespace cairn;
using namespace cairn::c_api;

int cairn_ed25519_signer(const void* seed, size_t seed_size, cairn_ed25519_key* key,
                         cairn_signer* out) {
  if (!readable(seed, seed_size) || key == nullptr || out == nullptr) return bad_argument;
  return number(ed25519_signer(view(seed, seed_size), *key, *out));
}

cairn_verifier cairn_ed25519_verifier(void) {
  return ed25519_verifier();
}
