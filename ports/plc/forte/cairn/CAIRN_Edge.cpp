/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Edge for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#include "CAIRN_Edge.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "CAIRN_Edge_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_CAIRN_Edge, g_nStringIdCAIRN_Edge)

const CStringDictionary::TStringId FORTE_CAIRN_Edge::scm_anDataInputNames[] = {
    g_nStringIdEnable, g_nStringIdHandle, g_nStringIdEventId, g_nStringIdSource, g_nStringIdSignal};
const CStringDictionary::TStringId FORTE_CAIRN_Edge::scm_anDataInputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdUDINT, g_nStringIdUDINT, g_nStringIdUDINT, g_nStringIdBOOL};
const CStringDictionary::TStringId FORTE_CAIRN_Edge::scm_anDataOutputNames[] = {
    g_nStringIdValid, g_nStringIdBusy, g_nStringIdError, g_nStringIdErrorID, g_nStringIdRises,
        g_nStringIdFalls};
const CStringDictionary::TStringId FORTE_CAIRN_Edge::scm_anDataOutputTypeIds[] = {
    g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdBOOL, g_nStringIdDWORD, g_nStringIdUDINT,
        g_nStringIdUDINT};
const TForteInt16 FORTE_CAIRN_Edge::scm_anEIWithIndexes[] = {0};
const TDataIOID FORTE_CAIRN_Edge::scm_anEIWith[] = {0, 1, 2, 3, 4, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Edge::scm_anEventInputNames[] = {g_nStringIdREQ};
const TForteInt16 FORTE_CAIRN_Edge::scm_anEOWithIndexes[] = {0, -1};
const TDataIOID FORTE_CAIRN_Edge::scm_anEOWith[] = {0, 1, 2, 3, 4, 5, 255};
const CStringDictionary::TStringId FORTE_CAIRN_Edge::scm_anEventOutputNames[] = {g_nStringIdCNF};

const SFBInterfaceSpec FORTE_CAIRN_Edge::scm_stFBInterfaceSpec = {
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    5, scm_anDataInputNames, scm_anDataInputTypeIds,
    6, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0};

void FORTE_CAIRN_Edge::executeEvent(int event) {
  if (event != 0) return;
  block_.Enable = *static_cast<CIEC_BOOL*>(getDI(0));
  block_.Handle = *static_cast<CIEC_UDINT*>(getDI(1));
  block_.EventId = *static_cast<CIEC_UDINT*>(getDI(2));
  block_.Source = *static_cast<CIEC_UDINT*>(getDI(3));
  block_.Signal = *static_cast<CIEC_BOOL*>(getDI(4));
  cairn_fb_edge(&block_);
  *static_cast<CIEC_BOOL*>(getDO(0)) = block_.Valid != 0;
  *static_cast<CIEC_BOOL*>(getDO(1)) = block_.Busy != 0;
  *static_cast<CIEC_BOOL*>(getDO(2)) = block_.Error != 0;
  *static_cast<CIEC_DWORD*>(getDO(3)) = block_.ErrorID;
  *static_cast<CIEC_UDINT*>(getDO(4)) = block_.Rises;
  *static_cast<CIEC_UDINT*>(getDO(5)) = block_.Falls;
  sendOutputEvent(0);
}
