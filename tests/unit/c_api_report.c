#include <string.h>

#include "c_api_test.h"

/* Encodes what was taken apart: 0 when it gives the same bytes. */
static int again(const uint8_t* bytes, size_t size) {
  uint8_t back[400];
  cairn_report report;
  EXPECT(cairn_decode_report(bytes, size, &report) == CAIRN_OK);
  EXPECT(cairn_encode_report(&report, back, sizeof back) == (int)size);
  EXPECT(memcmp(back, bytes, size) == 0);
  return 0;
}

int c_api_reports(void) {
  uint8_t packed[64], bytes[400];
  cairn_record_packer packer;
  cairn_packed_records records;
  cairn_report_record record;
  cairn_frontier frontier;
  cairn_report report;
  int size;
  memset(&report, 0, sizeof report);
  EXPECT(cairn_record_packer_init(&packer, packed, sizeof packed) == CAIRN_OK);
  EXPECT(cairn_record_packer_put(&packer, "@abc", 4, 1) == 3);
  EXPECT(cairn_record_packer_put(&packer, "@def", 4, 0) == 4);
  EXPECT(cairn_record_packer_size(&packer) == 9);
  report.checkpoint.key_id = 7;
  report.first = 5;
  report.offset = 1;
  report.content = CAIRN_REPORT_RECORDS;
  report.bytes.data = packed;
  report.bytes.size = 9;
  size = cairn_encode_report(&report, bytes, sizeof bytes);
  EXPECT(size > 0 && again(bytes, (size_t)size) == 0);
  EXPECT(cairn_decode_report(bytes, (size_t)size - 1, &report) == CAIRN_E_CORRUPT);
  EXPECT(cairn_decode_report(bytes, (size_t)size, &report) == CAIRN_OK);
  EXPECT(cairn_packed_records_init(&records, &report) == CAIRN_OK);
  EXPECT(cairn_packed_records_next(&records, &record) == CAIRN_OK);
  EXPECT(record.index == 5 && record.offset == 1 && record.size_bytes == 4);
  EXPECT(same(record.bytes, "abc"));
  EXPECT(cairn_packed_records_next(&records, &record) == CAIRN_OK);
  EXPECT(record.index == 6 && record.offset == 0 && same(record.bytes, "@def"));
  EXPECT(cairn_packed_records_next(&records, &record) == CAIRN_E_END);

  memset(packed, 7, sizeof packed);
  report.first = 0;
  report.offset = 0;
  report.content = CAIRN_REPORT_HASHES;
  report.bytes.data = packed;
  report.bytes.size = 64;
  EXPECT(cairn_frontier_init(&frontier) == CAIRN_OK);
  EXPECT(cairn_frontier_extend(&frontier, &report) == CAIRN_OK);
  EXPECT(cairn_frontier_size(&frontier) == 2);
  report.first = 3;
  EXPECT(cairn_frontier_extend(&frontier, &report) == CAIRN_E_NOT_FOUND);

  EXPECT(cairn_packed_records_init(&records, &report) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_packed_records_next(NULL, &record) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_record_packer_init(&packer, NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_record_packer_put(&packer, NULL, 0, 0) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_record_packer_put(&packer, "x", 1, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_extend(NULL, &report) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_report(NULL, bytes, sizeof bytes) == CAIRN_E_BAD_ARGUMENT);
  report.checkpoint.has_root = 2;
  EXPECT(cairn_encode_report(&report, bytes, sizeof bytes) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_decode_report(bytes, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

/* A gateway in few lines: it takes one whole report of hashes, and cosigns its head. */
typedef struct tiny_gateway {
  cairn_signer signer;
  cairn_note_key log;
  cairn_frontier frontier;
  uint64_t size; /* says that it has cosigned so much */
} tiny_gateway;

static int cosign(const tiny_gateway* gateway, cairn_report_answer* answer) {
  uint8_t message[400] = "cosignature/v1\ntime 1700000000\n";
  const size_t front = strlen((const char*)message);
  cairn_checkpoint head = CAIRN_CHECKPOINT_INIT;
  cairn_note_key key;
  int size;
  head.origin = gateway->log.name;
  head.size = answer->size;
  head.root = answer->root;
  size = cairn_format_checkpoint(&head, message + front, sizeof message - front);
  EXPECT(size > 0);
  EXPECT(cairn_make_note_key("gateway", 7, CAIRN_NOTE_COSIGNATURE, &gateway->signer.public_key,
                             &key) == CAIRN_OK);
  answer->has_cosignature = 1;
  answer->time = 1700000000;
  EXPECT(cairn_key_id(&key, &answer->key_id) == CAIRN_OK);
  EXPECT(cairn_sign(&gateway->signer, message, front + (size_t)size, &answer->cosignature) ==
         CAIRN_OK);
  return 0;
}

static int answer_to(tiny_gateway* gateway, const uint8_t* message, size_t size, uint8_t* out,
                     size_t capacity) {
  cairn_report report;
  cairn_report_answer answer;
  memset(&answer, 0, sizeof answer);
  if (cairn_decode_report(message, size, &report) != CAIRN_OK) return -1;
  answer.code = CAIRN_CODE_CONFLICT;
  answer.size = gateway->size;
  answer.held = gateway->size;
  if (report.content == CAIRN_REPORT_HASHES) {
    if (cairn_frontier_extend(&gateway->frontier, &report) != CAIRN_OK) return -1;
    answer.code = CAIRN_CODE_COSIGNED;
    answer.held = 0;
    answer.size = cairn_frontier_size(&gateway->frontier);
    cairn_frontier_root(&gateway->frontier, &answer.root);
    if (cosign(gateway, &answer) != 0) return -1;
  } else if (gateway->size != 0) {
    answer.has_root = 1;
    if (cosign(gateway, &answer) != 0) return -1;
  }
  return cairn_encode_report_answer(&answer, out, capacity);
}

int c_api_reporter(void) {
  static cairn_recorder recorder;
  static tiny_gateway gateway;
  static toy_key toy, gateway_toy;
  static uint8_t leaf[256];
  uint64_t now = 1000;
  const cairn_platform platform = toy_platform(&now);
  const cairn_flash flash = toy_flash(0);
  const cairn_verifier verifier = toy_verifier();
  cairn_reporter_options options = CAIRN_REPORTER_OPTIONS_INIT;
  cairn_reporter reporter;
  cairn_report_answer answer;
  cairn_begin begin = CAIRN_BEGIN_INIT;
  cairn_signer signer;
  uint8_t message[2000], bytes[CAIRN_REPORT_ANSWER_BYTES_MAX], line[200];
  int size, answered, sent = 0;
  const int failed = toy_recorder(&recorder, &flash, &toy, &signer, &platform);
  if (failed != 0) return failed;
  gateway.signer = toy_signer(&gateway_toy, 2);
  EXPECT(cairn_frontier_init(&gateway.frontier) == CAIRN_OK);
  EXPECT(cairn_make_note_key(TOY_ORIGIN, strlen(TOY_ORIGIN), CAIRN_NOTE_ED25519, &signer.public_key,
                             &gateway.log) == CAIRN_OK);
  EXPECT(cairn_make_note_key("gateway", 7, CAIRN_NOTE_COSIGNATURE, &gateway.signer.public_key,
                             &options.witness) == CAIRN_OK);
  options.mode = CAIRN_REPORT_MODE_HASHES;
  options.verifiers = &verifier;
  options.verifier_count = 1;
  EXPECT(cairn_reporter_begin(&reporter, &recorder, &options) == CAIRN_E_BAD_ARGUMENT);
  options.leaf = leaf;
  options.leaf_size = sizeof leaf;
  EXPECT(cairn_reporter_begin(&reporter, &recorder, &options) == CAIRN_OK);

  while ((size = cairn_reporter_next(&reporter, message, sizeof message)) > 0) {
    ++sent;
    answered = answer_to(&gateway, message, (size_t)size, bytes, sizeof bytes);
    EXPECT(answered > 0);
    EXPECT(cairn_reporter_take(&reporter, bytes, (size_t)answered) == CAIRN_OK);
  }
  EXPECT(size == CAIRN_E_END && sent == 2);
  EXPECT(cairn_reporter_acknowledged(&reporter) == cairn_log_size(cairn_recorder_log(&recorder)));
  EXPECT(cairn_decode_report_answer(bytes, (size_t)answered, &answer) == CAIRN_OK);
  EXPECT(answer.code == CAIRN_CODE_COSIGNED && answer.has_cosignature == 1);
  EXPECT(cairn_rebuild_cosignature(&answer, &options.witness, line, sizeof line) > 100);
  EXPECT(cairn_rebuild_cosignature(&answer, &gateway.log, line, sizeof line) ==
         CAIRN_E_BAD_ARGUMENT);

  EXPECT(cairn_reporter_successor(&reporter, &begin) == CAIRN_E_BAD_STATE);
  gateway.size = 5000;
  EXPECT(cairn_reporter_again(&reporter) == CAIRN_OK);
  size = cairn_reporter_next(&reporter, message, CAIRN_REPORT_BYTES_MIN);
  EXPECT(size > 0);
  answered = answer_to(&gateway, message, (size_t)size, bytes, sizeof bytes);
  EXPECT(answered > 0);
  EXPECT(cairn_reporter_take(&reporter, bytes, (size_t)answered) == CAIRN_E_DAMAGED);
  EXPECT(cairn_reporter_successor(&reporter, &begin) == CAIRN_OK);
  EXPECT(begin.previous_size == 5000 && same(begin.previous_origin, TOY_ORIGIN));
  EXPECT(cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, "x", 1, NULL) == CAIRN_E_DAMAGED);
  EXPECT(cairn_recorder_abandon(&recorder) == CAIRN_OK);

  EXPECT(cairn_recorder_abandon(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_reporter_begin(NULL, &recorder, &options) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_reporter_next(&reporter, NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_reporter_take(&reporter, NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_reporter_again(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_reporter_successor(&reporter, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_decode_report_answer(NULL, 1, &answer) == CAIRN_E_BAD_ARGUMENT);
  answer.has_beacon = 2;
  EXPECT(cairn_encode_report_answer(&answer, bytes, sizeof bytes) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_rebuild_cosignature(NULL, &options.witness, line, 9) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}
