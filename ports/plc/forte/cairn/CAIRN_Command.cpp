/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Command for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Command.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Command_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Command, g_nStringIdCAIRN_Command)

const CStringDictionary::TStringId FORTE_CAIRN_Command::scm_anDataInputNames[] = {
    g_nStringIdExecute, g_nStringIdHandle, g_nStringIdChannel, g_nStringIdValue,
        g_nStringIdSequence, g_nStringIdNotBeforeMs, g_nStringIdNotAfterMs, g_nStringIdKeyNumber,
        g_nStringIdS0, g_nStringIdS1, g_nStringIdS2, g_nStringIdS3, g_nStringIdS4, g_nStringIdS5,
        g_nStringIdS6, g_nStringIdS7};
const CStringDictionary::TStringId FORTE_CAIRN_Command::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT, g_nStringIdUDINT, g_nStringIdLREAL, g_nStringIdULINT,
        g_nStringIdULINT, g_nStringIdULINT, g_nStringIdUSINT, g_nStringIdLWORD, g_nStringIdLWORD,
        g_nStringIdLWORD, g_nStringIdLWORD, g_nStringIdLWORD, g_nStringIdLWORD, g_nStringIdLWORD,
        g_nStringIdLWORD};
const CStringDictionary::TStringId FORTE_CAIRN_Command::scm_anDataOutputNames[] = {
    g_nStringIdDone, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdApplied,
        g_nStringIdSetpoint, g_nStringIdInForce, g_nStringIdSignatures, g_nStringIdNeeded};
const CStringDictionary::TStringId FORTE_CAIRN_Command::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdBOOL,
        g_nStringIdLREAL, g_nStringIdULINT, g_nStringIdUSINT, g_nStringIdUSINT};
const TForteInt16 FORTE_CAIRN_Command::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Command::scm_anEIWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Command::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Command::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Command::scm_anEOWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Command::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Command::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    16, scm_anDataInputNames, scm_anDataInputTypeIds,
    9, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Command::executeEvent(int event) {
  if (event != 0) return;
  block_.Execute = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  block_.Channel = *static_cast<CIEC_UDINT*>(getDI(2));
  block_.Value = *static_cast<CIEC_LREAL*>(getDI(3));
  block_.Sequence = *static_cast<CIEC_ULINT*>(getDI(4));
  block_.NotBeforeMs = *static_cast<CIEC_ULINT*>(getDI(5));
  block_.NotAfterMs = *static_cast<CIEC_ULINT*>(getDI(6));
  block_.KeyNumber = *static_cast<CIEC_USINT*>(getDI(7));
  block_.S0 = *static_cast<CIEC_LWORD*>(getDI(8));
  block_.S1 = *static_cast<CIEC_LWORD*>(getDI(9));
  block_.S2 = *static_cast<CIEC_LWORD*>(getDI(10));
  block_.S3 = *static_cast<CIEC_LWORD*>(getDI(11));
  block_.S4 = *static_cast<CIEC_LWORD*>(getDI(12));
  block_.S5 = *static_cast<CIEC_LWORD*>(getDI(13));
  block_.S6 = *static_cast<CIEC_LWORD*>(getDI(14));
  block_.S7 = *static_cast<CIEC_LWORD*>(getDI(15));
  cairn_fb_command(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Done != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_BOOL*>(getDO(4)) = block_.Applied != 0;
  *static_cast<CIEC_LREAL*>(getDO(5)) = block_.Setpoint;
  *static_cast<CIEC_ULINT*>(getDO(6)) = block_.InForce;
  *static_cast<CIEC_USINT*>(getDO(7)) = block_.Signatures;
  *static_cast<CIEC_USINT*>(getDO(8)) = block_.Needed;
  sendOutputEvent(0);
}
