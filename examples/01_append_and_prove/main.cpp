// A device's log in RAM: append a reading, sign the head, prove the reading, verify the proof.
#include <cairn/cairn.hpp>
#include <cstdio>

namespace {

using namespace cairn;

Status verify(ByteView leaf, uint64_t index, ProofView proof, ByteView note, const Signer& key) {
  const NoteKey device =
      note_key(literal("example.com/press-7"), NoteType::ed25519, key.public_key);
  const Verifier verifier = ed25519_verifier();
  Checkpoint head;
  CAIRN_TRY(open_checkpoint(note, device, {&verifier, 1}, head));
  return verify_inclusion(index, head.size, leaf_hash(leaf), proof, head.root);
}

// [readme]
Status append_and_prove(const Flash& flash, const Platform& clock, const Signer& key) {
  uint8_t frame[512], leaf[64], note[signed_checkpoint_bytes_max];
  RecorderOptions options;
  options.origin = literal("example.com/press-7");  // the log's name
  Recorder recorder;
  CAIRN_TRY(recorder.create(flash, {frame}, options, clock, key));
  const auto index = recorder.append(Kind::opaque, literal("213.5 bar"));
  CAIRN_TRY(index.status);     // ok: the record survives a power cut from here on
  CAIRN_TRY(recorder.seal());  // closes the batch and signs the head of the log

  const Log& log = recorder.log();
  const auto note_size = recorder.checkpoint(note), leaf_size = log.read(index.value, leaf);
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  CAIRN_TRY(build_inclusion(index.value, log.size(), log.nodes(), proof));

  // Elsewhere, years later: leaf, index, proof, note and the public key are enough.
  return verify({leaf, leaf_size.value}, index.value, proof, {note, note_size.value}, key);
}
// [/readme]

}  // namespace

int main() {
  // A device has a driver of five functions here; this is 64 KiB of RAM that behaves like NOR
  // flash.
  static uint8_t memory[16 * 4096];
  RamFlash ram{memory, sizeof memory};
  Flash geometry = CAIRN_FLASH_INIT, flash;
  geometry.unit_bytes = 1;
  geometry.segment_bytes = 4096;
  geometry.segment_count = 16;
  geometry.kind = CAIRN_FLASH_NOR;
  // No clock: the log then says so. The key of a real device is random and never leaves it.
  const Platform clock = CAIRN_PLATFORM_INIT;
  const uint8_t seed[32] = {7};
  Ed25519Key key;
  Signer signer;

  Status status = ram_flash(ram, geometry, flash);
  if (status == Status::ok) status = ed25519_signer(seed, key, signer);
  if (status == Status::ok) status = append_and_prove(flash, clock, signer);
  wipe(&key, sizeof key);
  std::printf("appended, signed, proved, verified: %s\n", status_text(status));
  return status == Status::ok ? 0 : 1;
}
