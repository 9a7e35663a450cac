#include "device.h"

#include <string.h>

static uint8_t memory[DEVICE_SEGMENTS][DEVICE_SEGMENT_BYTES];

volatile uint32_t device_sink;
const uint8_t device_record[DEVICE_RECORD_BYTES] = {'2', '1', '3', '.', '5', ' ', 'b', 'a', 'r'};

static int read(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
  (void)user;
  memcpy(data, memory[segment] + offset, size);
  return 0;
}

static int program(void* user, uint32_t segment, uint32_t offset, const void* data, uint32_t size) {
  (void)user;
  memcpy(memory[segment] + offset, data, size);
  return 0;
}

static int erase(void* user, uint32_t segment) {
  (void)user;
  memset(memory[segment], 0xFF, DEVICE_SEGMENT_BYTES);
  return 0;
}

const cairn_flash device_flash = {sizeof(cairn_flash),
                                  1,
                                  DEVICE_SEGMENT_BYTES,
                                  DEVICE_SEGMENTS,
                                  0xFF,
                                  CAIRN_FLASH_NOR,
                                  {0, 0},
                                  NULL,
                                  read,
                                  program,
                                  erase,
                                  NULL,
                                  NULL};
const cairn_platform device_platform = CAIRN_PLATFORM_INIT;
