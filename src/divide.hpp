// Division without what a small core lacks: its routine for 64 bits takes 0.8 KB.
#pragma once

#include <cstdint>

namespace cairn {

/// value % divisor. Bit by bit where the value is large: few logs grow so large.
inline uint32_t remainder(uint64_t value, uint32_t divisor) {
  uint64_t rest = static_cast<uint32_t>(value >> 32) % divisor;
  if (rest == 0) return static_cast<uint32_t>(value) % divisor;
  for (int bit = 31; bit >= 0; --bit) {
    rest = rest << 1 | (value >> bit & 1);
    if (rest >= divisor) rest -= divisor;
  }
  return static_cast<uint32_t>(rest);
}

}  // namespace cairn
