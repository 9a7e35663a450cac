/* The sample of examples/04_verify_in_c, made again from fixed keys and a fixed clock: evidence of
 * one reading and of its batch's close record, under a witnessed checkpoint. */
#include <string.h>

#include "c_api_test.h"

#ifdef CAIRN_TEST_WITH_SODIUM

#define WITNESS "witness.example"
#define READINGS 250
#define CHOSEN 137

static int wall_clock(void* user, int64_t* unix_ms, uint8_t* quality) {
  *unix_ms = (int64_t) * (const uint64_t*)user + 1767258000000;
  *quality = CAIRN_TIME_SYNCHRONISED;
  return CAIRN_OK;
}

static uint64_t monotonic_ms(void* user) {
  return *(const uint64_t*)user;
}

/* A store that knows one log and nothing of it. */
static int store_key(void* user, const uint8_t* origin, size_t size, cairn_note_key* out) {
  (void)origin, (void)size;
  *out = *(const cairn_note_key*)user;
  return CAIRN_OK;
}

static int store_get(void* user, const uint8_t* origin, size_t size, cairn_witness_state* out) {
  (void)user, (void)origin, (void)size;
  memset(out, 0, sizeof *out);
  return CAIRN_OK;
}

static int store_set(void* user, const uint8_t* origin, size_t size,
                     const cairn_witness_state* expected, const cairn_witness_state* next,
                     const uint8_t* checkpoint, size_t checkpoint_size) {
  (void)user, (void)origin, (void)size, (void)expected, (void)next;
  (void)checkpoint, (void)checkpoint_size;
  return CAIRN_OK;
}

static int record(cairn_recorder* recorder, const cairn_flash* flash, uint64_t* now,
                  const cairn_platform* platform, const cairn_signer* signer, uint64_t* chosen) {
  const cairn_log_memory memory = toy_memory(0);
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  cairn_channel channel;
  uint8_t body[256];
  unsigned i;
  int size;
  options.origin = cairn_text(TOY_ORIGIN);
  options.batch.automatic = 0;
  EXPECT(cairn_recorder_create(recorder, flash, &memory, &options, platform, signer, NULL) == 0);
  channel.number = 1;
  channel.name = cairn_text("ram pressure");
  channel.unit = cairn_text("bar");
  size = cairn_encode_channel(&channel, body, sizeof body);
  EXPECT(size > 0);
  EXPECT(cairn_recorder_append(recorder, CAIRN_KIND_CHANNEL, body, (size_t)size, NULL) == 0);
  for (i = 0; i < READINGS; ++i) {
    cairn_reading reading = CAIRN_READING_INIT;
    *now += 1000;
    reading.channel = 1;
    reading.decimal = 2100 + (int)(i * 37 % 91);
    reading.places = 1;
    size = cairn_encode_sample(cairn_wall_clock(platform), &reading, 1, body, sizeof body);
    EXPECT(size > 0);
    EXPECT(cairn_recorder_append(recorder, CAIRN_KIND_SAMPLE, body, (size_t)size,
                                 i == CHOSEN ? chosen : NULL) == CAIRN_OK);
  }
  EXPECT(cairn_recorder_seal(recorder) == CAIRN_OK);
  return 0;
}

/* The signed checkpoint, and the witness's line under it. */
static int witnessed(const cairn_recorder* recorder, cairn_note_key* log,
                     const cairn_signer* witness, char* note, size_t capacity, size_t* size_out) {
  const cairn_verifier verifier = cairn_ed25519_verifier();
  cairn_witness_store store = CAIRN_WITNESS_STORE_INIT;
  cairn_witness_reply reply;
  char request[1024];
  const int size = cairn_recorder_checkpoint(recorder, note, capacity);
  int request_size;
  EXPECT(size > 0);
  store.user = log;
  store.key = store_key;
  store.get = store_get;
  store.compare_and_set = store_set;
  request_size =
      cairn_format_add_checkpoint(0, NULL, 0, note, (size_t)size, request, sizeof request);
  EXPECT(request_size > 0);
  EXPECT(cairn_add_checkpoint(request, (size_t)request_size, &store, &verifier, 1, witness, WITNESS,
                              strlen(WITNESS), 1767258300, note + size, capacity - (size_t)size,
                              &reply) == CAIRN_OK);
  *size_out = (size_t)size + reply.size_bytes;
  return 0;
}

static int prove_one(const cairn_log* log, uint64_t index, cairn_evidence_writer* writer) {
  cairn_node_source source;
  cairn_digest proof[CAIRN_PROOF_HASHES_MAX];
  uint8_t leaf[256];
  const int size = cairn_log_read(log, index, leaf, sizeof leaf);
  int count;
  EXPECT(size > 0 && cairn_log_nodes(log, &source) == CAIRN_OK);
  count = cairn_build_inclusion(index, cairn_log_size(log), &source, proof, 64);
  EXPECT(count > 0);
  EXPECT(cairn_evidence_begin_run(writer, index) == CAIRN_OK);
  EXPECT(cairn_evidence_leaf(writer, leaf, (size_t)size) == CAIRN_OK);
  EXPECT(cairn_evidence_proof(writer, proof, (size_t)count) == CAIRN_OK);
  return 0;
}

static int policy_of(const cairn_note_key* log, const cairn_note_key* witness, char* out,
                     size_t capacity, size_t* size_out) {
  static const char before[] =
      "# Who verifies readings of press 7 trusts its key and one witness.\nlog ";
  size_t used = sizeof before - 1;
  int size;
  memcpy(out, before, used);
  size = cairn_format_vkey(log, out + used, capacity - used);
  EXPECT(size > 0);
  used += (size_t)size;
  memcpy(out + used, "\nwitness w1 ", 12);
  used += 12;
  size = cairn_format_vkey(witness, out + used, capacity - used);
  EXPECT(size > 0);
  used += (size_t)size;
  memcpy(out + used, "\nquorum w1\n", 11);
  *size_out = used + 11;
  return 0;
}

int c_api_sample(void* evidence, size_t capacity, size_t* evidence_size, char* policy,
                 size_t policy_capacity, size_t* policy_size) {
  static cairn_recorder recorder;
  const uint8_t log_seed[32] = {7}, witness_seed[32] = {8};
  const cairn_flash flash = toy_flash(0);
  cairn_platform platform = CAIRN_PLATFORM_INIT;
  cairn_ed25519_key log_secret, witness_secret;
  cairn_signer log, witness;
  cairn_note_key log_key, witness_key;
  cairn_evidence_writer writer;
  char note[1024];
  size_t note_size = 0;
  uint64_t now = 0, chosen = 0;
  int size, failed;
  platform.user = &now;
  platform.monotonic_ms = monotonic_ms;
  platform.wall_clock = wall_clock;
  EXPECT(cairn_ed25519_signer(log_seed, 32, &log_secret, &log) == CAIRN_OK);
  EXPECT(cairn_ed25519_signer(witness_seed, 32, &witness_secret, &witness) == CAIRN_OK);
  EXPECT(cairn_make_note_key(TOY_ORIGIN, strlen(TOY_ORIGIN), CAIRN_NOTE_ED25519, &log.public_key,
                             &log_key) == CAIRN_OK);
  EXPECT(cairn_make_note_key(WITNESS, strlen(WITNESS), CAIRN_NOTE_COSIGNATURE, &witness.public_key,
                             &witness_key) == CAIRN_OK);

  failed = record(&recorder, &flash, &now, &platform, &log, &chosen);
  if (failed == 0) failed = witnessed(&recorder, &log_key, &witness, note, sizeof note, &note_size);
  if (failed != 0) return failed;
  EXPECT(cairn_evidence_writer_init(&writer, evidence, capacity) == CAIRN_OK);
  EXPECT(cairn_evidence_begin_level(&writer) == CAIRN_OK);
  failed = prove_one(cairn_recorder_log(&recorder), chosen, &writer);
  if (failed == 0) {
    const cairn_log* held = cairn_recorder_log(&recorder);
    failed = prove_one(held, cairn_log_size(held) - 1, &writer);
  }
  if (failed != 0) return failed;
  EXPECT(cairn_evidence_checkpoint(&writer, note, note_size) == CAIRN_OK);
  size = cairn_evidence_finish(&writer);
  EXPECT(size > 0);
  *evidence_size = (size_t)size;
  return policy_of(&log_key, &witness_key, policy, policy_capacity, policy_size);
}

#endif
