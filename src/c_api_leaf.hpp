// C API: times and library leaves in both languages.
#pragma once

#include "c_api.hpp"
#include "cairn/leaf.hpp"

namespace cairn::c_api {

inline cairn_wall_time to_c(const WallTime& time) {
  return {time.unix_ms, static_cast<uint8_t>(time.quality)};
}
inline bool usable(const cairn_wall_time& time) {
  return time.quality <= CAIRN_TIME_RELATIVE;
}
inline WallTime from_c(const cairn_wall_time& time) {
  return {time.unix_ms, static_cast<TimeQuality>(time.quality)};
}
inline cairn_close to_c(const Close& close) {
  return {close.batch,       close.monotonic_ms,       to_c(close.time),       close.boot,
          close.key_epoch,   flag(close.has_previous), flag(close.has_beacon), to_c(close.previous),
          to_c(close.beacon)};
}
inline bool usable(const cairn_begin* begin) {
  return begin != nullptr && readable(begin->origin.data, begin->origin.size) &&
         readable(begin->previous_origin.data, begin->previous_origin.size);
}
inline Begin from_c(const cairn_begin& begin) {
  return {view(begin.origin), begin.key, view(begin.previous_origin), begin.previous_size,
          *from_c(&begin.previous_root)};
}

}  // namespace cairn::c_api
