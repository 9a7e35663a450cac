/* A signer that signs nothing: what remains is cairn. */
#include "device.h"

static int sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  (void)user;
  for (size_t i = 0; i < CAIRN_SIGNATURE_BYTES; ++i)
    signature[i] = message[i % size];
  return 0;
}

int device_signer(cairn_signer* out) {
  static const cairn_signer signer = {sizeof(cairn_signer), {CAIRN_ED25519, {1}}, NULL, sign};
  *out = signer;
  return 0;
}
