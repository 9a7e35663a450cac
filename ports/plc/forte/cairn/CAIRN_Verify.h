/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Verify for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#ifndef CAIRN_FORTE_CAIRN_VERIFY_H
#define CAIRN_FORTE_CAIRN_VERIFY_H

#include <funcbloc.h>
#include <forte_bool.h>
#include <forte_dword.h>
#include <forte_udint.h>
#include <forte_uint.h>
#include <forte_ulint.h>

#include "cairn_plc.h"

class FORTE_CAIRN_Verify : public CFunctionBlock {
  DECLARE_FIRMWARE_FB(FORTE_CAIRN_Verify)

 private:
  static const CStringDictionary::TStringId scm_anDataInputNames[];
  static const CStringDictionary::TStringId scm_anDataInputTypeIds[];
  static const CStringDictionary::TStringId scm_anDataOutputNames[];
  static const CStringDictionary::TStringId scm_anDataOutputTypeIds[];
  static const TForteInt16 scm_anEIWithIndexes[];
  static const TDataIOID scm_anEIWith[];
  static const CStringDictionary::TStringId scm_anEventInputNames[];
  static const TForteInt16 scm_anEOWithIndexes[];
  static const TDataIOID scm_anEOWith[];
  static const CStringDictionary::TStringId scm_anEventOutputNames[];
  static const SFBInterfaceSpec scm_stFBInterfaceSpec;

  FORTE_FB_DATA_ARRAY(1, 2, 8, 0);

  virtual void executeEvent(int event);

  cairn_fb_verify_t block_;

 public:
  FUNCTION_BLOCK_CTOR(FORTE_CAIRN_Verify), block_() {}
  virtual ~FORTE_CAIRN_Verify() {}
};

#endif
