/* A device's log in RAM: append a reading, sign the head, prove the reading, verify the proof. */
#include <cairn/cairn.h>
#include <stdio.h>

/* Returns from the calling function when a call failed. */
#define TRY(call)                          \
  do {                                     \
    const int try_status = (call);         \
    if (try_status < 0) return try_status; \
  } while (0)

static int verify(const uint8_t* leaf, size_t leaf_size, uint64_t index, const cairn_digest* proof,
                  size_t proof_count, const uint8_t* note, size_t note_size,
                  const cairn_signer* key) {
  const cairn_verifier verifier = cairn_ed25519_verifier();
  cairn_note_key device;
  cairn_checkpoint head;
  cairn_digest hash;
  TRY(cairn_make_note_key("example.com/press-7", 19, CAIRN_NOTE_ED25519, &key->public_key,
                          &device));
  TRY(cairn_open_checkpoint(note, note_size, &device, &verifier, 1, &head, NULL));
  cairn_leaf_hash(leaf, leaf_size, &hash);
  return cairn_verify_inclusion(index, head.size, &hash, proof, proof_count, &head.root);
}

/* [readme] */
static int append_and_prove(const cairn_flash* flash, const cairn_platform* clock,
                            const cairn_signer* key) {
  uint8_t frame[512], leaf[64], note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  const cairn_log_memory memory = {sizeof memory, frame, sizeof frame, NULL, 0};
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  cairn_recorder recorder; /* all the state there is: about 2 KB */
  cairn_node_source nodes;
  cairn_digest proof[CAIRN_PROOF_HASHES_MAX];
  uint64_t index;
  int note_size, leaf_size, count;
  options.origin = cairn_text("example.com/press-7"); /* the log's name */
  TRY(cairn_recorder_create(&recorder, flash, &memory, &options, clock, key, NULL));
  TRY(cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, "213.5 bar", 9, &index));
  TRY(cairn_recorder_seal(&recorder)); /* closes the batch and signs the head of the log */

  const cairn_log* log = cairn_recorder_log(&recorder);
  TRY(note_size = cairn_recorder_checkpoint(&recorder, note, sizeof note));
  TRY(leaf_size = cairn_log_read(log, index, leaf, sizeof leaf));
  TRY(cairn_log_nodes(log, &nodes));
  TRY(count = cairn_build_inclusion(index, cairn_log_size(log), &nodes, proof, 64));
  return verify(leaf, (size_t)leaf_size, index, proof, (size_t)count, note, (size_t)note_size, key);
}
/* [/readme] */

int main(void) {
  /* A device has a driver of five functions here; this is RAM that behaves like NOR flash. */
  static uint8_t medium[16 * 4096];
  cairn_ram_flash ram;
  cairn_flash geometry = CAIRN_FLASH_INIT, flash = CAIRN_FLASH_INIT;
  /* No clock: the log then says so. The key of a real device is random and never leaves it. */
  const cairn_platform clock = CAIRN_PLATFORM_INIT;
  const uint8_t seed[32] = {7};
  cairn_ed25519_key key;
  cairn_signer signer = CAIRN_SIGNER_INIT;
  int status;

  geometry.unit_bytes = 1;
  geometry.segment_bytes = 4096;
  geometry.segment_count = 16;
  geometry.kind = CAIRN_FLASH_NOR;
  status = cairn_ram_flash_init(&ram, medium, sizeof medium, &geometry, &flash);
  if (status == CAIRN_OK) status = cairn_ed25519_signer(seed, sizeof seed, &key, &signer);
  if (status == CAIRN_OK) status = append_and_prove(&flash, &clock, &signer);
  cairn_wipe(&key, sizeof key);
  printf("appended, signed, proved, verified: %s\n", cairn_status_text(status));
  return status == CAIRN_OK ? 0 : 1;
}
