/* The part's own flash, mapped into the address space. */
#ifndef CAIRN_CORTEX_M_INTERNAL_FLASH_H
#define CAIRN_CORTEX_M_INTERNAL_FLASH_H

#include <cairn/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The area that the log gets, and how it is written. Filled in by the application, which keeps it
 * as long as the flash is in use. */
typedef struct cairn_internal_flash {
  uint32_t struct_size; /* sizeof(cairn_internal_flash) */
  void* user;
  uintptr_t address;      /* where the area is mapped: a multiple of unit_bytes */
  uint32_t unit_bytes;    /* what one call of program_unit writes: 4, 8, 16 or 32 */
  uint32_t segment_bytes; /* one erase page or several */
  uint32_t segment_count; /* 2 or more, 3 or more to recycle */
  uint8_t kind;           /* CAIRN_FLASH_ONCE where units have ECC, else CAIRN_FLASH_NOR */
  uint8_t erased;         /* 0xFF, or 0x00 (STM32 L0, L1) */
  uint8_t reserved[2];    /* 0 */
  /* Programs one unit; `data` is aligned to 4 bytes. 0, or negative when the controller reports an
   * error: the log then reads back and goes on elsewhere. */
  int (*program_unit)(void* user, uintptr_t address, const void* data);
  /* Erases the pages from `address` on, segment_bytes of them. */
  int (*erase)(void* user, uintptr_t address);
  /* 1 when the controller has found an uncorrectable error since the last call, which it then
   * forgets; 0 otherwise. NULL: reads fail only where they fault. */
  int (*read_failed)(void* user);
} cairn_internal_flash;
#define CAIRN_INTERNAL_FLASH_INIT                                                               \
  {                                                                                             \
    sizeof(cairn_internal_flash), NULL, 0, 8, 0, 0, CAIRN_FLASH_ONCE, 0xFF, {0, 0}, NULL, NULL, \
        NULL                                                                                    \
  }

/** Makes a flash of the area.
 *
 * Reading masks faults: on Armv7-M and Armv8-M Mainline a bus fault inside a read does not reach
 * its handler, and the read answers CAIRN_E_UNREADABLE. Armv6-M and Armv8-M Baseline cannot mask
 * it: there `read_failed` must tell, and the part must not fault. While it reads, interrupts wait:
 * for at most 32 bytes at a time.
 *
 * Not masked: an NMI, by which some parts (STM32 L4, G0, G4, WB) report a word that a cut has torn.
 * There the application's NMI handler takes note, and `read_failed` tells: docs/porting.md, "Words
 * that cannot be read". Nor where masking is not allowed, which is in unprivileged code, and in
 * non-secure code of Armv8-M unless AIRCR.BFHFNMINS is set: privileged or secure code must read.
 *
 * Power loss: nothing is written.
 *
 * CAIRN_E_BAD_ARGUMENT  a function is missing, the unit is none of the four, or the area is not
 *                       aligned to it */
int cairn_internal_flash_open(cairn_internal_flash* flash, cairn_flash* out);

#ifdef __cplusplus
}
#endif

#endif
