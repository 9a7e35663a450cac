/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Correct for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Correct.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Correct_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Correct, g_nStringIdCAIRN_Correct)

const CStringDictionary::TStringId FORTE_CAIRN_Correct::scm_anDataInputNames[] = {
    g_nStringIdExecute, g_nStringIdHandle, g_nStringIdCorrects, g_nStringIdChannel,
        g_nStringIdOldValue, g_nStringIdNewValue, g_nStringIdUserId, g_nStringIdReason,
        g_nStringIdLevel};
const CStringDictionary::TStringId FORTE_CAIRN_Correct::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT, g_nStringIdULINT, g_nStringIdUDINT, g_nStringIdLREAL,
        g_nStringIdLREAL, g_nStringIdUDINT, g_nStringIdUDINT, g_nStringIdBYTE};
const CStringDictionary::TStringId FORTE_CAIRN_Correct::scm_anDataOutputNames[] = {
    g_nStringIdDone, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdIndex};
const CStringDictionary::TStringId FORTE_CAIRN_Correct::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdULINT};
const TForteInt16 FORTE_CAIRN_Correct::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Correct::scm_anEIWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Correct::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Correct::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Correct::scm_anEOWith[] = {0, 1, 2, 3, 4, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Correct::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Correct::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    9, scm_anDataInputNames, scm_anDataInputTypeIds,
    5, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Correct::executeEvent(int event) {
  if (event != 0) return;
  block_.Execute = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  block_.Corrects = *static_cast<CIEC_ULINT*>(getDI(2));
  block_.Channel = *static_cast<CIEC_UDINT*>(getDI(3));
  block_.OldValue = *static_cast<CIEC_LREAL*>(getDI(4));
  block_.NewValue = *static_cast<CIEC_LREAL*>(getDI(5));
  block_.UserId = *static_cast<CIEC_UDINT*>(getDI(6));
  block_.Reason = *static_cast<CIEC_UDINT*>(getDI(7));
  block_.Level = *static_cast<CIEC_BYTE*>(getDI(8));
  cairn_fb_correct(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Done != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_ULINT*>(getDO(4)) = block_.Index;
  sendOutputEvent(0);
}
