/* What each type of record becomes. */
#include <string.h>

#include "scan.h"
#include "writer.h"

static cairn_wall_time time_of(const plc_record* record) {
  cairn_wall_time time;
  time.unix_ms = record->unix_ms;
  time.quality = record->time_quality;
  return time;
}

static int encode_sample(plc_writer* writer) {
  const plc_record* record = &writer->record;
  cairn_reading reading = CAIRN_READING_INIT;
  reading.channel = record->channel;
  reading.type = CAIRN_READING_REAL;
  reading.real = record->value;
  reading.quality = record->quality;
  return cairn_encode_sample(time_of(record), &reading, 1, writer->body, sizeof writer->body);
}

static int encode_event(plc_writer* writer) {
  const plc_record* record = &writer->record;
  cairn_event event;
  memset(&event, 0, sizeof event);
  event.time = time_of(record);
  event.category = record->category;
  event.event_id = record->channel;
  event.user = record->user;
  event.source = record->source;
  event.result = record->result;
  event.has_values = 1;
  event.old_value = record->old_value;
  event.new_value = record->value;
  return cairn_encode_event(&event, writer->body, sizeof writer->body);
}

static int encode_correction(plc_writer* writer) {
  const plc_record* record = &writer->record;
  cairn_correction correction;
  memset(&correction, 0, sizeof correction);
  correction.time = time_of(record);
  correction.index = record->number;
  correction.channel = record->channel;
  correction.old_value = record->old_value;
  correction.new_value = record->value;
  correction.user = record->user;
  correction.reason = record->source;
  return cairn_encode_correction(&correction, writer->body, sizeof writer->body);
}

/* Puts the newest head into the answer of CAIRN_Seal; `before`: records under the head before. */
static void answer_head(plc_writer* writer, uint64_t before) {
  cairn_signed_head head;
  int i;
  if (cairn_log_head(cairn_recorder_log(&writer->recorder), &head) != CAIRN_OK) return;
  writer->answer.index = head.size;
  writer->answer.a = cairn_recorder_batch(&writer->recorder);
  writer->answer.b = head.size - before;
  for (i = 0; i < 4; ++i)
    writer->answer.words[i] = plc_word(head.root.bytes + (8 * i));
}

static void take_seal(plc_writer* writer) {
  int status = CAIRN_OK;
  if (cairn_recorder_pending(&writer->recorder) != 0) {
    status = cairn_steps_begin_seal(&writer->steps, &writer->recorder);
    if (status == CAIRN_OK) {
      writer->operation = PLC_OP_SEAL;
      return;
    }
  }
  answer_head(writer, writer->shown.sealed); /* it covers everything already */
  plc_writer_finish(writer, plc_writer_error(status));
}

static void take_verify(plc_writer* writer) {
  if (writer->walk != PLC_WALK_NONE) {
    plc_writer_finish(writer, CAIRN_PLC_E_BUSY);
    return;
  }
  /* Answered when the walk ends; the queue goes on before. */
  writer->verifier = writer->lane;
  writer->verify_ticket = writer->record.ticket;
  writer->verify_answer = writer->record.answer;
  writer->record.answer = PLC_NO_ANSWER;
  plc_writer_finish(writer, 0);
  plc_writer_walk_start(writer);
}

/* Sources of CAIRN_SetTime from here on are trusted. */
#define TRUSTED_SOURCE 3u

static void take_time(plc_writer* writer) {
  plc_record* record = &writer->record;
  const cairn_wall_time before = plc_writer_time(writer);
  const uint64_t now = plc_writer_now(writer);
  /* Unsigned: a program, or another process, may ask for any time. */
  const uint64_t asked = (uint64_t)record->unix_ms + (now - record->not_after);
  const uint64_t uncertainty = record->number;
  const int64_t step =
      before.quality == CAIRN_TIME_UNSYNCHRONISED ? 0 : (int64_t)(asked - (uint64_t)before.unix_ms);
  writer->unix_ms = (int64_t)asked;
  writer->clock_ms = now;
  writer->clock_set = 1;
  writer->clock_quality =
      record->source >= TRUSTED_SOURCE ? CAIRN_TIME_SYNCHRONISED : CAIRN_TIME_INFORMATIVE;
  writer->shown.clock_steps += 1u;
  record->unix_ms = (int64_t)asked;
  record->time_quality = writer->clock_quality;
  record->category = CAIRN_EVENT_TIME;
  record->channel = CAIRN_PLC_EVENT_CLOCK_SET;
  record->old_value = (double)step;
  record->value = (double)uncertainty;
  writer->answer.a = (uint64_t)step;
  plc_writer_append(writer, CAIRN_KIND_EVENT, encode_event(writer));
}

static void take_anchored(plc_writer* writer) {
  const uint64_t size = writer->record.number;
  if (size > writer->shown.anchored && size <= writer->shown.sealed) {
    writer->shown.anchored = size;
    cairn_log_keep_from(cairn_recorder_log(&writer->recorder), size);
    writer->retry = 0; /* there may be room now */
  }
  plc_writer_finish(writer, 0);
}

/* The group of values that the record under way is about, or NULL. */
static plc_slot* slot_asked_for(plc_writer* writer) {
  if (!writer->log->keeps || writer->record.channel > UINT16_MAX) return NULL;
  return plc_writer_slot(writer, writer->record.channel);
}

static void take_retain(plc_writer* writer) {
  plc_slot* slot = slot_asked_for(writer);
  plc_slot next;
  if (slot == NULL) {
    plc_writer_finish(writer, CAIRN_PLC_E_NOT_KEPT);
    return;
  }
  next = *slot;
  next.version += 1u;
  memcpy(next.values, plc_record_at(writer->lane, writer->lane->tail + 1u), sizeof next.values);
  writer->slot_of_record = (uint8_t)(slot - writer->slots);
  writer->answer.a = next.version;
  plc_writer_append(writer, CAIRN_KIND_RETAINED, plc_writer_encode_slot(writer, &next));
}

static void take_restore(plc_writer* writer) {
  const plc_slot* slot = slot_asked_for(writer);
  if (slot == NULL) {
    plc_writer_finish(writer, CAIRN_PLC_E_NOT_KEPT);
    return;
  }
  writer->answer.a = slot->version;
  if (writer->kept_wrong && !slot->is_written) {
    writer->answer.b = PLC_RESTORED_TAMPERED;
  } else {
    memcpy(writer->answer.words, slot->values, sizeof slot->values);
    if (slot->is_signed ||
        (slot->is_written && !writer->kept_wrong && slot->index < writer->shown.sealed)) {
      writer->answer.b = PLC_RESTORED_SIGNED;
    }
  }
  plc_writer_finish(writer, 0);
}

int plc_writer_take(plc_writer* writer) {
  switch (writer->record.type) {
    case PLC_SAMPLE:
      plc_writer_append(writer, CAIRN_KIND_SAMPLE, encode_sample(writer));
      return 1;
    case PLC_EVENT:
    case PLC_SWITCHED_OFF:
    case PLC_SWITCHED_ON:
      plc_writer_append(writer, CAIRN_KIND_EVENT, encode_event(writer));
      return 1;
    case PLC_CORRECTION:
      plc_writer_append(writer, CAIRN_KIND_CORRECTION, encode_correction(writer));
      return 1;
    case PLC_ANCHORED:
      take_anchored(writer);
      return 1;
    case PLC_SEAL:
      take_seal(writer);
      return 1;
    case PLC_VERIFY:
      take_verify(writer);
      return 1;
    case PLC_SET_TIME:
      take_time(writer);
      return 1;
    default:
      break;
  }
  /* The rest asks for what the log held at the start. */
  if (writer->log->keeps && !writer->kept_known) return 0;
  if (writer->record.type == PLC_COMMAND) {
    uint8_t signature[sizeof(plc_record)]; /* the one that is checked, whoever shares the area */
    memcpy(signature, plc_record_at(writer->lane, writer->lane->tail + 1u), sizeof signature);
    plc_writer_command(writer, signature);
  } else if (writer->record.type == PLC_RETAIN) {
    take_retain(writer);
  } else if (writer->record.type == PLC_RESTORE) {
    take_restore(writer);
  } else {
    plc_writer_note(writer, CAIRN_PLC_E_CORRUPT);
    plc_writer_finish(writer, CAIRN_PLC_E_CORRUPT);
  }
  return 1;
}

void plc_writer_recorded(plc_writer* writer, uint64_t index) {
  plc_slot* slot = &writer->slots[writer->slot_of_record];
  if (writer->lane == NULL) { /* a slot written again, or a dropped order, of which nothing stays */
    if (!writer->drops) slot->index = index;
    return;
  }
  if (writer->record.type == PLC_SEAL) {
    answer_head(writer, writer->shown.sealed);
  } else if (writer->record.type == PLC_COMMAND) {
    plc_writer_commanded(writer, index);
  } else if (writer->record.type == PLC_RETAIN) {
    const plc_record* values = plc_record_at(writer->lane, writer->lane->tail + 1u);
    memcpy(slot->values, values, sizeof slot->values);
    slot->version += 1u;
    slot->index = index;
    slot->is_written = 1;
    slot->is_signed = 0;
  }
  if (writer->record.type != PLC_SEAL) writer->answer.index = index;
}
