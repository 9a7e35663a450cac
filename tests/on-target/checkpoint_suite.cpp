// Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), and their form for
// a radio.
#include "fixtures.hpp"

using namespace on_target;

namespace {

const ByteView origin = literal("example.com/press-7");

NoteKey device_key() {
  return note_key(origin, NoteType::ed25519, hash_signer().public_key);
}

// The head of three leaves, signed.
size_t signed_head(MutableBytes out, Signature& signature) {
  Checkpoint head;
  head.origin = origin;
  head.size = 3;
  head.root = plain_root(0, 3);
  uint8_t text[200];
  const auto size = format_checkpoint(head, text);
  if (!size.ok()) return 0;
  const Signer signer = hash_signer();
  if (signer.sign(nullptr, text, size.value, signature.bytes) != 0) return 0;
  const auto note = format_signed_checkpoint(head, device_key(), signature, out);
  return note.ok() ? note.value : 0;
}

}  // namespace

TARGET_TEST("a checkpoint is three lines, and reads back as it was written") {
  Checkpoint head, back;
  head.origin = origin;
  head.size = 1234567890123;
  uint8_t text[200];
  const auto size = format_checkpoint(head, text);
  TARGET_REQUIRE(size.ok());
  TARGET_CHECK(
      equal({text, size.value}, literal("example.com/press-7\n1234567890123\n"
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")));
  TARGET_REQUIRE(parse_checkpoint({text, size.value}, back) == Status::ok);
  TARGET_CHECK(back.size == head.size && back.root == head.root && equal(back.origin, origin));
}

TARGET_TEST("what is not exactly a checkpoint is refused") {
  Checkpoint head;
  TARGET_CHECK(parse_checkpoint(literal("a\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
                                head) == Status::corrupt);
  TARGET_CHECK(parse_checkpoint(literal("a\n1\nAAAA\n"), head) == Status::corrupt);
  TARGET_CHECK(parse_checkpoint(literal("a\n1\n"), head) == Status::corrupt);
  TARGET_CHECK(parse_checkpoint({}, head) == Status::corrupt);
}

TARGET_TEST("a signed checkpoint opens with its key, and not when a byte has changed") {
  uint8_t note[signed_checkpoint_bytes_max];
  Signature signature;
  const size_t size = signed_head(note, signature);
  TARGET_REQUIRE(size != 0);
  const Verifier verifier = hash_verifier();
  Checkpoint head;
  TARGET_REQUIRE(open_checkpoint({note, size}, device_key(), {&verifier, 1}, head) == Status::ok);
  TARGET_CHECK(head.size == 3 && head.root == plain_root(0, 3));
  note[origin.size + 1] = '4';  // the size
  TARGET_CHECK(open_checkpoint({note, size}, device_key(), {&verifier, 1}, head) ==
               Status::signature_invalid);
}

TARGET_TEST("on air it takes 115 bytes at most, and is rebuilt byte for byte") {
  uint8_t note[signed_checkpoint_bytes_max], rebuilt[signed_checkpoint_bytes_max];
  AirCheckpoint air, back;
  const size_t size = signed_head(note, air.signature);
  TARGET_REQUIRE(size != 0);
  air.key_id = key_id(device_key());
  air.size = 3;
  air.has_root = air.has_signature = true;
  air.root = plain_root(0, 3);
  air.algorithm = CAIRN_ED25519;
  uint8_t bytes[air_checkpoint_bytes_max];
  const auto encoded = encode_air_checkpoint(air, bytes);
  TARGET_REQUIRE(encoded.ok());
  TARGET_CHECK(encoded.value <= 115);
  TARGET_REQUIRE(decode_air_checkpoint({bytes, encoded.value}, back) == Status::ok);
  const auto again = rebuild_checkpoint(back, origin, device_key(), nullptr, rebuilt);
  TARGET_REQUIRE(again.ok());
  TARGET_CHECK(equal({rebuilt, again.value}, {note, size}));
}

TARGET_TEST("a key of a verifier is written and read") {
  uint8_t text[200];
  const auto size = format_vkey(device_key(), text);
  NoteKey back;
  TARGET_REQUIRE(size.ok());
  TARGET_REQUIRE(parse_vkey({text, size.value}, back) == Status::ok);
  TARGET_CHECK(key_id(back) == key_id(device_key()));
  text[size.value - 3] ^= 1;
  TARGET_CHECK(parse_vkey({text, size.value}, back) != Status::ok);
}
