/* The longest unit of each operation in steps, and how many units it takes: on a log that nothing
 * has happened to, round a ring, behind a power cut, and on memory that nobody has written. What
 * beginning one takes, which is no unit. And how often a recorder signs that is not told when. */
#include <string.h>

#include "device.h"
#include "measure.h"

enum { records = 61, ring_records = 300, torn_bytes = 20, opened_blank = 0 };
enum { signed_records = 1024, origin_bytes_max = 255 };
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
static const cairn_flash* flash;
static cairn_flash ring;
static uint32_t bytes_until_cut = POWER_STAYS;
static unsigned appended, signatures;
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
}

/* What the calls are given, on no stack: that is measured for them alone. */
static cairn_log_memory with = CAIRN_LOG_MEMORY_INIT;
static cairn_recorder_options as = CAIRN_RECORDER_OPTIONS_INIT;

static void choose(const cairn_flash* where, const void* name, size_t name_size) {
  flash = where;
  with.frame = frame;
  with.frame_bytes = sizeof frame;
  as.origin.data = name;
  as.origin.size = name_size;
  as.batch.automatic = 0;
  as.log.recycle = flash == &ring;
  as.log.keep_from = UINT64_MAX;
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
  return cairn_steps_begin_open(&steps, &recorder, flash, &with, &as, &device_platform, &signer);
}

static int finish(void) {
  do {
    left = unit();
  } while (left > 0);
  return left;
}

static int create(void) {
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
  measure("begin/open", 1, begin_open);
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
  static uint8_t longest_origin[origin_bytes_max];
  for (uint32_t i = 0; i < part_count; ++i)
    if (erase_part(NULL, i) < 0) return 1;
  memset(longest_origin, 'o', sizeof longest_origin);
  choose(&ring, longest_origin, sizeof longest_origin);
  measure("begin/open-longest", 1, begin_open);
  measure_longest("step/open-blank", unit_of_blank);
  return 0;
}

static int (*sign)(void*, const uint8_t*, size_t, uint8_t*);
static int count_and_sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  ++signatures;
  return sign(user, message, size, signature);
}
static int count_signatures(void) {
  as.batch.automatic = 1;
  sign = signer.sign;
  signer.sign = count_and_sign;
  if (create() < 0) return 1;
  for (int i = 0; i < signed_records; ++i) {
    uint64_t index;
    if (cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, device_record, sizeof device_record,
                              &index) < 0)
      return 1;
  }
  print_counted("signatures", signatures);
  return 0;
}

int main(void) {
  static const char origin[] = DEVICE_ORIGIN;
  choose(&device_flash, origin, sizeof origin - 1);
  if (device_signer(&signer) < 0 || measure_undisturbed() != 0) return 1;
  make_ring();
  choose(&ring, origin, sizeof origin - 1);
  if (measure_ring() != 0 || measure_after_cut() != 0 || count_signatures() != 0) return 1;
  return measure_blank();
}
