/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Retain8 for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Retain8.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Retain8_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Retain8, g_nStringIdCAIRN_Retain8)

const CStringDictionary::TStringId FORTE_CAIRN_Retain8::scm_anDataInputNames[] = {
    g_nStringIdEnable, g_nStringIdHandle, g_nStringIdSlot, g_nStringIdV0, g_nStringIdV1,
        g_nStringIdV2, g_nStringIdV3, g_nStringIdV4, g_nStringIdV5, g_nStringIdV6, g_nStringIdV7,
        g_nStringIdRestore};
const CStringDictionary::TStringId FORTE_CAIRN_Retain8::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT, g_nStringIdUINT, g_nStringIdLREAL, g_nStringIdLREAL,
        g_nStringIdLREAL, g_nStringIdLREAL, g_nStringIdLREAL, g_nStringIdLREAL, g_nStringIdLREAL,
        g_nStringIdLREAL, g_nStringIdBOOL};
const CStringDictionary::TStringId FORTE_CAIRN_Retain8::scm_anDataOutputNames[] = {
    g_nStringIdValid, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdRestored,
        g_nStringIdVersion, g_nStringIdSigned, g_nStringIdTampered, g_nStringIdR0, g_nStringIdR1,
        g_nStringIdR2, g_nStringIdR3, g_nStringIdR4, g_nStringIdR5, g_nStringIdR6, g_nStringIdR7};
const CStringDictionary::TStringId FORTE_CAIRN_Retain8::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdBOOL,
        g_nStringIdUDINT, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdLREAL, g_nStringIdLREAL,
        g_nStringIdLREAL, g_nStringIdLREAL, g_nStringIdLREAL, g_nStringIdLREAL, g_nStringIdLREAL,
        g_nStringIdLREAL};
const TForteInt16 FORTE_CAIRN_Retain8::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Retain8::scm_anEIWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Retain8::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Retain8::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Retain8::scm_anEOWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Retain8::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Retain8::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    12, scm_anDataInputNames, scm_anDataInputTypeIds,
    16, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Retain8::executeEvent(int event) {
  if (event != 0) return;
  block_.Enable = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  block_.Slot = *static_cast<CIEC_UINT*>(getDI(2));
  block_.V0 = *static_cast<CIEC_LREAL*>(getDI(3));
  block_.V1 = *static_cast<CIEC_LREAL*>(getDI(4));
  block_.V2 = *static_cast<CIEC_LREAL*>(getDI(5));
  block_.V3 = *static_cast<CIEC_LREAL*>(getDI(6));
  block_.V4 = *static_cast<CIEC_LREAL*>(getDI(7));
  block_.V5 = *static_cast<CIEC_LREAL*>(getDI(8));
  block_.V6 = *static_cast<CIEC_LREAL*>(getDI(9));
  block_.V7 = *static_cast<CIEC_LREAL*>(getDI(10));
  block_.Restore = *static_cast<CIEC_BOOL*>(getDI(11));
  cairn_fb_retain8(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Valid != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_BOOL*>(getDO(4)) = block_.Restored != 0;
  *static_cast<CIEC_UDINT*>(getDO(5)) = block_.Version;
  *static_cast<CIEC_BOOL*>(getDO(6)) = block_.Signed != 0;
  *static_cast<CIEC_BOOL*>(getDO(7)) = block_.Tampered != 0;
  *static_cast<CIEC_LREAL*>(getDO(8)) = block_.R0;
  *static_cast<CIEC_LREAL*>(getDO(9)) = block_.R1;
  *static_cast<CIEC_LREAL*>(getDO(10)) = block_.R2;
  *static_cast<CIEC_LREAL*>(getDO(11)) = block_.R3;
  *static_cast<CIEC_LREAL*>(getDO(12)) = block_.R4;
  *static_cast<CIEC_LREAL*>(getDO(13)) = block_.R5;
  *static_cast<CIEC_LREAL*>(getDO(14)) = block_.R6;
  *static_cast<CIEC_LREAL*>(getDO(15)) = block_.R7;
  sendOutputEvent(0);
}
