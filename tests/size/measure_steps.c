/* The longest unit of each operation in steps, and how many units it takes. */
#include "device.h"
#include "measure.h"

enum { records = 61 };

static cairn_recorder recorder;
static cairn_steps steps;
static cairn_signer signer;
static uint8_t frame[256];

static cairn_log_memory memory(void) {
  cairn_log_memory out = CAIRN_LOG_MEMORY_INIT;
  out.frame = frame;
  out.frame_bytes = sizeof frame;
  return out;
}
static cairn_recorder_options options(void) {
  cairn_recorder_options out = CAIRN_RECORDER_OPTIONS_INIT;
  out.origin = cairn_text(DEVICE_ORIGIN);
  out.batch.automatic = 0;
  return out;
}

static int unit(void) {
  uint32_t used;
  return cairn_steps_do(&steps, 1, &used);
}

static int begin_append(void) {
  return cairn_steps_begin_append(&steps, &recorder, CAIRN_KIND_OPAQUE, device_record,
                                  sizeof device_record);
}
static int begin_open(void) {
  const cairn_log_memory with = memory();
  const cairn_recorder_options as = options();
  return cairn_steps_begin_open(&steps, &recorder, &device_flash, &with, &as, &device_platform,
                                &signer);
}

static int finish(void) {
  int left;
  do {
    left = unit();
  } while (left > 0);
  return left;
}

int main(void) {
  const cairn_log_memory with = memory();
  const cairn_recorder_options as = options();
  if (device_signer(&signer) < 0) return 1;
  if (cairn_recorder_create(&recorder, &device_flash, &with, &as, &device_platform, &signer, NULL) <
      0)
    return 1;
  for (int i = 0; i < records; ++i)
    if (begin_append() < 0 || finish() < 0) return 1;
  if (begin_append() < 0) return 1;
  measure_longest("step/append", unit); /* the 64th leaf: six nodes are made */
  if (cairn_steps_begin_seal(&steps, &recorder) < 0) return 1;
  measure_longest("step/seal", unit);
  if (cairn_steps_begin_maintain(&steps, &recorder) < 0) return 1;
  measure_longest("step/maintain", unit);
  if (begin_open() < 0) return 1;
  measure_longest("step/open", unit);
  return 0;
}
