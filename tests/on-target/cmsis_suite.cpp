// The driver over CMSIS-Driver, on the core that it runs on.
#include <initializer_list>

#include "port_check.hpp"
#include "support/cmsis_flash_part.hpp"

using namespace on_target;

namespace {

CmsisFlashPart part;

// An area of the part, as units of `unit` bytes.
int broken_by(uint32_t width, uint32_t unit, bool listed, uint32_t segment, uint32_t count) {
  part = CmsisFlashPart();
  part.width = width;
  part.unit = unit;
  part.listed = listed;
  cairn_cmsis_flash cmsis = part.area(0, segment, count);
  cmsis.kind = unit == 8 ? CAIRN_FLASH_ONCE : CAIRN_FLASH_NOR;
  Flash flash;
  return cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK && flash.unit_bytes == unit
             ? broken_requirements(flash)
             : -1;
}

}  // namespace

TARGET_TEST("flash behind CMSIS-Driver conforms, at every data width and with listed sectors") {
  for (const uint32_t width : {0u, 1u, 2u}) {
    TARGET_CHECK(broken_by(width, 1u << width, false, 1024, 8) == 0);
    TARGET_CHECK(part.violation == nullptr);
  }
  TARGET_CHECK(broken_by(2, 8, false, 1024, 8) == 0);
  TARGET_CHECK(part.violation == nullptr);
  TARGET_CHECK(broken_by(2, 4, true, 2048, 4) == 0);
  TARGET_CHECK(part.violation == nullptr);
}
