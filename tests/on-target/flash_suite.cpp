// The driver of memory-mapped flash, on the core that it runs on.
#include <cairn/cortex_m/internal_flash.h>

#include "fixtures.hpp"

using namespace on_target;

namespace {

constexpr uint32_t segment_bytes = 768, segment_count = 4;
alignas(32) uint8_t memory[segment_bytes * segment_count];
uint8_t frame[192];
Log log_;

int program_unit(void*, uintptr_t address, const void* data) {
  uint8_t* to = reinterpret_cast<uint8_t*>(address);
  for (uint32_t i = 0; i < 8; ++i)
    to[i] = static_cast<const uint8_t*>(data)[i];
  return 0;
}
int erase(void*, uintptr_t address) {
  uint8_t* to = reinterpret_cast<uint8_t*>(address);
  for (uint32_t i = 0; i < segment_bytes; ++i)
    to[i] = 0xFF;
  return 0;
}

cairn_internal_flash area(uintptr_t address) {
  cairn_internal_flash out = CAIRN_INTERNAL_FLASH_INIT;
  out.address = address;
  out.segment_bytes = segment_bytes;
  out.segment_count = segment_count;
  out.program_unit = program_unit;
  out.erase = erase;
  return out;
}

}  // namespace

TARGET_TEST("a log goes round in memory-mapped flash") {
  cairn_internal_flash internal = area(reinterpret_cast<uintptr_t>(memory));
  Flash flash;
  TARGET_REQUIRE(cairn_internal_flash_open(&internal, &flash) == CAIRN_OK);
  LogOptions options;
  options.recycle = true;
  options.keep_from = UINT64_MAX;
  const Platform none = CAIRN_PLATFORM_INIT;
  TARGET_REQUIRE(log_.format(flash, {frame}, options, none) == Status::ok);
  for (uint64_t i = 0; i < 100; ++i) {
    const Leaf leaf(i);
    const ByteView view = leaf;
    TARGET_REQUIRE(log_.append_batch(&view, 1).ok());
  }
  TARGET_REQUIRE(log_.mount(flash, {frame}, options, none) == Status::ok);
  TARGET_CHECK(log_.size() == 100 && log_.root() == plain_root(0, 100));
}
