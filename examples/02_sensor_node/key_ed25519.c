/* The key of this demonstration, for Ed25519 by libsodium. Its public half is
 * press-7-ed25519.vkey. */
#include "board.h"

int node_signer(cairn_signer* out) {
  static const uint8_t seed[32] = "a key that everybody can read 01";
  static cairn_ed25519_key key;
  return cairn_ed25519_signer(seed, sizeof seed, &key, out);
}
