/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Event for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Event.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Event_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Event, g_nStringIdCAIRN_Event)

const CStringDictionary::TStringId FORTE_CAIRN_Event::scm_anDataInputNames[] = {
    g_nStringIdExecute, g_nStringIdHandle, g_nStringIdCategory, g_nStringIdEventId,
        g_nStringIdUserId, g_nStringIdSource, g_nStringIdResult, g_nStringIdOldValue,
        g_nStringIdNewValue, g_nStringIdUnixMs, g_nStringIdLevel};
const CStringDictionary::TStringId FORTE_CAIRN_Event::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT, g_nStringIdBYTE, g_nStringIdUDINT, g_nStringIdUDINT,
        g_nStringIdUDINT, g_nStringIdBYTE, g_nStringIdLREAL, g_nStringIdLREAL, g_nStringIdULINT,
        g_nStringIdBYTE};
const CStringDictionary::TStringId FORTE_CAIRN_Event::scm_anDataOutputNames[] = {
    g_nStringIdDone, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdIndex};
const CStringDictionary::TStringId FORTE_CAIRN_Event::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdULINT};
const TForteInt16 FORTE_CAIRN_Event::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Event::scm_anEIWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Event::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Event::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Event::scm_anEOWith[] = {0, 1, 2, 3, 4, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Event::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Event::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    11, scm_anDataInputNames, scm_anDataInputTypeIds,
    5, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Event::executeEvent(int event) {
  if (event != 0) return;
  block_.Execute = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  block_.Category = *static_cast<CIEC_BYTE*>(getDI(2));
  block_.EventId = *static_cast<CIEC_UDINT*>(getDI(3));
  block_.UserId = *static_cast<CIEC_UDINT*>(getDI(4));
  block_.Source = *static_cast<CIEC_UDINT*>(getDI(5));
  block_.Result = *static_cast<CIEC_BYTE*>(getDI(6));
  block_.OldValue = *static_cast<CIEC_LREAL*>(getDI(7));
  block_.NewValue = *static_cast<CIEC_LREAL*>(getDI(8));
  block_.UnixMs = *static_cast<CIEC_ULINT*>(getDI(9));
  block_.Level = *static_cast<CIEC_BYTE*>(getDI(10));
  cairn_fb_event(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Done != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_ULINT*>(getDO(4)) = block_.Index;
  sendOutputEvent(0);
}
