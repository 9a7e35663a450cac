/* The key of this demonstration, for ECDSA P-256 by PSA Crypto. Its public half is
 * press-7-p256.vkey. A product would keep it in a slot: cairn_p256_signer_from_slot(). */
#include "board.h"

int node_signer(cairn_signer* out) {
  static const uint8_t scalar[32] = "a key that everybody can read 02";
  static cairn_p256_key key;
  return cairn_p256_signer(scalar, sizeof scalar, &key, out);
}
