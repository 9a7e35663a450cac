// C API: checkpoints, as text and on the air.
#include "c_api_checkpoint.hpp"

using namespace cairn;
using namespace cairn::c_api;

static_assert(CAIRN_SIGNED_CHECKPOINT_BYTES_MAX == signed_checkpoint_bytes_max);
static_assert(CAIRN_AIR_CHECKPOINT_BYTES_MAX == air_checkpoint_bytes_max);

int cairn_parse_checkpoint(const void* text, size_t size, cairn_checkpoint* out,
                           cairn_fault* fault) {
  if (!readable(text, size) || out == nullptr) return bad_argument;
  FaultOut at(fault);
  Checkpoint parsed;
  const Status status = parse_checkpoint(view(text, size), parsed, at);
  if (status == Status::ok) *out = to_c(parsed);
  return number(status);
}

size_t cairn_checkpoint_text_size(const void* origin, size_t origin_size, uint64_t size) {
  return checkpoint_text_size(view(origin, origin_size), size);
}

int cairn_format_checkpoint(const cairn_checkpoint* checkpoint, void* out, size_t capacity) {
  if (!usable(checkpoint) || !readable(out, capacity)) return bad_argument;
  return size_of(format_checkpoint(from_c(*checkpoint), room(out, capacity)));
}

int cairn_checkpoint_hash(const cairn_checkpoint* checkpoint, cairn_digest* out) {
  if (!usable(checkpoint) || out == nullptr) return bad_argument;
  return number(checkpoint_hash(from_c(*checkpoint), *from_c(out)));
}

int cairn_format_signed_checkpoint(const cairn_checkpoint* checkpoint, const cairn_note_key* key,
                                   const cairn_signature* signature, void* out, size_t capacity) {
  if (!usable(checkpoint) || !usable(key) || signature == nullptr || !readable(out, capacity)) {
    return bad_argument;
  }
  return size_of(format_signed_checkpoint(from_c(*checkpoint), from_c(*key), from_c(*signature),
                                          room(out, capacity)));
}

int cairn_open_checkpoint(const void* note, size_t note_size, const cairn_note_key* key,
                          const cairn_verifier* verifiers, size_t verifier_count,
                          cairn_checkpoint* out, cairn_fault* fault) {
  if (!readable(note, note_size) || !usable(key) || !usable(verifiers, verifier_count) ||
      out == nullptr) {
    return bad_argument;
  }
  FaultOut at(fault);
  Checkpoint opened;
  const Status status =
      open_checkpoint(view(note, note_size), from_c(*key), {verifiers, verifier_count}, opened, at);
  if (status == Status::ok) *out = to_c(opened);
  return number(status);
}

int cairn_encode_air_checkpoint(const cairn_air_checkpoint* air, void* out, size_t capacity) {
  if (!usable(air) || !readable(out, capacity)) return bad_argument;
  return size_of(encode_air_checkpoint(from_c(*air), room(out, capacity)));
}

int cairn_decode_air_checkpoint(const void* data, size_t size, cairn_air_checkpoint* out) {
  if (!readable(data, size) || out == nullptr) return bad_argument;
  AirCheckpoint air;
  const Status status = decode_air_checkpoint(view(data, size), air);
  if (status == Status::ok) *out = to_c(air);
  return number(status);
}

int cairn_rebuild_checkpoint(const cairn_air_checkpoint* air, const void* origin,
                             size_t origin_size, const cairn_note_key* key,
                             const cairn_digest* root, void* out, size_t capacity) {
  if (!usable(air) || !readable(origin, origin_size) || !usable(key) || !readable(out, capacity) ||
      (root == nullptr && air->has_root == 0)) {
    return bad_argument;
  }
  return size_of(rebuild_checkpoint(from_c(*air), view(origin, origin_size), from_c(*key),
                                    from_c(root), room(out, capacity)));
}
