/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Anchor for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Anchor.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Anchor_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Anchor, g_nStringIdCAIRN_Anchor)

const CStringDictionary::TStringId FORTE_CAIRN_Anchor::scm_anDataInputNames[] = {
    g_nStringIdEnable, g_nStringIdHandle, g_nStringIdMaxPerHour, g_nStringIdLinkUp,
        g_nStringIdFrameAck};
const CStringDictionary::TStringId FORTE_CAIRN_Anchor::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT, g_nStringIdUINT, g_nStringIdBOOL, g_nStringIdBOOL};
const CStringDictionary::TStringId FORTE_CAIRN_Anchor::scm_anDataOutputNames[] = {
    g_nStringIdValid, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID,
        g_nStringIdFrameReady, g_nStringIdPart, g_nStringIdParts, g_nStringIdW0, g_nStringIdW1,
        g_nStringIdW2, g_nStringIdW3, g_nStringIdW4, g_nStringIdW5, g_nStringIdW6, g_nStringIdW7,
        g_nStringIdW8, g_nStringIdW9, g_nStringIdW10, g_nStringIdW11, g_nStringIdAckSize,
        g_nStringIdOutstanding};
const CStringDictionary::TStringId FORTE_CAIRN_Anchor::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdBOOL,
        g_nStringIdUSINT, g_nStringIdUSINT, g_nStringIdDWORD, g_nStringIdDWORD, g_nStringIdDWORD,
        g_nStringIdDWORD, g_nStringIdDWORD, g_nStringIdDWORD, g_nStringIdDWORD, g_nStringIdDWORD,
        g_nStringIdDWORD, g_nStringIdDWORD, g_nStringIdDWORD, g_nStringIdDWORD, g_nStringIdULINT,
        g_nStringIdULINT};
const TForteInt16 FORTE_CAIRN_Anchor::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Anchor::scm_anEIWith[] = {0, 1, 2, 3, 4, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Anchor::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Anchor::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Anchor::scm_anEOWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Anchor::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Anchor::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    5, scm_anDataInputNames, scm_anDataInputTypeIds,
    21, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Anchor::executeEvent(int event) {
  if (event != 0) return;
  block_.Enable = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  block_.MaxPerHour = *static_cast<CIEC_UINT*>(getDI(2));
  block_.LinkUp = *static_cast<CIEC_BOOL*>(getDI(3));
  block_.FrameAck = *static_cast<CIEC_BOOL*>(getDI(4));
  cairn_fb_anchor(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Valid != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_BOOL*>(getDO(4)) = block_.FrameReady != 0;
  *static_cast<CIEC_USINT*>(getDO(5)) = block_.Part;
  *static_cast<CIEC_USINT*>(getDO(6)) = block_.Parts;
  *static_cast<CIEC_DWORD*>(getDO(7)) = block_.W0;
  *static_cast<CIEC_DWORD*>(getDO(8)) = block_.W1;
  *static_cast<CIEC_DWORD*>(getDO(9)) = block_.W2;
  *static_cast<CIEC_DWORD*>(getDO(10)) = block_.W3;
  *static_cast<CIEC_DWORD*>(getDO(11)) = block_.W4;
  *static_cast<CIEC_DWORD*>(getDO(12)) = block_.W5;
  *static_cast<CIEC_DWORD*>(getDO(13)) = block_.W6;
  *static_cast<CIEC_DWORD*>(getDO(14)) = block_.W7;
  *static_cast<CIEC_DWORD*>(getDO(15)) = block_.W8;
  *static_cast<CIEC_DWORD*>(getDO(16)) = block_.W9;
  *static_cast<CIEC_DWORD*>(getDO(17)) = block_.W10;
  *static_cast<CIEC_DWORD*>(getDO(18)) = block_.W11;
  *static_cast<CIEC_ULINT*>(getDO(19)) = block_.AckSize;
  *static_cast<CIEC_ULINT*>(getDO(20)) = block_.Outstanding;
  sendOutputEvent(0);
}
