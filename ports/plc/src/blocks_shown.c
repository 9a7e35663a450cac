/* The blocks that show something, and CAIRN_Retain8: CAIRN_Anchor, CAIRN_Status. */
#include <string.h>

#include "scan.h"

void cairn_fb_status(cairn_fb_status_t* self) {
  uint32_t error_id;
  const plc_lane* lane;
  const plc_shown* seen;
  plc_record now;
  if (!PLC_ENTER(self)) return;
  lane = self->Enable ? plc_lane_of(self->Handle, &error_id) : NULL;
  if (lane == NULL) {
    PLC_SHOW_ENABLE(self, 0, self->Enable ? error_id : 0u);
    return;
  }
  seen = &lane->seen;
  plc_stamp(lane, 0, &now);
  self->BootCount = seen->boot;
  self->TornBytes = seen->torn_bytes;
  self->LastError = seen->last_error;
  self->Failures = seen->failures;
  self->ClockSteps = seen->clock_steps;
  self->ClockQuality = seen->clock_quality;
  self->UnixMs = (uint64_t)now.unix_ms;
  self->KeyId = seen->key_id;
  self->HeadSize = seen->sealed;
  self->Head0 = plc_word(seen->root);
  self->Head1 = plc_word(seen->root + 8);
  self->Head2 = plc_word(seen->root + 16);
  self->Head3 = plc_word(seen->root + 24);
  PLC_SHOW_ENABLE(self, 1, 0u);
}

/* ---- CAIRN_Anchor. A frame: number of the part and of the parts, 4 bits each; bytes of the head
 * in this part; low 16 bits of the head's size; then up to 44 bytes of the head as it travels on
 * air (docs/format.md), zeros behind. ---- */

#define FRAME_BYTES 48
#define PART_BYTES 44

static void show_frame(cairn_fb_anchor_t* self) {
  uint8_t frame[FRAME_BYTES];
  uint32_t* const words[12] = {&self->W0, &self->W1, &self->W2, &self->W3, &self->W4,  &self->W5,
                               &self->W6, &self->W7, &self->W8, &self->W9, &self->W10, &self->W11};
  const int at = (self->Part - 1) * PART_BYTES;
  const int rest = (int)self->byte_count - at;
  const int here = rest < PART_BYTES ? rest : PART_BYTES;
  int i;
  memset(frame, 0, sizeof frame);
  frame[0] = (uint8_t)(self->Part << 4 | self->Parts);
  frame[1] = (uint8_t)here;
  frame[2] = (uint8_t)(self->size >> 8);
  frame[3] = (uint8_t)self->size;
  memcpy(frame + 4, self->bytes + at, (size_t)here);
  for (i = 0; i < 12; ++i) {
    const uint8_t* b = frame + (4 * i);
    *words[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
  }
}

/* The frame that is shown has arrived: the next one, or the head is confirmed. */
static uint32_t acknowledge(cairn_fb_anchor_t* self, plc_lane* lane) {
  plc_record record;
  uint32_t error_id;
  if (self->Part < self->Parts) {
    self->Part = (uint8_t)(self->Part + 1);
    return 0;
  }
  plc_clear(&record, PLC_ANCHORED);
  record.number = self->size;
  error_id = plc_put(lane, &record, NULL);
  if (error_id != 0) return error_id;
  self->AckSize = self->size;
  self->Part = self->Parts = 0;
  return 0;
}

void cairn_fb_anchor(cairn_fb_anchor_t* self) {
  const uint8_t ack = (uint8_t)(self->FrameAck ? 1 : 0);
  const uint32_t apart_ms = self->MaxPerHour == 0 ? 0 : 3600000u / self->MaxPerHour;
  uint32_t error_id = 0;
  plc_lane* lane;
  if (!PLC_ENTER(self)) return;
  lane = self->Enable ? plc_lane_of(self->Handle, &error_id) : NULL;
  if (lane == NULL) {
    self->FrameReady = self->started = self->Part = self->Parts = 0;
    PLC_SHOW_ENABLE(self, 0, error_id);
    return;
  }
  if (ack && !self->acked && self->FrameReady) {
    error_id = acknowledge(self, lane);
    if (error_id == 0) self->FrameReady = 0;
  }
  if (error_id == 0) self->acked = ack;
  if (self->AckSize < lane->seen.anchored) self->AckSize = lane->seen.anchored;
  /* A head is sent to its end, even where a newer one exists by then. */
  if (self->Part == 0 && lane->seen.sealed > self->AckSize && lane->seen.air_bytes != 0) {
    self->size = lane->seen.sealed;
    self->byte_count = (uint8_t)lane->seen.air_bytes;
    memcpy(self->bytes, lane->seen.air, sizeof self->bytes);
    self->Parts = (uint8_t)((self->byte_count + PART_BYTES - 1) / PART_BYTES);
    self->Part = 1;
  }
  if (!self->LinkUp) {
    self->FrameReady = 0;
  } else if (!self->FrameReady && self->Part != 0 &&
             (!self->started || lane->now_ms - self->sent_ms >= apart_ms)) {
    show_frame(self);
    self->FrameReady = self->started = 1;
    self->sent_ms = lane->now_ms;
  }
  self->Outstanding = lane->seen.sealed > self->AckSize ? lane->seen.sealed - self->AckSize : 0;
  PLC_SHOW_ENABLE(self, error_id == 0, error_id);
}

/* ---- CAIRN_Retain8 ---- */

/* The values of the first call are what the program starts with, and not saved. */
static void save(cairn_fb_retain8_t* self, const plc_lane* lane, const double* values) {
  plc_record record;
  if (!self->started) {
    memcpy(self->kept, values, sizeof self->kept);
    self->started = 1;
  }
  if (!self->unsaved && memcmp(self->kept, values, sizeof self->kept) == 0) return;
  self->request.level = 0;
  plc_clear(&record, PLC_RETAIN);
  record.channel = self->Slot;
  plc_stamp(lane, 0, &record);
  plc_begin(&self->request, self->Handle, &record, values);
  memcpy(self->kept, values, sizeof self->kept);
  self->unsaved = (uint8_t)(self->request.phase != PLC_BUSY);
}

static void restore(cairn_fb_retain8_t* self) {
  plc_record record;
  plc_clear(&record, PLC_RESTORE);
  record.channel = self->Slot;
  self->Restored = self->Signed = self->Tampered = 0;
  plc_begin(&self->request, self->Handle, &record, NULL);
  self->request.level = 1;
  self->restoring = (uint8_t)(self->request.phase == PLC_BUSY);
}

/* What was asked came to nothing, and is asked again. */
static void ask_again(cairn_fb_retain8_t* self) {
  if (self->request.level != 0) {
    self->restoring = 0;
  } else {
    self->unsaved = 1;
  }
}

static void take_answer(cairn_fb_retain8_t* self) {
  const int restores = self->request.level != 0;
  const plc_answer* answer = plc_poll(&self->request);
  if (self->request.phase == PLC_FAILED) ask_again(self);
  if (answer == NULL) return;
  self->Version = (uint32_t)answer->a;
  if (restores) {
    double* const outputs[8] = {&self->R0, &self->R1, &self->R2, &self->R3,
                                &self->R4, &self->R5, &self->R6, &self->R7};
    int i;
    for (i = 0; i < 8; ++i)
      memcpy(outputs[i], &answer->words[i], sizeof(double));
    self->Signed = (uint8_t)((answer->b & PLC_RESTORED_SIGNED) != 0);
    self->Tampered = (uint8_t)((answer->b & PLC_RESTORED_TAMPERED) != 0);
    self->Restored = (uint8_t)(answer->a != 0 && !self->Tampered);
  }
  self->request.phase = PLC_IDLE;
}

void cairn_fb_retain8(cairn_fb_retain8_t* self) {
  const double values[8] = {self->V0, self->V1, self->V2, self->V3,
                            self->V4, self->V5, self->V6, self->V7};
  uint32_t error_id = 0;
  plc_lane* lane;
  if (!PLC_ENTER(self)) return;
  lane = self->Enable ? plc_lane_of(self->Handle, &error_id) : NULL;
  if (lane != NULL && plc_is_inline(self->Handle)) {
    error_id = CAIRN_PLC_E_NOT_INLINE;
  } else if (lane != NULL && lane->seen.ready && !lane->seen.keeps) {
    error_id = CAIRN_PLC_E_NOT_KEPT;
  }
  if (!self->Enable) self->started = self->restoring = self->unsaved = 0;
  if (lane == NULL || error_id != 0) {
    if (self->Enable && self->request.phase == PLC_BUSY) ask_again(self);
    plc_abandon(&self->request);
    PLC_SHOW_ENABLE(self, 0, error_id);
    return;
  }
  /* A failure was shown in the call before. */
  if (self->request.phase == PLC_FAILED) self->request.phase = PLC_IDLE;
  if (self->request.phase == PLC_BUSY) take_answer(self);
  if (self->request.phase == PLC_IDLE) {
    if (self->Restore && !self->restoring) {
      restore(self);
    } else if (!self->Restore) {
      save(self, lane, values);
    }
  }
  if (!self->Restore) self->restoring = 0;
  if (self->request.phase == PLC_FAILED) error_id = self->request.error_id;
  PLC_SHOW_ENABLE(self, error_id == 0, error_id);
  self->Busy = (uint8_t)(self->request.phase == PLC_BUSY);
}
