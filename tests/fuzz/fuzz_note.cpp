// Signed notes: whatever is accepted is put together again from its parts, to the byte.
#include <cairn/note.hpp>
#include <vector>

#include "fuzz.hpp"
#include "note_lines.hpp"

namespace {

using cairn::ByteView;
using cairn::Note;
using cairn::NoteKey;
using cairn::NoteSignature;
using cairn::NoteType;
using cairn::Status;
using fuzz::check;

// A line that verifies as `type` is the only encoding of its name, time and signature.
void check_line(const NoteSignature& line, ByteView text, NoteType type, uint8_t algorithm) {
  NoteKey key = {line.name, type, {algorithm, {}}};
  cairn::NoteVerdict verdict;
  const Status status = cairn::verify_line(line, text, key, fuzz::verifiers(), &verdict);
  if (status != Status::ok) return;
  uint8_t again[512];
  const auto size = cairn::format_signature_line(key, fuzz::last_signature, verdict.time, again);
  check(size.ok() && size.value == line.line.size + 1);
  uint8_t blob[128], blob_again[128];
  const auto a = cairn::decode_base64(line.base64, blob);
  const size_t start = line.line.size - line.base64.size;
  const auto b = cairn::decode_base64({again + start, line.base64.size}, blob_again);
  check(a.ok() && b.ok() && a.value == b.value);
  // The key ids differ: this one is of no key.
  check(cairn::equal(ByteView(blob, a.value).part(4), ByteView(blob_again, b.value).part(4)));
  check(cairn::equal(ByteView(again, start), line.line.part(0, start)));
}

size_t walk(cairn::SignatureLines lines, ByteView text) {
  NoteSignature line;
  size_t count = 0;
  Status status = lines.next(line);
  for (; status == Status::ok; status = lines.next(line)) {
    ++count;
    check(cairn::is_key_name(line.name));
    check_line(line, text, NoteType::ed25519, CAIRN_ED25519);
    check_line(line, text, NoteType::ecdsa, CAIRN_P256);
    check_line(line, text, NoteType::cosignature, CAIRN_ED25519);
  }
  check(status == Status::end || lines.next(line) == Status::end);
  return count;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView bytes(data, size);
  walk(cairn::SignatureLines(bytes), cairn::literal("text\n"));

  Note note;
  cairn::Fault fault;
  if (cairn::parse_note(bytes, note, &fault) != Status::ok) {
    check(fault.field != cairn::Field::none && fault.position >= 1);
    return 0;
  }
  std::vector<uint8_t> again(note.text.begin(), note.text.end());
  again.push_back('\n');
  again.insert(again.end(), note.signatures.begin(), note.signatures.end());
  check(cairn::equal({again.data(), again.size()}, bytes));
  check(walk(cairn::SignatureLines(note), note.text) == note.signature_count);
  return 0;
}
