#include <string.h>

#include "c_api_test.h"

int c_api_bytes(void) {
  uint8_t secret[4] = {1, 2, 3, 4};
  const uint8_t zeros[4] = {0, 0, 0, 0};
  char text[16];
  uint8_t bytes[16];

  EXPECT(strcmp(cairn_status_text(CAIRN_OK), "ok") == 0);
  EXPECT(strcmp(cairn_status_text(12), "ok") == 0);
  EXPECT(strcmp(cairn_status_text(CAIRN_E_SIGNATURE_INVALID), "signature invalid") == 0);
  EXPECT(strcmp(cairn_status_text(-16), "unknown status") == 0);
  EXPECT(strcmp(cairn_status_text(-256), "unknown status") == 0);
  EXPECT(strcmp(cairn_field_text(CAIRN_FIELD_SIGNATURE_LINE), "signature line") == 0);
  EXPECT(strcmp(cairn_field_text(257), "unknown field") == 0);

  EXPECT(same(cairn_text("press"), "press"));
  EXPECT(cairn_text(NULL).size == 0);
  EXPECT(cairn_equal_constant_time(secret, zeros, 4) == 0);
  cairn_wipe(secret, sizeof secret);
  EXPECT(cairn_equal_constant_time(secret, zeros, 4) == 1);
  EXPECT(cairn_equal_constant_time(NULL, NULL, 0) == 1);

  EXPECT(cairn_encode_base64("cairn", 5, text, sizeof text) == (int)CAIRN_BASE64_SIZE(5));
  EXPECT(memcmp(text, "Y2Fpcm4=", 8) == 0);
  EXPECT(cairn_encode_base64("cairn", 5, text, 7) == CAIRN_E_FULL);
  EXPECT(cairn_encode_base64(NULL, 5, text, sizeof text) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_base64("cairn", 5, NULL, 8) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_decode_base64("Y2Fpcm4=", 8, bytes, sizeof bytes) == 5);
  EXPECT(memcmp(bytes, "cairn", 5) == 0);
  EXPECT(cairn_decode_base64("Y2Fpcm5=", 8, bytes, sizeof bytes) == CAIRN_E_CORRUPT);
  EXPECT(cairn_decode_base64("Y2Fpcm4=", 8, bytes, 4) == CAIRN_E_FULL);
  EXPECT(cairn_decode_base64(NULL, 8, bytes, sizeof bytes) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_decode_base64("Y2Fpcm4=", 8, NULL, 5) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_sha256(void) {
  static const uint8_t abc[32] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                  0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                  0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
  cairn_sha256_state state, copy;
  cairn_digest digest;

  EXPECT(strlen(cairn_hash_backend()) > 0);
  cairn_sha256("abc", 3, &digest);
  EXPECT(memcmp(digest.bytes, abc, 32) == 0);
  cairn_sha256_start(&state);
  cairn_sha256_update(&state, "a", 1);
  cairn_sha256_update(&state, NULL, 0);
  copy = state;
  cairn_sha256_update(&copy, "bc", 2);
  cairn_sha256_finish(&copy, &digest);
  EXPECT(memcmp(digest.bytes, abc, 32) == 0);
  cairn_sha256_finish(&state, &digest);
  EXPECT(memcmp(digest.bytes, abc, 32) != 0);
  return 0;
}

static int toy_slow_sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  (void)user, (void)message, (void)size, (void)signature;
  return CAIRN_PENDING;
}

static int port_signing(void) {
  toy_key key;
  cairn_signer signer = toy_signer(&key, 1);
  cairn_verifier verifier = toy_verifier();
  cairn_signature signature;

  EXPECT(cairn_public_key_size(CAIRN_ED25519) == 32 && cairn_public_key_size(CAIRN_P256) == 64);
  EXPECT(cairn_public_key_size(9) == 0);
  EXPECT(cairn_sign(&signer, "m", 1, &signature) == CAIRN_OK);
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "m", 1, &signature) == CAIRN_OK);
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "n", 1, &signature) ==
         CAIRN_E_SIGNATURE_INVALID);
  memset(&signature, 0, sizeof signature);
  EXPECT(cairn_try_sign(&signer, "m", 1, &signature) == CAIRN_OK);
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "m", 1, &signature) == CAIRN_OK);
  EXPECT(cairn_verify(NULL, 0, &signer.public_key, "m", 1, &signature) == CAIRN_E_UNSUPPORTED);
  EXPECT(cairn_verify(NULL, 1, &signer.public_key, "m", 1, &signature) == CAIRN_E_BAD_ARGUMENT);
  verifier.struct_size = 0;
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "m", 1, &signature) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sign(&signer, NULL, 1, &signature) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sign(&signer, "m", 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  signer.sign = toy_fail_sign;
  EXPECT(cairn_sign(&signer, "m", 1, &signature) == CAIRN_E_IO);
  EXPECT(cairn_try_sign(&signer, "m", 1, &signature) == CAIRN_E_IO);
  signer.sign = toy_slow_sign;
  EXPECT(cairn_sign(&signer, "m", 1, &signature) == CAIRN_E_IO);
  EXPECT(cairn_try_sign(&signer, "m", 1, &signature) == CAIRN_PENDING);
  EXPECT(cairn_try_sign(&signer, NULL, 1, &signature) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_try_sign(&signer, "m", 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  signer.sign = NULL;
  EXPECT(cairn_try_sign(&signer, "m", 1, &signature) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sign(&signer, "m", 1, &signature) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_port(void) {
  static uint8_t memory[2048];
  uint64_t now = 42;
  cairn_platform platform = toy_platform(&now);
  cairn_platform nothing = CAIRN_PLATFORM_INIT;
  cairn_flash geometry = CAIRN_FLASH_INIT, flash;
  cairn_ram_flash ram;
  uint8_t byte = 0;

  EXPECT(cairn_monotonic_ms(&platform) == 42 && cairn_monotonic_ms(&nothing) == 0);
  EXPECT(cairn_wall_clock(&platform).unix_ms == 1700000000042);
  EXPECT(cairn_wall_clock(&platform).quality == CAIRN_TIME_SYNCHRONISED);
  EXPECT(cairn_wall_clock(&nothing).quality == CAIRN_TIME_UNSYNCHRONISED);

  EXPECT(geometry.erased == 0xFF);
  geometry.unit_bytes = 1;
  geometry.segment_bytes = 1024;
  geometry.segment_count = 2;
  geometry.kind = CAIRN_FLASH_REWRITABLE;
  EXPECT(cairn_check_geometry(&geometry) == CAIRN_E_BAD_ARGUMENT); /* no functions yet */
  EXPECT(cairn_ram_flash_init(&ram, memory, 2047, &geometry, &flash) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ram_flash_init(NULL, memory, 2048, &geometry, &flash) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ram_flash_init(&ram, NULL, 2048, &geometry, &flash) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ram_flash_init(&ram, memory, 2048, &geometry, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ram_flash_init(&ram, memory, 2048, &geometry, &flash) == CAIRN_OK);
  EXPECT(cairn_check_geometry(&flash) == CAIRN_OK);
  EXPECT(flash.program(flash.user, 1, 3, "x", 1) == CAIRN_OK && memory[1027] == 'x');
  EXPECT(flash.read(flash.user, 1, 3, &byte, 1) == CAIRN_OK && byte == 'x');
  flash.struct_size = 4;
  EXPECT(cairn_check_geometry(&flash) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_check_geometry(NULL) == CAIRN_E_BAD_ARGUMENT);
  return port_signing();
}
