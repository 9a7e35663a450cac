// The recorder: batches, signed heads, and what a start after a cut makes of them.
#include "fixtures.hpp"

using namespace on_target;

namespace {

uint8_t memory[6 * 1024];
uint8_t frame[384];
Recorder recorder;
const Platform none = CAIRN_PLATFORM_INIT;
const Signer signer = hash_signer();

RecorderOptions options() {
  RecorderOptions out;
  out.origin = literal("example.com/press-7");
  out.batch.leaves = 8;
  return out;
}
Status create(const CutFlash& flash) {
  return recorder.create(flash.flash, {frame}, options(), none, signer);
}
Status open(const CutFlash& flash) {
  return recorder.open(flash.flash, {frame}, options(), none, signer);
}
bool append() {
  return recorder.append(Kind::opaque, literal("213.5 bar")).ok();
}
// The newest head that the device gives away; its size is 0 when there is none.
Checkpoint newest_head(MutableBytes note) {
  Checkpoint head;
  const NoteKey key = note_key(options().origin, NoteType::ed25519, signer.public_key);
  const Verifier verifier = hash_verifier();
  const auto size = recorder.checkpoint(note);
  if (!size.ok()) return {};
  const Status status = open_checkpoint({note.data, size.value}, key, {&verifier, 1}, head);
  return status == Status::ok ? head : Checkpoint{};
}

}  // namespace

TARGET_TEST("a batch that is full is closed and signed") {
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  uint8_t note[signed_checkpoint_bytes_max];
  TARGET_REQUIRE(create(flash) == Status::ok);
  for (int i = 0; i < 20; ++i)
    TARGET_REQUIRE(append());
  TARGET_CHECK(recorder.last_seal() == Status::ok);
  TARGET_CHECK(newest_head(note).size % 8 == 0 && newest_head(note).size >= 16);
  TARGET_REQUIRE(recorder.seal() == Status::ok);
  const Checkpoint head = newest_head(note);
  TARGET_CHECK(head.size == recorder.log().size() && head.root == recorder.log().root());
}

TARGET_TEST("a record is proved to the signed head") {
  CutFlash flash(memory, 8, 1024, 6, CAIRN_FLASH_ONCE);
  uint8_t note[signed_checkpoint_bytes_max], leaf[64];
  TARGET_REQUIRE(create(flash) == Status::ok);
  const auto index = recorder.append(Kind::opaque, literal("213.5 bar"));
  TARGET_REQUIRE(index.ok() && recorder.seal() == Status::ok);
  const Checkpoint head = newest_head(note);
  Digest hashes[8];
  ProofBuffer proof{hashes, 8};
  TARGET_REQUIRE(build_inclusion(index.value, head.size, recorder.log().nodes(), proof) ==
                 Status::ok);
  const auto size = recorder.log().read(index.value, leaf);
  TARGET_REQUIRE(size.ok());
  TARGET_CHECK(verify_inclusion(index.value, head.size, leaf_hash({leaf, size.value}), proof,
                                head.root) == Status::ok);
}

TARGET_TEST("after a cut anywhere the head that was given away is extended, never contradicted") {
  for (uint32_t cut = 30; cut < 2400; cut += 83) {
    CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
    uint8_t note[signed_checkpoint_bytes_max];
    TARGET_REQUIRE(create(flash) == Status::ok);
    flash.cut_after = cut;
    uint64_t acknowledged = recorder.log().size();
    for (int i = 0; i < 40 && append(); ++i)
      acknowledged = recorder.log().size();
    const Checkpoint given = newest_head(note);
    const uint64_t given_size = given.size;
    const Digest given_root = given.root;
    flash.power_on();
    TARGET_REQUIRE(open(flash) == Status::ok);
    TARGET_REQUIRE(recorder.log().size() >= acknowledged);
    TARGET_REQUIRE(append() && recorder.seal() == Status::ok);
    if (given_size == 0) continue;
    const Checkpoint head = newest_head(note);
    Digest hashes[8];
    ProofBuffer proof{hashes, 8};
    TARGET_REQUIRE(build_consistency(given_size, head.size, recorder.log().nodes(), proof) ==
                   Status::ok);
    TARGET_REQUIRE(verify_consistency(given_size, head.size, given_root, head.root, proof) ==
                   Status::ok);
  }
}

TARGET_TEST("another key does not open the log") {
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  TARGET_REQUIRE(create(flash) == Status::ok);
  TARGET_REQUIRE(append() && recorder.seal() == Status::ok);
  const Signer other = hash_signer(0x43);
  TARGET_CHECK(recorder.open(flash.flash, {frame}, options(), none, other) != Status::ok);
}
