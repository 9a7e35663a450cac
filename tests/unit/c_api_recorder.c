#include <string.h>

#include "c_api_test.h"

int toy_recorder(cairn_recorder* recorder, const cairn_flash* flash, toy_key* key,
                 cairn_signer* signer, const cairn_platform* platform) {
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  cairn_log_memory memory = toy_memory(0);
  unsigned i;
  *signer = toy_signer(key, 1);
  options.origin = cairn_text(TOY_ORIGIN);
  options.batch.automatic = 0;
  EXPECT(cairn_recorder_create(recorder, flash, &memory, &options, platform, signer, NULL) == 0);
  for (i = 0; i < TOY_RECORDS; ++i) {
    char text[] = "reading 0";
    text[8] = (char)('0' + i);
    EXPECT(cairn_recorder_append(recorder, CAIRN_KIND_OPAQUE, text, 9, NULL) == CAIRN_OK);
  }
  EXPECT(cairn_recorder_seal(recorder) == CAIRN_OK);
  return 0;
}

static int refuse_arguments(cairn_recorder* recorder) {
  static const cairn_bytes hollow = {NULL, 3};
  cairn_air_checkpoint air;
  EXPECT(cairn_recorder_append(NULL, 0x40, "x", 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_append(recorder, 0x40, NULL, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_append(recorder, CAIRN_KIND_CLOSE, "x", 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_append_batch(recorder, &hollow, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_stage(recorder, &hollow, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_commit(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_append_gap(recorder, 1, 5, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_due(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_seal(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_last_seal(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_set_beacon(recorder, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_checkpoint(recorder, NULL, 9) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_air_checkpoint(recorder, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_air_checkpoint(NULL, &air) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_recorder(void) {
  static cairn_recorder recorder;
  static toy_key toy;
  uint64_t now = 1000, index = 0, size;
  const cairn_platform platform = toy_platform(&now);
  const cairn_flash flash = toy_flash(0);
  const cairn_verifier verifier = toy_verifier();
  cairn_signer signer;
  cairn_note_key key;
  cairn_checkpoint head;
  cairn_air_checkpoint air;
  cairn_digest beacon;
  cairn_bytes leaves[2];
  char note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  int written, failed;

  failed = toy_recorder(&recorder, &flash, &toy, &signer, &platform);
  if (failed == 0) failed = refuse_arguments(&recorder);
  if (failed != 0) return failed;
  EXPECT(cairn_recorder_pending(&recorder) == 0 && cairn_recorder_batch(&recorder) == 1);
  EXPECT(cairn_recorder_boot(&recorder) == 1);
  EXPECT(same(cairn_recorder_origin(&recorder), TOY_ORIGIN));
  EXPECT(cairn_recorder_key(&recorder) == &signer.public_key);
  EXPECT(cairn_recorder_seal(&recorder) == CAIRN_E_BAD_STATE);
  EXPECT(cairn_recorder_last_seal(&recorder) == CAIRN_OK);

  written = cairn_recorder_checkpoint(&recorder, note, sizeof note);
  EXPECT(written > 0);
  EXPECT(cairn_make_note_key(TOY_ORIGIN, strlen(TOY_ORIGIN), CAIRN_NOTE_ED25519, &signer.public_key,
                             &key) == CAIRN_OK);
  EXPECT(cairn_open_checkpoint(note, (size_t)written, &key, &verifier, 1, &head, NULL) == 0);
  size = cairn_log_size(cairn_recorder_log(&recorder));
  EXPECT(head.size == size && size >= TOY_RECORDS + 2);
  EXPECT(cairn_recorder_checkpoint(&recorder, note, 20) == CAIRN_E_FULL);
  EXPECT(cairn_recorder_air_checkpoint(&recorder, &air) == CAIRN_OK && air.size == size);

  memset(&beacon, 3, sizeof beacon);
  EXPECT(cairn_recorder_set_beacon(&recorder, &beacon) == CAIRN_OK);
  leaves[0] = cairn_text("@one");
  leaves[1] = cairn_text("@two");
  EXPECT(cairn_recorder_append_batch(&recorder, leaves, 2, &index) == CAIRN_OK && index == size);
  EXPECT(cairn_recorder_stage(&recorder, leaves, 2, &index) == CAIRN_OK && index == size + 2);
  EXPECT(cairn_recorder_commit(&recorder) == CAIRN_OK);
  EXPECT(cairn_recorder_append_gap(&recorder, 5, CAIRN_GAP_QUEUE_FULL, &index) == CAIRN_OK);
  EXPECT(index == size + 4 && cairn_recorder_pending(&recorder) == 5);
  EXPECT(cairn_recorder_due(&recorder) == 0);
  EXPECT(cairn_recorder_seal(&recorder) == CAIRN_OK && cairn_recorder_batch(&recorder) == 2);
  return 0;
}

/* The last leaf of the log, a close record. */
static int last_close(const cairn_log* log, cairn_close* out) {
  uint8_t leaf[CAIRN_LIBRARY_BODY_BYTES_MAX + 1];
  const int size = cairn_log_read(log, cairn_log_size(log) - 1, leaf, sizeof leaf);
  EXPECT(size > 1 && leaf[0] == CAIRN_KIND_CLOSE);
  EXPECT(cairn_decode_close(leaf + 1, (size_t)size - 1, out) == CAIRN_OK);
  return 0;
}

int c_api_recorder_open(void) {
  static cairn_recorder recorder;
  static toy_key toy, other_toy;
  uint64_t now = 1000, before;
  const cairn_platform platform = toy_platform(&now);
  const cairn_flash flash = toy_flash(0);
  const cairn_log_memory memory = toy_memory(0);
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT, wrong;
  cairn_signer signer, other = toy_signer(&other_toy, 2);
  cairn_begin predecessor = CAIRN_BEGIN_INIT;
  cairn_close close;
  char note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX], again[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  int size, failed = toy_recorder(&recorder, &flash, &toy, &signer, &platform);
  if (failed != 0) return failed;

  size = cairn_recorder_checkpoint(&recorder, note, sizeof note);
  EXPECT(size > 0);
  options.origin = cairn_text(TOY_ORIGIN);
  EXPECT(options.batch.leaves == 256 && options.batch.automatic == 1);
  wrong = options;
  wrong.origin.data = NULL;
  EXPECT(cairn_recorder_open(&recorder, &flash, &memory, &wrong, &platform, &signer) ==
         CAIRN_E_BAD_ARGUMENT);
  wrong = options;
  wrong.log.struct_size = 0;
  EXPECT(cairn_recorder_create(&recorder, &flash, &memory, &wrong, &platform, &signer, NULL) ==
         CAIRN_E_BAD_ARGUMENT);
  wrong = options;
  wrong.origin = cairn_text("somebody else");
  EXPECT(cairn_recorder_open(NULL, &flash, &memory, &options, &platform, &signer) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_recorder_open(&recorder, &flash, &memory, &options, &platform, NULL) ==
         CAIRN_E_BAD_ARGUMENT);
  wrong.origin = cairn_text("example.com/press-8");
  EXPECT(cairn_recorder_open(&recorder, &flash, &memory, &wrong, &platform, &signer) ==
         CAIRN_E_NOT_FORMATTED);
  EXPECT(cairn_recorder_open(&recorder, &flash, &memory, &options, &platform, &other) ==
         CAIRN_E_NOT_FOUND);

  now = 5;
  EXPECT(cairn_recorder_open(&recorder, &flash, &memory, &options, &platform, &signer) == 0);
  EXPECT(cairn_recorder_boot(&recorder) == 2);
  EXPECT(cairn_recorder_checkpoint(&recorder, again, sizeof again) == size);
  EXPECT(memcmp(note, again, (size_t)size) == 0);
  before = cairn_log_size(cairn_recorder_log(&recorder));
  EXPECT(cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, "x", 1, NULL) == CAIRN_OK);
  EXPECT(cairn_log_size(cairn_recorder_log(&recorder)) == before + 2); /* boot record, record */
  EXPECT(cairn_recorder_seal(&recorder) == CAIRN_OK);
  failed = last_close(cairn_recorder_log(&recorder), &close);
  if (failed != 0) return failed;
  EXPECT(close.batch == 1 && close.boot == 2 && close.has_previous == 1);

  predecessor.previous_origin = cairn_text(TOY_ORIGIN);
  predecessor.previous_size = before;
  options.origin = cairn_text("example.com/press-7b");
  EXPECT(cairn_recorder_create(&recorder, &flash, &memory, &options, &platform, &signer,
                               &predecessor) == CAIRN_OK);
  EXPECT(cairn_log_id_of(TOY_ORIGIN, strlen(TOY_ORIGIN)) != cairn_log_id_of("example.com", 11));
  predecessor.previous_origin.data = NULL;
  EXPECT(cairn_recorder_create(&recorder, &flash, &memory, &options, &platform, &signer,
                               &predecessor) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

static int finish(cairn_steps* steps, uint32_t budget) {
  int left;
  do {
    uint32_t used = budget + 1;
    left = cairn_steps_do(steps, budget, &used);
    EXPECT(used <= budget && left <= 1);
  } while (left == 1);
  return left;
}

int c_api_steps(void) {
  static cairn_recorder recorder;
  static toy_key toy;
  cairn_steps steps = CAIRN_STEPS_INIT;
  uint64_t now = 1000, size;
  uint32_t used = 9;
  const cairn_platform platform = toy_platform(&now);
  const cairn_flash flash = toy_flash(0);
  const cairn_log_memory memory = toy_memory(0);
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  cairn_signer signer;
  const int failed = toy_recorder(&recorder, &flash, &toy, &signer, &platform);
  if (failed != 0) return failed;
  options.origin = cairn_text(TOY_ORIGIN);
  size = cairn_log_size(cairn_recorder_log(&recorder));

  EXPECT(cairn_steps_do(&steps, 5, &used) == CAIRN_OK && used == 0);
  EXPECT(cairn_steps_begin_open(&steps, &recorder, &flash, &memory, &options, &platform, NULL) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_steps_begin_open(&steps, &recorder, &flash, &memory, &options, &platform, &signer) ==
         CAIRN_OK);
  EXPECT(cairn_steps_begin_seal(&steps, &recorder) == CAIRN_E_BAD_STATE);
  EXPECT(cairn_steps_do(&steps, 0, &used) == 1 && used == 0 && cairn_steps_busy(&steps) == 1);
  EXPECT(cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, "x", 1, NULL) == CAIRN_E_BAD_STATE);
  EXPECT(finish(&steps, 1) == CAIRN_OK && cairn_recorder_boot(&recorder) == 2);
  EXPECT(cairn_steps_busy(&steps) == 0);
  EXPECT(cairn_steps_begin_append(&steps, &recorder, CAIRN_KIND_OPAQUE, "y", 1) == CAIRN_OK);
  EXPECT(finish(&steps, 2) == CAIRN_OK && cairn_steps_index(&steps) == size + 1);
  EXPECT(cairn_steps_begin_append_gap(&steps, &recorder, 3, CAIRN_GAP_QUEUE_FULL) == CAIRN_OK);
  EXPECT(finish(&steps, 7) == CAIRN_OK && cairn_steps_index(&steps) == size + 2);
  EXPECT(cairn_steps_begin_seal(&steps, &recorder) == CAIRN_OK);
  EXPECT(finish(&steps, 1) == CAIRN_OK && cairn_recorder_pending(&recorder) == 0);
  EXPECT(cairn_steps_begin_seal(&steps, &recorder) == CAIRN_E_BAD_STATE); /* nothing to seal */
  EXPECT(cairn_steps_begin_maintain(&steps, &recorder) == CAIRN_OK);
  EXPECT(finish(&steps, 1) == CAIRN_OK);

  EXPECT(cairn_steps_begin_append(&steps, NULL, 0x40, "y", 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_steps_begin_append(&steps, &recorder, 0x40, NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_steps_begin_append_gap(&steps, &recorder, 1, 9) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_steps_begin_seal(NULL, &recorder) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_steps_begin_maintain(&steps, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_steps_do(&steps, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}
