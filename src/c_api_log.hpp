// C API: memory and options of a log in both languages.
#pragma once

#include "c_api.hpp"
#include "cairn/log.hpp"

namespace cairn::c_api {

inline bool usable(const cairn_log_memory* memory) {
  return sized(memory) && readable(memory->frame, memory->frame_bytes) &&
         readable(memory->digests, memory->digest_count);
}
inline LogMemory from_c(const cairn_log_memory& memory) {
  return {room(memory.frame, memory.frame_bytes), from_c(memory.digests), memory.digest_count};
}
inline bool usable(const cairn_log_options* options) {
  return sized(options) && options->recycle <= 1 && options->tiles <= CAIRN_TILES_ARCHIVE;
}
inline LogOptions from_c(const cairn_log_options& options) {
  return {options.log_id, options.recycle != 0, options.keep_from,
          static_cast<LogTiles>(options.tiles)};
}

}  // namespace cairn::c_api
