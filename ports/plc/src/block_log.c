/* CAIRN_Log: takes a lane, renews what its task sees once a scan, and pumps where that is inline.
 */
#include <string.h>

#include "scan.h"
#include "writer.h"

enum { LOG_OFF, LOG_VALID, LOG_FAILED };

#define PUMP_SILENT_MS 10000u
#define WARN_LEVEL 800u

static uint32_t losses(const plc_lane* lane) {
  return lane->lost[PLC_LOST_QUEUE_FULL] + lane->lost[PLC_LOST_SWITCHED_OFF] +
         lane->lost[PLC_LOST_STOPPED];
}

/* Takes the lane, also from a block that was there before. */
static void start(cairn_fb_log_t* self) {
  const cairn_plc_log* log = plc_log_at(self->LogId);
  plc_lane* lane;
  self->phase = LOG_FAILED;
  self->held = 0;
  self->UnitsMax = 0;
  if (log == NULL || self->TaskId >= CAIRN_PLC_TASKS) {
    self->ErrorID = log == NULL ? CAIRN_PLC_E_LOG_ID : CAIRN_PLC_E_TASK;
    return;
  }
  lane = &plc_area_of(log->area)->lanes[self->TaskId];
  lane->generation = lane->generation >= 0xFFFFu ? 1u : lane->generation + 1u;
  lane->lost_before = losses(lane);
  lane->seen_once = 0;
  memset(lane->taken, 1, sizeof lane->taken);
  self->held_log = self->LogId;
  self->held_task = self->TaskId;
  self->held = lane->generation << 16 | (uint32_t)self->TaskId << 8 | (uint32_t)(self->LogId + 1u);
  self->phase = LOG_VALID;
}

static void stop(cairn_fb_log_t* self) {
  uint32_t error_id;
  plc_lane* lane = plc_lane_of(self->held, &error_id);
  if (lane != NULL) {
    lane->generation = lane->generation >= 0xFFFFu ? 1u : lane->generation + 1u;
    plc_store(&lane->maintenance, 0);
  }
  self->held = 0;
  self->phase = LOG_OFF;
}

/* The switch itself is on the log: on its way off while it still records, back on again first. */
static void switch_logging(plc_lane* lane, uint8_t off) {
  plc_record record;
  plc_clear(&record, (uint8_t)(off ? PLC_SWITCHED_OFF : PLC_SWITCHED_ON));
  record.category = CAIRN_EVENT_AUDIT_LOG;
  record.channel = off ? CAIRN_PLC_EVENT_SWITCHED_OFF : CAIRN_PLC_EVENT_SWITCHED_ON;
  record.old_value = off ? 1 : 0;
  record.value = off ? 0 : 1;
  record.number = lane->lost[PLC_LOST_SWITCHED_OFF];
  plc_stamp(lane, 0, &record);
  /* Without room it is tried again in the next scan. */
  if (plc_put(lane, &record, NULL) == 0) lane->switched_off = off;
}

/* Copies what the pump shows, where it is new. Where that changes at this moment, the copy before
 * stays. */
static uint32_t look(const cairn_plc_log* log, plc_lane* lane) {
  plc_area* area = plc_area_of(log->area);
  const uint32_t count = plc_load(&area->shown_count);
  union {
    plc_shown fields;
    uint32_t words[PLC_SHOWN_WORDS];
  } copy;
  if (count != lane->seen_count &&
      plc_read(&area->shown_count, area->shown.words, copy.words, PLC_SHOWN_WORDS)) {
    lane->seen = copy.fields;
    lane->seen_count = count;
  }
  if (!lane->seen_once || lane->beats != lane->seen.beats) {
    lane->seen_once = 1;
    lane->beats = lane->seen.beats;
    lane->beat_ms = lane->now_ms;
  }
  return log->pump != CAIRN_PLC_INLINE && lane->now_ms - lane->beat_ms > PUMP_SILENT_MS
             ? CAIRN_PLC_E_PUMP_SILENT
             : 0;
}

static void show(cairn_fb_log_t* self, const plc_lane* lane, uint32_t error_id) {
  const plc_shown* seen = &lane->seen;
  const uint32_t warn = self->WarnLevel == 0 ? WARN_LEVEL : self->WarnLevel;
  const uint32_t waiting = plc_waiting(lane);
  self->Handle = self->held;
  self->Pending = waiting;
  self->Durable = seen->durable;
  self->Sealed = seen->sealed;
  self->Anchored = seen->anchored;
  self->Fill = seen->fill;
  self->DaysLeft = seen->days_left;
  self->Lost = losses(lane) - lane->lost_before;
  self->CapacityWarn = (uint8_t)(!seen->recycles && seen->fill >= warn);
  self->Degraded = (uint8_t)(error_id != 0 || seen->cannot_record || seen->cannot_sign ||
                             waiting == CAIRN_PLC_QUEUE_RECORDS);
  self->Stopped = (uint8_t)(seen->cannot_record && lane->stop_when_full);
  self->ErrorID = error_id;
  self->Error = (uint8_t)(error_id != 0);
  self->Busy = (uint8_t)(!self->Error && !seen->ready);
  self->Valid = (uint8_t)(!self->Error && seen->ready);
}

static void work(cairn_fb_log_t* self, const cairn_plc_log* log, plc_lane* lane) {
  uint32_t used = 0;
  plc_store(&lane->maintenance, self->Maintenance ? 1u : 0u);
  if (log->pump == CAIRN_PLC_INLINE && self->held_task == 0) {
    (void)plc_writer_pump(log, self->Budget, &used);
  }
  self->UnitsUsed = (uint16_t)used;
  if (self->UnitsUsed > self->UnitsMax) self->UnitsMax = self->UnitsUsed;
}

void cairn_fb_log(cairn_fb_log_t* self) {
  uint32_t error_id = 0;
  plc_lane* lane;
  if (!PLC_ENTER(self)) return;
  if (!self->Enable || (self->phase == LOG_VALID &&
                        (self->LogId != self->held_log || self->TaskId != self->held_task))) {
    if (self->phase != LOG_OFF) stop(self);
  }
  self->UnitsUsed = 0;
  if (!self->Enable) {
    self->Valid = self->Busy = self->Error = self->Degraded = self->Stopped = 0;
    self->CapacityWarn = 0;
    self->ErrorID = self->Handle = 0;
    return;
  }
  /* What was taken over stays so until Enable falls; all else is tried again. */
  if (self->phase == LOG_OFF || (self->phase == LOG_FAILED && self->held == 0)) start(self);
  lane = self->phase == LOG_VALID ? plc_lane_of(self->held, &error_id) : NULL;
  if (lane == NULL) {
    if (error_id == CAIRN_PLC_E_STALE_HANDLE) {
      self->ErrorID = CAIRN_PLC_E_TAKEN_OVER;
    } else if (error_id != 0) {
      self->ErrorID = error_id;
      self->held = 0;
    }
    self->phase = LOG_FAILED;
    self->Handle = 0;
    self->Valid = self->Busy = 0;
    self->Error = 1;
    return;
  }
  lane->now_ms = plc_port()->monotonic_ms(plc_port()->user);
  lane->stop_when_full = (uint8_t)(self->StopWhenFull ? 1 : 0);
  work(self, plc_log_at(self->held_log), lane);
  error_id = look(plc_log_at(self->held_log), lane);
  if (error_id == 0) error_id = lane->seen.state;
  if ((self->SwitchOff ? 1 : 0) != lane->switched_off) {
    switch_logging(lane, (uint8_t)(self->SwitchOff ? 1 : 0));
  }
  show(self, lane, error_id);
}
