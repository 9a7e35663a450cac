/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Status for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Status.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Status_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Status, g_nStringIdCAIRN_Status)

const CStringDictionary::TStringId FORTE_CAIRN_Status::scm_anDataInputNames[] = {
    g_nStringIdEnable, g_nStringIdHandle};
const CStringDictionary::TStringId FORTE_CAIRN_Status::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT};
const CStringDictionary::TStringId FORTE_CAIRN_Status::scm_anDataOutputNames[] = {
    g_nStringIdValid, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdBootCount,
        g_nStringIdTornBytes, g_nStringIdLastError, g_nStringIdFailures, g_nStringIdClockSteps,
        g_nStringIdClockQuality, g_nStringIdUnixMs, g_nStringIdKeyId, g_nStringIdHeadSize,
        g_nStringIdHead0, g_nStringIdHead1, g_nStringIdHead2, g_nStringIdHead3};
const CStringDictionary::TStringId FORTE_CAIRN_Status::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdUDINT,
        g_nStringIdUDINT, g_nStringIdDWORD, g_nStringIdUDINT, g_nStringIdUDINT, g_nStringIdBYTE,
        g_nStringIdULINT, g_nStringIdDWORD, g_nStringIdULINT, g_nStringIdLWORD, g_nStringIdLWORD,
        g_nStringIdLWORD, g_nStringIdLWORD};
const TForteInt16 FORTE_CAIRN_Status::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Status::scm_anEIWith[] = {0, 1, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Status::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Status::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Status::scm_anEOWith[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Status::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Status::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    2, scm_anDataInputNames, scm_anDataInputTypeIds,
    17, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Status::executeEvent(int event) {
  if (event != 0) return;
  block_.Enable = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  cairn_fb_status(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Valid != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_UDINT*>(getDO(4)) = block_.BootCount;
  *static_cast<CIEC_UDINT*>(getDO(5)) = block_.TornBytes;
  *static_cast<CIEC_DWORD*>(getDO(6)) = block_.LastError;
  *static_cast<CIEC_UDINT*>(getDO(7)) = block_.Failures;
  *static_cast<CIEC_UDINT*>(getDO(8)) = block_.ClockSteps;
  *static_cast<CIEC_BYTE*>(getDO(9)) = block_.ClockQuality;
  *static_cast<CIEC_ULINT*>(getDO(10)) = block_.UnixMs;
  *static_cast<CIEC_DWORD*>(getDO(11)) = block_.KeyId;
  *static_cast<CIEC_ULINT*>(getDO(12)) = block_.HeadSize;
  *static_cast<CIEC_LWORD*>(getDO(13)) = block_.Head0;
  *static_cast<CIEC_LWORD*>(getDO(14)) = block_.Head1;
  *static_cast<CIEC_LWORD*>(getDO(15)) = block_.Head2;
  *static_cast<CIEC_LWORD*>(getDO(16)) = block_.Head3;
  sendOutputEvent(0);
}
