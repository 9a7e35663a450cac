/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * For each block the statement of its external implementation: p is the struct that
 * CODESYS generates for it, whose members have the names of the block's variables. */
#include "cairn_plc_call.h"
/* For example: void CDECL CDECL_EXT cairn_append_cext__main(cairn_append_cext_struct* p)
 * { CAIRN_APPEND_MAIN(p); } */
/* clang-format off */

#define CAIRN_LOG_MAIN(p) \
  cairn_call_log(&(p)->Instance, (p)->Enable, (p)->LogId, (p)->TaskId, (p)->Budget, \
      (p)->WarnLevel, (p)->Maintenance, (p)->StopWhenFull, (p)->SwitchOff, \
      (uint8_t*)&(p)->Valid, (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, \
      (uint32_t*)&(p)->ErrorID, (uint32_t*)&(p)->Handle, (uint32_t*)&(p)->Pending, \
      (uint64_t*)&(p)->Durable, (uint64_t*)&(p)->Sealed, (uint64_t*)&(p)->Anchored, \
      (uint16_t*)&(p)->Fill, (uint16_t*)&(p)->DaysLeft, (uint8_t*)&(p)->CapacityWarn, \
      (uint8_t*)&(p)->Degraded, (uint8_t*)&(p)->Stopped, (uint32_t*)&(p)->Lost, \
      (uint16_t*)&(p)->UnitsUsed, (uint16_t*)&(p)->UnitsMax)

#define CAIRN_APPEND_MAIN(p) \
  cairn_call_append(&(p)->Instance, (p)->Execute, (p)->Handle, (p)->Channel, (p)->Value, \
      (p)->Quality, (p)->UnixMs, (p)->Level, (uint8_t*)&(p)->Done, (uint8_t*)&(p)->Busy, \
      (uint8_t*)&(p)->Error, (uint32_t*)&(p)->ErrorID, (uint64_t*)&(p)->Index)

#define CAIRN_SAMPLE_MAIN(p) \
  cairn_call_sample(&(p)->Instance, (p)->Enable, (p)->Handle, (p)->Channel, (p)->Value, \
      (p)->Quality, (p)->IntervalMs, (p)->Deadband, (p)->HeartbeatMs, (p)->Trigger, \
      (uint8_t*)&(p)->Valid, (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, \
      (uint32_t*)&(p)->ErrorID, (uint32_t*)&(p)->Count)

#define CAIRN_EVENT_MAIN(p) \
  cairn_call_event(&(p)->Instance, (p)->Execute, (p)->Handle, (p)->Category, (p)->EventId, \
      (p)->UserId, (p)->Source, (p)->Result, (p)->OldValue, (p)->NewValue, (p)->UnixMs, \
      (p)->Level, (uint8_t*)&(p)->Done, (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, \
      (uint32_t*)&(p)->ErrorID, (uint64_t*)&(p)->Index)

#define CAIRN_CORRECT_MAIN(p) \
  cairn_call_correct(&(p)->Instance, (p)->Execute, (p)->Handle, (p)->Corrects, (p)->Channel, \
      (p)->OldValue, (p)->NewValue, (p)->UserId, (p)->Reason, (p)->Level, \
      (uint8_t*)&(p)->Done, (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, \
      (uint32_t*)&(p)->ErrorID, (uint64_t*)&(p)->Index)

#define CAIRN_EDGE_MAIN(p) \
  cairn_call_edge(&(p)->Instance, (p)->Enable, (p)->Handle, (p)->EventId, (p)->Source, \
      (p)->Signal, (uint8_t*)&(p)->Valid, (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, \
      (uint32_t*)&(p)->ErrorID, (uint32_t*)&(p)->Rises, (uint32_t*)&(p)->Falls)

#define CAIRN_SEAL_MAIN(p) \
  cairn_call_seal(&(p)->Instance, (p)->Execute, (p)->Handle, (uint8_t*)&(p)->Done, \
      (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, (uint32_t*)&(p)->ErrorID, \
      (uint32_t*)&(p)->BatchNo, (uint32_t*)&(p)->Count, (uint64_t*)&(p)->Size, \
      (uint64_t*)&(p)->Root0, (uint64_t*)&(p)->Root1, (uint64_t*)&(p)->Root2, \
      (uint64_t*)&(p)->Root3)

#define CAIRN_VERIFY_MAIN(p) \
  cairn_call_verify(&(p)->Instance, (p)->Execute, (p)->Handle, (uint8_t*)&(p)->Done, \
      (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, (uint32_t*)&(p)->ErrorID, \
      (uint8_t*)&(p)->Intact, (uint64_t*)&(p)->FirstBad, (uint64_t*)&(p)->Checked, \
      (uint16_t*)&(p)->Progress)

#define CAIRN_ANCHOR_MAIN(p) \
  cairn_call_anchor(&(p)->Instance, (p)->Enable, (p)->Handle, (p)->MaxPerHour, (p)->LinkUp, \
      (p)->FrameAck, (uint8_t*)&(p)->Valid, (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, \
      (uint32_t*)&(p)->ErrorID, (uint8_t*)&(p)->FrameReady, (uint8_t*)&(p)->Part, \
      (uint8_t*)&(p)->Parts, (uint32_t*)&(p)->W0, (uint32_t*)&(p)->W1, (uint32_t*)&(p)->W2, \
      (uint32_t*)&(p)->W3, (uint32_t*)&(p)->W4, (uint32_t*)&(p)->W5, (uint32_t*)&(p)->W6, \
      (uint32_t*)&(p)->W7, (uint32_t*)&(p)->W8, (uint32_t*)&(p)->W9, (uint32_t*)&(p)->W10, \
      (uint32_t*)&(p)->W11, (uint64_t*)&(p)->AckSize, (uint64_t*)&(p)->Outstanding)

#define CAIRN_SETTIME_MAIN(p) \
  cairn_call_settime(&(p)->Instance, (p)->Execute, (p)->Handle, (p)->UnixMs, (p)->Source, \
      (p)->UncertaintyMs, (uint8_t*)&(p)->Done, (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, \
      (uint32_t*)&(p)->ErrorID, (int64_t*)&(p)->StepMs)

#define CAIRN_STATUS_MAIN(p) \
  cairn_call_status(&(p)->Instance, (p)->Enable, (p)->Handle, (uint8_t*)&(p)->Valid, \
      (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, (uint32_t*)&(p)->ErrorID, \
      (uint32_t*)&(p)->BootCount, (uint32_t*)&(p)->TornBytes, (uint32_t*)&(p)->LastError, \
      (uint32_t*)&(p)->Failures, (uint32_t*)&(p)->ClockSteps, (uint8_t*)&(p)->ClockQuality, \
      (uint64_t*)&(p)->UnixMs, (uint32_t*)&(p)->KeyId, (uint64_t*)&(p)->HeadSize, \
      (uint64_t*)&(p)->Head0, (uint64_t*)&(p)->Head1, (uint64_t*)&(p)->Head2, \
      (uint64_t*)&(p)->Head3)

#define CAIRN_RETAIN8_MAIN(p) \
  cairn_call_retain8(&(p)->Instance, (p)->Enable, (p)->Handle, (p)->Slot, (p)->V0, (p)->V1, \
      (p)->V2, (p)->V3, (p)->V4, (p)->V5, (p)->V6, (p)->V7, (p)->Restore, \
      (uint8_t*)&(p)->Valid, (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, \
      (uint32_t*)&(p)->ErrorID, (uint8_t*)&(p)->Restored, (uint32_t*)&(p)->Version, \
      (uint8_t*)&(p)->Signed, (uint8_t*)&(p)->Tampered, (double*)&(p)->R0, (double*)&(p)->R1, \
      (double*)&(p)->R2, (double*)&(p)->R3, (double*)&(p)->R4, (double*)&(p)->R5, \
      (double*)&(p)->R6, (double*)&(p)->R7)

#define CAIRN_COMMAND_MAIN(p) \
  cairn_call_command(&(p)->Instance, (p)->Execute, (p)->Handle, (p)->Channel, (p)->Value, \
      (p)->Sequence, (p)->NotBeforeMs, (p)->NotAfterMs, (p)->KeyNumber, (p)->S0, (p)->S1, \
      (p)->S2, (p)->S3, (p)->S4, (p)->S5, (p)->S6, (p)->S7, (uint8_t*)&(p)->Done, \
      (uint8_t*)&(p)->Busy, (uint8_t*)&(p)->Error, (uint32_t*)&(p)->ErrorID, \
      (uint8_t*)&(p)->Applied, (double*)&(p)->Setpoint, (uint64_t*)&(p)->InForce, \
      (uint8_t*)&(p)->Signatures, (uint8_t*)&(p)->Needed)
