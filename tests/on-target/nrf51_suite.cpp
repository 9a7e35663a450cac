// The driver of memory-mapped flash over a flash controller: the nRF51's, which QEMU models (nRF51
// Series Reference Manual 3.0, chapter 6).
#include <cairn/cortex_m/internal_flash.h>

#include "port_check.hpp"

using namespace on_target;

namespace {

constexpr uint32_t page_bytes = 1024, page_count = 8;
constexpr uintptr_t area = 0x40000 - page_bytes * page_count;  // the last pages of 256 KiB
enum class Mode : uint32_t { read = 0, write = 1, erase = 2 };

volatile uint32_t& controller(uintptr_t offset) {
  return *reinterpret_cast<volatile uint32_t*>(0x4001E000 + offset);
}
void wait_until_ready() {
  while (controller(0x400) == 0) {
  }
}
void set(Mode mode) {
  controller(0x504) = static_cast<uint32_t>(mode);
  wait_until_ready();
}

int program_unit(void*, uintptr_t address, const void* data) {
  set(Mode::write);
  *reinterpret_cast<volatile uint32_t*>(address) = *static_cast<const uint32_t*>(data);
  wait_until_ready();
  set(Mode::read);
  return 0;
}
int erase(void*, uintptr_t address) {
  set(Mode::erase);
  controller(0x508) = static_cast<uint32_t>(address);
  wait_until_ready();
  set(Mode::read);
  return 0;
}

cairn_internal_flash pages(decltype(cairn_internal_flash::program_unit) program) {
  cairn_internal_flash out = CAIRN_INTERNAL_FLASH_INIT;
  out.address = area;
  out.unit_bytes = 4;
  out.segment_bytes = page_bytes;
  out.segment_count = page_count;
  out.kind = CAIRN_FLASH_NOR;
  out.program_unit = program;
  out.erase = erase;
  return out;
}

}  // namespace

TARGET_TEST("the flash of an nRF51 conforms") {
  cairn_internal_flash internal = pages(program_unit);
  Flash flash;
  TARGET_REQUIRE(cairn_internal_flash_open(&internal, &flash) == CAIRN_OK);
  TARGET_CHECK(broken_requirements(flash) == 0);
}

TARGET_TEST("a driver that does not tell the controller to write does not conform") {
  cairn_internal_flash internal = pages([](void*, uintptr_t address, const void* data) {
    *reinterpret_cast<volatile uint32_t*>(address) = *static_cast<const uint32_t*>(data);
    return 0;
  });
  Flash flash;
  const Platform none = CAIRN_PLATFORM_INIT;
  TARGET_REQUIRE(cairn_internal_flash_open(&internal, &flash) == CAIRN_OK);
  cairn_port port = CAIRN_PORT_INIT;
  port.flash = &flash;
  port.platform = &none;
  TARGET_CHECK(cairn_check_port(&port) != 0);
}
