// From the compact form of a checkpoint back to its signed note.
#include "cairn/checkpoint.hpp"

namespace cairn {

Result<size_t> rebuild_checkpoint(const AirCheckpoint& air, ByteView origin, const NoteKey& key,
                                  const Digest* root, MutableBytes out) {
  const bool has_root = air.has_root || root != nullptr;
  if (!has_root || !air.has_signature) return Status::bad_argument;
  if (air.algorithm != key.key.algorithm || air.key_id != key_id(key)) return Status::bad_argument;
  const Checkpoint checkpoint = {origin, air.size, air.has_root ? air.root : *root, {}};
  return format_signed_checkpoint(checkpoint, key, air.signature, out);
}

}  // namespace cairn
