# Bare-metal Cortex-M with Debian's gcc-arm-none-eabi, or with clang and that one's linker.
#
#   CAIRN_CPU         m0plus, m3, m4, m4f, m7 or m33: f is the M4 with its floating-point unit
#   CAIRN_COMPILER    gcc (default) or clang
#   CAIRN_C_LIBRARY   newlib (default: newlib-nano) or picolibc
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CAIRN_CPU m4 CACHE STRING "Core: m0plus, m3, m4, m4f, m7 or m33")
set(CAIRN_COMPILER gcc CACHE STRING "Compiler: gcc or clang")
set(CAIRN_C_LIBRARY newlib CACHE STRING "C library: newlib or picolibc")
# Nothing can be linked without a linker script, and the checks must see the same core.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CAIRN_CPU CAIRN_COMPILER CAIRN_C_LIBRARY)

set(flags_m0plus -mcpu=cortex-m0plus)
set(flags_m3 -mcpu=cortex-m3)
set(flags_m4 -mcpu=cortex-m4 -mfloat-abi=soft)
set(flags_m4f -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(flags_m7 -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16)
set(flags_m33 -mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16)
if(NOT DEFINED flags_${CAIRN_CPU})
  message(FATAL_ERROR "CAIRN_CPU is '${CAIRN_CPU}': choose m0plus, m3, m4, m4f, m7 or m33")
endif()
set(cpu ${flags_${CAIRN_CPU}} -mthumb)

find_program(CAIRN_ARM_GCC arm-none-eabi-gcc REQUIRED)
set(libraries "--specs=nano.specs --specs=nosys.specs")
set(c_headers /usr/include/newlib)
set(compile ${cpu} -ffunction-sections -fdata-sections -fno-common)
if(CAIRN_C_LIBRARY STREQUAL "picolibc")
  set(libraries "--specs=picolibc.specs")
  set(c_headers /usr/lib/picolibc/arm-none-eabi/include)
elseif(NOT CAIRN_C_LIBRARY STREQUAL "newlib")
  message(FATAL_ERROR "CAIRN_C_LIBRARY is '${CAIRN_C_LIBRARY}': choose newlib or picolibc")
endif()

if(CAIRN_COMPILER STREQUAL "gcc")
  set(CMAKE_C_COMPILER ${CAIRN_ARM_GCC})
  find_program(CMAKE_CXX_COMPILER arm-none-eabi-g++ REQUIRED)
  if(CAIRN_C_LIBRARY STREQUAL "picolibc")
    list(APPEND compile ${libraries})
  endif()
elseif(CAIRN_COMPILER STREQUAL "clang")
  set(CMAKE_C_COMPILER clang)
  set(CMAKE_CXX_COMPILER clang++)
  set(CMAKE_C_COMPILER_TARGET arm-none-eabi)
  set(CMAKE_CXX_COMPILER_TARGET arm-none-eabi)
  # The headers that GCC takes, in its order; -fshort-enums is what its ABI has.
  execute_process(COMMAND ${CAIRN_ARM_GCC} ${cpu} -print-multi-directory
    OUTPUT_VARIABLE multilib OUTPUT_STRIP_TRAILING_WHITESPACE)
  execute_process(COMMAND ${CAIRN_ARM_GCC} -dumpfullversion
    OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
  file(GLOB cxx_headers /usr/include/newlib/c++/${version}
    /usr/lib/arm-none-eabi/include/c++/${version})
  list(APPEND compile -fshort-enums)
  foreach(folder ${cxx_headers} ${cxx_headers}/arm-none-eabi/${multilib})
    set(cxx_include "${cxx_include} -isystem ${folder}")
  endforeach()
  list(APPEND compile -isystem ${c_headers})
else()
  message(FATAL_ERROR "CAIRN_COMPILER is '${CAIRN_COMPILER}': choose gcc or clang")
endif()

list(JOIN compile " " compile)
list(JOIN cpu " " cpu)
set(CMAKE_C_FLAGS_INIT "${compile}")
string(JOIN " " CMAKE_CXX_FLAGS_INIT ${cxx_include} ${compile} -fno-use-cxa-atexit
  -fno-unwind-tables -fno-asynchronous-unwind-tables)
# GCC links, also what clang has compiled, and as C: no C++ run-time library is needed.
foreach(language C CXX)
  string(JOIN " " CMAKE_${language}_LINK_EXECUTABLE ${CAIRN_ARM_GCC} ${cpu} -nostartfiles
    ${libraries} -Wl,--gc-sections -Wl,-z,noexecstack <LINK_FLAGS> <OBJECTS> -o <TARGET>
    <LINK_LIBRARIES>)
endforeach()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_FIND_ROOT_PATH ${CMAKE_CURRENT_LIST_DIR}/none)
