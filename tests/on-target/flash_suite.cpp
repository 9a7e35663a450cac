// The driver of memory-mapped flash, on the core that it runs on.
#include <initializer_list>

#include "port_check.hpp"
#include "support/mapped_flash.hpp"

using namespace on_target;

namespace {

constexpr uint32_t segment_bytes = 768, segment_count = 6;
alignas(32) uint8_t memory[segment_bytes * segment_count];
}  // namespace

TARGET_TEST("memory-mapped flash conforms, in every unit, kind and erased value") {
  for (const uint32_t unit : {4u, 8u, 16u, 32u}) {
    for (const uint8_t kind : {uint8_t{CAIRN_FLASH_NOR}, uint8_t{CAIRN_FLASH_ONCE}}) {
      for (const uint8_t erased : {uint8_t{0xFF}, uint8_t{0x00}}) {
        MappedFlash mapped(memory, segment_bytes, segment_count, unit, erased, kind);
        cairn_internal_flash internal = mapped.flash();
        Flash flash;
        TARGET_REQUIRE(cairn_internal_flash_open(&internal, &flash) == CAIRN_OK);
        TARGET_CHECK(broken_requirements(flash) == 0);
        TARGET_CHECK(mapped.violation == nullptr);
      }
    }
  }
}
