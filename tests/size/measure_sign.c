/* A signature by the image's library, and its verification. */
#include "device.h"
#include "measure.h"

static cairn_signer signer;
static cairn_signature signature;

static int nothing(void) {
  return 0;
}
static int make_signer(void) {
  return device_signer(&signer);
}
static int sign(void) {
  return cairn_sign(&signer, device_record, sizeof device_record, &signature);
}
static int verify(void) {
  const cairn_verifier verifier = DEVICE_VERIFIER();
  return cairn_verify(&verifier, 1, &signer.public_key, device_record, sizeof device_record,
                      &signature);
}

int main(void) {
  measure("nothing", 1, nothing);
  measure("signer", 1, make_signer);
  measure("sign", 1, sign);
  measure("verify", 1, verify);
  return 0;
}
