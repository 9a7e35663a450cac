#include <string.h>

#include "c_api_test.h"

#ifdef CAIRN_TEST_WITH_SODIUM
int c_api_ed25519(void) {
  uint8_t seed[32] = {1, 2, 3};
  const cairn_verifier verifier = cairn_ed25519_verifier();
  cairn_ed25519_key key;
  cairn_signer signer;
  cairn_signature signature;

  EXPECT(cairn_ed25519_signer(seed, 31, &key, &signer) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ed25519_signer(NULL, 32, &key, &signer) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ed25519_signer(seed, 32, NULL, &signer) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ed25519_signer(seed, 32, &key, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ed25519_signer(seed, 32, &key, &signer) == CAIRN_OK);
  EXPECT(signer.public_key.algorithm == CAIRN_ED25519);
  EXPECT(cairn_sign(&signer, "message", 7, &signature) == CAIRN_OK);
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "message", 7, &signature) == CAIRN_OK);
  signature.bytes[63] ^= 1;
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "message", 7, &signature) ==
         CAIRN_E_SIGNATURE_INVALID);
  cairn_wipe(&key, sizeof key);
  return 0;
}
#endif

#ifdef CAIRN_TEST_WITH_PSA
int c_api_p256(void) {
  uint8_t scalar[32];
  const cairn_verifier verifier = cairn_p256_verifier();
  cairn_p256_key key, slot_key;
  cairn_signer signer, slot_signer;
  cairn_signature signature;

  EXPECT(cairn_p256_generate(scalar, 31) < 0);
  EXPECT(cairn_p256_generate(NULL, 32) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_p256_generate(scalar, sizeof scalar) == CAIRN_OK);
  EXPECT(cairn_p256_signer(scalar, 31, &key, &signer) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_p256_signer(scalar, 32, NULL, &signer) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_p256_signer(scalar, 32, &key, &signer) == CAIRN_OK);
  EXPECT(cairn_p256_signer_from_slot(key.slot, NULL, &slot_signer) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_p256_signer_from_slot(key.slot, &slot_key, &slot_signer) == CAIRN_OK);
  EXPECT(memcmp(&slot_signer.public_key, &signer.public_key, sizeof signer.public_key) == 0);
  EXPECT(cairn_sign(&slot_signer, "message", 7, &signature) == CAIRN_OK);
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "message", 7, &signature) == CAIRN_OK);
  signature.bytes[0] ^= 1;
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "message", 7, &signature) ==
         CAIRN_E_SIGNATURE_INVALID);
  cairn_p256_forget(&key);
  EXPECT(cairn_sign(&signer, "message", 7, &signature) < 0);
  return 0;
}
#endif
