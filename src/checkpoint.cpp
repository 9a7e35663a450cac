#include "cairn/checkpoint.hpp"

#include "mem.hpp"
#include "text.hpp"

namespace cairn {

namespace {

constexpr size_t root_characters = base64_size(digest_bytes);

bool is_origin(ByteView origin) {
  if (origin.empty() || origin.size > key_name_bytes_max) return false;
  ByteView rest = origin;
  ByteView line;
  return !take_line(rest, line) && find_bad_line(origin) == 0;
}

// The number of the first extension line that is not one, from 1; 0 when all are.
size_t find_bad_extension(ByteView extensions) {
  ByteView line;
  for (size_t number = 1; !extensions.empty(); ++number) {
    if (!take_line(extensions, line) || line.empty()) return number;
  }
  return 0;
}

// The lines behind the origin: "size\nroot\n".
struct SizeAndRoot {
  uint8_t bytes[decimal_bytes_max + 1 + root_characters + 1];
  size_t size;
};

SizeAndRoot format_size_and_root(const Checkpoint& checkpoint) {
  SizeAndRoot head;
  Writer writer(head.bytes);
  writer.put_decimal(checkpoint.size);
  writer.put('\n');
  writer.put_base64(checkpoint.root);
  writer.put('\n');
  head.size = writer.finish().value;
  return head;
}

bool is_writable(const Checkpoint& checkpoint) {
  const ByteView extensions = checkpoint.extensions;
  return is_origin(checkpoint.origin) && checkpoint.size >> 63 == 0 &&
         find_bad_line(extensions) == 0 && find_bad_extension(extensions) == 0;
}

}  // namespace

Status parse_checkpoint(ByteView text, Checkpoint& out, Fault* fault) {
  const size_t bad_line = find_bad_line(text);
  if (bad_line != 0) return reject(fault, Field::encoding, bad_line);
  if (!text.empty() && text[text.size - 1] != '\n') {
    return reject(fault, Field::encoding, count_lines(text) + 1);
  }
  ByteView rest = text;
  ByteView line;
  if (!take_line(rest, out.origin) || !is_origin(out.origin)) {
    return reject(fault, Field::origin, 1);
  }
  if (!take_line(rest, line)) return reject(fault, Field::size, 2);
  const Result<uint64_t> size = parse_decimal(line);
  if (!size.ok()) return reject(fault, Field::size, 2);
  out.size = size.value;
  if (!take_line(rest, line) || line.size != root_characters ||
      decode_base64(line, out.root.bytes).value_or(0) != digest_bytes) {
    return reject(fault, Field::root, 3);
  }
  const size_t bad_extension = find_bad_extension(rest);
  if (bad_extension != 0) return reject(fault, Field::extension, 3 + bad_extension);
  out.extensions = rest;
  return Status::ok;
}

size_t checkpoint_text_size(ByteView origin, uint64_t size) {
  uint8_t digits[decimal_bytes_max];
  return origin.size + 1 + format_decimal(size, digits) + 1 + root_characters + 1;
}

Result<size_t> format_checkpoint(const Checkpoint& checkpoint, MutableBytes out) {
  if (!is_writable(checkpoint)) return Status::bad_argument;
  const SizeAndRoot head = format_size_and_root(checkpoint);
  Writer writer(out);
  writer.put(checkpoint.origin);
  writer.put('\n');
  writer.put({head.bytes, head.size});
  writer.put(checkpoint.extensions);
  return writer.finish();
}

Status checkpoint_hash(const Checkpoint& checkpoint, Digest& out) {
  if (!is_writable(checkpoint)) return Status::bad_argument;
  const SizeAndRoot head = format_size_and_root(checkpoint);
  Sha256 hash;
  hash.update(checkpoint.origin);
  hash.update(literal("\n"));
  hash.update({head.bytes, head.size});
  hash.update(checkpoint.extensions);
  out = hash.finish();
  return Status::ok;
}

Result<size_t> format_signed_checkpoint(const Checkpoint& checkpoint, const NoteKey& key,
                                        const Signature& signature, MutableBytes out) {
  if (key.type == NoteType::cosignature) return Status::bad_argument;
  const Result<size_t> text = format_checkpoint(checkpoint, out);
  if (!text.ok()) return text;
  if (text.value == out.size) return Status::full;
  out.data[text.value] = '\n';
  const size_t before = text.value + 1;
  const Result<size_t> line =
      format_signature_line(key, signature, 0, {out.data + before, out.size - before});
  if (!line.ok()) return line;
  return before + line.value;
}

Status open_checkpoint(ByteView note, const NoteKey& key, const Verifiers& verifiers,
                       Checkpoint& out, Fault* fault) {
  Note parsed;
  Checkpoint checkpoint;
  CAIRN_TRY(parse_note(note, parsed, fault));
  CAIRN_TRY(parse_checkpoint(parsed.text, checkpoint, fault));
  CAIRN_TRY(verify_note(parsed, key, verifiers));
  out = checkpoint;
  return Status::ok;
}

}  // namespace cairn
