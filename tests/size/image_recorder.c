/* A device that records: all that it calls between one start and the next. */
#include "device.h"

static cairn_recorder recorder;
static uint8_t frame[256];

static void send_head(void) {
  cairn_air_checkpoint air;
  uint8_t message[CAIRN_AIR_CHECKPOINT_BYTES_MAX];
  if (cairn_recorder_air_checkpoint(&recorder, &air) < 0) return;
  const int size = cairn_encode_air_checkpoint(&air, message, sizeof message);
  for (int i = 0; i < size; ++i)
    device_sink = message[i];
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
  while (status >= 0) {
    uint64_t index;
    status = cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, device_record,
                                   sizeof device_record, &index);
    if (cairn_recorder_pending(&recorder) == 0) send_head();
    cairn_log_keep_from(cairn_recorder_log(&recorder), device_sink);
    if (cairn_log_maintain(cairn_recorder_log(&recorder)) < 0)
      status = cairn_recorder_seal(&recorder);
  }
  return status;
}
