// A key that the device does not hold: in a persistent slot of PSA Crypto, behind which there is
// a secure element.
#include "fixtures.hpp"
#include "secure_element.h"

using namespace on_target;

namespace {

constexpr uint32_t slot = 17;
uint8_t memory[6 * 1024];
uint8_t frame[384];
Recorder recorder;
const Platform none = CAIRN_PLATFORM_INIT;

RecorderOptions options() {
  RecorderOptions out;
  out.origin = literal("example.com/press-7");
  out.batch.leaves = 4;
  return out;
}

// By an append that ended a batch, or now.
bool sealed() {
  return recorder.pending() == 0 || recorder.seal() == Status::ok;
}

// Whether the newest head verifies with this key.
bool head_verifies(const PublicKey& key) {
  uint8_t note[signed_checkpoint_bytes_max];
  Checkpoint head;
  const Verifier verifier = p256_verifier();
  const auto size = recorder.checkpoint(note);
  return size.ok() &&
         open_checkpoint({note, size.value}, note_key(options().origin, NoteType::ecdsa, key),
                         {&verifier, 1}, head) == Status::ok;
}

}  // namespace

TARGET_TEST("a recorder signs with a key that a secure element keeps") {
  P256Key key;
  Signer signer;
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  TARGET_REQUIRE(secure_element_start() == 0);
  TARGET_CHECK(p256_signer_from_slot(slot, key, signer) == Status::not_found);
  TARGET_REQUIRE(secure_element_register(slot) == 0);
  TARGET_REQUIRE(p256_signer_from_slot(slot, key, signer) == Status::ok);
  TARGET_REQUIRE(recorder.create(flash.flash, {frame}, options(), none, signer) == Status::ok);
  for (int i = 0; i < 8; ++i)
    TARGET_REQUIRE(recorder.append(Kind::opaque, literal("213.5 bar")).ok());
  TARGET_CHECK(recorder.last_seal() == Status::ok && head_verifies(signer.public_key));
  const unsigned signatures = secure_element_signatures();
  TARGET_CHECK(signatures >= 2);

  // The power goes: the slot is still there, and behind it the same key.
  secure_element_stop();
  TARGET_REQUIRE(secure_element_start() == 0);
  Signer again;
  TARGET_REQUIRE(p256_signer_from_slot(slot, key, again) == Status::ok);
  TARGET_CHECK(again.public_key == signer.public_key);
  TARGET_REQUIRE(recorder.open(flash.flash, {frame}, options(), none, again) == Status::ok);
  TARGET_REQUIRE(recorder.append(Kind::opaque, literal("213.5 bar")).ok());
  TARGET_REQUIRE(sealed());
  TARGET_CHECK(head_verifies(signer.public_key) && secure_element_signatures() > signatures);

  // While the element does not answer no head is signed, and no record is lost.
  const uint64_t size = recorder.log().size();
  secure_element_unplug(1);
  for (int i = 0; i < 8; ++i)
    TARGET_REQUIRE(recorder.append(Kind::opaque, literal("213.5 bar")).ok());
  TARGET_CHECK(recorder.last_seal() == Status::io && recorder.seal() == Status::io);
  TARGET_CHECK(recorder.log().head()->size <= size);
  secure_element_unplug(0);
  TARGET_REQUIRE(sealed());
  TARGET_CHECK(recorder.log().head()->size == recorder.log().size());
  TARGET_CHECK(head_verifies(signer.public_key));
}
