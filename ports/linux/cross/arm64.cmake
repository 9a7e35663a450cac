# Linux on 64-bit ARM, against the libraries that ./sysroot fetched.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(cairn_cross_architecture arm64)
set(cairn_cross_triplet aarch64-linux-gnu)
set(cairn_cross_emulator qemu-aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/linux.cmake)
