/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_SetTime for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_SetTime.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_SetTime_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_SetTime, g_nStringIdCAIRN_SetTime)

const CStringDictionary::TStringId FORTE_CAIRN_SetTime::scm_anDataInputNames[] = {
    g_nStringIdExecute, g_nStringIdHandle, g_nStringIdUnixMs, g_nStringIdSource,
        g_nStringIdUncertaintyMs};
const CStringDictionary::TStringId FORTE_CAIRN_SetTime::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT, g_nStringIdULINT, g_nStringIdBYTE, g_nStringIdUDINT};
const CStringDictionary::TStringId FORTE_CAIRN_SetTime::scm_anDataOutputNames[] = {
    g_nStringIdDone, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdStepMs};
const CStringDictionary::TStringId FORTE_CAIRN_SetTime::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdLINT};
const TForteInt16 FORTE_CAIRN_SetTime::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_SetTime::scm_anEIWith[] = {0, 1, 2, 3, 4, 255};
const CStringDictionary::TStringId FORTE_CAIRN_SetTime::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_SetTime::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_SetTime::scm_anEOWith[] = {0, 1, 2, 3, 4, 255};
const CStringDictionary::TStringId FORTE_CAIRN_SetTime::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_SetTime::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    5, scm_anDataInputNames, scm_anDataInputTypeIds,
    5, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_SetTime::executeEvent(int event) {
  if (event != 0) return;
  block_.Execute = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  block_.UnixMs = *static_cast<CIEC_ULINT*>(getDI(2));
  block_.Source = *static_cast<CIEC_BYTE*>(getDI(3));
  block_.UncertaintyMs = *static_cast<CIEC_UDINT*>(getDI(4));
  cairn_fb_settime(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Done != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_LINT*>(getDO(4)) = block_.StepMs;
  sendOutputEvent(0);
}
