# What the Linux cross builds share; arm64.cmake and its neighbours set the names and include it.
set(CMAKE_SYSTEM_NAME Linux)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CAIRN_SYSROOT)

set(CAIRN_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../../../build/sysroot/${cairn_cross_architecture}
    CACHE PATH "Root folder with the target's libraries")
if(NOT EXISTS ${CAIRN_SYSROOT}/usr/include)
  message(FATAL_ERROR "no libraries of ${cairn_cross_architecture} in ${CAIRN_SYSROOT}: fetch them "
    "with ports/linux/cross/sysroot ${cairn_cross_architecture}, or set CAIRN_SYSROOT")
endif()
get_filename_component(CMAKE_SYSROOT ${CAIRN_SYSROOT} REALPATH)

set(CMAKE_C_COMPILER ${cairn_cross_triplet}-gcc)
set(CMAKE_CXX_COMPILER ${cairn_cross_triplet}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${cairn_cross_triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR ${cairn_cross_emulator} -L ${CMAKE_SYSROOT})
