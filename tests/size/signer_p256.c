/* ECDSA P-256 by PSA Crypto. */
#include <cairn/cortex_m/entropy.h>

#include "device.h"

int cairn_cortex_m_entropy(void* out, size_t size) {
  uint8_t* byte = out;
  for (size_t i = 0; i < size; ++i)
    byte[i] = (uint8_t)(device_sink + i * 37 + 1);
  return 0;
}

int device_signer(cairn_signer* out) {
  static const uint8_t scalar[32] = {1, 2, 3};
  static cairn_p256_key key;
  return cairn_p256_signer(scalar, sizeof scalar, &key, out);
}
