// What matiec's own headers lay down for the C that it compiles with: types, variables with flags,
// and the macros by which a block's body reads and writes them. Enough to compile against, no more.
#pragma once

#include <stdint.h>

typedef uint8_t BOOL, BYTE, USINT;
typedef uint16_t WORD, UINT;
typedef uint32_t DWORD, UDINT;
typedef uint64_t LWORD, ULINT;
typedef int64_t LINT;
typedef double LREAL;

#define CAIRN_TEST_VARIABLE(type) \
  typedef struct {                \
    type value;                   \
    uint8_t flags;                \
  } __IEC_##type##_t;
CAIRN_TEST_VARIABLE(BOOL)
CAIRN_TEST_VARIABLE(BYTE)
CAIRN_TEST_VARIABLE(USINT)
CAIRN_TEST_VARIABLE(WORD)
CAIRN_TEST_VARIABLE(UINT)
CAIRN_TEST_VARIABLE(DWORD)
CAIRN_TEST_VARIABLE(UDINT)
CAIRN_TEST_VARIABLE(LWORD)
CAIRN_TEST_VARIABLE(ULINT)
CAIRN_TEST_VARIABLE(LINT)
CAIRN_TEST_VARIABLE(LREAL)

#define __DECLARE_VAR(type, name) __IEC_##type##_t name;
#define __INIT_VAR(name, initial, retained) \
  name.value = (initial);                   \
  name.flags = (retained) ? 4 : 0;
#define __GET_VAR(name) name.value
#define __SET_VAR(prefix, name, suffix, new_value) \
  if ((prefix name.flags & 2) == 0) prefix name.value suffix = new_value

// In a pragma of a body.
#define GetFbVar(name) __GET_VAR(data__->name)
#define SetFbVar(name, value) __SET_VAR(data__->, name, , value)
