/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Seal for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Seal.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Seal_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Seal, g_nStringIdCAIRN_Seal)

const CStringDictionary::TStringId FORTE_CAIRN_Seal::scm_anDataInputNames[] = {
    g_nStringIdExecute, g_nStringIdHandle};
const CStringDictionary::TStringId FORTE_CAIRN_Seal::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT};
const CStringDictionary::TStringId FORTE_CAIRN_Seal::scm_anDataOutputNames[] = {
    g_nStringIdDone, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdBatchNo,
        g_nStringIdCount, g_nStringIdSize, g_nStringIdRoot0, g_nStringIdRoot1, g_nStringIdRoot2,
        g_nStringIdRoot3};
const CStringDictionary::TStringId FORTE_CAIRN_Seal::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdUDINT,
        g_nStringIdUDINT, g_nStringIdULINT, g_nStringIdLWORD, g_nStringIdLWORD, g_nStringIdLWORD,
        g_nStringIdLWORD};
const TForteInt16 FORTE_CAIRN_Seal::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Seal::scm_anEIWith[] = {0, 1, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Seal::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Seal::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Seal::scm_anEOWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Seal::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Seal::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    2, scm_anDataInputNames, scm_anDataInputTypeIds,
    11, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Seal::executeEvent(int event) {
  if (event != 0) return;
  block_.Execute = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  cairn_fb_seal(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Done != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_UDINT*>(getDO(4)) = block_.BatchNo;
  *static_cast<CIEC_UDINT*>(getDO(5)) = block_.Count;
  *static_cast<CIEC_ULINT*>(getDO(6)) = block_.Size;
  *static_cast<CIEC_LWORD*>(getDO(7)) = block_.Root0;
  *static_cast<CIEC_LWORD*>(getDO(8)) = block_.Root1;
  *static_cast<CIEC_LWORD*>(getDO(9)) = block_.Root2;
  *static_cast<CIEC_LWORD*>(getDO(10)) = block_.Root3;
  sendOutputEvent(0);
}
