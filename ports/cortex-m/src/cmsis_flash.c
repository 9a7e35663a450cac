/* CMSIS-Driver Flash: data in items of 1, 2 or 4 bytes, sectors of one size or listed. */
#include <cairn/cortex_m/cmsis_flash.h>

#define STEP_BYTES 64u /* a multiple of every unit; aligned, as drivers that read words expect */

/* What an operation on `count` items comes to that the driver has answered with `done`: negative
 * when it refuses, 0 when it has only begun, else the items that it has done. Only its error flag
 * speaks of the memory itself, and gives `failed`. */
static int finish(const cairn_cmsis_flash* flash, int32_t done, uint32_t count, int failed) {
  if (done < 0) return CAIRN_E_IO;
  for (;;) {
    const ARM_FLASH_STATUS status = flash->driver->GetStatus();
    if (!status.busy) {
      if (status.error) return failed;
      return done == 0 || (uint32_t)done == count ? CAIRN_OK : CAIRN_E_IO;
    }
    if (flash->wait != NULL && flash->wait(flash->user) < 0) return CAIRN_E_IO;
  }
}

static void copy(uint8_t* to, const uint8_t* from, uint32_t size) {
  uint32_t i;
  for (i = 0; i < size; ++i)
    to[i] = from[i];
}

static uint32_t address_of(const cairn_cmsis_flash* flash, uint32_t segment, uint32_t offset) {
  return flash->first_address + segment * flash->segment_bytes + offset;
}

/* The log asks for any byte, the driver gives whole items. */
static int on_read(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
  const cairn_cmsis_flash* flash = (const cairn_cmsis_flash*)user;
  uint32_t items[STEP_BYTES / 4];
  uint8_t* to = (uint8_t*)data;
  uint32_t address = address_of(flash, segment, offset);
  while (size != 0) {
    const uint32_t skip = address % flash->item_bytes;
    const uint32_t room = STEP_BYTES - skip;
    const uint32_t step = size < room ? size : room;
    const uint32_t count = (skip + step + flash->item_bytes - 1) / flash->item_bytes;
    const int status = finish(flash, flash->driver->ReadData(address - skip, items, count), count,
                              CAIRN_E_UNREADABLE);
    if (status < 0) return status;
    copy(to, (const uint8_t*)items + skip, step);
    to += step;
    address += step;
    size -= step;
  }
  return CAIRN_OK;
}

static int on_program(void* user, uint32_t segment, uint32_t offset, const void* data,
                      uint32_t size) {
  const cairn_cmsis_flash* flash = (const cairn_cmsis_flash*)user;
  const uint8_t* from = (const uint8_t*)data;
  uint32_t items[STEP_BYTES / 4];
  uint32_t address = address_of(flash, segment, offset);
  while (size != 0) {
    const uint32_t step = size < STEP_BYTES ? size : STEP_BYTES;
    const uint32_t count = step / flash->item_bytes;
    int status;
    copy((uint8_t*)items, from, step);
    status = finish(flash, flash->driver->ProgramData(address, items, count), count, CAIRN_E_IO);
    if (status < 0) return status;
    from += step;
    address += step;
    size -= step;
  }
  return CAIRN_OK;
}

/* The end of the sector that begins at `address`; 0 when none does. */
static uint32_t sector_end(const cairn_cmsis_flash* flash, uint32_t address) {
  ARM_FLASH_INFO* info = flash->driver->GetInfo();
  uint32_t i;
  if (info->sector_info == NULL)
    return info->sector_size != 0 && address % info->sector_size == 0 ? address + info->sector_size
                                                                      : 0;
  for (i = 0; i < info->sector_count; ++i)
    if (info->sector_info[i].start == address) return info->sector_info[i].end + 1;
  return 0;
}

static int on_erase(void* user, uint32_t segment) {
  const cairn_cmsis_flash* flash = (const cairn_cmsis_flash*)user;
  const uint32_t end = address_of(flash, segment + 1, 0);
  uint32_t address = address_of(flash, segment, 0);
  while (address < end) {
    const int status = finish(flash, flash->driver->EraseSector(address), 0, CAIRN_E_IO);
    if (status < 0) return status;
    address = sector_end(flash, address);
  }
  return CAIRN_OK;
}

static int has_whole_sectors(const cairn_cmsis_flash* flash) {
  uint32_t segment;
  for (segment = 0; segment < flash->segment_count; ++segment) {
    const uint32_t end = address_of(flash, segment + 1, 0);
    uint32_t address = address_of(flash, segment, 0);
    while (address < end) {
      address = sector_end(flash, address);
      if (address == 0 || address > end) return 0;
    }
  }
  return 1;
}

int cairn_cmsis_flash_open(cairn_cmsis_flash* flash, cairn_flash* out) {
  const cairn_flash empty = CAIRN_FLASH_INIT;
  uint32_t width, unit;
  if (flash == NULL || out == NULL || flash->struct_size != sizeof *flash ||
      flash->driver == NULL || flash->segment_bytes == 0 || flash->segment_count < 2)
    return CAIRN_E_BAD_ARGUMENT;
  if (flash->driver->Initialize(NULL) < 0 || flash->driver->PowerControl(ARM_POWER_FULL) < 0)
    return CAIRN_E_IO;
  width = flash->driver->GetCapabilities().data_width;
  flash->item_bytes = (uint8_t)(1u << width);
  unit = flash->driver->GetInfo()->program_unit;
  if (unit < flash->item_bytes) unit = flash->item_bytes;
  if (unit > STEP_BYTES || (unit & (unit - 1)) != 0) return CAIRN_E_UNSUPPORTED;
  if (!has_whole_sectors(flash)) return CAIRN_E_BAD_ARGUMENT;
  *out = empty;
  out->unit_bytes = unit;
  out->segment_bytes = flash->segment_bytes;
  out->segment_count = flash->segment_count;
  out->kind = flash->kind;
  out->erased = flash->driver->GetInfo()->erased_value;
  out->user = flash;
  out->read = on_read;
  out->program = on_program;
  out->erase = on_erase;
  return CAIRN_OK;
}
