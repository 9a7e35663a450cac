// What FORTE 2.0 lays down for the class of a function block. Enough to compile against, no more.
#pragma once

#include <cstdint>

using TForteInt16 = int16_t;
using TDataIOID = uint8_t;
class CResource;

struct CStringDictionary {
  using TStringId = unsigned;
};

struct SFBInterfaceSpec {
  unsigned event_inputs;
  const CStringDictionary::TStringId* event_input_names;
  const TDataIOID* with_inputs;
  const TForteInt16* with_input_indexes;
  unsigned event_outputs;
  const CStringDictionary::TStringId* event_output_names;
  const TDataIOID* with_outputs;
  const TForteInt16* with_output_indexes;
  unsigned inputs;
  const CStringDictionary::TStringId* input_names;
  const CStringDictionary::TStringId* input_types;
  unsigned outputs;
  const CStringDictionary::TStringId* output_names;
  const CStringDictionary::TStringId* output_types;
  unsigned adapters;
  const void* adapter_definitions;
};

struct CIEC_ANY {};

template <typename T>
struct CIEC_VALUE : CIEC_ANY {
  T value;
  operator T() const { return value; }
  CIEC_VALUE& operator=(T to) {
    value = to;
    return *this;
  }
};
using CIEC_BOOL = CIEC_VALUE<bool>;
using CIEC_BYTE = CIEC_VALUE<uint8_t>;
using CIEC_USINT = CIEC_VALUE<uint8_t>;
using CIEC_WORD = CIEC_VALUE<uint16_t>;
using CIEC_UINT = CIEC_VALUE<uint16_t>;
using CIEC_DWORD = CIEC_VALUE<uint32_t>;
using CIEC_UDINT = CIEC_VALUE<uint32_t>;
using CIEC_LWORD = CIEC_VALUE<uint64_t>;
using CIEC_ULINT = CIEC_VALUE<uint64_t>;
using CIEC_LINT = CIEC_VALUE<int64_t>;
using CIEC_LREAL = CIEC_VALUE<double>;

class CFunctionBlock {
 public:
  CFunctionBlock(CResource*, const SFBInterfaceSpec*, CStringDictionary::TStringId, uint8_t*,
                 uint8_t*);
  virtual ~CFunctionBlock();

 protected:
  virtual void executeEvent(int event) = 0;
  void sendOutputEvent(int event);
  CIEC_ANY* getDI(unsigned number);
  CIEC_ANY* getDO(unsigned number);
};

#define DECLARE_FIRMWARE_FB(name) \
 public:                          \
  static CFunctionBlock* create(CStringDictionary::TStringId, CResource*);
#define DEFINE_FIRMWARE_FB(name, id)                                                         \
  CFunctionBlock* name::create(CStringDictionary::TStringId instance, CResource* resource) { \
    return new name(instance, resource);                                                     \
  }                                                                                          \
  static const CStringDictionary::TStringId cairn_test_id_of_##name = id;                    \
  CStringDictionary::TStringId cairn_test_use_##name() {                                     \
    return cairn_test_id_of_##name;                                                          \
  }
#define FORTE_FB_DATA_ARRAY(events, inputs, outputs, adapters) \
  uint8_t m_anFBConnData[1];                                   \
  uint8_t m_anFBVarsData[1]
#define FUNCTION_BLOCK_CTOR(name)                                  \
  name(CStringDictionary::TStringId instance, CResource* resource) \
      : CFunctionBlock(resource, &scm_stFBInterfaceSpec, instance, m_anFBConnData, m_anFBVarsData)
