/* SPI NOR flash with JEDEC's common commands, over three functions of the application. */
#ifndef CAIRN_CORTEX_M_SPI_NOR_H
#define CAIRN_CORTEX_M_SPI_NOR_H

#include <cairn/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A chip, and how to talk to it. Filled in by the application, which keeps it as long as the flash
 * is in use; `capacity_bytes` is set by cairn_spi_nor_open(). */
typedef struct cairn_spi_nor {
  uint32_t struct_size; /* sizeof(cairn_spi_nor) */
  void* user;
  /* Pulls the chip's select line down (1), or lets it go (0). */
  void (*select)(void* user, int on);
  /* Exchanges `size` bytes on the bus, mode 0 or 3. `out` NULL: sends any; `in` NULL: forgets what
   * comes. 0, or negative when the bus fails. */
  int (*exchange)(void* user, const uint8_t* out, uint8_t* in, uint32_t size);
  /* Called again and again while the chip is busy with a program (up to 5 ms) or an erase (up to 2
   * s for 64 KiB). May sleep. 0, or negative to give up. NULL: polls for ever. */
  int (*wait)(void* user);
  uint32_t first_byte;     /* where the log begins on the chip: a multiple of segment_bytes */
  uint32_t segment_bytes;  /* a multiple of 4 KiB; of 64 KiB, erased in one step */
  uint32_t segment_count;  /* 2 or more, 3 or more to recycle */
  uint32_t capacity_bytes; /* what the chip says of itself */
} cairn_spi_nor;
#define CAIRN_SPI_NOR_INIT \
  { sizeof(cairn_spi_nor), NULL, NULL, NULL, NULL, 0, 4096, 0, 0 }

/** Wakes the chip, asks it for its size, and makes a flash of it: CAIRN_FLASH_NOR, units of 1 byte,
 * pages of 256. So that a chip in deep power-down has time to wake, 1 KiB goes over the bus while
 * no chip is selected.
 *
 * Power loss: nothing is written.
 *
 * CAIRN_E_BAD_ARGUMENT  a function is missing; sizes are no multiples of 4 KiB, or the area goes
 *                       beyond the chip: `capacity_bytes` tells its size
 * CAIRN_E_IO            the bus fails, or no chip answers (all ones or all zeros)
 * CAIRN_E_UNSUPPORTED   the chip does not tell its size as a power of two between 64 KiB and 2 GiB
 */
int cairn_spi_nor_open(cairn_spi_nor* nor, cairn_flash* out);

#ifdef __cplusplus
}
#endif

#endif
