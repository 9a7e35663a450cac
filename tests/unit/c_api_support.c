#include <string.h>

#include "c_api_test.h"

int same(cairn_bytes bytes, const char* text) {
  return bytes.size == strlen(text) && memcmp(bytes.data, text, bytes.size) == 0;
}

static void toy_signature(const uint8_t* public_bytes, const uint8_t* message, size_t size,
                          uint8_t* signature) {
  cairn_sha256_state state;
  cairn_digest digest;
  cairn_sha256_start(&state);
  cairn_sha256_update(&state, public_bytes, 32);
  cairn_sha256_update(&state, message, size);
  cairn_sha256_finish(&state, &digest);
  memcpy(signature, digest.bytes, 32);
  memcpy(signature + 32, digest.bytes, 32);
}

static int toy_sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  toy_signature(((const toy_key*)user)->public_bytes, message, size, signature);
  return CAIRN_OK;
}

int toy_fail_sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  (void)user, (void)message, (void)size, (void)signature;
  return CAIRN_E_IO;
}

static int toy_verify(void* user, const cairn_public_key* key, const uint8_t* message, size_t size,
                      const uint8_t* signature) {
  uint8_t expected[CAIRN_SIGNATURE_BYTES];
  (void)user;
  toy_signature(key->bytes, message, size, expected);
  return memcmp(expected, signature, sizeof expected) == 0 ? CAIRN_OK : CAIRN_E_SIGNATURE_INVALID;
}

cairn_signer toy_signer(toy_key* key, uint8_t number) {
  cairn_signer signer = CAIRN_SIGNER_INIT;
  cairn_digest digest;
  cairn_sha256(&number, 1, &digest);
  memcpy(key->public_bytes, digest.bytes, 32);
  signer.public_key.algorithm = CAIRN_ED25519;
  memcpy(signer.public_key.bytes, digest.bytes, 32);
  signer.user = key;
  signer.sign = toy_sign;
  return signer;
}

cairn_verifier toy_verifier(void) {
  cairn_verifier verifier = CAIRN_VERIFIER_INIT;
  verifier.algorithm = CAIRN_ED25519;
  verifier.verify = toy_verify;
  return verifier;
}

static uint64_t toy_monotonic_ms(void* user) {
  return *(const uint64_t*)user;
}

static int toy_wall_clock(void* user, int64_t* unix_ms, uint8_t* quality) {
  *unix_ms = (int64_t) * (const uint64_t*)user + 1700000000000;
  *quality = CAIRN_TIME_SYNCHRONISED;
  return CAIRN_OK;
}

cairn_platform toy_platform(uint64_t* monotonic_ms) {
  cairn_platform platform = CAIRN_PLATFORM_INIT;
  platform.user = monotonic_ms;
  platform.monotonic_ms = toy_monotonic_ms;
  platform.wall_clock = toy_wall_clock;
  return platform;
}

cairn_flash toy_flash(int number) {
  static uint8_t memory[2][16 * 1024];
  static cairn_ram_flash ram[2];
  cairn_flash geometry = CAIRN_FLASH_INIT;
  cairn_flash flash = CAIRN_FLASH_INIT;
  geometry.unit_bytes = 4;
  geometry.segment_bytes = 1024;
  geometry.segment_count = 16;
  geometry.kind = CAIRN_FLASH_NOR;
  memset(memory[number], 0xFF, sizeof memory[number]);
  if (cairn_ram_flash_init(&ram[number], memory[number], sizeof memory[number], &geometry,
                           &flash) != CAIRN_OK) {
    flash.struct_size = 0;
  }
  return flash;
}

cairn_log_memory toy_memory(int number) {
  static uint8_t frame[2][CAIRN_LOG_FRAME_BYTES(4, 512)];
  static cairn_digest digests[2][8];
  cairn_log_memory memory = CAIRN_LOG_MEMORY_INIT;
  memory.frame = frame[number];
  memory.frame_bytes = sizeof frame[number];
  memory.digests = digests[number];
  memory.digest_count = 8;
  return memory;
}

size_t c_api_max_levels(void) {
  return CAIRN_MAX_LEVELS;
}
size_t c_api_log_size(void) {
  return sizeof(cairn_log);
}
size_t c_api_recorder_size(void) {
  return sizeof(cairn_recorder);
}
