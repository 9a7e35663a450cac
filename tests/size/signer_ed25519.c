/* Ed25519 by libsodium. */
#include "device.h"

int device_signer(cairn_signer* out) {
  static const uint8_t seed[32] = {1, 2, 3};
  static cairn_ed25519_key key;
  return cairn_ed25519_signer(seed, sizeof seed, &key, out);
}
