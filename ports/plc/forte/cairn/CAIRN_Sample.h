/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CAIRN_Sample for Eclipse 4diac FORTE 2.0. */
/* clang-format off */

#ifndef CAIRN_FORTE_CAIRN_SAMPLE_H
#define CAIRN_FORTE_CAIRN_SAMPLE_H

#include <funcbloc.h>
#include <forte_bool.h>
#include <forte_dword.h>
#include <forte_lreal.h>
#include <forte_udint.h>
#include <forte_word.h>

#include "cairn_plc.h"

class FORTE_CAIRN_Sample : public CFunctionBlock {
  DECLARE_FIRMWARE_FB(FORTE_CAIRN_Sample)

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

  FORTE_FB_DATA_ARRAY(1, 9, 5, 0);

  virtual void executeEvent(int event);

  cairn_fb_sample_t block_;

 public:
  FUNCTION_BLOCK_CTOR(FORTE_CAIRN_Sample), block_() {}
  virtual ~FORTE_CAIRN_Sample() {}
};

#endif
