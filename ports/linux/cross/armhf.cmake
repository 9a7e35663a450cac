# Linux on 32-bit ARM with hardware floating point, against the libraries that ./sysroot fetched.
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(cairn_cross_architecture armhf)
set(cairn_cross_triplet arm-linux-gnueabihf)
set(cairn_cross_emulator qemu-arm)
include(${CMAKE_CURRENT_LIST_DIR}/linux.cmake)
