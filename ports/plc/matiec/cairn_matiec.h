/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The function blocks of cairn as matiec's generated C expects external ones. Have the
 * compiler include it in front of that: -include cairn_matiec.h. */
/* clang-format off */

#ifndef CAIRN_MATIEC_H
#define CAIRN_MATIEC_H

#include "iec_std_lib.h"
#include "accessor.h"
#include "cairn_plc.h"

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,ENABLE)
  __DECLARE_VAR(UINT,LOGID)
  __DECLARE_VAR(UINT,TASKID)
  __DECLARE_VAR(UINT,BUDGET)
  __DECLARE_VAR(UINT,WARNLEVEL)
  __DECLARE_VAR(BOOL,MAINTENANCE)
  __DECLARE_VAR(BOOL,STOPWHENFULL)
  __DECLARE_VAR(BOOL,SWITCHOFF)
  __DECLARE_VAR(BOOL,VALID)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(UDINT,PENDING)
  __DECLARE_VAR(ULINT,DURABLE)
  __DECLARE_VAR(ULINT,SEALED)
  __DECLARE_VAR(ULINT,ANCHORED)
  __DECLARE_VAR(UINT,FILL)
  __DECLARE_VAR(UINT,DAYSLEFT)
  __DECLARE_VAR(BOOL,CAPACITYWARN)
  __DECLARE_VAR(BOOL,DEGRADED)
  __DECLARE_VAR(BOOL,STOPPED)
  __DECLARE_VAR(UDINT,LOST)
  __DECLARE_VAR(UINT,UNITSUSED)
  __DECLARE_VAR(UINT,UNITSMAX)
  cairn_fb_log_t block;
} CAIRN_LOG;

static void CAIRN_LOG_init__(CAIRN_LOG* data__, BOOL retain) {
  static cairn_fb_log_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->ENABLE, 0, retain)
  __INIT_VAR(data__->LOGID, 0, retain)
  __INIT_VAR(data__->TASKID, 0, retain)
  __INIT_VAR(data__->BUDGET, 0, retain)
  __INIT_VAR(data__->WARNLEVEL, 0, retain)
  __INIT_VAR(data__->MAINTENANCE, 0, retain)
  __INIT_VAR(data__->STOPWHENFULL, 0, retain)
  __INIT_VAR(data__->SWITCHOFF, 0, retain)
  __INIT_VAR(data__->VALID, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->PENDING, 0, retain)
  __INIT_VAR(data__->DURABLE, 0, retain)
  __INIT_VAR(data__->SEALED, 0, retain)
  __INIT_VAR(data__->ANCHORED, 0, retain)
  __INIT_VAR(data__->FILL, 0, retain)
  __INIT_VAR(data__->DAYSLEFT, 0, retain)
  __INIT_VAR(data__->CAPACITYWARN, 0, retain)
  __INIT_VAR(data__->DEGRADED, 0, retain)
  __INIT_VAR(data__->STOPPED, 0, retain)
  __INIT_VAR(data__->LOST, 0, retain)
  __INIT_VAR(data__->UNITSUSED, 0, retain)
  __INIT_VAR(data__->UNITSMAX, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_LOG_body__(CAIRN_LOG* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Enable = __GET_VAR(data__->ENABLE);
  data__->block.LogId = __GET_VAR(data__->LOGID);
  data__->block.TaskId = __GET_VAR(data__->TASKID);
  data__->block.Budget = __GET_VAR(data__->BUDGET);
  data__->block.WarnLevel = __GET_VAR(data__->WARNLEVEL);
  data__->block.Maintenance = __GET_VAR(data__->MAINTENANCE);
  data__->block.StopWhenFull = __GET_VAR(data__->STOPWHENFULL);
  data__->block.SwitchOff = __GET_VAR(data__->SWITCHOFF);
  cairn_fb_log(&data__->block);
  __SET_VAR(data__->,VALID,,data__->block.Valid);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,HANDLE,,data__->block.Handle);
  __SET_VAR(data__->,PENDING,,data__->block.Pending);
  __SET_VAR(data__->,DURABLE,,data__->block.Durable);
  __SET_VAR(data__->,SEALED,,data__->block.Sealed);
  __SET_VAR(data__->,ANCHORED,,data__->block.Anchored);
  __SET_VAR(data__->,FILL,,data__->block.Fill);
  __SET_VAR(data__->,DAYSLEFT,,data__->block.DaysLeft);
  __SET_VAR(data__->,CAPACITYWARN,,data__->block.CapacityWarn);
  __SET_VAR(data__->,DEGRADED,,data__->block.Degraded);
  __SET_VAR(data__->,STOPPED,,data__->block.Stopped);
  __SET_VAR(data__->,LOST,,data__->block.Lost);
  __SET_VAR(data__->,UNITSUSED,,data__->block.UnitsUsed);
  __SET_VAR(data__->,UNITSMAX,,data__->block.UnitsMax);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,EXECUTE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(UDINT,CHANNEL)
  __DECLARE_VAR(LREAL,VALUE)
  __DECLARE_VAR(WORD,QUALITY)
  __DECLARE_VAR(ULINT,UNIXMS)
  __DECLARE_VAR(BYTE,LEVEL)
  __DECLARE_VAR(BOOL,DONE)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(ULINT,INDEX)
  cairn_fb_append_t block;
} CAIRN_APPEND;

static void CAIRN_APPEND_init__(CAIRN_APPEND* data__, BOOL retain) {
  static cairn_fb_append_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->EXECUTE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->CHANNEL, 0, retain)
  __INIT_VAR(data__->VALUE, 0, retain)
  __INIT_VAR(data__->QUALITY, 0, retain)
  __INIT_VAR(data__->UNIXMS, 0, retain)
  __INIT_VAR(data__->LEVEL, 0, retain)
  __INIT_VAR(data__->DONE, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->INDEX, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_APPEND_body__(CAIRN_APPEND* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Execute = __GET_VAR(data__->EXECUTE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.Channel = __GET_VAR(data__->CHANNEL);
  data__->block.Value = __GET_VAR(data__->VALUE);
  data__->block.Quality = __GET_VAR(data__->QUALITY);
  data__->block.UnixMs = __GET_VAR(data__->UNIXMS);
  data__->block.Level = __GET_VAR(data__->LEVEL);
  cairn_fb_append(&data__->block);
  __SET_VAR(data__->,DONE,,data__->block.Done);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,INDEX,,data__->block.Index);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,ENABLE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(UDINT,CHANNEL)
  __DECLARE_VAR(LREAL,VALUE)
  __DECLARE_VAR(WORD,QUALITY)
  __DECLARE_VAR(UDINT,INTERVALMS)
  __DECLARE_VAR(LREAL,DEADBAND)
  __DECLARE_VAR(UDINT,HEARTBEATMS)
  __DECLARE_VAR(BOOL,TRIGGER)
  __DECLARE_VAR(BOOL,VALID)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(UDINT,COUNT)
  cairn_fb_sample_t block;
} CAIRN_SAMPLE;

static void CAIRN_SAMPLE_init__(CAIRN_SAMPLE* data__, BOOL retain) {
  static cairn_fb_sample_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->ENABLE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->CHANNEL, 0, retain)
  __INIT_VAR(data__->VALUE, 0, retain)
  __INIT_VAR(data__->QUALITY, 0, retain)
  __INIT_VAR(data__->INTERVALMS, 0, retain)
  __INIT_VAR(data__->DEADBAND, 0, retain)
  __INIT_VAR(data__->HEARTBEATMS, 0, retain)
  __INIT_VAR(data__->TRIGGER, 0, retain)
  __INIT_VAR(data__->VALID, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->COUNT, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_SAMPLE_body__(CAIRN_SAMPLE* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Enable = __GET_VAR(data__->ENABLE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.Channel = __GET_VAR(data__->CHANNEL);
  data__->block.Value = __GET_VAR(data__->VALUE);
  data__->block.Quality = __GET_VAR(data__->QUALITY);
  data__->block.IntervalMs = __GET_VAR(data__->INTERVALMS);
  data__->block.Deadband = __GET_VAR(data__->DEADBAND);
  data__->block.HeartbeatMs = __GET_VAR(data__->HEARTBEATMS);
  data__->block.Trigger = __GET_VAR(data__->TRIGGER);
  cairn_fb_sample(&data__->block);
  __SET_VAR(data__->,VALID,,data__->block.Valid);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,COUNT,,data__->block.Count);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,EXECUTE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(BYTE,CATEGORY)
  __DECLARE_VAR(UDINT,EVENTID)
  __DECLARE_VAR(UDINT,USERID)
  __DECLARE_VAR(UDINT,SOURCE)
  __DECLARE_VAR(BYTE,RESULT)
  __DECLARE_VAR(LREAL,OLDVALUE)
  __DECLARE_VAR(LREAL,NEWVALUE)
  __DECLARE_VAR(ULINT,UNIXMS)
  __DECLARE_VAR(BYTE,LEVEL)
  __DECLARE_VAR(BOOL,DONE)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(ULINT,INDEX)
  cairn_fb_event_t block;
} CAIRN_EVENT;

static void CAIRN_EVENT_init__(CAIRN_EVENT* data__, BOOL retain) {
  static cairn_fb_event_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->EXECUTE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->CATEGORY, 0, retain)
  __INIT_VAR(data__->EVENTID, 0, retain)
  __INIT_VAR(data__->USERID, 0, retain)
  __INIT_VAR(data__->SOURCE, 0, retain)
  __INIT_VAR(data__->RESULT, 0, retain)
  __INIT_VAR(data__->OLDVALUE, 0, retain)
  __INIT_VAR(data__->NEWVALUE, 0, retain)
  __INIT_VAR(data__->UNIXMS, 0, retain)
  __INIT_VAR(data__->LEVEL, 0, retain)
  __INIT_VAR(data__->DONE, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->INDEX, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_EVENT_body__(CAIRN_EVENT* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Execute = __GET_VAR(data__->EXECUTE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.Category = __GET_VAR(data__->CATEGORY);
  data__->block.EventId = __GET_VAR(data__->EVENTID);
  data__->block.UserId = __GET_VAR(data__->USERID);
  data__->block.Source = __GET_VAR(data__->SOURCE);
  data__->block.Result = __GET_VAR(data__->RESULT);
  data__->block.OldValue = __GET_VAR(data__->OLDVALUE);
  data__->block.NewValue = __GET_VAR(data__->NEWVALUE);
  data__->block.UnixMs = __GET_VAR(data__->UNIXMS);
  data__->block.Level = __GET_VAR(data__->LEVEL);
  cairn_fb_event(&data__->block);
  __SET_VAR(data__->,DONE,,data__->block.Done);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,INDEX,,data__->block.Index);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,EXECUTE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(ULINT,CORRECTS)
  __DECLARE_VAR(UDINT,CHANNEL)
  __DECLARE_VAR(LREAL,OLDVALUE)
  __DECLARE_VAR(LREAL,NEWVALUE)
  __DECLARE_VAR(UDINT,USERID)
  __DECLARE_VAR(UDINT,REASON)
  __DECLARE_VAR(BYTE,LEVEL)
  __DECLARE_VAR(BOOL,DONE)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(ULINT,INDEX)
  cairn_fb_correct_t block;
} CAIRN_CORRECT;

static void CAIRN_CORRECT_init__(CAIRN_CORRECT* data__, BOOL retain) {
  static cairn_fb_correct_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->EXECUTE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->CORRECTS, 0, retain)
  __INIT_VAR(data__->CHANNEL, 0, retain)
  __INIT_VAR(data__->OLDVALUE, 0, retain)
  __INIT_VAR(data__->NEWVALUE, 0, retain)
  __INIT_VAR(data__->USERID, 0, retain)
  __INIT_VAR(data__->REASON, 0, retain)
  __INIT_VAR(data__->LEVEL, 0, retain)
  __INIT_VAR(data__->DONE, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->INDEX, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_CORRECT_body__(CAIRN_CORRECT* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Execute = __GET_VAR(data__->EXECUTE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.Corrects = __GET_VAR(data__->CORRECTS);
  data__->block.Channel = __GET_VAR(data__->CHANNEL);
  data__->block.OldValue = __GET_VAR(data__->OLDVALUE);
  data__->block.NewValue = __GET_VAR(data__->NEWVALUE);
  data__->block.UserId = __GET_VAR(data__->USERID);
  data__->block.Reason = __GET_VAR(data__->REASON);
  data__->block.Level = __GET_VAR(data__->LEVEL);
  cairn_fb_correct(&data__->block);
  __SET_VAR(data__->,DONE,,data__->block.Done);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,INDEX,,data__->block.Index);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,ENABLE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(UDINT,EVENTID)
  __DECLARE_VAR(UDINT,SOURCE)
  __DECLARE_VAR(BOOL,SIGNAL)
  __DECLARE_VAR(BOOL,VALID)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(UDINT,RISES)
  __DECLARE_VAR(UDINT,FALLS)
  cairn_fb_edge_t block;
} CAIRN_EDGE;

static void CAIRN_EDGE_init__(CAIRN_EDGE* data__, BOOL retain) {
  static cairn_fb_edge_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->ENABLE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->EVENTID, 0, retain)
  __INIT_VAR(data__->SOURCE, 0, retain)
  __INIT_VAR(data__->SIGNAL, 0, retain)
  __INIT_VAR(data__->VALID, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->RISES, 0, retain)
  __INIT_VAR(data__->FALLS, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_EDGE_body__(CAIRN_EDGE* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Enable = __GET_VAR(data__->ENABLE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.EventId = __GET_VAR(data__->EVENTID);
  data__->block.Source = __GET_VAR(data__->SOURCE);
  data__->block.Signal = __GET_VAR(data__->SIGNAL);
  cairn_fb_edge(&data__->block);
  __SET_VAR(data__->,VALID,,data__->block.Valid);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,RISES,,data__->block.Rises);
  __SET_VAR(data__->,FALLS,,data__->block.Falls);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,EXECUTE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(BOOL,DONE)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(UDINT,BATCHNO)
  __DECLARE_VAR(UDINT,COUNT)
  __DECLARE_VAR(ULINT,SIZE)
  __DECLARE_VAR(LWORD,ROOT0)
  __DECLARE_VAR(LWORD,ROOT1)
  __DECLARE_VAR(LWORD,ROOT2)
  __DECLARE_VAR(LWORD,ROOT3)
  cairn_fb_seal_t block;
} CAIRN_SEAL;

static void CAIRN_SEAL_init__(CAIRN_SEAL* data__, BOOL retain) {
  static cairn_fb_seal_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->EXECUTE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->DONE, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->BATCHNO, 0, retain)
  __INIT_VAR(data__->COUNT, 0, retain)
  __INIT_VAR(data__->SIZE, 0, retain)
  __INIT_VAR(data__->ROOT0, 0, retain)
  __INIT_VAR(data__->ROOT1, 0, retain)
  __INIT_VAR(data__->ROOT2, 0, retain)
  __INIT_VAR(data__->ROOT3, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_SEAL_body__(CAIRN_SEAL* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Execute = __GET_VAR(data__->EXECUTE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  cairn_fb_seal(&data__->block);
  __SET_VAR(data__->,DONE,,data__->block.Done);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,BATCHNO,,data__->block.BatchNo);
  __SET_VAR(data__->,COUNT,,data__->block.Count);
  __SET_VAR(data__->,SIZE,,data__->block.Size);
  __SET_VAR(data__->,ROOT0,,data__->block.Root0);
  __SET_VAR(data__->,ROOT1,,data__->block.Root1);
  __SET_VAR(data__->,ROOT2,,data__->block.Root2);
  __SET_VAR(data__->,ROOT3,,data__->block.Root3);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,EXECUTE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(BOOL,DONE)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(BOOL,INTACT)
  __DECLARE_VAR(ULINT,FIRSTBAD)
  __DECLARE_VAR(ULINT,CHECKED)
  __DECLARE_VAR(UINT,PROGRESS)
  cairn_fb_verify_t block;
} CAIRN_VERIFY;

static void CAIRN_VERIFY_init__(CAIRN_VERIFY* data__, BOOL retain) {
  static cairn_fb_verify_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->EXECUTE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->DONE, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->INTACT, 0, retain)
  __INIT_VAR(data__->FIRSTBAD, 0, retain)
  __INIT_VAR(data__->CHECKED, 0, retain)
  __INIT_VAR(data__->PROGRESS, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_VERIFY_body__(CAIRN_VERIFY* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Execute = __GET_VAR(data__->EXECUTE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  cairn_fb_verify(&data__->block);
  __SET_VAR(data__->,DONE,,data__->block.Done);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,INTACT,,data__->block.Intact);
  __SET_VAR(data__->,FIRSTBAD,,data__->block.FirstBad);
  __SET_VAR(data__->,CHECKED,,data__->block.Checked);
  __SET_VAR(data__->,PROGRESS,,data__->block.Progress);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,ENABLE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(UINT,MAXPERHOUR)
  __DECLARE_VAR(BOOL,LINKUP)
  __DECLARE_VAR(BOOL,FRAMEACK)
  __DECLARE_VAR(BOOL,VALID)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(BOOL,FRAMEREADY)
  __DECLARE_VAR(USINT,PART)
  __DECLARE_VAR(USINT,PARTS)
  __DECLARE_VAR(DWORD,W0)
  __DECLARE_VAR(DWORD,W1)
  __DECLARE_VAR(DWORD,W2)
  __DECLARE_VAR(DWORD,W3)
  __DECLARE_VAR(DWORD,W4)
  __DECLARE_VAR(DWORD,W5)
  __DECLARE_VAR(DWORD,W6)
  __DECLARE_VAR(DWORD,W7)
  __DECLARE_VAR(DWORD,W8)
  __DECLARE_VAR(DWORD,W9)
  __DECLARE_VAR(DWORD,W10)
  __DECLARE_VAR(DWORD,W11)
  __DECLARE_VAR(ULINT,ACKSIZE)
  __DECLARE_VAR(ULINT,OUTSTANDING)
  cairn_fb_anchor_t block;
} CAIRN_ANCHOR;

static void CAIRN_ANCHOR_init__(CAIRN_ANCHOR* data__, BOOL retain) {
  static cairn_fb_anchor_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->ENABLE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->MAXPERHOUR, 0, retain)
  __INIT_VAR(data__->LINKUP, 0, retain)
  __INIT_VAR(data__->FRAMEACK, 0, retain)
  __INIT_VAR(data__->VALID, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->FRAMEREADY, 0, retain)
  __INIT_VAR(data__->PART, 0, retain)
  __INIT_VAR(data__->PARTS, 0, retain)
  __INIT_VAR(data__->W0, 0, retain)
  __INIT_VAR(data__->W1, 0, retain)
  __INIT_VAR(data__->W2, 0, retain)
  __INIT_VAR(data__->W3, 0, retain)
  __INIT_VAR(data__->W4, 0, retain)
  __INIT_VAR(data__->W5, 0, retain)
  __INIT_VAR(data__->W6, 0, retain)
  __INIT_VAR(data__->W7, 0, retain)
  __INIT_VAR(data__->W8, 0, retain)
  __INIT_VAR(data__->W9, 0, retain)
  __INIT_VAR(data__->W10, 0, retain)
  __INIT_VAR(data__->W11, 0, retain)
  __INIT_VAR(data__->ACKSIZE, 0, retain)
  __INIT_VAR(data__->OUTSTANDING, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_ANCHOR_body__(CAIRN_ANCHOR* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Enable = __GET_VAR(data__->ENABLE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.MaxPerHour = __GET_VAR(data__->MAXPERHOUR);
  data__->block.LinkUp = __GET_VAR(data__->LINKUP);
  data__->block.FrameAck = __GET_VAR(data__->FRAMEACK);
  cairn_fb_anchor(&data__->block);
  __SET_VAR(data__->,VALID,,data__->block.Valid);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,FRAMEREADY,,data__->block.FrameReady);
  __SET_VAR(data__->,PART,,data__->block.Part);
  __SET_VAR(data__->,PARTS,,data__->block.Parts);
  __SET_VAR(data__->,W0,,data__->block.W0);
  __SET_VAR(data__->,W1,,data__->block.W1);
  __SET_VAR(data__->,W2,,data__->block.W2);
  __SET_VAR(data__->,W3,,data__->block.W3);
  __SET_VAR(data__->,W4,,data__->block.W4);
  __SET_VAR(data__->,W5,,data__->block.W5);
  __SET_VAR(data__->,W6,,data__->block.W6);
  __SET_VAR(data__->,W7,,data__->block.W7);
  __SET_VAR(data__->,W8,,data__->block.W8);
  __SET_VAR(data__->,W9,,data__->block.W9);
  __SET_VAR(data__->,W10,,data__->block.W10);
  __SET_VAR(data__->,W11,,data__->block.W11);
  __SET_VAR(data__->,ACKSIZE,,data__->block.AckSize);
  __SET_VAR(data__->,OUTSTANDING,,data__->block.Outstanding);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,EXECUTE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(ULINT,UNIXMS)
  __DECLARE_VAR(BYTE,SOURCE)
  __DECLARE_VAR(UDINT,UNCERTAINTYMS)
  __DECLARE_VAR(BOOL,DONE)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(LINT,STEPMS)
  cairn_fb_settime_t block;
} CAIRN_SETTIME;

static void CAIRN_SETTIME_init__(CAIRN_SETTIME* data__, BOOL retain) {
  static cairn_fb_settime_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->EXECUTE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->UNIXMS, 0, retain)
  __INIT_VAR(data__->SOURCE, 0, retain)
  __INIT_VAR(data__->UNCERTAINTYMS, 0, retain)
  __INIT_VAR(data__->DONE, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->STEPMS, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_SETTIME_body__(CAIRN_SETTIME* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Execute = __GET_VAR(data__->EXECUTE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.UnixMs = __GET_VAR(data__->UNIXMS);
  data__->block.Source = __GET_VAR(data__->SOURCE);
  data__->block.UncertaintyMs = __GET_VAR(data__->UNCERTAINTYMS);
  cairn_fb_settime(&data__->block);
  __SET_VAR(data__->,DONE,,data__->block.Done);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,STEPMS,,data__->block.StepMs);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,ENABLE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(BOOL,VALID)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(UDINT,BOOTCOUNT)
  __DECLARE_VAR(UDINT,TORNBYTES)
  __DECLARE_VAR(DWORD,LASTERROR)
  __DECLARE_VAR(UDINT,FAILURES)
  __DECLARE_VAR(UDINT,CLOCKSTEPS)
  __DECLARE_VAR(BYTE,CLOCKQUALITY)
  __DECLARE_VAR(ULINT,UNIXMS)
  __DECLARE_VAR(DWORD,KEYID)
  __DECLARE_VAR(ULINT,HEADSIZE)
  __DECLARE_VAR(LWORD,HEAD0)
  __DECLARE_VAR(LWORD,HEAD1)
  __DECLARE_VAR(LWORD,HEAD2)
  __DECLARE_VAR(LWORD,HEAD3)
  cairn_fb_status_t block;
} CAIRN_STATUS;

static void CAIRN_STATUS_init__(CAIRN_STATUS* data__, BOOL retain) {
  static cairn_fb_status_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->ENABLE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->VALID, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->BOOTCOUNT, 0, retain)
  __INIT_VAR(data__->TORNBYTES, 0, retain)
  __INIT_VAR(data__->LASTERROR, 0, retain)
  __INIT_VAR(data__->FAILURES, 0, retain)
  __INIT_VAR(data__->CLOCKSTEPS, 0, retain)
  __INIT_VAR(data__->CLOCKQUALITY, 0, retain)
  __INIT_VAR(data__->UNIXMS, 0, retain)
  __INIT_VAR(data__->KEYID, 0, retain)
  __INIT_VAR(data__->HEADSIZE, 0, retain)
  __INIT_VAR(data__->HEAD0, 0, retain)
  __INIT_VAR(data__->HEAD1, 0, retain)
  __INIT_VAR(data__->HEAD2, 0, retain)
  __INIT_VAR(data__->HEAD3, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_STATUS_body__(CAIRN_STATUS* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Enable = __GET_VAR(data__->ENABLE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  cairn_fb_status(&data__->block);
  __SET_VAR(data__->,VALID,,data__->block.Valid);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,BOOTCOUNT,,data__->block.BootCount);
  __SET_VAR(data__->,TORNBYTES,,data__->block.TornBytes);
  __SET_VAR(data__->,LASTERROR,,data__->block.LastError);
  __SET_VAR(data__->,FAILURES,,data__->block.Failures);
  __SET_VAR(data__->,CLOCKSTEPS,,data__->block.ClockSteps);
  __SET_VAR(data__->,CLOCKQUALITY,,data__->block.ClockQuality);
  __SET_VAR(data__->,UNIXMS,,data__->block.UnixMs);
  __SET_VAR(data__->,KEYID,,data__->block.KeyId);
  __SET_VAR(data__->,HEADSIZE,,data__->block.HeadSize);
  __SET_VAR(data__->,HEAD0,,data__->block.Head0);
  __SET_VAR(data__->,HEAD1,,data__->block.Head1);
  __SET_VAR(data__->,HEAD2,,data__->block.Head2);
  __SET_VAR(data__->,HEAD3,,data__->block.Head3);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,ENABLE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(UINT,SLOT)
  __DECLARE_VAR(LREAL,V0)
  __DECLARE_VAR(LREAL,V1)
  __DECLARE_VAR(LREAL,V2)
  __DECLARE_VAR(LREAL,V3)
  __DECLARE_VAR(LREAL,V4)
  __DECLARE_VAR(LREAL,V5)
  __DECLARE_VAR(LREAL,V6)
  __DECLARE_VAR(LREAL,V7)
  __DECLARE_VAR(BOOL,RESTORE)
  __DECLARE_VAR(BOOL,VALID)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(BOOL,RESTORED)
  __DECLARE_VAR(UDINT,VERSION)
  __DECLARE_VAR(BOOL,SIGNED)
  __DECLARE_VAR(BOOL,TAMPERED)
  __DECLARE_VAR(LREAL,R0)
  __DECLARE_VAR(LREAL,R1)
  __DECLARE_VAR(LREAL,R2)
  __DECLARE_VAR(LREAL,R3)
  __DECLARE_VAR(LREAL,R4)
  __DECLARE_VAR(LREAL,R5)
  __DECLARE_VAR(LREAL,R6)
  __DECLARE_VAR(LREAL,R7)
  cairn_fb_retain8_t block;
} CAIRN_RETAIN8;

static void CAIRN_RETAIN8_init__(CAIRN_RETAIN8* data__, BOOL retain) {
  static cairn_fb_retain8_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->ENABLE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->SLOT, 0, retain)
  __INIT_VAR(data__->V0, 0, retain)
  __INIT_VAR(data__->V1, 0, retain)
  __INIT_VAR(data__->V2, 0, retain)
  __INIT_VAR(data__->V3, 0, retain)
  __INIT_VAR(data__->V4, 0, retain)
  __INIT_VAR(data__->V5, 0, retain)
  __INIT_VAR(data__->V6, 0, retain)
  __INIT_VAR(data__->V7, 0, retain)
  __INIT_VAR(data__->RESTORE, 0, retain)
  __INIT_VAR(data__->VALID, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->RESTORED, 0, retain)
  __INIT_VAR(data__->VERSION, 0, retain)
  __INIT_VAR(data__->SIGNED, 0, retain)
  __INIT_VAR(data__->TAMPERED, 0, retain)
  __INIT_VAR(data__->R0, 0, retain)
  __INIT_VAR(data__->R1, 0, retain)
  __INIT_VAR(data__->R2, 0, retain)
  __INIT_VAR(data__->R3, 0, retain)
  __INIT_VAR(data__->R4, 0, retain)
  __INIT_VAR(data__->R5, 0, retain)
  __INIT_VAR(data__->R6, 0, retain)
  __INIT_VAR(data__->R7, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_RETAIN8_body__(CAIRN_RETAIN8* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Enable = __GET_VAR(data__->ENABLE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.Slot = __GET_VAR(data__->SLOT);
  data__->block.V0 = __GET_VAR(data__->V0);
  data__->block.V1 = __GET_VAR(data__->V1);
  data__->block.V2 = __GET_VAR(data__->V2);
  data__->block.V3 = __GET_VAR(data__->V3);
  data__->block.V4 = __GET_VAR(data__->V4);
  data__->block.V5 = __GET_VAR(data__->V5);
  data__->block.V6 = __GET_VAR(data__->V6);
  data__->block.V7 = __GET_VAR(data__->V7);
  data__->block.Restore = __GET_VAR(data__->RESTORE);
  cairn_fb_retain8(&data__->block);
  __SET_VAR(data__->,VALID,,data__->block.Valid);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,RESTORED,,data__->block.Restored);
  __SET_VAR(data__->,VERSION,,data__->block.Version);
  __SET_VAR(data__->,SIGNED,,data__->block.Signed);
  __SET_VAR(data__->,TAMPERED,,data__->block.Tampered);
  __SET_VAR(data__->,R0,,data__->block.R0);
  __SET_VAR(data__->,R1,,data__->block.R1);
  __SET_VAR(data__->,R2,,data__->block.R2);
  __SET_VAR(data__->,R3,,data__->block.R3);
  __SET_VAR(data__->,R4,,data__->block.R4);
  __SET_VAR(data__->,R5,,data__->block.R5);
  __SET_VAR(data__->,R6,,data__->block.R6);
  __SET_VAR(data__->,R7,,data__->block.R7);
}

typedef struct {
  __DECLARE_VAR(BOOL,EN)
  __DECLARE_VAR(BOOL,ENO)
  __DECLARE_VAR(BOOL,EXECUTE)
  __DECLARE_VAR(UDINT,HANDLE)
  __DECLARE_VAR(UDINT,CHANNEL)
  __DECLARE_VAR(LREAL,VALUE)
  __DECLARE_VAR(ULINT,SEQUENCE)
  __DECLARE_VAR(ULINT,NOTBEFOREMS)
  __DECLARE_VAR(ULINT,NOTAFTERMS)
  __DECLARE_VAR(USINT,KEYNUMBER)
  __DECLARE_VAR(LWORD,S0)
  __DECLARE_VAR(LWORD,S1)
  __DECLARE_VAR(LWORD,S2)
  __DECLARE_VAR(LWORD,S3)
  __DECLARE_VAR(LWORD,S4)
  __DECLARE_VAR(LWORD,S5)
  __DECLARE_VAR(LWORD,S6)
  __DECLARE_VAR(LWORD,S7)
  __DECLARE_VAR(BOOL,DONE)
  __DECLARE_VAR(BOOL,BUSY)
  __DECLARE_VAR(BOOL,ERROR)
  __DECLARE_VAR(DWORD,ERRORID)
  __DECLARE_VAR(BOOL,APPLIED)
  __DECLARE_VAR(LREAL,SETPOINT)
  __DECLARE_VAR(ULINT,INFORCE)
  __DECLARE_VAR(USINT,SIGNATURES)
  __DECLARE_VAR(USINT,NEEDED)
  cairn_fb_command_t block;
} CAIRN_COMMAND;

static void CAIRN_COMMAND_init__(CAIRN_COMMAND* data__, BOOL retain) {
  static cairn_fb_command_t unstarted;
  __INIT_VAR(data__->EN, 1, retain)
  __INIT_VAR(data__->ENO, 1, retain)
  __INIT_VAR(data__->EXECUTE, 0, retain)
  __INIT_VAR(data__->HANDLE, 0, retain)
  __INIT_VAR(data__->CHANNEL, 0, retain)
  __INIT_VAR(data__->VALUE, 0, retain)
  __INIT_VAR(data__->SEQUENCE, 0, retain)
  __INIT_VAR(data__->NOTBEFOREMS, 0, retain)
  __INIT_VAR(data__->NOTAFTERMS, 0, retain)
  __INIT_VAR(data__->KEYNUMBER, 0, retain)
  __INIT_VAR(data__->S0, 0, retain)
  __INIT_VAR(data__->S1, 0, retain)
  __INIT_VAR(data__->S2, 0, retain)
  __INIT_VAR(data__->S3, 0, retain)
  __INIT_VAR(data__->S4, 0, retain)
  __INIT_VAR(data__->S5, 0, retain)
  __INIT_VAR(data__->S6, 0, retain)
  __INIT_VAR(data__->S7, 0, retain)
  __INIT_VAR(data__->DONE, 0, retain)
  __INIT_VAR(data__->BUSY, 0, retain)
  __INIT_VAR(data__->ERROR, 0, retain)
  __INIT_VAR(data__->ERRORID, 0, retain)
  __INIT_VAR(data__->APPLIED, 0, retain)
  __INIT_VAR(data__->SETPOINT, 0, retain)
  __INIT_VAR(data__->INFORCE, 0, retain)
  __INIT_VAR(data__->SIGNATURES, 0, retain)
  __INIT_VAR(data__->NEEDED, 0, retain)
  data__->block = unstarted;
}

static void CAIRN_COMMAND_body__(CAIRN_COMMAND* data__) {
  if (!__GET_VAR(data__->EN)) {
    __SET_VAR(data__->,ENO,,0);
    return;
  }
  __SET_VAR(data__->,ENO,,1);
  data__->block.Execute = __GET_VAR(data__->EXECUTE);
  data__->block.Handle = __GET_VAR(data__->HANDLE);
  data__->block.Channel = __GET_VAR(data__->CHANNEL);
  data__->block.Value = __GET_VAR(data__->VALUE);
  data__->block.Sequence = __GET_VAR(data__->SEQUENCE);
  data__->block.NotBeforeMs = __GET_VAR(data__->NOTBEFOREMS);
  data__->block.NotAfterMs = __GET_VAR(data__->NOTAFTERMS);
  data__->block.KeyNumber = __GET_VAR(data__->KEYNUMBER);
  data__->block.S0 = __GET_VAR(data__->S0);
  data__->block.S1 = __GET_VAR(data__->S1);
  data__->block.S2 = __GET_VAR(data__->S2);
  data__->block.S3 = __GET_VAR(data__->S3);
  data__->block.S4 = __GET_VAR(data__->S4);
  data__->block.S5 = __GET_VAR(data__->S5);
  data__->block.S6 = __GET_VAR(data__->S6);
  data__->block.S7 = __GET_VAR(data__->S7);
  cairn_fb_command(&data__->block);
  __SET_VAR(data__->,DONE,,data__->block.Done);
  __SET_VAR(data__->,BUSY,,data__->block.Busy);
  __SET_VAR(data__->,ERROR,,data__->block.Error);
  __SET_VAR(data__->,ERRORID,,data__->block.ErrorID);
  __SET_VAR(data__->,APPLIED,,data__->block.Applied);
  __SET_VAR(data__->,SETPOINT,,data__->block.Setpoint);
  __SET_VAR(data__->,INFORCE,,data__->block.InForce);
  __SET_VAR(data__->,SIGNATURES,,data__->block.Signatures);
  __SET_VAR(data__->,NEEDED,,data__->block.Needed);
}

#endif
