// Memory that plays a part's own flash, without a heap, for the host and the boards. It says which
// rule of such a part the driver has broken.
#pragma once

#include <cairn/cortex_m/internal_flash.h>

struct MappedFlash {
  uint8_t* memory;  // aligned to 32 bytes, as a part's flash is
  uint32_t segment_bytes, segment_count;
  uint32_t unit;
  uint8_t erased;
  uint8_t kind;
  unsigned programs = 0, fails_at = 0;
  const char* violation = nullptr;

  MappedFlash(uint8_t* bytes, uint32_t segment, uint32_t count, uint32_t unit_bytes,
              uint8_t erased_value, uint8_t medium = CAIRN_FLASH_ONCE)
      : memory(bytes),
        segment_bytes(segment),
        segment_count(count),
        unit(unit_bytes),
        erased(erased_value),
        kind(medium) {
    for (uint32_t i = 0; i < segment * count; ++i)
      memory[i] = erased;
  }

  cairn_internal_flash flash() {
    cairn_internal_flash out = CAIRN_INTERNAL_FLASH_INIT;
    out.user = this;
    out.address = reinterpret_cast<uintptr_t>(memory);
    out.unit_bytes = unit;
    out.segment_bytes = segment_bytes;
    out.segment_count = segment_count;
    out.kind = kind;
    out.erased = erased;
    out.program_unit = [](void* user, uintptr_t address, const void* data) {
      return static_cast<MappedFlash*>(user)->program(address, static_cast<const uint8_t*>(data));
    };
    out.erase = [](void* user, uintptr_t address) {
      static_cast<MappedFlash*>(user)->erase(address);
      return 0;
    };
    return out;
  }

 private:
  bool holds(uintptr_t address, uint32_t bytes) const {
    const uintptr_t begin = reinterpret_cast<uintptr_t>(memory);
    return address >= begin && address + bytes <= begin + segment_bytes * segment_count;
  }
  int program(uintptr_t address, const uint8_t* data) {
    if (address % unit != 0 || !holds(address, unit)) violation = "program misaligned or outside";
    if (reinterpret_cast<uintptr_t>(data) % 4 != 0) violation = "data misaligned";
    if (++programs == fails_at) return -1;
    uint8_t* to = reinterpret_cast<uint8_t*>(address);
    for (uint32_t i = 0; i < unit; ++i) {
      if (kind == CAIRN_FLASH_ONCE && to[i] != erased) violation = "a unit programmed twice";
      to[i] = static_cast<uint8_t>(erased == 0xFF ? to[i] & data[i] : to[i] | data[i]);
    }
    return 0;
  }
  void erase(uintptr_t address) {
    if (!holds(address, segment_bytes)) violation = "erase outside";
    uint8_t* to = reinterpret_cast<uint8_t*>(address);
    for (uint32_t i = 0; i < segment_bytes; ++i)
      to[i] = erased;
  }
};
