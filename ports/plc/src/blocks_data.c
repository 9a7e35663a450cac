/* The blocks that record: CAIRN_Append, CAIRN_Sample, CAIRN_Event, CAIRN_Correct, CAIRN_Edge. */
#include "scan.h"

void cairn_fb_append(cairn_fb_append_t* self) {
  if (!PLC_ENTER(self)) return;
  if (plc_execute(&self->request, self->Execute)) {
    uint32_t error_id;
    const plc_lane* lane = plc_lane_of(self->Handle, &error_id);
    plc_record record;
    plc_clear(&record, PLC_SAMPLE);
    record.channel = self->Channel;
    record.value = self->Value;
    record.quality = self->Quality;
    if (lane != NULL) plc_stamp(lane, self->UnixMs, &record);
    plc_begin_data(&self->request, self->Handle, self->Level, &record);
  }
  plc_follow_data(&self->request);
  self->Index = self->request.index;
  PLC_SHOW_EXECUTE(self);
}

void cairn_fb_event(cairn_fb_event_t* self) {
  if (!PLC_ENTER(self)) return;
  if (plc_execute(&self->request, self->Execute)) {
    uint32_t error_id;
    const plc_lane* lane = plc_lane_of(self->Handle, &error_id);
    plc_record record;
    plc_clear(&record, PLC_EVENT);
    record.channel = self->EventId;
    record.user = self->UserId;
    record.source = self->Source;
    record.category = self->Category;
    record.result = self->Result;
    record.old_value = self->OldValue;
    record.value = self->NewValue;
    if (lane != NULL) plc_stamp(lane, self->UnixMs, &record);
    if (self->Category > CAIRN_EVENT_TIME || self->Result > CAIRN_EVENT_DENIED) {
      plc_fail(&self->request, CAIRN_PLC_E_RANGE);
    } else {
      plc_begin_data(&self->request, self->Handle, self->Level, &record);
    }
  }
  plc_follow_data(&self->request);
  self->Index = self->request.index;
  PLC_SHOW_EXECUTE(self);
}

void cairn_fb_correct(cairn_fb_correct_t* self) {
  if (!PLC_ENTER(self)) return;
  if (plc_execute(&self->request, self->Execute)) {
    uint32_t error_id;
    const plc_lane* lane = plc_lane_of(self->Handle, &error_id);
    plc_record record;
    plc_clear(&record, PLC_CORRECTION);
    record.number = self->Corrects;
    record.channel = self->Channel;
    record.old_value = self->OldValue;
    record.value = self->NewValue;
    record.user = self->UserId;
    record.source = self->Reason;
    if (lane != NULL) plc_stamp(lane, 0, &record);
    plc_begin_data(&self->request, self->Handle, self->Level, &record);
  }
  plc_follow_data(&self->request);
  self->Index = self->request.index;
  PLC_SHOW_EXECUTE(self);
}

/* Whether the sample is to be recorded in this call. */
static int is_due(cairn_fb_sample_t* self, uint64_t now_ms) {
  const int triggered = self->Trigger && !self->triggered;
  const double difference = self->Value > self->last_value ? self->Value - self->last_value
                                                           : self->last_value - self->Value;
  self->triggered = (uint8_t)(self->Trigger ? 1 : 0);
  if (!self->started || triggered || self->Quality != self->last_quality) return 1;
  if (self->HeartbeatMs != 0 && now_ms - self->recorded_ms >= self->HeartbeatMs) return 1;
  if (now_ms - self->looked_ms < self->IntervalMs) return 0;
  self->looked_ms = now_ms;
  /* Not greater also where one of them is no number: then it is recorded. */
  return !(self->Deadband > 0) || !(difference <= self->Deadband);
}

void cairn_fb_sample(cairn_fb_sample_t* self) {
  uint32_t error_id;
  plc_lane* lane;
  if (!PLC_ENTER(self)) return;
  if (!self->Enable) {
    self->started = self->triggered = 0;
    PLC_SHOW_ENABLE(self, 0, 0u);
    return;
  }
  lane = plc_lane_of(self->Handle, &error_id);
  if (lane != NULL) {
    if (!self->started) self->Count = 0;
    if (is_due(self, lane->now_ms)) {
      plc_record record;
      plc_clear(&record, PLC_SAMPLE);
      record.channel = self->Channel;
      record.value = self->Value;
      record.quality = self->Quality;
      plc_stamp(lane, 0, &record);
      error_id = plc_put(lane, &record, NULL);
      if (error_id == 0) self->Count += 1u;
      self->started = 1;
      self->last_value = self->Value;
      self->last_quality = self->Quality;
      self->looked_ms = self->recorded_ms = lane->now_ms;
    }
  }
  PLC_SHOW_ENABLE(self, error_id == 0, error_id);
}

void cairn_fb_edge(cairn_fb_edge_t* self) {
  const uint8_t signal = (uint8_t)(self->Signal ? 1 : 0);
  uint32_t error_id;
  plc_lane* lane;
  if (!PLC_ENTER(self)) return;
  if (!self->Enable) {
    self->started = 0;
    PLC_SHOW_ENABLE(self, 0, 0u);
    return;
  }
  lane = plc_lane_of(self->Handle, &error_id);
  if (lane != NULL) {
    if (!self->started) {
      self->Rises = self->Falls = 0;
      self->last = signal;
    } else if (signal && !self->last) {
      self->Rises += 1u;
    } else if (!signal && self->last) {
      self->Falls += 1u;
    }
    if (!self->started || signal != self->last) {
      plc_record record;
      plc_clear(&record, PLC_EVENT);
      record.category = CAIRN_EVENT_CONTROL_SYSTEM;
      record.channel = self->EventId;
      record.source = self->Source;
      record.old_value = self->last;
      record.value = signal;
      plc_stamp(lane, 0, &record);
      error_id = plc_put(lane, &record, NULL);
      self->started = 1;
      self->last = signal;
    }
  }
  PLC_SHOW_ENABLE(self, error_id == 0, error_id);
}
