#include "cairn/note.hpp"

#include "note_lines.hpp"
#include "text.hpp"

namespace cairn {

bool is_key_name(ByteView name) {
  if (name.empty() || name.size > key_name_bytes_max) return false;
  for (size_t i = 0; i < name.size;) {
    const Character c = first_character(name.part(i));
    if (c.size_bytes == 0 || c.code < 0x20 || c.code == '+' || is_unicode_space(c.code)) {
      return false;
    }
    i += c.size_bytes;
  }
  return true;
}

namespace {

// Takes a signature line apart: em dash, space, name, space, base64 of key id and signature.
Field take_apart(NoteSignature& signature) {
  const ByteView dash = literal(signature_line_start);
  ByteView rest = signature.line;
  if (!equal(rest.part(0, dash.size), dash)) return Field::signature_line;
  rest = rest.part(dash.size);
  if (!take_until(rest, ' ', signature.name)) return Field::signature_line;
  if (!is_key_name(signature.name)) return Field::key_name;
  const Result<size_t> size = base64_decoded_size(rest);
  if (!size.ok() || size.value <= key_id_bytes) return Field::signature;
  signature.base64 = rest;
  uint8_t start[6];  // of eight characters
  const Result<size_t> decoded = decode_base64(rest.part(0, 8), start);
  if (!decoded.ok()) return Field::signature;
  signature.key_id = load_be32(start);
  return Field::none;
}

// Where the signature lines begin: behind the last empty line; 0 when there is none.
size_t find_signatures(ByteView bytes) {
  for (size_t i = bytes.size; i >= 2; --i) {
    if (bytes[i - 1] == '\n' && bytes[i - 2] == '\n') return i;
  }
  return 0;
}

}  // namespace

Status SignatureLines::next(NoteSignature& out, Fault* fault) {
  if (rest_.empty()) return Status::end;
  ++line_;
  Field field = Field::encoding;
  if (take_line(rest_, out.line)) field = take_apart(out);
  if (field == Field::none) return Status::ok;
  rest_ = {};
  return reject(fault, field, line_);
}

Status parse_note(ByteView bytes, Note& out, Fault* fault) {
  const size_t bad_line = find_bad_line(bytes);
  if (bad_line != 0) return reject(fault, Field::encoding, bad_line);
  const size_t lines = count_lines(bytes);
  if (!bytes.empty() && bytes[bytes.size - 1] != '\n') {
    return reject(fault, Field::encoding, lines + 1);
  }
  const size_t split = find_signatures(bytes);
  if (split == 0) return reject(fault, Field::separator, lines + 1);
  out.text = bytes.part(0, split - 1);
  out.signatures = bytes.part(split);
  out.signature_count = 0;

  const size_t lines_before = lines - count_lines(out.signatures);
  SignatureLines rest(out);
  NoteSignature signature;
  Fault inner;
  Status status = rest.next(signature, &inner);
  for (; status == Status::ok; status = rest.next(signature, &inner)) {
    if (++out.signature_count > note_signatures_max) {
      return reject(fault, Field::limit, lines_before + out.signature_count);
    }
  }
  if (status != Status::end) return reject(fault, inner.field, lines_before + inner.position);
  if (out.signature_count == 0) return reject(fault, Field::signature_line, lines + 1);
  return Status::ok;
}

}  // namespace cairn
