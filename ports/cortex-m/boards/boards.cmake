# The emulated boards, and how a program for one is made and run.

# QEMU's name of the board; where its ROM lies and how large it is, the same of its RAM, the stack.
set(boards
  "microbit      0x00000000 0x00040000 0x20000000 0x00004000 0x1800"
  "mps2-an385    0x00000000 0x00400000 0x20000000 0x00400000 0x4000"
  "mps2-an386    0x00000000 0x00400000 0x20000000 0x00400000 0x4000"
  "mps2-an500    0x00000000 0x00400000 0x20000000 0x00400000 0x4000"
  "mps2-an505    0x10000000 0x00400000 0x38000000 0x00200000 0x4000"
  "lm3s6965evb   0x00000000 0x00040000 0x20000000 0x00010000 0x4000")
# Which one a core has, unless CAIRN_BOARD names another.
set(board_of_m0plus microbit)
set(board_of_m3 mps2-an385)
set(board_of_m4 mps2-an386)
set(board_of_m4f mps2-an386)
set(board_of_m7 mps2-an500)
set(board_of_m33 mps2-an505)

set(CAIRN_BOARD "" CACHE STRING "QEMU's board; the one that the core has unless set")
set(CAIRN_QEMU_MACHINE ${CAIRN_BOARD})
if(NOT CAIRN_QEMU_MACHINE)
  set(CAIRN_QEMU_MACHINE ${board_of_${CAIRN_CPU}})
endif()
set(CAIRN_BOARDS "${boards}")

# cairn_board(MACHINE): programs that follow are for this board of QEMU.
function(cairn_board machine)
  foreach(board ${CAIRN_BOARDS})
    separate_arguments(board)
    list(POP_FRONT board name)
    if(name STREQUAL machine)
      set(CAIRN_BOARD_MEMORY ${board} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "there is no line for the board '${machine}' in boards.cmake")
endfunction()
cairn_board("${CAIRN_QEMU_MACHINE}")

set(CAIRN_BOARDS_DIR ${CMAKE_CURRENT_LIST_DIR})
find_program(CAIRN_QEMU qemu-system-arm)
set(CAIRN_QEMU_COMMAND ${CAIRN_QEMU} -M ${CAIRN_QEMU_MACHINE} -nographic -monitor none -serial none
  -semihosting-config enable=on,target=native -kernel)

# cairn_firmware(TARGET SOURCE...): a program for the board.
function(cairn_firmware target)
  set(names rom rom_bytes ram ram_bytes stack_bytes)
  foreach(name value IN ZIP_LISTS names CAIRN_BOARD_MEMORY)
    set(${name} ${value})
  endforeach()
  add_executable(${target} ${ARGN} ${CAIRN_BOARDS_DIR}/startup.c ${CAIRN_BOARDS_DIR}/semihosting.c)
  target_include_directories(${target} PRIVATE ${CAIRN_BOARDS_DIR})
  target_link_options(${target} PRIVATE -T${CAIRN_BOARDS_DIR}/board.ld
    -Wl,--defsym=CAIRN_ROM=${rom},--defsym=CAIRN_ROM_BYTES=${rom_bytes}
    -Wl,--defsym=CAIRN_RAM=${ram},--defsym=CAIRN_RAM_BYTES=${ram_bytes}
    -Wl,--defsym=CAIRN_STACK_BYTES=${stack_bytes} -Wl,-Map=$<TARGET_FILE:${target}>.map)
  set_target_properties(${target} PROPERTIES SUFFIX .elf C_STANDARD 99 CXX_EXTENSIONS OFF
    LINK_DEPENDS ${CAIRN_BOARDS_DIR}/board.ld)
endfunction()
