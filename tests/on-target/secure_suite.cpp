// A key in a persistent slot of PSA Crypto: one that PSA Crypto stores itself, and one that the
// device does not hold, but a secure element behind that slot.
#include <psa/crypto.h>

#include "fixtures.hpp"
#include "secure_element.h"

using namespace on_target;

namespace {

constexpr uint32_t slot = 17, stored_slot = 18;
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

// As a factory does it, once.
bool store_key() {
  const uint8_t scalar[] = "a key that PSA Crypto has stored";
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_set_key_id(&attributes, stored_slot);
  psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH);
  psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
  psa_key_id_t stored = 0;
  return psa_import_key(&attributes, scalar, sizeof scalar - 1, &stored) == PSA_SUCCESS &&
         stored == stored_slot;
}

}  // namespace

TARGET_TEST("a recorder signs with a key that PSA Crypto keeps in its storage") {
  P256Key key;
  Signer signer, again;
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  const unsigned signatures = secure_element_signatures();
  TARGET_REQUIRE(secure_element_start() == 0);
  TARGET_CHECK(p256_signer_from_slot(stored_slot, key, signer) == Status::not_found);
  TARGET_REQUIRE(store_key());
  TARGET_REQUIRE(p256_signer_from_slot(stored_slot, key, signer) == Status::ok);
  TARGET_REQUIRE(recorder.create(flash.flash, {frame}, options(), none, signer) == Status::ok);
  TARGET_REQUIRE(recorder.seal() == Status::ok);
  TARGET_CHECK(head_verifies(signer.public_key));

  // The power goes: the key is read out of storage again.
  secure_element_stop();
  TARGET_REQUIRE(secure_element_start() == 0);
  TARGET_REQUIRE(p256_signer_from_slot(stored_slot, key, again) == Status::ok);
  TARGET_CHECK(again.public_key == signer.public_key);
  TARGET_REQUIRE(recorder.open(flash.flash, {frame}, options(), none, again) == Status::ok);
  TARGET_REQUIRE(recorder.append(Kind::opaque, literal("213.5 bar")).ok());
  TARGET_REQUIRE(sealed());
  TARGET_CHECK(head_verifies(signer.public_key));
  TARGET_CHECK(secure_element_signatures() == signatures);
  secure_element_stop();
}

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
