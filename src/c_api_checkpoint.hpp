// C API: checkpoints in both languages.
#pragma once

#include "c_api.hpp"
#include "cairn/checkpoint.hpp"

namespace cairn::c_api {

inline bool usable(const cairn_checkpoint* checkpoint) {
  return checkpoint != nullptr && readable(checkpoint->origin.data, checkpoint->origin.size) &&
         readable(checkpoint->extensions.data, checkpoint->extensions.size);
}
inline Checkpoint from_c(const cairn_checkpoint& checkpoint) {
  return {view(checkpoint.origin), checkpoint.size, *from_c(&checkpoint.root),
          view(checkpoint.extensions)};
}
inline cairn_checkpoint to_c(const Checkpoint& checkpoint) {
  return {to_c(checkpoint.origin), checkpoint.size, to_c(checkpoint.root),
          to_c(checkpoint.extensions)};
}
inline bool usable(const cairn_air_checkpoint* air) {
  return air != nullptr && air->has_root <= 1 && air->has_signature <= 1;
}
inline AirCheckpoint from_c(const cairn_air_checkpoint& air) {
  AirCheckpoint made;
  made.key_id = air.key_id;
  made.size = air.size;
  made.has_root = air.has_root != 0;
  made.root = *from_c(&air.root);
  made.has_signature = air.has_signature != 0;
  made.algorithm = air.algorithm;
  made.signature = from_c(air.signature);
  return made;
}
inline cairn_air_checkpoint to_c(const AirCheckpoint& air) {
  return {air.key_id, flag(air.has_root), flag(air.has_signature), air.algorithm,
          air.size,   to_c(air.root),     to_c(air.signature)};
}

}  // namespace cairn::c_api
