/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Verify for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Verify.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Verify_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Verify, g_nStringIdCAIRN_Verify)

const CStringDictionary::TStringId FORTE_CAIRN_Verify::scm_anDataInputNames[] = {
    g_nStringIdExecute, g_nStringIdHandle};
const CStringDictionary::TStringId FORTE_CAIRN_Verify::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT};
const CStringDictionary::TStringId FORTE_CAIRN_Verify::scm_anDataOutputNames[] = {
    g_nStringIdDone, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdIntact,
        g_nStringIdFirstBad, g_nStringIdChecked, g_nStringIdProgress};
const CStringDictionary::TStringId FORTE_CAIRN_Verify::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdBOOL,
        g_nStringIdULINT, g_nStringIdULINT, g_nStringIdUINT};
const TForteInt16 FORTE_CAIRN_Verify::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Verify::scm_anEIWith[] = {0, 1, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Verify::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Verify::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Verify::scm_anEOWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Verify::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Verify::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    2, scm_anDataInputNames, scm_anDataInputTypeIds,
    8, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Verify::executeEvent(int event) {
  if (event != 0) return;
  block_.Execute = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  cairn_fb_verify(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Done != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_BOOL*>(getDO(4)) = block_.Intact != 0;
  *static_cast<CIEC_ULINT*>(getDO(5)) = block_.FirstBad;
  *static_cast<CIEC_ULINT*>(getDO(6)) = block_.Checked;
  *static_cast<CIEC_UINT*>(getDO(7)) = block_.Progress;
  sendOutputEvent(0);
}
