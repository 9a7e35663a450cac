/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * See cairn_plc_call.h. */
/* clang-format off */

#include "cairn_plc_call.h"

#include "cairn_plc.h"

/* Instances of each block that a program may have. Each takes the size of its struct. */
#ifndef CAIRN_PLC_INSTANCES
#define CAIRN_PLC_INSTANCES 32
#endif

/* The instance of a number, 0 for a new one; CAIRN_PLC_INSTANCES when there is no such. */
static uint32_t instance_of(uint32_t* number, uint32_t* taken) {
  if (*number == 0) {
    const uint32_t next = __atomic_fetch_add(taken, 1, __ATOMIC_RELAXED);
    if (next >= CAIRN_PLC_INSTANCES) {
      __atomic_store_n(taken, CAIRN_PLC_INSTANCES, __ATOMIC_RELAXED);
      return CAIRN_PLC_INSTANCES;
    }
    *number = next + 1;
  }
  return *number <= CAIRN_PLC_INSTANCES ? *number - 1 : CAIRN_PLC_INSTANCES;
}

uint32_t cairn_call_log(uint32_t* instance, uint8_t enable, uint16_t log_id, uint16_t task_id,
    uint16_t budget, uint16_t warn_level, uint8_t maintenance, uint8_t stop_when_full,
    uint8_t switch_off, uint8_t* out_valid, uint8_t* out_busy, uint8_t* out_error,
    uint32_t* out_error_id, uint32_t* out_handle, uint32_t* out_pending, uint64_t* out_durable,
    uint64_t* out_sealed, uint64_t* out_anchored, uint16_t* out_fill, uint16_t* out_days_left,
    uint8_t* out_capacity_warn, uint8_t* out_degraded, uint8_t* out_stopped, uint32_t* out_lost,
    uint16_t* out_units_used, uint16_t* out_units_max) {
  static cairn_fb_log_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_valid = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_handle = 0;
    *out_pending = 0;
    *out_durable = 0;
    *out_sealed = 0;
    *out_anchored = 0;
    *out_fill = 0;
    *out_days_left = 0;
    *out_capacity_warn = 0;
    *out_degraded = 0;
    *out_stopped = 0;
    *out_lost = 0;
    *out_units_used = 0;
    *out_units_max = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_log_t* const block = &instances[number];
  block->Enable = enable;
  block->LogId = log_id;
  block->TaskId = task_id;
  block->Budget = budget;
  block->WarnLevel = warn_level;
  block->Maintenance = maintenance;
  block->StopWhenFull = stop_when_full;
  block->SwitchOff = switch_off;
  cairn_fb_log(block);
  *out_valid = block->Valid;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_handle = block->Handle;
  *out_pending = block->Pending;
  *out_durable = block->Durable;
  *out_sealed = block->Sealed;
  *out_anchored = block->Anchored;
  *out_fill = block->Fill;
  *out_days_left = block->DaysLeft;
  *out_capacity_warn = block->CapacityWarn;
  *out_degraded = block->Degraded;
  *out_stopped = block->Stopped;
  *out_lost = block->Lost;
  *out_units_used = block->UnitsUsed;
  *out_units_max = block->UnitsMax;
  return 0;
}

uint32_t cairn_call_append(uint32_t* instance, uint8_t execute, uint32_t handle, uint32_t channel,
    double value, uint16_t quality, uint64_t unix_ms, uint8_t level, uint8_t* out_done,
    uint8_t* out_busy, uint8_t* out_error, uint32_t* out_error_id, uint64_t* out_index) {
  static cairn_fb_append_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_done = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_index = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_append_t* const block = &instances[number];
  block->Execute = execute;
  block->Handle = handle;
  block->Channel = channel;
  block->Value = value;
  block->Quality = quality;
  block->UnixMs = unix_ms;
  block->Level = level;
  cairn_fb_append(block);
  *out_done = block->Done;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_index = block->Index;
  return 0;
}

uint32_t cairn_call_sample(uint32_t* instance, uint8_t enable, uint32_t handle, uint32_t channel,
    double value, uint16_t quality, uint32_t interval_ms, double deadband, uint32_t heartbeat_ms,
    uint8_t trigger, uint8_t* out_valid, uint8_t* out_busy, uint8_t* out_error,
    uint32_t* out_error_id, uint32_t* out_count) {
  static cairn_fb_sample_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_valid = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_count = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_sample_t* const block = &instances[number];
  block->Enable = enable;
  block->Handle = handle;
  block->Channel = channel;
  block->Value = value;
  block->Quality = quality;
  block->IntervalMs = interval_ms;
  block->Deadband = deadband;
  block->HeartbeatMs = heartbeat_ms;
  block->Trigger = trigger;
  cairn_fb_sample(block);
  *out_valid = block->Valid;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_count = block->Count;
  return 0;
}

uint32_t cairn_call_event(uint32_t* instance, uint8_t execute, uint32_t handle, uint8_t category,
    uint32_t event_id, uint32_t user_id, uint32_t source, uint8_t result, double old_value,
    double new_value, uint64_t unix_ms, uint8_t level, uint8_t* out_done, uint8_t* out_busy,
    uint8_t* out_error, uint32_t* out_error_id, uint64_t* out_index) {
  static cairn_fb_event_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_done = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_index = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_event_t* const block = &instances[number];
  block->Execute = execute;
  block->Handle = handle;
  block->Category = category;
  block->EventId = event_id;
  block->UserId = user_id;
  block->Source = source;
  block->Result = result;
  block->OldValue = old_value;
  block->NewValue = new_value;
  block->UnixMs = unix_ms;
  block->Level = level;
  cairn_fb_event(block);
  *out_done = block->Done;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_index = block->Index;
  return 0;
}

uint32_t cairn_call_correct(uint32_t* instance, uint8_t execute, uint32_t handle,
    uint64_t corrects, uint32_t channel, double old_value, double new_value, uint32_t user_id,
    uint32_t reason, uint8_t level, uint8_t* out_done, uint8_t* out_busy, uint8_t* out_error,
    uint32_t* out_error_id, uint64_t* out_index) {
  static cairn_fb_correct_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_done = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_index = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_correct_t* const block = &instances[number];
  block->Execute = execute;
  block->Handle = handle;
  block->Corrects = corrects;
  block->Channel = channel;
  block->OldValue = old_value;
  block->NewValue = new_value;
  block->UserId = user_id;
  block->Reason = reason;
  block->Level = level;
  cairn_fb_correct(block);
  *out_done = block->Done;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_index = block->Index;
  return 0;
}

uint32_t cairn_call_edge(uint32_t* instance, uint8_t enable, uint32_t handle, uint32_t event_id,
    uint32_t source, uint8_t signal, uint8_t* out_valid, uint8_t* out_busy, uint8_t* out_error,
    uint32_t* out_error_id, uint32_t* out_rises, uint32_t* out_falls) {
  static cairn_fb_edge_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_valid = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_rises = 0;
    *out_falls = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_edge_t* const block = &instances[number];
  block->Enable = enable;
  block->Handle = handle;
  block->EventId = event_id;
  block->Source = source;
  block->Signal = signal;
  cairn_fb_edge(block);
  *out_valid = block->Valid;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_rises = block->Rises;
  *out_falls = block->Falls;
  return 0;
}

uint32_t cairn_call_seal(uint32_t* instance, uint8_t execute, uint32_t handle, uint8_t* out_done,
    uint8_t* out_busy, uint8_t* out_error, uint32_t* out_error_id, uint32_t* out_batch_no,
    uint32_t* out_count, uint64_t* out_size, uint64_t* out_root0, uint64_t* out_root1,
    uint64_t* out_root2, uint64_t* out_root3) {
  static cairn_fb_seal_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_done = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_batch_no = 0;
    *out_count = 0;
    *out_size = 0;
    *out_root0 = 0;
    *out_root1 = 0;
    *out_root2 = 0;
    *out_root3 = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_seal_t* const block = &instances[number];
  block->Execute = execute;
  block->Handle = handle;
  cairn_fb_seal(block);
  *out_done = block->Done;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_batch_no = block->BatchNo;
  *out_count = block->Count;
  *out_size = block->Size;
  *out_root0 = block->Root0;
  *out_root1 = block->Root1;
  *out_root2 = block->Root2;
  *out_root3 = block->Root3;
  return 0;
}

uint32_t cairn_call_verify(uint32_t* instance, uint8_t execute, uint32_t handle,
    uint8_t* out_done, uint8_t* out_busy, uint8_t* out_error, uint32_t* out_error_id,
    uint8_t* out_intact, uint64_t* out_first_bad, uint64_t* out_checked, uint16_t* out_progress) {
  static cairn_fb_verify_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_done = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_intact = 0;
    *out_first_bad = 0;
    *out_checked = 0;
    *out_progress = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_verify_t* const block = &instances[number];
  block->Execute = execute;
  block->Handle = handle;
  cairn_fb_verify(block);
  *out_done = block->Done;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_intact = block->Intact;
  *out_first_bad = block->FirstBad;
  *out_checked = block->Checked;
  *out_progress = block->Progress;
  return 0;
}

uint32_t cairn_call_anchor(uint32_t* instance, uint8_t enable, uint32_t handle,
    uint16_t max_per_hour, uint8_t link_up, uint8_t frame_ack, uint8_t* out_valid,
    uint8_t* out_busy, uint8_t* out_error, uint32_t* out_error_id, uint8_t* out_frame_ready,
    uint8_t* out_part, uint8_t* out_parts, uint32_t* out_w0, uint32_t* out_w1, uint32_t* out_w2,
    uint32_t* out_w3, uint32_t* out_w4, uint32_t* out_w5, uint32_t* out_w6, uint32_t* out_w7,
    uint32_t* out_w8, uint32_t* out_w9, uint32_t* out_w10, uint32_t* out_w11,
    uint64_t* out_ack_size, uint64_t* out_outstanding) {
  static cairn_fb_anchor_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_valid = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_frame_ready = 0;
    *out_part = 0;
    *out_parts = 0;
    *out_w0 = 0;
    *out_w1 = 0;
    *out_w2 = 0;
    *out_w3 = 0;
    *out_w4 = 0;
    *out_w5 = 0;
    *out_w6 = 0;
    *out_w7 = 0;
    *out_w8 = 0;
    *out_w9 = 0;
    *out_w10 = 0;
    *out_w11 = 0;
    *out_ack_size = 0;
    *out_outstanding = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_anchor_t* const block = &instances[number];
  block->Enable = enable;
  block->Handle = handle;
  block->MaxPerHour = max_per_hour;
  block->LinkUp = link_up;
  block->FrameAck = frame_ack;
  cairn_fb_anchor(block);
  *out_valid = block->Valid;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_frame_ready = block->FrameReady;
  *out_part = block->Part;
  *out_parts = block->Parts;
  *out_w0 = block->W0;
  *out_w1 = block->W1;
  *out_w2 = block->W2;
  *out_w3 = block->W3;
  *out_w4 = block->W4;
  *out_w5 = block->W5;
  *out_w6 = block->W6;
  *out_w7 = block->W7;
  *out_w8 = block->W8;
  *out_w9 = block->W9;
  *out_w10 = block->W10;
  *out_w11 = block->W11;
  *out_ack_size = block->AckSize;
  *out_outstanding = block->Outstanding;
  return 0;
}

uint32_t cairn_call_settime(uint32_t* instance, uint8_t execute, uint32_t handle,
    uint64_t unix_ms, uint8_t source, uint32_t uncertainty_ms, uint8_t* out_done,
    uint8_t* out_busy, uint8_t* out_error, uint32_t* out_error_id, int64_t* out_step_ms) {
  static cairn_fb_settime_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_done = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_step_ms = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_settime_t* const block = &instances[number];
  block->Execute = execute;
  block->Handle = handle;
  block->UnixMs = unix_ms;
  block->Source = source;
  block->UncertaintyMs = uncertainty_ms;
  cairn_fb_settime(block);
  *out_done = block->Done;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_step_ms = block->StepMs;
  return 0;
}

uint32_t cairn_call_status(uint32_t* instance, uint8_t enable, uint32_t handle,
    uint8_t* out_valid, uint8_t* out_busy, uint8_t* out_error, uint32_t* out_error_id,
    uint32_t* out_boot_count, uint32_t* out_torn_bytes, uint32_t* out_last_error,
    uint32_t* out_failures, uint32_t* out_clock_steps, uint8_t* out_clock_quality,
    uint64_t* out_unix_ms, uint32_t* out_key_id, uint64_t* out_head_size, uint64_t* out_head0,
    uint64_t* out_head1, uint64_t* out_head2, uint64_t* out_head3) {
  static cairn_fb_status_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_valid = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_boot_count = 0;
    *out_torn_bytes = 0;
    *out_last_error = 0;
    *out_failures = 0;
    *out_clock_steps = 0;
    *out_clock_quality = 0;
    *out_unix_ms = 0;
    *out_key_id = 0;
    *out_head_size = 0;
    *out_head0 = 0;
    *out_head1 = 0;
    *out_head2 = 0;
    *out_head3 = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_status_t* const block = &instances[number];
  block->Enable = enable;
  block->Handle = handle;
  cairn_fb_status(block);
  *out_valid = block->Valid;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_boot_count = block->BootCount;
  *out_torn_bytes = block->TornBytes;
  *out_last_error = block->LastError;
  *out_failures = block->Failures;
  *out_clock_steps = block->ClockSteps;
  *out_clock_quality = block->ClockQuality;
  *out_unix_ms = block->UnixMs;
  *out_key_id = block->KeyId;
  *out_head_size = block->HeadSize;
  *out_head0 = block->Head0;
  *out_head1 = block->Head1;
  *out_head2 = block->Head2;
  *out_head3 = block->Head3;
  return 0;
}

uint32_t cairn_call_retain8(uint32_t* instance, uint8_t enable, uint32_t handle, uint16_t slot,
    double v0, double v1, double v2, double v3, double v4, double v5, double v6, double v7,
    uint8_t restore, uint8_t* out_valid, uint8_t* out_busy, uint8_t* out_error,
    uint32_t* out_error_id, uint8_t* out_restored, uint32_t* out_version, uint8_t* out_signed,
    uint8_t* out_tampered, double* out_r0, double* out_r1, double* out_r2, double* out_r3,
    double* out_r4, double* out_r5, double* out_r6, double* out_r7) {
  static cairn_fb_retain8_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_valid = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_restored = 0;
    *out_version = 0;
    *out_signed = 0;
    *out_tampered = 0;
    *out_r0 = 0;
    *out_r1 = 0;
    *out_r2 = 0;
    *out_r3 = 0;
    *out_r4 = 0;
    *out_r5 = 0;
    *out_r6 = 0;
    *out_r7 = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_retain8_t* const block = &instances[number];
  block->Enable = enable;
  block->Handle = handle;
  block->Slot = slot;
  block->V0 = v0;
  block->V1 = v1;
  block->V2 = v2;
  block->V3 = v3;
  block->V4 = v4;
  block->V5 = v5;
  block->V6 = v6;
  block->V7 = v7;
  block->Restore = restore;
  cairn_fb_retain8(block);
  *out_valid = block->Valid;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_restored = block->Restored;
  *out_version = block->Version;
  *out_signed = block->Signed;
  *out_tampered = block->Tampered;
  *out_r0 = block->R0;
  *out_r1 = block->R1;
  *out_r2 = block->R2;
  *out_r3 = block->R3;
  *out_r4 = block->R4;
  *out_r5 = block->R5;
  *out_r6 = block->R6;
  *out_r7 = block->R7;
  return 0;
}

uint32_t cairn_call_command(uint32_t* instance, uint8_t execute, uint32_t handle,
    uint32_t channel, double value, uint64_t sequence, uint64_t not_before_ms,
    uint64_t not_after_ms, uint8_t key_number, uint64_t s0, uint64_t s1, uint64_t s2, uint64_t s3,
    uint64_t s4, uint64_t s5, uint64_t s6, uint64_t s7, uint8_t* out_done, uint8_t* out_busy,
    uint8_t* out_error, uint32_t* out_error_id, uint8_t* out_applied, double* out_setpoint,
    uint64_t* out_in_force, uint8_t* out_signatures, uint8_t* out_needed) {
  static cairn_fb_command_t instances[CAIRN_PLC_INSTANCES];
  static uint32_t taken;
  const uint32_t number = instance_of(instance, &taken);
  if (number == CAIRN_PLC_INSTANCES) {
    *out_done = 0;
    *out_busy = 0;
    *out_error = 1;
    *out_error_id = CAIRN_PLC_E_INSTANCES;
    *out_applied = 0;
    *out_setpoint = 0;
    *out_in_force = 0;
    *out_signatures = 0;
    *out_needed = 0;
    return CAIRN_PLC_E_INSTANCES;
  }
  cairn_fb_command_t* const block = &instances[number];
  block->Execute = execute;
  block->Handle = handle;
  block->Channel = channel;
  block->Value = value;
  block->Sequence = sequence;
  block->NotBeforeMs = not_before_ms;
  block->NotAfterMs = not_after_ms;
  block->KeyNumber = key_number;
  block->S0 = s0;
  block->S1 = s1;
  block->S2 = s2;
  block->S3 = s3;
  block->S4 = s4;
  block->S5 = s5;
  block->S6 = s6;
  block->S7 = s7;
  cairn_fb_command(block);
  *out_done = block->Done;
  *out_busy = block->Busy;
  *out_error = block->Error;
  *out_error_id = block->ErrorID;
  *out_applied = block->Applied;
  *out_setpoint = block->Setpoint;
  *out_in_force = block->InForce;
  *out_signatures = block->Signatures;
  *out_needed = block->Needed;
  return 0;
}
