/* The part of CMSIS-Driver's flash interface (API 2.x) that the adapter uses, written from its
 * documentation: packs of silicon vendors bring the whole. */
#ifndef CAIRN_TEST_DRIVER_FLASH_H
#define CAIRN_TEST_DRIVER_FLASH_H

#include <stdint.h>

typedef enum { ARM_POWER_OFF, ARM_POWER_LOW, ARM_POWER_FULL } ARM_POWER_STATE;

typedef struct arm_flash_sector_ {
  uint32_t start;
  uint32_t end;
} const ARM_FLASH_SECTOR;

typedef struct arm_flash_info_ {
  ARM_FLASH_SECTOR* sector_info;
  uint32_t sector_count;
  uint32_t sector_size;
  uint32_t page_size;
  uint32_t program_unit;
  uint8_t erased_value;
} const ARM_FLASH_INFO;

typedef struct arm_flash_status_ {
  uint32_t busy : 1;
  uint32_t error : 1;
} ARM_FLASH_STATUS;

typedef struct arm_flash_capabilities_ {
  uint32_t event_ready : 1;
  uint32_t data_width : 2;
  uint32_t erase_chip : 1;
} ARM_FLASH_CAPABILITIES;

typedef void (*ARM_Flash_SignalEvent_t)(uint32_t event);

typedef struct arm_driver_flash_ {
  ARM_FLASH_CAPABILITIES (*GetCapabilities)(void);
  int32_t (*Initialize)(ARM_Flash_SignalEvent_t callback);
  int32_t (*PowerControl)(ARM_POWER_STATE state);
  int32_t (*ReadData)(uint32_t address, void* data, uint32_t count);
  int32_t (*ProgramData)(uint32_t address, const void* data, uint32_t count);
  int32_t (*EraseSector)(uint32_t address);
  ARM_FLASH_STATUS (*GetStatus)(void);
  ARM_FLASH_INFO* (*GetInfo)(void);
} const ARM_DRIVER_FLASH;

#endif
