#include "cairn/platform.hpp"

namespace cairn {

uint64_t monotonic_ms(const Platform& platform) {
  return platform.monotonic_ms == nullptr ? 0 : platform.monotonic_ms(platform.user);
}

WallTime wall_time(const Platform& platform) {
  if (platform.wall_clock == nullptr) return {};
  int64_t unix_ms = 0;
  uint8_t quality = CAIRN_TIME_UNSYNCHRONISED;
  if (platform.wall_clock(platform.user, &unix_ms, &quality) < 0) return {};
  if (quality > CAIRN_TIME_RELATIVE) quality = CAIRN_TIME_UNSYNCHRONISED;
  return {unix_ms, static_cast<TimeQuality>(quality)};
}

}  // namespace cairn
