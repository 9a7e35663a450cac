/* The blocks that ask the pump for something: CAIRN_Seal, CAIRN_Verify, CAIRN_SetTime,
 * CAIRN_Command. */
#include "scan.h"

void cairn_fb_seal(cairn_fb_seal_t* self) {
  if (!PLC_ENTER(self)) return;
  if (plc_execute(&self->request, self->Execute)) {
    plc_record record;
    plc_clear(&record, PLC_SEAL);
    plc_begin(&self->request, self->Handle, &record, NULL);
  }
  if (self->request.phase == PLC_BUSY) {
    const plc_answer* answer = plc_poll(&self->request);
    if (answer != NULL) {
      self->Size = answer->index;
      self->BatchNo = (uint32_t)answer->a;
      self->Count = (uint32_t)answer->b;
      self->Root0 = answer->words[0];
      self->Root1 = answer->words[1];
      self->Root2 = answer->words[2];
      self->Root3 = answer->words[3];
      plc_done(&self->request);
    }
  }
  PLC_SHOW_EXECUTE(self);
}

static void show_progress(cairn_fb_verify_t* self) {
  uint32_t error_id;
  const plc_lane* lane = plc_lane_of(self->request.handle, &error_id);
  if (lane == NULL) return;
  self->Checked = lane->seen.checked;
  self->Progress = lane->seen.to_check == 0
                       ? (uint16_t)0
                       : (uint16_t)(lane->seen.checked * 1000u / lane->seen.to_check);
}

void cairn_fb_verify(cairn_fb_verify_t* self) {
  if (!PLC_ENTER(self)) return;
  if (plc_execute(&self->request, self->Execute)) {
    plc_record record;
    self->Intact = 0;
    self->FirstBad = self->Checked = 0;
    self->Progress = 0;
    plc_clear(&record, PLC_VERIFY);
    if (plc_is_inline(self->Handle)) {
      plc_fail(&self->request, CAIRN_PLC_E_NOT_INLINE);
    } else {
      plc_begin(&self->request, self->Handle, &record, NULL);
    }
  }
  if (self->request.phase == PLC_BUSY) {
    const plc_answer* answer = plc_poll(&self->request);
    if (answer != NULL) {
      self->FirstBad = answer->a;
      self->Intact = (uint8_t)answer->b;
      self->Checked = answer->index;
      self->Progress = 1000;
      plc_done(&self->request);
    } else if (self->request.phase == PLC_BUSY) {
      show_progress(self);
    }
  }
  PLC_SHOW_EXECUTE(self);
}

void cairn_fb_settime(cairn_fb_settime_t* self) {
  if (!PLC_ENTER(self)) return;
  if (plc_execute(&self->request, self->Execute)) {
    uint32_t error_id;
    const plc_lane* lane = plc_lane_of(self->Handle, &error_id);
    plc_record record;
    plc_clear(&record, PLC_SET_TIME);
    record.unix_ms = (int64_t)self->UnixMs;
    record.source = self->Source;
    record.number = self->UncertaintyMs;
    if (lane != NULL) record.not_after = lane->now_ms;
    self->StepMs = 0;
    if (self->UnixMs == 0 || self->UnixMs > (uint64_t)INT64_MAX || self->Source > 5) {
      plc_fail(&self->request, CAIRN_PLC_E_RANGE);
    } else {
      plc_begin(&self->request, self->Handle, &record, NULL);
    }
  }
  if (self->request.phase == PLC_BUSY) {
    const plc_answer* answer = plc_poll(&self->request);
    if (answer != NULL) {
      self->StepMs = (int64_t)answer->a;
      plc_done(&self->request);
    }
  }
  PLC_SHOW_EXECUTE(self);
}

/* A number as eight bytes, the most significant first. */
static void put_word(uint8_t* bytes, uint64_t word) {
  int i;
  for (i = 7; i >= 0; --i) {
    bytes[i] = (uint8_t)word;
    word >>= 8;
  }
}

static void ask_command(cairn_fb_command_t* self) {
  const uint64_t words[8] = {self->S0, self->S1, self->S2, self->S3,
                             self->S4, self->S5, self->S6, self->S7};
  uint8_t signature[CAIRN_SIGNATURE_BYTES];
  plc_record record;
  int i;
  for (i = 0; i < 8; ++i)
    put_word(signature + (8 * i), words[i]);
  plc_clear(&record, PLC_COMMAND);
  record.channel = self->Channel;
  record.value = self->Value;
  record.number = self->Sequence;
  record.unix_ms = (int64_t)self->NotBeforeMs;
  record.not_after = self->NotAfterMs;
  record.category = self->KeyNumber;
  self->Applied = self->Signatures = 0;
  if (plc_is_inline(self->Handle)) {
    plc_fail(&self->request, CAIRN_PLC_E_NOT_INLINE);
  } else {
    plc_begin(&self->request, self->Handle, &record, signature);
  }
}

/* The set-point of a channel, in at most two tries. 0 when there is none, or the pump was at it
 * both times. */
static int read_setpoint(const plc_area* area, uint32_t channel, plc_setpoint* out) {
  union {
    plc_setpoint fields;
    uint32_t words[PLC_SETPOINT_WORDS];
  } copy;
  int tries;
  for (tries = 0; tries < 2; ++tries) {
    const uint32_t before = plc_load(&area->setpoints_count);
    int found = 0;
    size_t i;
    for (i = 0; i < CAIRN_PLC_SLOTS && !found; ++i) {
      const uint32_t* words = area->setpoints.words + (i * PLC_SETPOINT_WORDS);
      if (plc_load(&words[offsetof(plc_setpoint, channel) / 4u]) != channel) continue;
      plc_copy(words, copy.words, PLC_SETPOINT_WORDS);
      found = copy.fields.used;
    }
    if (found) *out = copy.fields;
    if (plc_is_steady(&area->setpoints_count, before)) return found;
  }
  return 0;
}

/* The set-point in force; where it cannot be read, the one before stays. */
static void show_setpoint(cairn_fb_command_t* self) {
  uint32_t error_id;
  plc_setpoint setpoint;
  if (plc_lane_of(self->Handle, &error_id) == NULL) return;
  if (!read_setpoint(plc_area_of_handle(self->Handle), self->Channel, &setpoint)) return;
  self->Needed = setpoint.needed;
  self->InForce = setpoint.sequence;
  if (setpoint.sequence != 0) self->Setpoint = setpoint.value;
}

void cairn_fb_command(cairn_fb_command_t* self) {
  if (!PLC_ENTER(self)) return;
  if (plc_execute(&self->request, self->Execute)) ask_command(self);
  if (self->request.phase == PLC_BUSY) {
    const plc_answer* answer = plc_poll(&self->request);
    if (answer != NULL) {
      self->Applied = (uint8_t)answer->a;
      self->Signatures = (uint8_t)answer->b;
      plc_done(&self->request);
    }
  }
  show_setpoint(self);
  PLC_SHOW_EXECUTE(self);
}
