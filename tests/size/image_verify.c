/* A device that verifies: a record, its proof, and the signed checkpoint they lead to. */
#include "device.h"

static uint8_t note[256], leaf[64];
static cairn_digest proof[32];
static cairn_public_key log_key = {CAIRN_ED25519, {1}};

int main(void) {
  const cairn_flash* volatile flash = &device_flash;
  flash->program(flash->user, 0, 0, device_record, sizeof device_record);
  flash->erase(flash->user, 0);
  flash->read(flash->user, 0, 0, note, sizeof note);
  cairn_note_key key;
  int status = cairn_make_note_key(DEVICE_ORIGIN, sizeof DEVICE_ORIGIN - 1, CAIRN_NOTE_ED25519,
                                   &log_key, &key);
  if (status < 0) return status;
  const cairn_verifier verifier = cairn_ed25519_verifier();
  cairn_checkpoint head;
  status = cairn_open_checkpoint(note, sizeof note, &key, &verifier, 1, &head, NULL);
  if (status < 0) return status;
  cairn_digest hash;
  cairn_leaf_hash(leaf, sizeof leaf, &hash);
  return cairn_verify_inclusion(device_sink, head.size, &hash, proof, device_sink, &head.root);
}
