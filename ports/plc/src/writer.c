/* The pump's loop: one operation of the recorder at a time, and what comes next. */
#include "writer.h"

#include <string.h>

#include "scan.h"

static const uint8_t gap_reasons[PLC_LANE_BROKEN + 1] = {
    CAIRN_GAP_QUEUE_FULL, CAIRN_GAP_SWITCHED_OFF, CAIRN_GAP_STORAGE_FULL, CAIRN_GAP_STORAGE_FULL,
    CAIRN_GAP_UNKNOWN};

void plc_writer_append(plc_writer* writer, uint8_t kind, int body_size) {
  int status = body_size;
  writer->kind = kind;
  writer->body_size = body_size;
  if (body_size >= 0) {
    status = cairn_steps_begin_append(&writer->steps, &writer->recorder, kind, writer->body,
                                      (size_t)body_size);
  }
  if (status < 0) {
    plc_writer_note(writer, plc_writer_error(status));
    plc_writer_finish(writer, plc_writer_error(status));
    return;
  }
  writer->operation = PLC_OP_APPEND;
}

static void count_loss(plc_writer* writer) {
  writer->lost_storage += 1u;
  writer->shown.lost += 1u;
}

/* The storage took it not. What is full drops records and counts them; what fails is tried again
 * with the same record, after a new start where the recorder asks for one. */
static void not_appended(plc_writer* writer, int status) {
  const uint32_t error_id = plc_writer_error(status);
  plc_writer_note(writer, error_id);
  writer->shown.cannot_record = 1;
  writer->retry = PLC_RETRY_PUMPS;
  if (writer->lane == NULL && writer->drops) count_loss(writer);
  if (status == CAIRN_E_FULL || status == CAIRN_E_BAD_ARGUMENT) {
    writer->full = (uint8_t)(status == CAIRN_E_FULL);
    if (writer->lane != NULL && plc_is_missed(&writer->record)) count_loss(writer);
    plc_writer_finish(writer, error_id);
  } else if (status == CAIRN_E_DAMAGED) {
    writer->shown.state = CAIRN_PLC_E_DAMAGED;
    plc_writer_finish(writer, error_id);
  } else {
    writer->opened = (uint8_t)(status != CAIRN_E_BAD_STATE);
    writer->lane = NULL; /* which still holds it */
  }
}

static void gap_noted(plc_writer* writer) {
  plc_lane* lane = &plc_area_of(writer->log->area)->lanes[writer->gap_lane];
  if (writer->gap_reason == PLC_LANE_BROKEN) {
    plc_writer_note(writer, CAIRN_PLC_E_CORRUPT);
    lane->is_marked = 0;
    plc_store(&lane->tail, plc_load(&lane->head));
  } else if (writer->gap_reason == PLC_LOSSES) {
    writer->lost_storage -= writer->gap_count;
  } else {
    lane->noted[writer->gap_reason] += writer->gap_count;
  }
  writer->full = writer->gap_refused = 0;
  writer->shown.cannot_record = 0;
}

static void opened(plc_writer* writer, int status) {
  if (status == CAIRN_E_NOT_FORMATTED && writer->may_create) {
    const cairn_plc_log* log = writer->log;
    status = cairn_recorder_create(&writer->recorder, log->flash, log->memory, log->options,
                                   &writer->platform, &writer->signer, NULL);
  }
  writer->open_status = status;
  writer->shown.state = plc_writer_error(status);
  writer->shown.cannot_record = (uint8_t)(status < 0);
  if (status == CAIRN_OK) {
    plc_writer_opened(writer);
  } else {
    plc_writer_note(writer, writer->shown.state);
    writer->retry = PLC_RETRY_PUMPS;
  }
}

/* An operation that has no record of its own was refused. That no more can be erased ahead in a log
 * without room is no failure yet. */
static void refused(plc_writer* writer, uint8_t operation, int status) {
  if (operation == PLC_OP_MAINTAIN && status == CAIRN_E_FULL) return;
  writer->retry = PLC_RETRY_PUMPS;
  if (operation == PLC_OP_GAP) writer->gap_refused = 1;
  plc_writer_note(writer,
                  writer->shown.cannot_sign ? CAIRN_PLC_E_KEY_MISSING : plc_writer_error(status));
  if (status == CAIRN_E_BAD_STATE) writer->opened = 0;
}

/* The operation under way has ended. */
static void ended(plc_writer* writer, int status) {
  const uint8_t operation = writer->operation;
  writer->operation = PLC_OP_NONE;
  if (operation != PLC_OP_MAINTAIN) writer->maintained = 0;
  if (operation == PLC_OP_OPEN) {
    opened(writer, status);
  } else if (operation == PLC_OP_APPEND && status == CAIRN_OK) {
    writer->shown.cannot_record = writer->full = writer->gap_refused = 0;
    plc_writer_recorded(writer, cairn_steps_index(&writer->steps));
    plc_writer_finish(writer, writer->answer.error_id);
  } else if (operation == PLC_OP_APPEND) {
    not_appended(writer, status);
  } else if (operation == PLC_OP_GAP && status == CAIRN_OK) {
    gap_noted(writer);
  } else if (operation == PLC_OP_SEAL && writer->lane != NULL) {
    if (status == CAIRN_OK) plc_writer_recorded(writer, 0);
    plc_writer_finish(
        writer, writer->shown.cannot_sign ? CAIRN_PLC_E_KEY_MISSING : plc_writer_error(status));
  }
  if (status < 0 && operation != PLC_OP_APPEND && operation != PLC_OP_OPEN) {
    refused(writer, operation, status);
  }
}

static void begin(plc_writer* writer, uint8_t operation, int status) {
  writer->operation = operation;
  if (status < 0) ended(writer, status);
}

static int begin_open(plc_writer* writer) {
  const cairn_plc_log* log = writer->log;
  if (writer->retry != 0 || writer->shown.state == CAIRN_PLC_E_DAMAGED) return 0;
  begin(writer, PLC_OP_OPEN,
        cairn_steps_begin_open(&writer->steps, &writer->recorder, log->flash, log->memory,
                               log->options, &writer->platform, &writer->signer));
  return 1;
}

static int begin_gap(plc_writer* writer, uint8_t reason, uint32_t count) {
  writer->gap_reason = reason;
  writer->gap_count = count;
  begin(
      writer, PLC_OP_GAP,
      cairn_steps_begin_append_gap(&writer->steps, &writer->recorder, count, gap_reasons[reason]));
  return 1;
}

/* Losses of a lane become a gap record as soon as everything that was queued before the pump saw
 * them has been recorded. What was lost while switched off waits for the switch. One that found no
 * room does not hold up the lane: what comes behind it is answered meanwhile. */
static int gap_of_lane(plc_writer* writer, uint8_t number, int switched_on) {
  plc_lane* lane = &plc_area_of(writer->log->area)->lanes[number];
  uint8_t reason;
  if (writer->gap_refused && writer->retry != 0) return 0;
  for (reason = 0; reason < PLC_LOSSES; ++reason) {
    const uint32_t lost =
        switched_on ? (uint32_t)writer->record.number : plc_load(&lane->lost[reason]);
    const uint32_t count = lost - lane->noted[reason];
    if (count == 0 || (reason == PLC_LOST_SWITCHED_OFF) != switched_on) continue;
    if (!switched_on && !lane->is_marked) {
      lane->is_marked = 1;
      lane->mark = plc_load(&lane->head);
    }
    if (!switched_on && (int32_t)(lane->tail - lane->mark) < 0) continue;
    lane->is_marked = 0;
    writer->gap_lane = number;
    return begin_gap(writer, reason, count);
  }
  return 0;
}

/* The queue of a lane says more than it can hold: what was in it is not known. */
static int give_up_lane(plc_writer* writer, uint8_t number) {
  if (writer->gap_refused && writer->retry != 0) return 0;
  writer->gap_lane = number;
  return begin_gap(writer, PLC_LANE_BROKEN, 0);
}

/* Takes up the next record of a lane, the lanes in turn. */
static int take_record(plc_writer* writer) {
  plc_area* area = plc_area_of(writer->log->area);
  int tries;
  for (tries = 0; tries < CAIRN_PLC_TASKS; ++tries) {
    const uint8_t number = writer->next_lane;
    plc_lane* lane = &area->lanes[number];
    const uint32_t waiting = plc_waiting(lane);
    const int broken = waiting > CAIRN_PLC_QUEUE_RECORDS;
    writer->next_lane = (uint8_t)((number + 1) % CAIRN_PLC_TASKS);
    if (broken ? give_up_lane(writer, number) : gap_of_lane(writer, number, 0)) return 1;
    if (waiting == 0 || broken) continue;
    writer->record = *plc_record_at(lane, lane->tail);
    if (writer->record.type == PLC_SWITCHED_ON && gap_of_lane(writer, number, 1)) {
      writer->next_lane = number; /* then the same record again */
      return 1;
    }
    memset(&writer->answer, 0, sizeof writer->answer);
    writer->lane = lane;
    if (plc_writer_take(writer)) return 1;
    writer->lane = NULL;
  }
  return 0;
}

static int is_maintenance(const plc_writer* writer) {
  const plc_area* area = plc_area_of(writer->log->area);
  int i;
  for (i = 0; i < CAIRN_PLC_TASKS; ++i) {
    if (plc_load(&area->lanes[i].maintenance)) return 1;
  }
  return 0;
}

/* Erases ahead while the machine may wait, before anything else: there may be no other quiet time.
 * What is written afterwards may use that up. */
static int maintain(plc_writer* writer) {
  if (writer->maintained || writer->retry != 0 || !is_maintenance(writer)) return 0;
  writer->maintained = 1;
  begin(writer, PLC_OP_MAINTAIN, cairn_steps_begin_maintain(&writer->steps, &writer->recorder));
  return 1;
}

/* While the log is full or fails, records are dropped or wait; the way out is tried in between. */
static int recover(plc_writer* writer) {
  if (writer->retry == 0 && writer->lost_storage != 0) {
    writer->retry = PLC_RETRY_PUMPS;
    return begin_gap(writer, PLC_LOSSES, (uint32_t)(writer->lost_storage & UINT32_MAX));
  }
  return 0;
}

/* Begins what is to be done next; 0 when there is nothing. */
static int choose(plc_writer* writer) {
  if (!writer->opened) return begin_open(writer);
  if (writer->shown.state == CAIRN_PLC_E_DAMAGED) return 0;
  if (writer->full) return recover(writer) || take_record(writer);
  if (writer->shown.cannot_record && writer->retry != 0) return 0;
  if (maintain(writer) || (writer->lost_storage != 0 && recover(writer))) return 1;
  /* A slot first: records push its record out of a log that recycles. */
  if (plc_writer_refresh(writer) || take_record(writer)) return 1;
  if (writer->retry == 0 && cairn_recorder_due(&writer->recorder)) {
    begin(writer, PLC_OP_SEAL, cairn_steps_begin_seal(&writer->steps, &writer->recorder));
    return 1;
  }
  return 0;
}

/* One step of whatever is to be done; 0 when nothing is, or no budget is left for it. */
static int turn(plc_writer* writer, uint32_t* left) {
  if (writer->operation != PLC_OP_NONE) {
    uint32_t used = 0;
    const int status = cairn_steps_do(&writer->steps, *left, &used);
    *left -= used;
    if (status == 1) return 0;
    ended(writer, status);
    return 1;
  }
  *left -= 1u;
  if (plc_writer_take_head(writer) || choose(writer)) return 1;
  if (writer->walk == PLC_WALK_NONE) return 0;
  *left -= plc_writer_walk(writer, *left);
  return 1;
}

static void pay(plc_writer* writer, uint32_t* left) {
  const uint32_t paid = writer->debt < *left ? writer->debt : *left;
  writer->debt -= paid;
  *left -= paid;
}

int plc_writer_pump(const cairn_plc_log* log, uint32_t budget, uint32_t* used) {
  plc_writer* writer = plc_writer_of(log);
  uint32_t left = budget;
  int more = 1;
  if (writer->log == NULL) plc_writer_prepare(writer, log);
  if (writer->retry != 0 && budget != 0) writer->retry -= 1u;
  pay(writer, &left);
  /* What reads the log back gets its share also while records keep coming. */
  if (writer->walk != PLC_WALK_NONE && writer->operation == PLC_OP_NONE) {
    left -= plc_writer_walk(writer, left / 2u);
    pay(writer, &left);
  }
  while (left > 0 && more) {
    more = turn(writer, &left);
    pay(writer, &left);
  }
  *used = budget - left;
  plc_writer_show(writer);
  if (more || writer->operation != PLC_OP_NONE) return 1;
  return writer->open_status;
}

void plc_writer_create(const cairn_plc_log* log) {
  plc_writer* writer = plc_writer_of(log);
  plc_writer_prepare(writer, log);
  writer->may_create = 1;
  (void)begin_open(writer);
  while (writer->operation != PLC_OP_NONE) {
    uint32_t left = UINT32_MAX;
    (void)turn(writer, &left);
  }
  writer->may_create = 0; /* that is not divided: never in a scan */
  plc_writer_show(writer);
}

int cairn_plc_pump(uint32_t log_id, uint32_t budget, uint32_t* used) {
  const cairn_plc_log* log = plc_log_at(log_id);
  if (used == NULL) return CAIRN_E_BAD_ARGUMENT;
  *used = 0;
  if (log == NULL || log->pump != CAIRN_PLC_TASK) return CAIRN_E_BAD_ARGUMENT;
  return plc_writer_pump(log, budget, used);
}
