// Clocks and entropy that a platform offers. The struct stands in port.h, for C and C++.
#pragma once

#include "port.h"
#include "status.hpp"

namespace cairn {

using Platform = ::cairn_platform;

/// How far the device itself trusts its wall clock. Written into every close record, and shown by
/// a verdict as it is: an unsynchronised clock is an honest answer, not a failure.
enum class TimeQuality : uint8_t {
  unsynchronised = CAIRN_TIME_UNSYNCHRONISED,
  informative = CAIRN_TIME_INFORMATIVE,
  synchronised = CAIRN_TIME_SYNCHRONISED,
  relative = CAIRN_TIME_RELATIVE,
};

/// A wall clock reading: Unix time in milliseconds and what it is worth.
struct WallTime {
  int64_t unix_ms = 0;
  TimeQuality quality = TimeQuality::unsynchronised;
};

/// Milliseconds since boot; 0 when the platform has no clock.
uint64_t monotonic_ms(const Platform& platform);

/// The wall clock; unsynchronised 0 when the platform has none or it fails.
WallTime wall_time(const Platform& platform);

}  // namespace cairn
