#include <string.h>

#include "c_api_test.h"

/* A store for one origin. */
typedef struct one_store {
  cairn_note_key key;
  cairn_witness_state state;
  int answer; /* to every call */
} one_store;

static int store_key(void* user, const uint8_t* origin, size_t size, cairn_note_key* out) {
  const one_store* store = (const one_store*)user;
  if (size != strlen(TOY_ORIGIN) || memcmp(origin, TOY_ORIGIN, size) != 0) {
    return CAIRN_E_NOT_FOUND;
  }
  *out = store->key;
  return store->answer;
}

static int store_get(void* user, const uint8_t* origin, size_t size, cairn_witness_state* out) {
  (void)origin, (void)size;
  *out = ((const one_store*)user)->state;
  return CAIRN_OK;
}

static int store_set(void* user, const uint8_t* origin, size_t size,
                     const cairn_witness_state* expected, const cairn_witness_state* next,
                     const uint8_t* checkpoint, size_t checkpoint_size) {
  one_store* store = (one_store*)user;
  (void)origin, (void)size;
  if (store->state.size != expected->size) return CAIRN_E_BAD_STATE;
  if (checkpoint_size < size || memcmp(checkpoint, origin, size) != 0) return CAIRN_E_IO;
  store->state = *next;
  return CAIRN_OK;
}

static int prepare(one_store* state, cairn_witness_store* store, const cairn_signer* log) {
  const cairn_witness_store empty = CAIRN_WITNESS_STORE_INIT;
  memset(state, 0, sizeof *state);
  *store = empty;
  store->user = state;
  store->key = store_key;
  store->get = store_get;
  store->compare_and_set = store_set;
  return cairn_make_note_key(TOY_ORIGIN, strlen(TOY_ORIGIN), CAIRN_NOTE_ED25519, &log->public_key,
                             &state->key);
}

/* A request for the tree of `size` leaves "0", "1" ..., from `old_size` on; returns its size. */
static int request(const one_store* store, const cairn_signer* log, uint64_t old_size,
                   uint64_t size, const cairn_digest* proof, size_t count, char* out,
                   size_t capacity) {
  cairn_checkpoint head = CAIRN_CHECKPOINT_INIT;
  cairn_frontier frontier;
  cairn_signature signature;
  char text[256], note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  uint64_t i;
  int written;
  if (cairn_frontier_init(&frontier) != CAIRN_OK) return -1;
  for (i = 0; i < size; ++i) {
    const char digit = (char)('0' + (char)i);
    cairn_digest leaf;
    cairn_leaf_hash(&digit, 1, &leaf);
    if (cairn_frontier_append(&frontier, &leaf) != CAIRN_OK) return -1;
  }
  head.origin = cairn_text(TOY_ORIGIN);
  head.size = size;
  cairn_frontier_root(&frontier, &head.root);
  written = cairn_format_checkpoint(&head, text, sizeof text);
  if (written < 0 || cairn_sign(log, text, (size_t)written, &signature) != CAIRN_OK) return -1;
  written = cairn_format_signed_checkpoint(&head, &store->key, &signature, note, sizeof note);
  if (written < 0) return -1;
  return cairn_format_add_checkpoint(old_size, proof, count, note, (size_t)written, out, capacity);
}

int c_api_witness(void) {
  toy_key log_toy, witness_toy;
  const cairn_signer log = toy_signer(&log_toy, 1), witness = toy_signer(&witness_toy, 2);
  const cairn_verifier verifier = toy_verifier();
  one_store state;
  cairn_witness_store store;
  cairn_witness_reply reply;
  cairn_add_request taken;
  cairn_digest proof[CAIRN_PROOF_HASHES_MAX], second;
  cairn_signature_lines lines;
  cairn_note_signature line;
  cairn_fault fault;
  char body[2048], out[256];
  int size;

  EXPECT(prepare(&state, &store, &log) == CAIRN_OK);
  size = request(&state, &log, 0, 1, NULL, 0, body, sizeof body);
  EXPECT(size > 0);
  EXPECT(cairn_parse_add_checkpoint(body, (size_t)size, &taken, proof, 64, NULL) == 0);
  EXPECT(taken.old_size == 0 && taken.checkpoint.size > 0);
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &store, &verifier, 1, &witness, "w", 1,
                              1700000000, out, sizeof out, &reply) == CAIRN_OK);
  EXPECT(reply.answer == CAIRN_ANSWER_COSIGNED && reply.checkpoint.size == 1);
  EXPECT(same(reply.checkpoint.origin, TOY_ORIGIN) && state.state.size == 1);
  EXPECT(cairn_signature_lines_open(&lines, out, reply.size_bytes) == CAIRN_OK);
  EXPECT(cairn_signature_lines_next(&lines, &line, NULL) == CAIRN_OK && same(line.name, "w"));

  cairn_leaf_hash("1", 1, &second);
  size = request(&state, &log, 1, 2, &second, 1, body, sizeof body);
  EXPECT(size > 0);
  EXPECT(cairn_parse_add_checkpoint(body, (size_t)size, &taken, proof, 64, NULL) == 1);
  EXPECT(memcmp(&proof[0], &second, sizeof second) == 0);
  EXPECT(cairn_parse_add_checkpoint(body, (size_t)size, &taken, proof, 0, NULL) == CAIRN_E_FULL);
  EXPECT(cairn_parse_add_checkpoint(body, (size_t)size, NULL, proof, 64, NULL) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_add_checkpoint("new 1\n", 6, &taken, proof, 64, &fault) == CAIRN_E_CORRUPT);
  EXPECT(fault.field != CAIRN_FIELD_NONE);
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &store, &verifier, 1, &witness, "w", 1,
                              1700000001, out, sizeof out, &reply) == CAIRN_OK);
  EXPECT(state.state.size == 2);
  return 0;
}

int c_api_witness_refuses(void) {
  toy_key log_toy, witness_toy;
  const cairn_signer log = toy_signer(&log_toy, 1), witness = toy_signer(&witness_toy, 2);
  const cairn_verifier verifier = toy_verifier();
  one_store state;
  cairn_witness_store store, wrong;
  cairn_witness_reply reply;
  cairn_digest hash;
  char body[2048], out[256];
  int size;

  memset(&hash, 0, sizeof hash);
  EXPECT(prepare(&state, &store, &log) == CAIRN_OK);
  size = request(&state, &log, 0, 2, NULL, 0, body, sizeof body);
  EXPECT(size > 0);
  wrong = store;
  wrong.get = NULL;
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &wrong, &verifier, 1, &witness, "w", 1, 9, out,
                              sizeof out, &reply) == CAIRN_E_BAD_ARGUMENT);
  wrong = store;
  wrong.struct_size = 0;
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &wrong, &verifier, 1, &witness, "w", 1, 9, out,
                              sizeof out, &reply) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &store, &verifier, 1, NULL, "w", 1, 9, out,
                              sizeof out, &reply) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &store, &verifier, 1, &witness, "w", 1, 9, out,
                              sizeof out, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_format_add_checkpoint(0, NULL, 1, body, 9, out, sizeof out) == CAIRN_E_BAD_ARGUMENT);

  EXPECT(cairn_add_checkpoint("nonsense", 8, &store, &verifier, 1, &witness, "w", 1, 9, out,
                              sizeof out, &reply) < 0);
  EXPECT(reply.answer == CAIRN_ANSWER_MALFORMED && reply.status < 0);
  state.answer = -100; /* no status: the store failed */
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &store, &verifier, 1, &witness, "w", 1, 9, out,
                              sizeof out, &reply) == CAIRN_E_IO);
  EXPECT(reply.answer == CAIRN_ANSWER_UNAVAILABLE && state.state.size == 0);
  state.answer = 0;
  state.key.type = 9; /* a key that is none */
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &store, &verifier, 1, &witness, "w", 1, 9, out,
                              sizeof out, &reply) == CAIRN_E_IO);
  state.key.type = CAIRN_NOTE_ED25519;

  state.state.size = 1; /* the request says 0 */
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &store, &verifier, 1, &witness, "w", 1, 9, out,
                              sizeof out, &reply) < 0);
  EXPECT(reply.answer == CAIRN_ANSWER_CONFLICT && reply.state.size == 1);
  size = request(&state, &log, 1, 2, &hash, 1, body, sizeof body); /* a proof that is none */
  EXPECT(cairn_add_checkpoint(body, (size_t)size, &store, &verifier, 1, &witness, "w", 1, 9, out,
                              sizeof out, &reply) < 0);
  EXPECT(reply.answer == CAIRN_ANSWER_INCONSISTENT && state.state.size == 1);
  return 0;
}
