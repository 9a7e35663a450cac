#include <string.h>

#include "c_api_test.h"

/* What the tests of this file start from: a sealed log, its checkpoint, the policy that trusts it,
 * and evidence of its records. */
typedef struct proven {
  toy_key toy;
  uint64_t now;
  cairn_platform platform;
  cairn_flash flash;
  cairn_signer signer;
  cairn_recorder recorder;
  cairn_policy policy;
  char policy_text[512];
  char note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  size_t note_size;
  uint64_t first; /* index of "reading 0" */
  uint8_t file[4096];
  size_t file_size;
} proven;

static int prepare(proven* p) {
  cairn_note_key key;
  char vkey[256];
  int size, failed;
  p->now = 1000;
  p->platform = toy_platform(&p->now);
  p->flash = toy_flash(0);
  failed = toy_recorder(&p->recorder, &p->flash, &p->toy, &p->signer, &p->platform);
  if (failed != 0) return failed;
  p->first = cairn_log_size(cairn_recorder_log(&p->recorder)) - 1 - TOY_RECORDS;
  size = cairn_recorder_checkpoint(&p->recorder, p->note, sizeof p->note);
  EXPECT(size > 0);
  p->note_size = (size_t)size;
  EXPECT(cairn_make_note_key(TOY_ORIGIN, strlen(TOY_ORIGIN), CAIRN_NOTE_ED25519,
                             &p->signer.public_key, &key) == CAIRN_OK);
  size = cairn_format_vkey(&key, vkey, sizeof vkey);
  EXPECT(size > 0);
  memcpy(p->policy_text, "log ", 4);
  memcpy(p->policy_text + 4, vkey, (size_t)size);
  memcpy(p->policy_text + 4 + size, "\nquorum none\n", 14);
  EXPECT(cairn_parse_policy(p->policy_text, strlen(p->policy_text), &p->policy, NULL) == 0);
  return 0;
}

/* Evidence of `count` records from number `skip` on, in one run. */
static int prove(proven* p, uint64_t skip, uint64_t count) {
  const cairn_log* log = cairn_recorder_log(&p->recorder);
  const uint64_t size = cairn_log_size(log), first = p->first + skip;
  cairn_evidence_writer writer;
  cairn_node_source source;
  cairn_digest proof[CAIRN_RANGE_PROOF_HASHES_MAX];
  uint8_t leaf[64];
  uint64_t i;
  int written;
  EXPECT(cairn_log_nodes(log, &source) == CAIRN_OK);
  EXPECT(cairn_evidence_writer_init(&writer, p->file, sizeof p->file) == CAIRN_OK);
  EXPECT(cairn_evidence_begin_level(&writer) == CAIRN_OK);
  EXPECT(cairn_evidence_begin_run(&writer, first) == CAIRN_OK);
  for (i = first; i < first + count; ++i) {
    written = cairn_log_read(log, i, leaf, sizeof leaf);
    EXPECT(written > 0 && cairn_evidence_leaf(&writer, leaf, (size_t)written) == CAIRN_OK);
  }
  written = count == 1 ? cairn_build_inclusion(first, size, &source, proof, 64)
                       : cairn_build_range(first, count, size, &source, proof, 128);
  EXPECT(written > 0);
  EXPECT(cairn_evidence_proof(&writer, proof, (size_t)written) == CAIRN_OK);
  EXPECT(cairn_evidence_checkpoint(&writer, p->note, p->note_size) == CAIRN_OK);
  written = cairn_evidence_finish(&writer);
  EXPECT(written > 0);
  p->file_size = (size_t)written;
  return 0;
}

static int refuse_to_write(const proven* p) {
  cairn_evidence_writer writer;
  cairn_digest hash;
  uint8_t small[16];
  memset(&hash, 0, sizeof hash);
  EXPECT(cairn_evidence_writer_init(NULL, small, sizeof small) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_writer_init(&writer, NULL, 4) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_begin_level(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_begin_run(NULL, 0) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_leaf(NULL, "x", 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_proof(NULL, &hash, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_checkpoint(NULL, p->note, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_finish(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_writer_init(&writer, small, sizeof small) == CAIRN_OK);
  EXPECT(cairn_evidence_leaf(&writer, NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_begin_run(&writer, 0) == CAIRN_E_BAD_STATE);
  return 0;
}

int c_api_evidence(void) {
  static proven p;
  static cairn_evidence evidence;
  cairn_evidence_level level;
  cairn_evidence_run run;
  cairn_leaf_reader reader;
  cairn_bytes leaf;
  cairn_fault fault;
  int failed = prepare(&p);
  if (failed == 0) failed = prove(&p, 2, 3);
  if (failed == 0) failed = refuse_to_write(&p);
  if (failed != 0) return failed;

  EXPECT(cairn_parse_evidence(p.file, p.file_size, &evidence, NULL) == CAIRN_OK);
  EXPECT(cairn_evidence_level_count(&evidence) == 1);
  EXPECT(cairn_evidence_level_at(&evidence, 0, &level) == CAIRN_OK && level.run_count == 1);
  EXPECT(level.checkpoint.size == p.note_size);
  EXPECT(memcmp(level.checkpoint.data, p.note, p.note_size) == 0);
  EXPECT(cairn_evidence_level_at(&evidence, 1, &level) == CAIRN_E_NOT_FOUND);
  EXPECT(cairn_evidence_run_at(&evidence, 0, 0, &run) == CAIRN_OK);
  EXPECT(run.first == p.first + 2 && run.count == 3 && run.proof_count > 0 && run.proof != NULL);
  EXPECT(cairn_evidence_run_at(&evidence, 0, 1, &run) == CAIRN_E_NOT_FOUND);
  EXPECT(cairn_leaf_reader_open(&reader, &run) == CAIRN_OK);
  EXPECT(cairn_leaf_reader_next(&reader, &leaf) == CAIRN_OK && same(leaf, "@reading 2"));
  EXPECT(cairn_leaf_reader_next(&reader, &leaf) == CAIRN_OK && same(leaf, "@reading 3"));
  EXPECT(cairn_leaf_reader_next(&reader, &leaf) == CAIRN_OK && same(leaf, "@reading 4"));
  EXPECT(cairn_leaf_reader_next(&reader, &leaf) == CAIRN_E_END);

  EXPECT(cairn_leaf_reader_open(&reader, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_leaf_reader_next(&reader, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_level_at(&evidence, 0, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_run_at(NULL, 0, 0, &run) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_evidence(NULL, 1, &evidence, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_evidence(p.file, p.file_size - 1, &evidence, &fault) == CAIRN_E_CORRUPT);
  EXPECT(fault.field != CAIRN_FIELD_NONE);
  return 0;
}

int c_api_verify(void) {
  static proven p;
  static cairn_verdict verdict;
  const cairn_verifier verifier = toy_verifier();
  int failed = prepare(&p);
  if (failed == 0) failed = prove(&p, 2, 1);
  if (failed != 0) return failed;

  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, NULL, 0, NULL,
                               &verdict) == CAIRN_OK);
  EXPECT(verdict.reason == CAIRN_OK && verdict.integrity == CAIRN_PASSED);
  EXPECT(verdict.position == CAIRN_PASSED && verdict.log_key == CAIRN_PASSED);
  EXPECT(verdict.anchors == CAIRN_ABSENT && verdict.has_close == 0);
  EXPECT(same(verdict.origin, TOY_ORIGIN) && verdict.first == p.first + 2 && verdict.count == 1);
  EXPECT(verdict.size == p.first + TOY_RECORDS + 1);
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, "reading 2", 9, NULL,
                               &verdict) == CAIRN_OK);
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, "@reading 2", 10, NULL,
                               &verdict) == CAIRN_OK);
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, "reading 3", 9, NULL,
                               &verdict) < 0);
  EXPECT(verdict.reason < 0);
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, NULL, 0, NULL, 0, NULL, &verdict) ==
         CAIRN_E_UNSUPPORTED);

  EXPECT(cairn_verify_evidence(NULL, 1, &p.policy, &verifier, 1, NULL, 0, NULL, &verdict) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_evidence(p.file, p.file_size, NULL, &verifier, 1, NULL, 0, NULL, &verdict) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, NULL, 0, NULL, NULL) ==
         CAIRN_E_BAD_ARGUMENT);
  p.file[p.file_size / 2] ^= 1;
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, NULL, 0, NULL,
                               &verdict) < 0);
  EXPECT(verdict.integrity == CAIRN_FAILED);

  failed = prove(&p, 0, TOY_RECORDS + 1); /* to the close record */
  if (failed != 0) return failed;
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, NULL, 0, NULL,
                               &verdict) == CAIRN_OK);
  EXPECT(verdict.completeness == CAIRN_PASSED && verdict.count == TOY_RECORDS + 1);
  EXPECT(verdict.has_close == 1 && verdict.close.boot == 1 && verdict.close.monotonic_ms == 1000);
  EXPECT(verdict.close.time.quality == CAIRN_TIME_SYNCHRONISED);
  return 0;
}

/* A ledger that is trusted, one that is not, and one whose receipts are wrong. */
static int check_receipt(void* user, uint8_t index, const cairn_receipt* receipt,
                         const uint8_t* digest, uint64_t* not_after_s) {
  const cairn_digest* expected = user;
  if (memcmp(expected->bytes, digest, sizeof expected->bytes) != 0) return CAIRN_E_PROOF_INVALID;
  if (receipt->kind == CAIRN_RECEIPT_OPENTIMESTAMPS) return CAIRN_E_NOT_FOUND;
  if (receipt->kind == CAIRN_RECEIPT_EVM) return CAIRN_E_SIGNATURE_INVALID;
  *not_after_s = 5000u + index;
  return CAIRN_OK;
}

/* Evidence of a record, with a receipt of each of these kinds. */
static int prove_anchored(proven* p, const uint8_t* kinds, size_t count) {
  cairn_evidence_writer writer;
  cairn_evidence evidence;
  cairn_evidence_level level;
  cairn_evidence_run run;
  cairn_leaf_reader reader;
  cairn_bytes leaf;
  cairn_receipt receipt;
  static uint8_t plain[4096];
  size_t i;
  int size = prove(p, 2, 1);
  if (size != 0) return size;
  memcpy(plain, p->file, p->file_size);
  EXPECT(cairn_parse_evidence(plain, p->file_size, &evidence, NULL) == CAIRN_OK);
  EXPECT(cairn_evidence_level_at(&evidence, 0, &level) == CAIRN_OK);
  EXPECT(cairn_evidence_run_at(&evidence, 0, 0, &run) == CAIRN_OK);
  EXPECT(cairn_leaf_reader_open(&reader, &run) == CAIRN_OK);
  EXPECT(cairn_leaf_reader_next(&reader, &leaf) == CAIRN_OK);
  EXPECT(cairn_evidence_writer_init(&writer, p->file, sizeof p->file) == CAIRN_OK);
  EXPECT(cairn_evidence_begin_level(&writer) == CAIRN_OK);
  EXPECT(cairn_evidence_begin_run(&writer, run.first) == CAIRN_OK);
  EXPECT(cairn_evidence_leaf(&writer, leaf.data, leaf.size) == CAIRN_OK);
  EXPECT(cairn_evidence_proof(&writer, run.proof, run.proof_count) == CAIRN_OK);
  EXPECT(cairn_evidence_checkpoint(&writer, p->note, p->note_size) == CAIRN_OK);
  memset(&receipt, 0, sizeof receipt);
  receipt.body = (const uint8_t*)"said";
  receipt.body_size = 4;
  EXPECT(cairn_evidence_receipt(&writer, &receipt) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_evidence_receipt(NULL, &receipt) == CAIRN_E_BAD_ARGUMENT);
  for (i = 0; i < count; ++i) {
    receipt.kind = kinds[i];
    EXPECT(cairn_evidence_receipt(&writer, &receipt) == CAIRN_OK);
  }
  size = cairn_evidence_finish(&writer);
  EXPECT(size > 0);
  p->file_size = (size_t)size;
  return 0;
}

int c_api_receipts(void) {
  static proven p;
  static cairn_evidence evidence;
  static cairn_verdict verdict;
  static const uint8_t right[] = {CAIRN_RECEIPT_OPENTIMESTAMPS, CAIRN_RECEIPT_RFC3161};
  static const uint8_t wrong[] = {CAIRN_RECEIPT_RFC3161, CAIRN_RECEIPT_EVM};
  const cairn_verifier verifier = toy_verifier();
  cairn_receipt_verifier receipts = CAIRN_RECEIPT_VERIFIER_INIT;
  cairn_receipt receipt;
  cairn_digest digest;
  size_t text;
  int failed = prepare(&p);
  if (failed == 0) failed = prove_anchored(&p, right, 2);
  if (failed != 0) return failed;

  EXPECT(cairn_parse_evidence(p.file, p.file_size, &evidence, NULL) == CAIRN_OK);
  EXPECT(cairn_evidence_receipt_count(&evidence) == 2);
  EXPECT(cairn_evidence_receipt_at(&evidence, 1, &receipt) == CAIRN_OK);
  EXPECT(receipt.kind == CAIRN_RECEIPT_RFC3161 && receipt.level == 0 && receipt.body_size == 4);
  EXPECT(memcmp(receipt.body, "said", 4) == 0);
  EXPECT(cairn_evidence_receipt_at(&evidence, 2, &receipt) == CAIRN_E_NOT_FOUND);
  EXPECT(cairn_evidence_receipt_at(NULL, 0, &receipt) == CAIRN_E_BAD_ARGUMENT);

  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, NULL, 0, NULL,
                               &verdict) == CAIRN_OK);
  EXPECT(verdict.anchors == CAIRN_ABSENT && verdict.receipt_count == 2);
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, NULL, 0, &receipts,
                               &verdict) == CAIRN_E_BAD_ARGUMENT);
  text = 0;
  while (memcmp(p.note + text, "\n\n", 2) != 0)
    ++text;
  cairn_sha256(p.note, text + 1, &digest);
  receipts.user = &digest;
  receipts.verify = check_receipt;
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, NULL, 0, &receipts,
                               &verdict) == CAIRN_OK);
  EXPECT(verdict.anchors == CAIRN_PASSED && verdict.receipt_count == 2);
  EXPECT(verdict.receipts_passed == 2 && verdict.receipts_failed == 0);
  EXPECT(verdict.not_after_source == CAIRN_TIME_SOURCE_ANCHOR && verdict.not_after_s == 5001);
  EXPECT(verdict.not_after_receipt == 1);

  failed = prove_anchored(&p, wrong, 2);
  if (failed != 0) return failed;
  EXPECT(cairn_verify_evidence(p.file, p.file_size, &p.policy, &verifier, 1, NULL, 0, &receipts,
                               &verdict) == CAIRN_E_SIGNATURE_INVALID);
  EXPECT(verdict.anchors == CAIRN_FAILED && verdict.receipts_passed == 1);
  EXPECT(verdict.receipts_failed == 2);
  return 0;
}

int c_api_tlog_proof(void) {
  static proven p;
  static cairn_verdict verdict;
  const cairn_verifier verifier = toy_verifier();
  const cairn_log* log = cairn_recorder_log(&p.recorder);
  cairn_node_source source;
  cairn_digest proof[CAIRN_PROOF_HASHES_MAX], parsed[CAIRN_PROOF_HASHES_MAX], leaf;
  cairn_tlog_proof given, taken;
  cairn_fault fault;
  char text[4096];
  int count, size;
  const int failed = prepare(&p);
  if (failed != 0) return failed;

  EXPECT(cairn_log_nodes(log, &source) == CAIRN_OK);
  count = cairn_build_inclusion(p.first, cairn_log_size(log), &source, proof, 64);
  EXPECT(count > 0);
  memset(&given, 0, sizeof given);
  given.index = p.first;
  given.checkpoint.data = (const uint8_t*)p.note;
  given.checkpoint.size = p.note_size;
  EXPECT(cairn_format_tlog_proof(&given, proof, (size_t)count, text, 9) == CAIRN_E_FULL);
  EXPECT(cairn_format_tlog_proof(&given, NULL, 1, text, sizeof text) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_format_tlog_proof(NULL, proof, 1, text, sizeof text) == CAIRN_E_BAD_ARGUMENT);
  size = cairn_format_tlog_proof(&given, proof, (size_t)count, text, sizeof text);
  EXPECT(size > 0);
  EXPECT(cairn_parse_tlog_proof(text, (size_t)size, &taken, parsed, 64, NULL) == count);
  EXPECT(taken.index == p.first && taken.checkpoint.size == p.note_size && taken.extra.size == 0);
  EXPECT(memcmp(parsed, proof, sizeof parsed[0] * (size_t)count) == 0);
  EXPECT(cairn_parse_tlog_proof(text, (size_t)size, &taken, parsed, 1, NULL) == CAIRN_E_FULL);
  EXPECT(cairn_parse_tlog_proof(text, (size_t)size, NULL, parsed, 64, NULL) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_parse_tlog_proof("nonsense\n", 9, &taken, parsed, 64, &fault) == CAIRN_E_CORRUPT);
  EXPECT(fault.field == CAIRN_FIELD_HEADER);

  cairn_leaf_hash("@reading 0", 10, &leaf);
  EXPECT(cairn_verify_tlog_proof(text, (size_t)size, &leaf, &p.policy, &verifier, 1, &verdict) ==
         CAIRN_OK);
  EXPECT(verdict.first == p.first && verdict.position == CAIRN_PASSED);
  EXPECT(cairn_verify_tlog_proof(text, (size_t)size, NULL, &p.policy, &verifier, 1, &verdict) ==
         CAIRN_E_BAD_ARGUMENT);
  cairn_leaf_hash("@reading 1", 10, &leaf);
  EXPECT(cairn_verify_tlog_proof(text, (size_t)size, &leaf, &p.policy, &verifier, 1, &verdict) ==
         CAIRN_E_PROOF_INVALID);
  return 0;
}
