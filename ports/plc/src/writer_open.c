/* What a pump starts with, its clock and its signer, and what it shows to the scan. */
#include "writer.h"

#include <string.h>

#define DAY_MS 86400000u

static uint64_t monotonic(void* user) {
  const plc_writer* writer = (const plc_writer*)user;
  return cairn_monotonic_ms(writer->log->platform);
}

static int wall_clock(void* user, int64_t* unix_ms, uint8_t* quality) {
  const plc_writer* writer = (const plc_writer*)user;
  const cairn_wall_time time = plc_writer_time(writer);
  *unix_ms = time.unix_ms;
  *quality = time.quality;
  return 0;
}

static int entropy(void* user, void* data, size_t size) {
  const cairn_platform* platform = ((const plc_writer*)user)->log->platform;
  return platform->entropy(platform->user, data, size);
}

/* Signs with the port's key, and remembers whether that failed: a signer that asks to be asked
 * again has not. */
static int sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  plc_writer* writer = (plc_writer*)user;
  const cairn_signer* signer = writer->log->signer;
  const int status = signer->sign(signer->user, message, size, signature);
  if (status == CAIRN_PENDING) return status;
  writer->shown.cannot_sign = (uint8_t)(status != 0);
  if (status != 0) plc_writer_note(writer, CAIRN_PLC_E_KEY_MISSING);
  return status;
}

uint64_t plc_writer_now(const plc_writer* writer) {
  return cairn_monotonic_ms(writer->log->platform);
}

cairn_wall_time plc_writer_time(const plc_writer* writer) {
  cairn_wall_time time;
  if (!writer->clock_set) return cairn_wall_clock(writer->log->platform);
  time.unix_ms = (int64_t)((uint64_t)writer->unix_ms + (plc_writer_now(writer) - writer->clock_ms));
  time.quality = writer->clock_quality;
  return time;
}

void plc_writer_prepare(plc_writer* writer, const cairn_plc_log* log) {
  size_t i;
  writer->log = log;
  writer->platform.struct_size = sizeof writer->platform;
  writer->platform.user = writer;
  writer->platform.monotonic_ms = monotonic;
  writer->platform.wall_clock = wall_clock;
  writer->platform.entropy = log->platform->entropy == NULL ? NULL : entropy;
  writer->signer = *log->signer;
  writer->signer.user = writer;
  writer->signer.sign = sign;
  writer->may_create = (uint8_t)(log->create && log->pump != CAIRN_PLC_INLINE);
  writer->shown.recycles = log->options->log.recycle;
  writer->shown.keeps = log->keeps;
  for (i = 0; i < log->channel_count; ++i) {
    (void)plc_writer_slot(writer, PLC_SETPOINT_SLOT | log->channels[i]);
  }
  plc_writer_show_setpoints(writer);
}

void plc_writer_opened(plc_writer* writer) {
  const cairn_plc_log* log = writer->log;
  cairn_mount_report report;
  cairn_log_report(cairn_recorder_log(&writer->recorder), &report);
  writer->opened = 1;
  writer->shown.ready = 1;
  writer->shown.torn_bytes = report.torn_bytes;
  writer->shown.durable = cairn_log_size(cairn_recorder_log(&writer->recorder));
  writer->shown.boot = cairn_recorder_boot(&writer->recorder);
  if (writer->opened_ms == 0) {
    writer->opened_ms = plc_writer_now(writer);
    writer->opened_bytes = cairn_log_used_bytes(cairn_recorder_log(&writer->recorder));
  }
  if (log->keeps && !writer->kept_known) plc_writer_walk_start(writer);
}

/* Days until the memory is full when it goes on filling as since the start. */
static uint16_t days_left(const plc_writer* writer, uint64_t used, uint64_t all) {
  const uint64_t elapsed = plc_writer_now(writer) - writer->opened_ms;
  uint64_t grown = used > writer->opened_bytes ? used - writer->opened_bytes : 0;
  uint64_t left = all - used;
  uint64_t left_max;
  uint64_t days;
  if (grown == 0 || elapsed == 0 || writer->shown.recycles) return UINT16_MAX;
  left_max = UINT64_MAX / elapsed; /* above it the product does not fit */
  for (; left > left_max; left >>= 1)
    grown >>= 1;
  if (grown == 0) return UINT16_MAX;
  days = left * elapsed / grown / DAY_MS;
  return days > UINT16_MAX ? (uint16_t)UINT16_MAX : (uint16_t)days;
}

static void show_room(plc_writer* writer, const cairn_log* log) {
  const cairn_flash* flash = writer->log->flash;
  const uint64_t all = (uint64_t)flash->segment_bytes * flash->segment_count;
  const uint64_t used = cairn_log_used_bytes(log);
  writer->shown.fill = used >= all ? (uint16_t)1000 : (uint16_t)(used * 1000u / all);
  writer->shown.days_left = days_left(writer, used, all);
}

static int make_key_id(plc_writer* writer) {
  const cairn_plc_log* log = writer->log;
  cairn_note_key key;
  writer->key_id_made = 1;
  if (cairn_make_note_key(log->options->origin.data, log->options->origin.size,
                          cairn_log_note_type(&log->signer->public_key), &log->signer->public_key,
                          &key) == CAIRN_OK) {
    (void)cairn_key_id(&key, &writer->shown.key_id);
  }
  return 1;
}

static void show_log(plc_writer* writer) {
  const cairn_log* log = cairn_recorder_log(&writer->recorder);
  const uint64_t size = cairn_log_size(log);
  if (size != writer->shown.durable || writer->shown.fill == 0) show_room(writer, log);
  writer->shown.durable = size;
  writer->shown.boot = cairn_recorder_boot(&writer->recorder);
}

int plc_writer_take_head(plc_writer* writer) {
  cairn_signed_head head;
  cairn_air_checkpoint air;
  int size;
  if (!writer->opened) return 0;
  if (!writer->key_id_made) return make_key_id(writer);
  if (cairn_log_head(cairn_recorder_log(&writer->recorder), &head) != CAIRN_OK ||
      head.size == writer->shown.sealed ||
      cairn_recorder_air_checkpoint(&writer->recorder, &air) != CAIRN_OK) {
    return 0;
  }
  size = cairn_encode_air_checkpoint(&air, writer->shown.air, sizeof writer->shown.air);
  if (size < 0) return 0;
  show_log(writer);
  writer->shown.air_bytes = (uint32_t)size;
  writer->shown.sealed = head.size;
  memcpy(writer->shown.root, head.root.bytes, sizeof writer->shown.root);
  return 1;
}

void plc_writer_show(plc_writer* writer) {
  plc_area* area = plc_area_of(writer->log->area);
  plc_shown* shown = &writer->shown;
  const cairn_wall_time time = plc_writer_time(writer);
  union {
    plc_shown fields;
    uint32_t words[PLC_SHOWN_WORDS];
  } copy;
  shown->beats += 1u;
  shown->clock_ms = plc_writer_now(writer);
  shown->unix_ms = time.unix_ms;
  shown->clock_quality = time.quality;
  if (writer->opened && writer->operation == PLC_OP_NONE) show_log(writer);
  copy.fields = *shown;
  plc_publish(&area->shown_count, area->shown.words, copy.words, PLC_SHOWN_WORDS);
}
