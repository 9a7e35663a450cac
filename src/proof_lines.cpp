#include "proof_lines.hpp"

namespace cairn {

Status take_hash_lines(ByteView& rest, size_t& line, size_t lines_max, ProofBuffer& out,
                       Fault* fault) {
  out.count = 0;
  for (size_t taken = 0;; ++taken) {
    ByteView text;
    ++line;
    if (!take_line(rest, text)) return reject(fault, Field::separator, line);
    if (text.empty()) return Status::ok;
    if (taken == lines_max) return reject(fault, Field::limit, line);
    Digest hash;
    if (text.size != base64_size(digest_bytes) ||
        decode_base64(text, hash.bytes).value_or(0) != digest_bytes) {
      return reject(fault, Field::proof, line);
    }
    if (taken == out.capacity) return Status::full;
    out.hashes[taken] = hash;
    out.count = taken + 1;
  }
}

void put_hash_lines(Writer& writer, ProofView hashes) {
  for (size_t i = 0; i < hashes.count; ++i) {
    writer.put_base64(hashes.hashes[i]);
    writer.put('\n');
  }
}

Status parse_note_behind(size_t lines_before, ByteView bytes, Note& note, Checkpoint& checkpoint,
                         Fault* fault) {
  Fault inner;
  Status status = parse_note(bytes, note, &inner);
  if (status == Status::ok) status = parse_checkpoint(note.text, checkpoint, &inner);
  if (status == Status::ok) return Status::ok;
  return reject(fault, inner.field, lines_before + inner.position);
}

}  // namespace cairn
