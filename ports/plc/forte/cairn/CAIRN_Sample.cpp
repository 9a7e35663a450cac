/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Sample for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Sample.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Sample_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Sample, g_nStringIdCAIRN_Sample)

const CStringDictionary::TStringId FORTE_CAIRN_Sample::scm_anDataInputNames[] = {
    g_nStringIdEnable, g_nStringIdHandle, g_nStringIdChannel, g_nStringIdValue,
        g_nStringIdQuality, g_nStringIdIntervalMs, g_nStringIdDeadband, g_nStringIdHeartbeatMs,
        g_nStringIdTrigger};
const CStringDictionary::TStringId FORTE_CAIRN_Sample::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT, g_nStringIdUDINT, g_nStringIdLREAL, g_nStringIdWORD,
        g_nStringIdUDINT, g_nStringIdLREAL, g_nStringIdUDINT, g_nStringIdBOOL};
const CStringDictionary::TStringId FORTE_CAIRN_Sample::scm_anDataOutputNames[] = {
    g_nStringIdValid, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdCount};
const CStringDictionary::TStringId FORTE_CAIRN_Sample::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdUDINT};
const TForteInt16 FORTE_CAIRN_Sample::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Sample::scm_anEIWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Sample::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Sample::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Sample::scm_anEOWith[] = {0, 1, 2, 3, 4, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Sample::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Sample::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    9, scm_anDataInputNames, scm_anDataInputTypeIds,
    5, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Sample::executeEvent(int event) {
  if (event != 0) return;
  block_.Enable = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  block_.Channel = *static_cast<CIEC_UDINT*>(getDI(2));
  block_.Value = *static_cast<CIEC_LREAL*>(getDI(3));
  block_.Quality = *static_cast<CIEC_WORD*>(getDI(4));
  block_.IntervalMs = *static_cast<CIEC_UDINT*>(getDI(5));
  block_.Deadband = *static_cast<CIEC_LREAL*>(getDI(6));
  block_.HeartbeatMs = *static_cast<CIEC_UDINT*>(getDI(7));
  block_.Trigger = *static_cast<CIEC_BOOL*>(getDI(8));
  cairn_fb_sample(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Valid != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_UDINT*>(getDO(4)) = block_.Count;
  sendOutputEvent(0);
}
