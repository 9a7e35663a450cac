/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Log for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Log.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Log_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Log, g_nStringIdCAIRN_Log)

const CStringDictionary::TStringId FORTE_CAIRN_Log::scm_anDataInputNames[] = {
    g_nStringIdEnable, g_nStringIdLogId, g_nStringIdTaskId, g_nStringIdBudget,
        g_nStringIdWarnLevel, g_nStringIdMaintenance, g_nStringIdStopWhenFull,
        g_nStringIdSwitchOff};
const CStringDictionary::TStringId FORTE_CAIRN_Log::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUINT, g_nStringIdUINT, g_nStringIdUINT, g_nStringIdUINT,
        g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL};
const CStringDictionary::TStringId FORTE_CAIRN_Log::scm_anDataOutputNames[] = {
    g_nStringIdValid, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdHandle,
        g_nStringIdPending, g_nStringIdDurable, g_nStringIdSealed, g_nStringIdAnchored,
        g_nStringIdFill, g_nStringIdDaysLeft, g_nStringIdCapacityWarn, g_nStringIdDegraded,
        g_nStringIdStopped, g_nStringIdLost, g_nStringIdUnitsUsed, g_nStringIdUnitsMax};
const CStringDictionary::TStringId FORTE_CAIRN_Log::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdUDINT,
        g_nStringIdUDINT, g_nStringIdULINT, g_nStringIdULINT, g_nStringIdULINT, g_nStringIdUINT,
        g_nStringIdUINT, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdUDINT,
        g_nStringIdUINT, g_nStringIdUINT};
const TForteInt16 FORTE_CAIRN_Log::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Log::scm_anEIWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Log::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Log::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Log::scm_anEOWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Log::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Log::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    8, scm_anDataInputNames, scm_anDataInputTypeIds,
    17, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Log::executeEvent(int event) {
  if (event != 0) return;
  block_.Enable = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.LogId = *static_cast<CIEC_UINT*>(getDI(1));
  block_.TaskId = *static_cast<CIEC_UINT*>(getDI(2));
  block_.Budget = *static_cast<CIEC_UINT*>(getDI(3));
  block_.WarnLevel = *static_cast<CIEC_UINT*>(getDI(4));
  block_.Maintenance = *static_cast<CIEC_BOOL*>(getDI(5));
  block_.StopWhenFull = *static_cast<CIEC_BOOL*>(getDI(6));
  block_.SwitchOff = *static_cast<CIEC_BOOL*>(getDI(7));
  cairn_fb_log(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Valid != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_UDINT*>(getDO(4)) = block_.Handle;
  *static_cast<CIEC_UDINT*>(getDO(5)) = block_.Pending;
  *static_cast<CIEC_ULINT*>(getDO(6)) = block_.Durable;
  *static_cast<CIEC_ULINT*>(getDO(7)) = block_.Sealed;
  *static_cast<CIEC_ULINT*>(getDO(8)) = block_.Anchored;
  *static_cast<CIEC_UINT*>(getDO(9)) = block_.Fill;
  *static_cast<CIEC_UINT*>(getDO(10)) = block_.DaysLeft;
  *static_cast<CIEC_BOOL*>(getDO(11)) = block_.CapacityWarn != 0;
  *static_cast<CIEC_BOOL*>(getDO(12)) = block_.Degraded != 0;
  *static_cast<CIEC_BOOL*>(getDO(13)) = block_.Stopped != 0;
  *static_cast<CIEC_UDINT*>(getDO(14)) = block_.Lost;
  *static_cast<CIEC_UINT*>(getDO(15)) = block_.UnitsUsed;
  *static_cast<CIEC_UINT*>(getDO(16)) = block_.UnitsMax;
  sendOutputEvent(0);
}
