// The time that is written down.
#pragma once

#include <cstdint>
#include <ctime>

namespace service {

/// Seconds since 1970 by the machine's clock.
inline uint64_t clock_s() {
  return static_cast<uint64_t>(std::time(nullptr));
}

}  // namespace service
