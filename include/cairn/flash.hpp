// The storage boundary: what the log needs of a memory. The struct itself stands in port.h, so
// that one driver serves C and C++.
#pragma once

#include "port.h"
#include "status.hpp"

namespace cairn {

using Flash = ::cairn_flash;

enum class FlashKind : uint8_t {
  once = CAIRN_FLASH_ONCE,
  nor = CAIRN_FLASH_NOR,
  rewritable = CAIRN_FLASH_REWRITABLE,
  file = CAIRN_FLASH_FILE,
};

/// Checks that a geometry is one the log format can hold (docs/format.md, "Media").
///
/// ok            usable
/// bad_argument  unit not a power of two in 1..256, segment not a multiple of it, under 256 bytes
///               or over 1 GiB, fewer than two segments, more than 65,536 units a segment on
///               write-once media, a missing function, an erased value other than 0x00 and 0xFF
Status check_geometry(const Flash& flash);

/// A flash in the caller's RAM: for tests, for battery-backed memory, and to look at an image that
/// was read out of a device.
struct RamFlash {
  uint8_t* memory;
  size_t size_bytes;
  uint32_t segment_bytes = 0;  ///< set by ram_flash(), like
  uint8_t erased = 0;          ///< this
};

/// Makes a flash over `memory`, which must hold segment_bytes * segment_count bytes. Copies the
/// geometry (unit, segments, erased, kind) from `geometry` and sets the functions. Keeps the
/// address of `ram`.
/// bad_argument: memory too small, or check_geometry() refuses.
Status ram_flash(RamFlash& ram, const Flash& geometry, Flash& out);

}  // namespace cairn
