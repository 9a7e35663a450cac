/* The device of image_recorder.c, which also brings its log to a gateway. */
#include "device.h"

static cairn_recorder recorder;
static cairn_reporter reporter;
static uint8_t frame[256], leaf[256], message[222];

static int verify(void* user, const cairn_public_key* key, const uint8_t* text, size_t size,
                  const uint8_t* signature) {
  (void)user, (void)text, (void)size;
  return signature[0] == key->bytes[0] ? CAIRN_OK : CAIRN_E_SIGNATURE_INVALID;
}

static int begin_reporting(void) {
  static const cairn_verifier verifier = {sizeof(cairn_verifier), CAIRN_ED25519, NULL, verify};
  cairn_reporter_options options = CAIRN_REPORTER_OPTIONS_INIT;
  options.witness.name = cairn_text("gateway.example/w");
  options.witness.type = CAIRN_NOTE_COSIGNATURE;
  options.witness.key.algorithm = CAIRN_ED25519;
  options.verifiers = &verifier;
  options.verifier_count = 1;
  options.mode = (uint8_t)device_sink;
  options.leaf = leaf;
  options.leaf_size = sizeof leaf;
  return cairn_reporter_begin(&reporter, &recorder, &options);
}

static void report(void) {
  const int size = cairn_reporter_next(&reporter, message, sizeof message);
  for (int i = 0; i < size; ++i)
    device_sink = message[i];
  for (size_t i = 0; i < sizeof message; ++i)
    message[i] = (uint8_t)device_sink;
  if (cairn_reporter_take(&reporter, message, device_sink % sizeof message) < 0)
    device_sink = (uint32_t)cairn_reporter_again(&reporter);
}

int main(void) {
  cairn_signer signer;
  if (device_signer(&signer) < 0) return 1;
  cairn_log_memory memory = CAIRN_LOG_MEMORY_INIT;
  memory.frame = frame;
  memory.frame_bytes = sizeof frame;
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  options.origin = cairn_text(DEVICE_ORIGIN);
  int status =
      cairn_recorder_open(&recorder, &device_flash, &memory, &options, &device_platform, &signer);
  if (status == CAIRN_E_NOT_FORMATTED)
    status = cairn_recorder_create(&recorder, &device_flash, &memory, &options, &device_platform,
                                   &signer, NULL);
  if (status >= 0) status = begin_reporting();
  while (status >= 0) {
    uint64_t index;
    status = cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, device_record,
                                   sizeof device_record, &index);
    report();
    if (cairn_log_maintain(cairn_recorder_log(&recorder)) < 0)
      status = cairn_recorder_seal(&recorder);
  }
  return status;
}
