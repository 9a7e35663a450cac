// Checkpoints, bare and signed: whatever is accepted is written again to the byte.
#include <cairn/checkpoint.hpp>
#include <vector>

#include "fuzz.hpp"

using cairn::ByteView;
using cairn::Checkpoint;
using cairn::Status;
using fuzz::check;

namespace {

void check_text(ByteView text) {
  Checkpoint checkpoint;
  cairn::Fault fault;
  if (cairn::parse_checkpoint(text, checkpoint, &fault) != Status::ok) {
    check(fault.field != cairn::Field::none && fault.position >= 1);
    return;
  }
  std::vector<uint8_t> again(text.size);
  const auto size = cairn::format_checkpoint(checkpoint, {again.data(), again.size()});
  check(size.ok() && size.value == text.size);
  check(cairn::equal({again.data(), again.size()}, text));
  cairn::Digest hash;
  check(cairn::checkpoint_hash(checkpoint, hash) == Status::ok);
  check(hash == cairn::sha256(text));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView bytes(data, size);
  check_text(bytes);
  cairn::Note note;
  if (cairn::parse_note(bytes, note) != Status::ok) return 0;
  check_text(note.text);

  // No key has this id, unless the input was made for it: then its signature is accepted.
  const cairn::NoteKey key = {cairn::literal("k"), cairn::NoteType::ed25519, {CAIRN_ED25519, {}}};
  Checkpoint checkpoint;
  const Status status = cairn::open_checkpoint(bytes, key, fuzz::verifiers(), checkpoint);
  check(status == Status::ok || checkpoint.origin.size == 0);
  return 0;
}
