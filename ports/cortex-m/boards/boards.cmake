# The emulated boards, one for each core, and how a program for one is made and run.

set(board_m0plus microbit 0x00000000 0x00040000 0x20000000 0x00004000 0x1800)
set(board_m3 mps2-an385 0x00000000 0x00400000 0x20000000 0x00400000 0x4000)
set(board_m4 mps2-an386 0x00000000 0x00400000 0x20000000 0x00400000 0x4000)
set(board_m4f ${board_m4})
set(board_m7 mps2-an500 0x00000000 0x00400000 0x20000000 0x00400000 0x4000)
set(board_m33 mps2-an505 0x10000000 0x00400000 0x38000000 0x00200000 0x4000)

set(CAIRN_BOARDS_DIR ${CMAKE_CURRENT_LIST_DIR})
list(GET board_${CAIRN_CPU} 0 CAIRN_QEMU_MACHINE)
find_program(CAIRN_QEMU qemu-system-arm)
set(CAIRN_QEMU_COMMAND ${CAIRN_QEMU} -M ${CAIRN_QEMU_MACHINE} -nographic -monitor none -serial none
  -semihosting-config enable=on,target=native -kernel)

# cairn_firmware(NAME SOURCE...): a program for the board of this build's core.
function(cairn_firmware name)
  list(GET board_${CAIRN_CPU} 1 rom)
  list(GET board_${CAIRN_CPU} 2 rom_bytes)
  list(GET board_${CAIRN_CPU} 3 ram)
  list(GET board_${CAIRN_CPU} 4 ram_bytes)
  list(GET board_${CAIRN_CPU} 5 stack_bytes)
  add_executable(${name} ${ARGN} ${CAIRN_BOARDS_DIR}/startup.c ${CAIRN_BOARDS_DIR}/semihosting.c)
  target_include_directories(${name} PRIVATE ${CAIRN_BOARDS_DIR})
  target_link_options(${name} PRIVATE -T${CAIRN_BOARDS_DIR}/board.ld
    -Wl,--defsym=CAIRN_ROM=${rom},--defsym=CAIRN_ROM_BYTES=${rom_bytes}
    -Wl,--defsym=CAIRN_RAM=${ram},--defsym=CAIRN_RAM_BYTES=${ram_bytes}
    -Wl,--defsym=CAIRN_STACK_BYTES=${stack_bytes} -Wl,-Map=$<TARGET_FILE:${name}>.map)
  set_target_properties(${name} PROPERTIES SUFFIX .elf C_STANDARD 99 CXX_EXTENSIONS OFF
    LINK_DEPENDS ${CAIRN_BOARDS_DIR}/board.ld)
endfunction()
