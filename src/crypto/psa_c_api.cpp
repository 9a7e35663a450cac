// C API: ECDSA P-256 by PSA Crypto.
#include "c_api.hpp"

using namespace cairn;
using namespace cairn::c_api;

int cairn_p256_signer(const void* scalar, size_t scalar_size, cairn_p256_key* key,
                      cairn_signer* out) {
  if (!readable(scalar, scalar_size) || key == nullptr || out == nullptr) return bad_argument;
  return number(p256_signer(view(scalar, scalar_size), *key, *out));
}

int cairn_p256_signer_from_slot(uint32_t slot, cairn_p256_key* key, cairn_signer* out) {
  if (key == nullptr || out == nullptr) return bad_argument;
  return number(p256_signer_from_slot(slot, *key, *out));
}

int cairn_p256_generate(void* scalar_out, size_t capacity) {
  if (!readable(scalar_out, capacity)) return bad_argument;
  return number(p256_generate(room(scalar_out, capacity)));
}

void cairn_p256_forget(cairn_p256_key* key) {
  p256_forget(*key);
}

cairn_verifier cairn_p256_verifier(void) {
  return p256_verifier();
}
