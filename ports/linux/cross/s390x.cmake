# Linux on IBM Z, which is big-endian, against the libraries that ./sysroot fetched.
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(cairn_cross_architecture s390x)
set(cairn_cross_triplet s390x-linux-gnu)
set(cairn_cross_emulator qemu-s390x)
include(${CMAKE_CURRENT_LIST_DIR}/linux.cmake)
