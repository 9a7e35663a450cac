// What the parts of the signed-note code share.
#pragma once

#include "cairn/note.hpp"

namespace cairn {

/// Of a key id, which stands in front of every signature.
constexpr size_t key_id_bytes = 4;
/// Em dash and space: how every signature line starts.
constexpr char signature_line_start[] = "\xE2\x80\x94 ";

/// Checks one signature line that carries the name and id of `key`. Results of verify_note().
Status verify_line(const NoteSignature& line, ByteView text, const NoteKey& key,
                   const Verifiers& verifiers, NoteVerdict* verdict);

/// Checks a cosignature over a note's text. signature_invalid also for a time outside its range;
/// unsupported: a text longer than CAIRN_MAX_NOTE_TEXT_BYTES. Stack: such a text.
Status verify_cosignature(uint64_t time, const Signature& signature, ByteView text,
                          const PublicKey& key, const Verifiers& verifiers);

}  // namespace cairn
