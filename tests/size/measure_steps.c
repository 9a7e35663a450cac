/* The longest unit of each operation in steps, and how many units it takes: on a log that nothing
 * has happened to, round a ring, behind a power cut, and on memory that nobody has written. */
#include <string.h>

#include "device.h"
#include "measure.h"

enum { records = 61, ring_records = 300, torn_bytes = 20, opened_blank = 0 };
/* The device's memory once more, in segments of which a ring can be made. */
enum {
  parts = 3,
  part_bytes = DEVICE_SEGMENT_BYTES / parts,
  part_count = DEVICE_SEGMENTS * parts,
  blank_bytes = 128
};
#define POWER_STAYS UINT32_MAX

static cairn_recorder recorder;
static cairn_steps steps;
static cairn_signer signer;
static uint8_t frame[256], blank[blank_bytes];
static const cairn_flash* flash = &device_flash;
static cairn_flash ring;
static uint32_t bytes_until_cut = POWER_STAYS;
static unsigned appended;
static int left; /* units of what was begun: 0 none, negative a status */

static int read_part(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
  return device_flash.read(user, segment / parts, segment % parts * part_bytes + offset, data,
                           size);
}
static int program_part(void* user, uint32_t segment, uint32_t offset, const void* data,
                        uint32_t size) {
  const uint32_t done = size < bytes_until_cut ? size : bytes_until_cut;
  if (bytes_until_cut != POWER_STAYS) bytes_until_cut -= done;
  (void)device_flash.program(user, segment / parts, segment % parts * part_bytes + offset, data,
                             done);
  return done == size ? CAIRN_OK : CAIRN_E_IO;
}
static int erase_part(void* user, uint32_t segment) {
  int status = CAIRN_OK;
  for (uint32_t at = 0; at < part_bytes && status == CAIRN_OK; at += blank_bytes)
    status = program_part(user, segment, at, blank, blank_bytes);
  return status;
}
static void make_ring(void) {
  memset(blank, 0xFF, sizeof blank);
  ring = device_flash;
  ring.segment_bytes = part_bytes;
  ring.segment_count = part_count;
  ring.read = read_part;
  ring.program = program_part;
  ring.erase = erase_part;
  flash = &ring;
}

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
  out.log.recycle = flash == &ring;
  out.log.keep_from = UINT64_MAX;
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
  return cairn_steps_begin_open(&steps, &recorder, flash, &with, &as, &device_platform, &signer);
}

static int finish(void) {
  do {
    left = unit();
  } while (left > 0);
  return left;
}

static int create(void) {
  const cairn_log_memory with = memory();
  const cairn_recorder_options as = options();
  return cairn_recorder_create(&recorder, flash, &with, &as, &device_platform, &signer, NULL);
}

static int measure_undisturbed(void) {
  if (create() < 0) return 1;
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

static void begin_next_append(void) {
  if (left == 0 && appended++ != ring_records) left = begin_append() < 0 ? -1 : 1;
}
static int append_on(void) {
  if (left > 0) left = unit();
  return left < 0 || appended > ring_records ? left : 1;
}
static int measure_ring(void) {
  left = 0;
  if (create() < 0) return 1;
  measure_longest_after("step/ring", begin_next_append, append_on);
  return cairn_log_index_min(cairn_recorder_log(&recorder)) == 0;
}

/* Of what could not be written, nothing is durable; what was torn may not be written again. */
static int measure_after_cut(void) {
  bytes_until_cut = torn_bytes;
  if (begin_append() < 0 || finish() >= 0) return 1;
  bytes_until_cut = POWER_STAYS;
  if (begin_open() < 0) return 1;
  measure_longest("step/open-torn", unit);
  if (begin_append() < 0) return 1;
  measure_longest("step/append-torn", unit);
  return 0;
}

static int unit_of_blank(void) {
  const int status = unit();
  return status == CAIRN_E_NOT_FORMATTED ? opened_blank : status;
}
static int measure_blank(void) {
  for (uint32_t i = 0; i < part_count; ++i)
    if (erase_part(NULL, i) < 0) return 1;
  if (begin_open() < 0) return 1;
  measure_longest("step/open-blank", unit_of_blank);
  return 0;
}

int main(void) {
  if (device_signer(&signer) < 0 || measure_undisturbed() != 0) return 1;
  make_ring();
  if (measure_ring() != 0 || measure_after_cut() != 0) return 1;
  return measure_blank();
}
