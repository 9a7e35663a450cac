// A flash with a CMSIS-Driver, without a heap, for the host and the boards. It says which rule of
// the interface the caller of the driver has broken.
#pragma once

#include <cairn/cortex_m/cmsis_flash.h>

struct CmsisFlashPart {
  enum : uint32_t { memory_bytes = 8192, sector_bytes = 1024 };

  uint32_t memory[memory_bytes / 4];
  uint32_t width = 0, unit = 1;  // log2 of the item's bytes
  bool listed = false;           // sectors of several sizes
  unsigned busy = 0, starts = 0;
  bool fails_to_start = false, error = false;
  bool starts_only = false;                       // answers that no item is done yet, and goes on
  unsigned calls = 0, refused = 0, refusals = 0;  // reads and programs; from which on, how many
  int32_t refusal = -2;                           // answers this then: ARM_DRIVER_ERROR_BUSY
  uint32_t missing = 0;                           // so many items are not done
  const char* violation = nullptr;

  CmsisFlashPart() {
    for (uint32_t& word : memory)
      word = 0xFFFFFFFF;
  }
  // CMSIS functions have no argument for the instance, so there is one.
  static CmsisFlashPart*& part() {
    static CmsisFlashPart* the_one;
    return the_one;
  }

  cairn_cmsis_flash area(uint32_t first = 2048, uint32_t segment = 2048, uint32_t count = 3) {
    static ARM_DRIVER_FLASH driver = {capabilities, start, power,  read,
                                      program,      erase, status, info};
    part() = this;
    cairn_cmsis_flash out = CAIRN_CMSIS_FLASH_INIT;
    out.driver = &driver;
    out.first_address = first;
    out.segment_bytes = segment;
    out.segment_count = count;
    return out;
  }

 private:
  uint8_t* at(uint32_t address) { return reinterpret_cast<uint8_t*>(memory) + address; }
  void demand(bool holds, const char* what) {
    if (!holds && violation == nullptr) violation = what;
  }
  void check(uint32_t address, const void* data, uint32_t count) {
    demand(busy == 0, "a call while busy");
    demand(address % (1u << width) == 0, "an address inside an item");
    demand(reinterpret_cast<uintptr_t>(data) % (1u << width) == 0, "data that is not aligned");
    demand(address + (uint64_t{count} << width) <= memory_bytes, "outside");
  }
  bool refuses() {
    const unsigned call = calls++;
    return call >= refused && call - refused < refusals;
  }
  static ARM_FLASH_SECTOR* sectors() {
    static ARM_FLASH_SECTOR list[] = {
        {0, 1023}, {1024, 2047}, {2048, 4095}, {4096, 6143}, {6144, 8191}};
    return list;
  }

  static ARM_FLASH_CAPABILITIES capabilities() { return {0, part()->width & 3, 0}; }
  static int32_t start(ARM_Flash_SignalEvent_t) { return part()->fails_to_start ? -1 : 0; }
  static int32_t power(ARM_POWER_STATE state) {
    part()->starts += state == ARM_POWER_FULL ? 1 : 0;
    return 0;
  }
  static int32_t read(uint32_t address, void* data, uint32_t count) {
    CmsisFlashPart& self = *part();
    self.check(address, data, count);
    if (self.refuses()) return self.refusal;
    const uint32_t done = count - self.missing;
    for (uint32_t i = 0; i < done << self.width; ++i)
      static_cast<uint8_t*>(data)[i] = self.at(address)[i];
    self.busy = 1;
    return self.starts_only ? 0 : static_cast<int32_t>(done);
  }
  static int32_t program(uint32_t address, const void* data, uint32_t count) {
    CmsisFlashPart& self = *part();
    self.check(address, data, count);
    self.demand((address | count << self.width) % self.unit == 0, "no whole unit");
    if (self.refuses()) return self.refusal;
    const uint32_t done = count - self.missing;
    for (uint32_t i = 0; i < done << self.width; ++i)
      self.at(address)[i] &= static_cast<const uint8_t*>(data)[i];
    self.busy = 3;
    return self.starts_only ? 0 : static_cast<int32_t>(done);
  }
  static int32_t erase(uint32_t address) {
    CmsisFlashPart& self = *part();
    self.demand(self.busy == 0, "an erase while busy");
    uint32_t size = self.listed ? 0 : static_cast<uint32_t>(sector_bytes);
    for (uint32_t i = 0; self.listed && i < 5; ++i)
      if (sectors()[i].start == address) size = sectors()[i].end + 1 - address;
    self.demand(size != 0 && address % sector_bytes == 0, "no sector begins here");
    for (uint32_t i = 0; i < size; ++i)
      self.at(address)[i] = 0xFF;
    self.busy = 9;
    return 0;
  }
  static ARM_FLASH_STATUS status() {
    CmsisFlashPart& self = *part();
    const bool is_busy = self.busy != 0;
    if (is_busy) --self.busy;
    return {is_busy ? 1u : 0u, !is_busy && self.error ? 1u : 0u};
  }
  static ARM_FLASH_INFO* info() {
    static ARM_FLASH_INFO uniform = {nullptr, 8, sector_bytes, 256, 1, 0xFF};
    static ARM_FLASH_INFO uniform8 = {nullptr, 8, sector_bytes, 256, 8, 0xFF};
    static ARM_FLASH_INFO uneven = {sectors(), 5, 0, 256, 4, 0xFF};
    return part()->listed ? &uneven : part()->unit == 8 ? &uniform8 : &uniform;
  }
};
