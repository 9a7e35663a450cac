/* Any flash with a CMSIS-Driver (Driver_Flash.h, API 2.x), which the part's pack brings. */
#ifndef CAIRN_CORTEX_M_CMSIS_FLASH_H
#define CAIRN_CORTEX_M_CMSIS_FLASH_H

#include <Driver_Flash.h>
#include <cairn/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A driver, and the area of its flash that the log gets. Filled in by the application, which keeps
 * it as long as the flash is in use; `item_bytes` is set by cairn_cmsis_flash_open(). */
typedef struct cairn_cmsis_flash {
  uint32_t struct_size; /* sizeof(cairn_cmsis_flash) */
  ARM_DRIVER_FLASH* driver;
  void* user;
  /* Called again and again while the flash is busy. May sleep. 0, or negative to give up, which
   * takes a driver that no longer writes into memory. NULL: polls for ever. */
  int (*wait)(void* user);
  uint32_t first_address; /* as the driver counts: where a sector begins */
  uint32_t segment_bytes; /* one sector or several */
  uint32_t segment_count; /* 2 or more, 3 or more to recycle */
  uint8_t kind;           /* CAIRN_FLASH_ONCE where units have ECC, else CAIRN_FLASH_NOR */
  uint8_t item_bytes;     /* the driver's data width */
  uint8_t reserved[2];    /* 0 */
} cairn_cmsis_flash;
#define CAIRN_CMSIS_FLASH_INIT                                                  \
  {                                                                             \
    sizeof(cairn_cmsis_flash), NULL, NULL, NULL, 0, 0, 0, CAIRN_FLASH_NOR, 0, { \
      0, 0                                                                      \
    }                                                                           \
  }

/** Starts the driver and makes a flash of the area. Unit and erased value are the driver's.
 *
 * A read that ends with the driver's error flag is one of CAIRN_E_UNREADABLE bytes, which the log
 * takes for absent. One that the driver refuses, does in part, or does not end is CAIRN_E_IO: what
 * lies there is still there. A driver for memory with ECC tells of torn words by that flag.
 *
 * Power loss: nothing is written.
 *
 * CAIRN_E_BAD_ARGUMENT  no driver, or segments that are not made of whole sectors of it
 * CAIRN_E_IO            the driver does not start
 * CAIRN_E_UNSUPPORTED   its program unit is larger than 64 bytes, or none */
int cairn_cmsis_flash_open(cairn_cmsis_flash* flash, cairn_flash* out);

#ifdef __cplusplus
}
#endif

#endif
