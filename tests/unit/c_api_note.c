#include <string.h>

#include "c_api_test.h"

static const char text_of_head[] =
    "example.com/press-7\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";

static cairn_checkpoint head(void) {
  cairn_checkpoint made = CAIRN_CHECKPOINT_INIT;
  uint8_t i;
  made.origin = cairn_text(TOY_ORIGIN);
  made.size = 5;
  for (i = 0; i < 32; ++i)
    made.root.bytes[i] = i;
  return made;
}

int c_api_keys(void) {
  toy_key toy;
  const cairn_signer signer = toy_signer(&toy, 1);
  cairn_note_key key, parsed;
  cairn_fault fault;
  uint32_t id = 0, id_again = 0;
  char text[256];
  int size;

  EXPECT(cairn_is_key_name("a b", 3) == 0 && cairn_is_key_name(NULL, 3) == 0);
  EXPECT(cairn_is_key_name(TOY_ORIGIN, strlen(TOY_ORIGIN)) == 1);
  EXPECT(cairn_log_note_type(&signer.public_key) == CAIRN_NOTE_ED25519);
  EXPECT(cairn_make_note_key("a b", 3, CAIRN_NOTE_ED25519, &signer.public_key, &key) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_make_note_key("ab", 2, CAIRN_NOTE_ECDSA, &signer.public_key, &key) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_make_note_key("ab", 2, 3, &signer.public_key, &key) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_make_note_key("ab", 2, CAIRN_NOTE_ED25519, NULL, &key) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_make_note_key("ab", 2, CAIRN_NOTE_ED25519, &signer.public_key, &key) == CAIRN_OK);

  size = cairn_format_vkey(&key, text, sizeof text);
  EXPECT(size > 0 && memcmp(text, "ab+", 3) == 0);
  EXPECT(cairn_format_vkey(&key, text, (size_t)size - 1) == CAIRN_E_FULL);
  EXPECT(cairn_format_vkey(NULL, text, sizeof text) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_vkey(text, (size_t)size, &parsed, NULL) == CAIRN_OK);
  EXPECT(same(parsed.name, "ab") && parsed.type == CAIRN_NOTE_ED25519);
  EXPECT(memcmp(parsed.key.bytes, signer.public_key.bytes, 32) == 0);
  EXPECT(cairn_key_id(&key, &id) == CAIRN_OK && cairn_key_id(&parsed, &id_again) == CAIRN_OK);
  EXPECT(id == id_again);
  EXPECT(cairn_key_id(&key, NULL) == CAIRN_E_BAD_ARGUMENT);
  text[0] = 'x';
  EXPECT(cairn_parse_vkey(text, (size_t)size, &parsed, &fault) == CAIRN_E_CORRUPT);
  EXPECT(fault.field == CAIRN_FIELD_KEY_ID);
  EXPECT(cairn_parse_vkey(NULL, 3, &parsed, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_vkey(text, (size_t)size, NULL, NULL) == CAIRN_E_BAD_ARGUMENT);
  key.type = 7;
  EXPECT(cairn_key_id(&key, &id) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

static int walk_lines(const cairn_note* note) {
  cairn_signature_lines lines;
  cairn_note_signature line;
  cairn_fault fault;

  EXPECT(cairn_signature_lines_open(NULL, NULL, 0) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_signature_lines_open(&lines, NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_signature_lines_open(&lines, note->signatures.data, note->signatures.size) == 0);
  EXPECT(cairn_signature_lines_next(&lines, NULL, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_signature_lines_next(&lines, &line, &fault) == CAIRN_OK);
  EXPECT(same(line.name, TOY_ORIGIN) && line.base64.size == 92);
  EXPECT(cairn_signature_lines_next(&lines, &line, NULL) == CAIRN_OK);
  EXPECT(same(line.name, "witness") && line.line.data[line.line.size] == '\n');
  EXPECT(cairn_signature_lines_next(&lines, &line, NULL) == CAIRN_E_END);
  EXPECT(cairn_signature_lines_open(&lines, "nonsense\n", 9) == CAIRN_OK);
  EXPECT(cairn_signature_lines_next(&lines, &line, NULL) == CAIRN_E_CORRUPT);
  return 0;
}

int c_api_notes(void) {
  toy_key log_toy, witness_toy;
  cairn_signer log = toy_signer(&log_toy, 1), witness = toy_signer(&witness_toy, 2);
  const cairn_verifier verifier = toy_verifier();
  const size_t text_size = sizeof text_of_head - 1;
  cairn_note_key log_key, witness_key;
  cairn_note note;
  cairn_fault fault;
  cairn_signature signature;
  char bytes[1024], again[256];
  uint64_t time_s = 1;
  size_t size;
  int written, failed;

  memcpy(bytes, text_of_head, text_size);
  bytes[text_size] = '\n';
  size = text_size + 1;
  written = cairn_sign_note(text_of_head, text_size, TOY_ORIGIN, strlen(TOY_ORIGIN),
                            CAIRN_NOTE_ED25519, &log, 0, bytes + size, sizeof bytes - size);
  EXPECT(written > 0);
  size += (size_t)written;
  written = cairn_sign_note(text_of_head, text_size, "witness", 7, CAIRN_NOTE_COSIGNATURE, &witness,
                            1700000000, bytes + size, sizeof bytes - size);
  EXPECT(written > 0);
  size += (size_t)written;

  EXPECT(cairn_parse_note(bytes, size, &note, NULL) == CAIRN_OK);
  EXPECT(same(note.text, text_of_head) && note.signature_count == 2);
  failed = walk_lines(&note);
  if (failed != 0) return failed;
  EXPECT(cairn_make_note_key(TOY_ORIGIN, strlen(TOY_ORIGIN), CAIRN_NOTE_ED25519, &log.public_key,
                             &log_key) == CAIRN_OK);
  EXPECT(cairn_make_note_key("witness", 7, CAIRN_NOTE_COSIGNATURE, &witness.public_key,
                             &witness_key) == CAIRN_OK);
  EXPECT(cairn_verify_note(&note, &log_key, &verifier, 1, &time_s) == CAIRN_OK && time_s == 0);
  EXPECT(cairn_verify_note(&note, &witness_key, &verifier, 1, &time_s) == CAIRN_OK);
  EXPECT(time_s == 1700000000);
  EXPECT(cairn_verify_note(&note, &witness_key, &verifier, 1, NULL) == CAIRN_OK);
  EXPECT(cairn_verify_note(&note, &log_key, NULL, 0, NULL) == CAIRN_E_UNSUPPORTED);
  EXPECT(cairn_verify_note(NULL, &log_key, &verifier, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_note(&note, NULL, &verifier, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_note(&note, &log_key, NULL, 1, NULL) == CAIRN_E_BAD_ARGUMENT);

  /* The same line, from a signature made elsewhere. */
  EXPECT(cairn_sign(&log, text_of_head, text_size, &signature) == CAIRN_OK);
  written = cairn_format_signature_line(&log_key, &signature, 0, again, sizeof again);
  EXPECT(written > 0 && memcmp(again, bytes + text_size + 1, (size_t)written) == 0);
  EXPECT(cairn_format_signature_line(&log_key, NULL, 0, again, 9) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_format_signature_line(&log_key, &signature, 0, again, 9) == CAIRN_E_FULL);

  EXPECT(cairn_sign_note("a\n", 2, "witness", 7, CAIRN_NOTE_COSIGNATURE, &witness, 0, again,
                         sizeof again) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sign_note("a\n", 2, "witness", 7, 5, &witness, 1, again, sizeof again) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sign_note("a\n", 2, "witness", 7, CAIRN_NOTE_ED25519, NULL, 1, again,
                         sizeof again) == CAIRN_E_BAD_ARGUMENT);
  log.sign = toy_fail_sign;
  EXPECT(cairn_sign_note("a\n", 2, "log", 3, CAIRN_NOTE_ED25519, &log, 0, again, sizeof again) ==
         CAIRN_E_IO);

  bytes[0] = 'E';
  EXPECT(cairn_verify_note(&note, &log_key, &verifier, 1, NULL) == CAIRN_E_SIGNATURE_INVALID);
  bytes[0] = '\t';
  EXPECT(cairn_parse_note(bytes, size, &note, &fault) == CAIRN_E_CORRUPT);
  EXPECT(fault.field == CAIRN_FIELD_ENCODING && fault.position == 1);
  EXPECT(cairn_parse_note(NULL, 1, &note, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_note(bytes, size, NULL, NULL) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_checkpoints(void) {
  toy_key toy, other_toy;
  const cairn_signer signer = toy_signer(&toy, 1), other = toy_signer(&other_toy, 2);
  const cairn_verifier verifier = toy_verifier();
  const cairn_checkpoint made = head();
  cairn_checkpoint parsed, wrong = head();
  cairn_note_key key, other_key;
  cairn_signature signature;
  cairn_digest hash, expected;
  cairn_fault fault;
  char text[256], note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  int size;

  size = cairn_format_checkpoint(&made, text, sizeof text);
  EXPECT(size == (int)sizeof text_of_head - 1 && memcmp(text, text_of_head, (size_t)size) == 0);
  EXPECT(cairn_checkpoint_text_size(made.origin.data, made.origin.size, made.size) == (size_t)size);
  EXPECT(cairn_format_checkpoint(&made, text, 10) == CAIRN_E_FULL);
  EXPECT(cairn_format_checkpoint(NULL, text, 10) == CAIRN_E_BAD_ARGUMENT);
  wrong.size = (uint64_t)1 << 63;
  EXPECT(cairn_format_checkpoint(&wrong, text, sizeof text) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_checkpoint(text, (size_t)size, &parsed, NULL) == CAIRN_OK);
  EXPECT(same(parsed.origin, TOY_ORIGIN) && parsed.size == 5 && parsed.extensions.size == 0);
  EXPECT(memcmp(&parsed.root, &made.root, sizeof parsed.root) == 0);
  EXPECT(cairn_parse_checkpoint(text, (size_t)size - 1, &parsed, &fault) == CAIRN_E_CORRUPT);
  EXPECT(fault.field != CAIRN_FIELD_NONE);
  EXPECT(cairn_parse_checkpoint(text, (size_t)size, NULL, NULL) == CAIRN_E_BAD_ARGUMENT);

  EXPECT(cairn_checkpoint_hash(&made, &hash) == CAIRN_OK);
  cairn_sha256(text_of_head, sizeof text_of_head - 1, &expected);
  EXPECT(memcmp(&hash, &expected, sizeof hash) == 0);
  EXPECT(cairn_checkpoint_hash(&made, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_checkpoint_hash(&wrong, &hash) == CAIRN_E_BAD_ARGUMENT);

  EXPECT(cairn_make_note_key(TOY_ORIGIN, strlen(TOY_ORIGIN), CAIRN_NOTE_ED25519, &signer.public_key,
                             &key) == CAIRN_OK);
  EXPECT(cairn_make_note_key(TOY_ORIGIN, strlen(TOY_ORIGIN), CAIRN_NOTE_ED25519, &other.public_key,
                             &other_key) == CAIRN_OK);
  EXPECT(cairn_sign(&signer, text, (size_t)size, &signature) == CAIRN_OK);
  EXPECT(cairn_format_signed_checkpoint(&made, &key, NULL, note, sizeof note) ==
         CAIRN_E_BAD_ARGUMENT);
  size = cairn_format_signed_checkpoint(&made, &key, &signature, note, sizeof note);
  EXPECT(size > 0);
  EXPECT(cairn_open_checkpoint(note, (size_t)size, &key, &verifier, 1, &parsed, NULL) == CAIRN_OK);
  EXPECT(parsed.size == 5);
  EXPECT(cairn_open_checkpoint(note, (size_t)size, &other_key, &verifier, 1, &parsed, NULL) ==
         CAIRN_E_NOT_FOUND);
  EXPECT(cairn_open_checkpoint(note, 30, &key, &verifier, 1, &parsed, &fault) == CAIRN_E_CORRUPT);
  EXPECT(cairn_open_checkpoint(note, (size_t)size, &key, &verifier, 1, NULL, NULL) ==
         CAIRN_E_BAD_ARGUMENT);
  note[20] = '6';
  EXPECT(cairn_open_checkpoint(note, (size_t)size, &key, &verifier, 1, &parsed, NULL) ==
         CAIRN_E_SIGNATURE_INVALID);
  return 0;
}

int c_api_air(void) {
  toy_key toy;
  const cairn_signer signer = toy_signer(&toy, 1);
  const cairn_checkpoint made = head();
  const size_t origin_size = strlen(TOY_ORIGIN);
  cairn_air_checkpoint air, decoded;
  cairn_note_key key;
  char direct[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX], rebuilt[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  uint8_t bytes[CAIRN_AIR_CHECKPOINT_BYTES_MAX];
  int size, direct_size;

  memset(&air, 0, sizeof air);
  EXPECT(cairn_make_note_key(TOY_ORIGIN, origin_size, CAIRN_NOTE_ED25519, &signer.public_key,
                             &key) == CAIRN_OK);
  EXPECT(cairn_key_id(&key, &air.key_id) == CAIRN_OK);
  air.size = made.size;
  air.has_signature = 1;
  air.algorithm = CAIRN_ED25519;
  EXPECT(cairn_sign(&signer, text_of_head, sizeof text_of_head - 1, &air.signature) == CAIRN_OK);
  size = cairn_encode_air_checkpoint(&air, bytes, sizeof bytes);
  EXPECT(size > 0 && size <= 83);
  EXPECT(cairn_encode_air_checkpoint(&air, bytes, 10) == CAIRN_E_FULL);
  EXPECT(cairn_decode_air_checkpoint(bytes, (size_t)size, &decoded) == CAIRN_OK);
  EXPECT(decoded.key_id == air.key_id && decoded.size == 5 && decoded.has_root == 0);
  EXPECT(cairn_decode_air_checkpoint(bytes, (size_t)size - 1, &decoded) == CAIRN_E_CORRUPT);
  EXPECT(cairn_decode_air_checkpoint(bytes, (size_t)size, NULL) == CAIRN_E_BAD_ARGUMENT);

  direct_size = cairn_format_signed_checkpoint(&made, &key, &air.signature, direct, sizeof direct);
  EXPECT(cairn_rebuild_checkpoint(&air, TOY_ORIGIN, origin_size, &key, NULL, rebuilt,
                                  sizeof rebuilt) == CAIRN_E_BAD_ARGUMENT);
  size = cairn_rebuild_checkpoint(&air, TOY_ORIGIN, origin_size, &key, &made.root, rebuilt,
                                  sizeof rebuilt);
  EXPECT(size == direct_size && memcmp(direct, rebuilt, (size_t)size) == 0);
  air.has_root = 1;
  air.root = made.root;
  size =
      cairn_rebuild_checkpoint(&air, TOY_ORIGIN, origin_size, &key, NULL, rebuilt, sizeof rebuilt);
  EXPECT(size == direct_size && memcmp(direct, rebuilt, (size_t)size) == 0);
  air.has_root = 2;
  EXPECT(cairn_encode_air_checkpoint(&air, bytes, sizeof bytes) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_rebuild_checkpoint(&air, TOY_ORIGIN, origin_size, &key, NULL, rebuilt,
                                  sizeof rebuilt) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

/* Appends a string. */
static void add(char* text, const char* more) {
  memcpy(text + strlen(text), more, strlen(more) + 1);
}

/* A policy with the toy log and two witnesses of which one is enough. */
static int policy_text(char* text) {
  toy_key toy;
  cairn_note_key key;
  uint8_t i;
  text[0] = 0;
  for (i = 1; i <= 3; ++i) {
    const cairn_signer signer = toy_signer(&toy, i);
    const char* name = i == 1 ? TOY_ORIGIN : i == 2 ? "witness" : "other";
    char vkey[256];
    int size;
    EXPECT(cairn_make_note_key(name, strlen(name),
                               i == 1 ? CAIRN_NOTE_ED25519 : CAIRN_NOTE_COSIGNATURE,
                               &signer.public_key, &key) == CAIRN_OK);
    size = cairn_format_vkey(&key, vkey, sizeof vkey - 1);
    EXPECT(size > 0);
    vkey[size] = 0;
    add(text, i == 1 ? "log " : i == 2 ? "witness w1 " : "witness w2 ");
    add(text, vkey);
    add(text, i == 2 ? " https://w1.example\n" : "\n");
  }
  add(text, "group g 1 w1 w2\nquorum g\n");
  return 0;
}

int c_api_policy(void) {
  static cairn_policy policy;
  static char text[2048];
  cairn_policy_summary summary;
  cairn_policy_log log;
  cairn_policy_witness witness;
  cairn_policy_group group;
  cairn_note_key key;
  cairn_fault fault;
  const int failed = policy_text(text);
  if (failed != 0) return failed;

  EXPECT(cairn_parse_policy(text, strlen(text), &policy, NULL) == CAIRN_OK);
  EXPECT(cairn_policy_summarise(&policy, &summary) == CAIRN_OK);
  EXPECT(summary.log_count == 1 && summary.witness_count == 2 && summary.group_count == 1);
  EXPECT(summary.quorum == CAIRN_QUORUM_GROUP && summary.quorum_index == 0);
  EXPECT(cairn_policy_log_at(&policy, 0, &log) == CAIRN_OK && same(log.key.name, TOY_ORIGIN));
  EXPECT(cairn_policy_log_at(&policy, 1, &log) == CAIRN_E_NOT_FOUND);
  EXPECT(cairn_policy_witness_at(&policy, 0, &witness) == CAIRN_OK);
  EXPECT(same(witness.name, "w1") && same(witness.url, "https://w1.example"));
  EXPECT(witness.key.type == CAIRN_NOTE_COSIGNATURE && witness.parent == 0);
  EXPECT(cairn_policy_witness_at(&policy, 2, &witness) == CAIRN_E_NOT_FOUND);
  EXPECT(cairn_policy_group_at(&policy, 0, &group) == CAIRN_OK && same(group.name, "g"));
  EXPECT(group.threshold == 1 && group.members == 2 && group.parent == -1);
  EXPECT(cairn_policy_group_at(&policy, 1, &group) == CAIRN_E_NOT_FOUND);
  EXPECT(cairn_find_log(&policy, TOY_ORIGIN, strlen(TOY_ORIGIN), &key) == CAIRN_OK);
  EXPECT(cairn_find_log(&policy, "x", 1, &key) == CAIRN_E_NOT_FOUND);

  EXPECT(cairn_policy_summarise(NULL, &summary) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_policy_log_at(&policy, 0, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_policy_witness_at(&policy, 0, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_policy_group_at(&policy, 0, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_find_log(&policy, NULL, 1, &key) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_policy(text, strlen(text), NULL, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_policy("quorum none\nnonsense\n", 21, &policy, &fault) == CAIRN_E_CORRUPT);
  EXPECT(fault.field == CAIRN_FIELD_KEYWORD && fault.position == 2);
  return 0;
}

int c_api_quorum(void) {
  static cairn_policy policy;
  static char text[2048], bytes[1024];
  toy_key log_toy, witness_toy;
  const cairn_signer log = toy_signer(&log_toy, 1), witness = toy_signer(&witness_toy, 3);
  const cairn_verifier verifier = toy_verifier();
  const size_t text_size = sizeof text_of_head - 1;
  cairn_quorum_result quorum;
  cairn_note_key key;
  cairn_note note;
  size_t size = text_size + 1;
  int failed = policy_text(text);
  if (failed != 0) return failed;

  EXPECT(cairn_parse_policy(text, strlen(text), &policy, NULL) == CAIRN_OK);
  EXPECT(cairn_find_log(&policy, TOY_ORIGIN, strlen(TOY_ORIGIN), &key) == CAIRN_OK);
  memcpy(bytes, text_of_head, text_size);
  bytes[text_size] = '\n';
  size += (size_t)cairn_sign_note(text_of_head, text_size, TOY_ORIGIN, strlen(TOY_ORIGIN),
                                  CAIRN_NOTE_ED25519, &log, 0, bytes + size, 200);
  EXPECT(cairn_parse_note(bytes, size, &note, NULL) == CAIRN_OK);
  EXPECT(cairn_check_quorum(&policy, &note, &key, &verifier, 1, &quorum) == CAIRN_OK);
  EXPECT(quorum.reached == 0 && quorum.valid == 0 && quorum.unknown == 0);

  size += (size_t)cairn_sign_note(text_of_head, text_size, "other", 5, CAIRN_NOTE_COSIGNATURE,
                                  &witness, 1700000000, bytes + size, 200);
  EXPECT(cairn_parse_note(bytes, size, &note, NULL) == CAIRN_OK);
  EXPECT(cairn_check_quorum(&policy, &note, &key, &verifier, 1, &quorum) == CAIRN_OK);
  EXPECT(quorum.reached == 1 && quorum.valid == 1 && quorum.witnesses == 2);
  EXPECT(quorum.time_min_s == 1700000000 && quorum.time_max_s == 1700000000);
  EXPECT(quorum.time_quorum_s == 1700000000 && quorum.time_min_witness == 1);

  EXPECT(cairn_check_quorum(&policy, NULL, &key, &verifier, 1, &quorum) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_check_quorum(&policy, &note, &key, NULL, 1, &quorum) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_check_quorum(NULL, &note, &key, &verifier, 1, &quorum) == CAIRN_E_BAD_ARGUMENT);
  bytes[1] = 'X';
  EXPECT(cairn_check_quorum(&policy, &note, &key, &verifier, 1, &quorum) ==
         CAIRN_E_SIGNATURE_INVALID);
  EXPECT(quorum.invalid == 1 && quorum.reached == 0);
  return 0;
}
