// Checkpoints (c2sp.org/tlog-checkpoint@v1.0.0): the signed head of a log, as text, and in the
// compact form that a radio carries. See docs/format.md, "Checkpoint" and "Checkpoint on air".
#pragma once

#include "note.hpp"

namespace cairn {

/// The text of a checkpoint, taken apart. Views into the caller's bytes.
struct Checkpoint {
  ByteView origin;
  uint64_t size = 0;  ///< below 2^63
  Digest root{};
  ByteView extensions;  ///< lines after the third, with line ends; cairn's own logs have none
};

/// Parses the text of a checkpoint (a note's text, final line end included). Strict: see
/// docs/format.md for what is refused.
///
/// ok       parsed
/// corrupt  malformed; `fault` names the field and the line
Status parse_checkpoint(ByteView text, Checkpoint& out, Fault* fault = nullptr);

/// Size of the text of a checkpoint without extension lines.
size_t checkpoint_text_size(ByteView origin, uint64_t size);

/// Writes the text "origin\nsize\nroot\n" and the extension lines, if any; returns its size.
/// bad_argument: what parse_checkpoint() would refuse: an origin that is empty, over 255 bytes, not
/// UTF-8 or with a control character; size >= 2^63; malformed extension lines. full: `out`.
Result<size_t> format_checkpoint(const Checkpoint& checkpoint, MutableBytes out);

/// SHA-256 of the text: what anchors carry, and what the next close record names.
/// bad_argument as format_checkpoint().
Status checkpoint_hash(const Checkpoint& checkpoint, Digest& out);

/// No signed checkpoint without extension lines and with one signature is longer.
constexpr size_t signed_checkpoint_bytes_max = 255 + 1 + 20 + 45 + 1 + 4 + 255 + 1 + 104 + 1;

/// Writes the signed note of a checkpoint from a signature that was made before.
/// `key` is the log's; its name should equal the origin.
/// bad_argument as format_checkpoint(), or a key of type cosignature or without a name. full.
Result<size_t> format_signed_checkpoint(const Checkpoint& checkpoint, const NoteKey& key,
                                        const Signature& signature, MutableBytes out);

/// Checks a signed checkpoint: its form and the signature of `key`. Which origin it speaks of is in
/// `out`: compare it with the one you expect.
///
/// ok                 `out` holds what the key signed
/// corrupt            malformed
/// not_found          not signed by this key
/// signature_invalid  signed wrongly
/// unsupported, io    as verify_note()
Status open_checkpoint(ByteView note, const NoteKey& key, const Verifiers& verifiers,
                       Checkpoint& out, Fault* fault = nullptr);

/// A checkpoint as it travels over a narrow link. (message AirCheckpoint)
struct AirCheckpoint {
  uint32_t key_id = 0;  ///< the log key's; names the device to the gateway
  uint64_t size = 0;
  bool has_root = false;  ///< absent when the receiver holds all leaves
  Digest root{};
  bool has_signature = false;
  uint8_t algorithm = 0;  ///< of the signature
  Signature signature{};
};

constexpr size_t air_checkpoint_bytes_max = 115;

/// Returns the size written, at most air_checkpoint_bytes_max; full when `out` is smaller.
Result<size_t> encode_air_checkpoint(const AirCheckpoint& air, MutableBytes out);

/// corrupt: not exactly what encode_air_checkpoint() writes.
Status decode_air_checkpoint(ByteView bytes, AirCheckpoint& out);

/// Rebuilds the signed note byte for byte. `key` is the one that air.key_id names, `origin` its
/// log's, `root` what the receiver computed: may be null, ignored when the message carries one.
///
/// bad_argument  the key is not the one that air names, no signature, or no root on either side
Result<size_t> rebuild_checkpoint(const AirCheckpoint& air, ByteView origin, const NoteKey& key,
                                  const Digest* root, MutableBytes out);

}  // namespace cairn
