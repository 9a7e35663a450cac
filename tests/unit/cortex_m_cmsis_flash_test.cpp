// The driver over CMSIS-Driver, with flashes of every data width, sectors of one size or listed.
#include <cairn/cortex_m/cmsis_flash.h>
#include <cstring>

#include "cortex_m_flash.hpp"

using namespace adapters;

namespace {

// CMSIS functions have no argument for the instance, so there is one.
struct Part {
  std::vector<uint32_t> memory = std::vector<uint32_t>(8192 / 4, 0xFFFFFFFF);
  uint32_t width = 0, unit = 1;  // log2 of the item's bytes
  bool listed = false;
  unsigned busy = 0, starts = 0;
  bool fails_to_start = false, error = false;
  std::string violation;

  uint8_t* at(uint32_t address) { return reinterpret_cast<uint8_t*>(memory.data()) + address; }
  void demand(bool holds, const char* what) {
    if (!holds && violation.empty()) violation = what;
  }
  void check(uint32_t address, const void* data, uint32_t count) {
    demand(busy == 0, "a call while busy");
    demand(address % (1u << width) == 0, "an address inside an item");
    demand(uintptr_t(data) % (1u << width) == 0, "data that is not aligned");
    demand(address + (uint64_t{count} << width) <= 8192, "outside");
  }
};
Part* part = nullptr;

ARM_FLASH_SECTOR sectors[] = {{0, 1023}, {1024, 2047}, {2048, 4095}, {4096, 6143}, {6144, 8191}};
ARM_FLASH_INFO uniform = {nullptr, 8, 1024, 256, 1, 0xFF},
               uniform8 = {nullptr, 8, 1024, 256, 8, 0xFF};
ARM_FLASH_INFO uneven = {sectors, 5, 0, 256, 4, 0xFF};

ARM_DRIVER_FLASH driver = {
    [] {
      return ARM_FLASH_CAPABILITIES{0, part->width & 3, 0};
    },
    [](ARM_Flash_SignalEvent_t) { return part->fails_to_start ? -1 : 0; },
    [](ARM_POWER_STATE state) {
      part->starts += state == ARM_POWER_FULL ? 1 : 0;
      return int32_t{0};
    },
    [](uint32_t address, void* data, uint32_t count) {
      part->check(address, data, count);
      std::memcpy(data, part->at(address), count << part->width);
      part->busy = 1;
      return int32_t(count);
    },
    [](uint32_t address, const void* data, uint32_t count) {
      part->check(address, data, count);
      part->demand((address | count << part->width) % part->unit == 0, "no whole unit");
      const uint8_t* from = static_cast<const uint8_t*>(data);
      for (uint32_t i = 0; i < count << part->width; ++i)
        part->at(address)[i] &= from[i];
      part->busy = 3;
      return int32_t(count);
    },
    [](uint32_t address) {
      part->demand(part->busy == 0, "an erase while busy");
      uint32_t size = 1024;
      if (part->listed) {
        size = 0;
        for (const auto& sector : sectors)
          if (sector.start == address) size = sector.end + 1 - sector.start;
      }
      part->demand(size != 0 && address % 1024 == 0, "no sector begins here");
      std::memset(part->at(address), 0xFF, size);
      part->busy = 9;
      return int32_t{0};
    },
    [] {
      const bool busy = part->busy != 0;
      if (busy) --part->busy;
      return ARM_FLASH_STATUS{busy ? 1u : 0u, !busy && part->error ? 1u : 0u};
    },
    [] { return part->listed      ? &uneven
                : part->unit == 8 ? &uniform8
                                  : &uniform; },
};

cairn_cmsis_flash area(Part& of, uint32_t first = 2048, uint32_t segment = 2048,
                       uint32_t count = 3) {
  part = &of;
  cairn_cmsis_flash out = CAIRN_CMSIS_FLASH_INIT;
  out.driver = &driver;
  out.first_address = first;
  out.segment_bytes = segment;
  out.segment_count = count;
  return out;
}

}  // namespace

TEST_CASE("CMSIS-Driver: a log goes round, at every data width") {
  for (const uint32_t width : {0u, 1u, 2u}) {
    INFO("items of " << (1u << width));
    Part one;
    one.width = width;
    one.unit = 1u << width;
    cairn_cmsis_flash cmsis = area(one);
    Flash flash;
    REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
    CHECK(flash.unit_bytes == 1u << width);
    CHECK(one.starts == 1);
    go_round(flash);
    CHECK(one.violation == "");
  }
}

TEST_CASE("CMSIS-Driver: units of ECC, and sectors that are listed") {
  Part ecc;
  ecc.width = 2;
  ecc.unit = 8;
  cairn_cmsis_flash cmsis = area(ecc, 0, 1024, 8);
  cmsis.kind = CAIRN_FLASH_ONCE;
  Flash flash;
  REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
  CHECK(flash.unit_bytes == 8);
  go_round(flash);
  CHECK(ecc.violation == "");

  Part uneven_one;
  uneven_one.width = 2;
  uneven_one.unit = 4;
  uneven_one.listed = true;
  cmsis = area(uneven_one, 0, 2048, 4);  // the first is two sectors
  REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
  go_round(flash);
  CHECK(uneven_one.violation == "");
}

TEST_CASE("CMSIS-Driver: a driver that fails, and one that never ends") {
  Part one;
  one.fails_to_start = true;
  cairn_cmsis_flash cmsis = area(one);
  Flash flash;
  CHECK(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_E_IO);
  one.fails_to_start = false;
  cmsis.wait = [](void*) { return -1; };
  REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
  uint8_t byte = 0;
  CHECK(flash.erase(flash.user, 0) == CAIRN_E_IO);
  one.busy = 0;
  one.error = true;
  cmsis.wait = nullptr;
  CHECK(flash.program(flash.user, 0, 0, "x", 1) == CAIRN_E_IO);
  CHECK(flash.read(flash.user, 0, 0, &byte, 1) == CAIRN_E_UNREADABLE);
}

TEST_CASE("CMSIS-Driver: segments that are no whole sectors are refused") {
  Part one;
  Flash flash;
  const auto open = [&](uint32_t first, uint32_t segment, uint32_t count) {
    cairn_cmsis_flash cmsis = area(one, first, segment, count);
    return cairn_cmsis_flash_open(&cmsis, &flash);
  };
  CHECK(open(0, 1024, 8) == CAIRN_OK);
  CHECK(open(0, 1536, 2) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(512, 1024, 2) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(0, 0, 2) == CAIRN_E_BAD_ARGUMENT);
  one.listed = true;
  CHECK(open(0, 1024, 4) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(2048, 2048, 3) == CAIRN_OK);
  CHECK(open(2048, 2048, 4) == CAIRN_E_BAD_ARGUMENT);  // no such sector
  cairn_cmsis_flash none = area(one);
  none.driver = nullptr;
  CHECK(cairn_cmsis_flash_open(&none, &flash) == CAIRN_E_BAD_ARGUMENT);
}
