// Verifier keys: whatever is accepted is written again to the byte, and whatever is written is
// read.
#include <cairn/note.hpp>

#include "fuzz.hpp"

using cairn::ByteView;
using cairn::NoteKey;
using cairn::NoteType;
using cairn::Status;
using fuzz::check;

namespace {

void check_text(ByteView text) {
  NoteKey key;
  cairn::Fault fault;
  if (cairn::parse_vkey(text, key, &fault) != Status::ok) {
    check(fault.field != cairn::Field::none && fault.position == 1);
    return;
  }
  uint8_t again[512];
  const auto size = cairn::format_vkey(key, again);
  check(size.ok() && cairn::equal({again, size.value}, text));
}

// A key out of the input: 64 bytes, and the rest for its name.
void check_key(NoteType type, uint8_t algorithm, ByteView bytes) {
  NoteKey key = {bytes.part(64), type, {algorithm, {}}};
  for (size_t i = 0; i < cairn::public_key_size(algorithm); ++i)
    key.key.bytes[i] = bytes[i];
  uint8_t text[512];
  const auto size = cairn::format_vkey(key, text);
  check(size.ok() == cairn::is_key_name(key.name));
  if (!size.ok()) return;
  NoteKey back;
  check(cairn::parse_vkey({text, size.value}, back) == Status::ok);
  check(cairn::equal(back.name, key.name) && back.type == type && back.key == key.key);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check_text({data, size});
  if (size < 64) return 0;
  check_key(NoteType::ed25519, CAIRN_ED25519, {data, size});
  check_key(NoteType::cosignature, CAIRN_ED25519, {data, size});
  check_key(NoteType::ecdsa, CAIRN_P256, {data, size});
  return 0;
}
