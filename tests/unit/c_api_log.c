#include <string.h>

#include "c_api_test.h"

static int refuse_to_format(cairn_log* log, const cairn_flash* flash,
                            const cairn_log_memory* memory, const cairn_log_options* options,
                            const cairn_platform* platform) {
  cairn_flash wrong_flash = *flash;
  cairn_log_memory wrong_memory = *memory;
  cairn_log_options wrong_options = *options;
  cairn_platform wrong_platform = *platform;

  wrong_flash.struct_size = 0;
  wrong_memory.frame = NULL;
  wrong_options.recycle = 2;
  wrong_platform.struct_size = 0;
  EXPECT(cairn_log_format(NULL, flash, memory, options, platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_format(log, &wrong_flash, memory, options, platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_format(log, flash, &wrong_memory, options, platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_format(log, flash, memory, &wrong_options, platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_format(log, flash, memory, options, &wrong_platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_mount(NULL, flash, memory, options, platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_mount(log, &wrong_flash, memory, options, platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_mount(log, flash, &wrong_memory, options, platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_mount(log, flash, memory, &wrong_options, platform) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_mount(log, flash, memory, options, NULL) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

static int refuse_arguments(cairn_log* log) {
  static const cairn_bytes hollow = {NULL, 3};
  uint8_t byte;
  cairn_digest digest;
  EXPECT(cairn_log_append(NULL, 0x40, "x", 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_append(log, 0x40, NULL, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_append_batch(log, NULL, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_append_batch(log, &hollow, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_stage(log, &hollow, 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_commit(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_write_head(log, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_maintain(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_head(log, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_read(log, 0, NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_read(NULL, 0, &byte, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_node(log, 0, 0, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_node(NULL, 0, 0, &digest) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_nodes(log, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_writable(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_room_for(NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_log(void) {
  static cairn_log log;
  uint64_t now = 0, index = 9;
  const cairn_platform platform = toy_platform(&now);
  const cairn_flash flash = toy_flash(1);
  const cairn_log_memory memory = toy_memory(1);
  cairn_log_options options = CAIRN_LOG_OPTIONS_INIT;
  cairn_frontier frontier;
  cairn_signed_head head;
  cairn_mount_report report;
  cairn_signature signature;
  cairn_digest root, other;
  uint8_t leaf[32];
  int failed;

  options.log_id = 77;
  memset(&log, 0, sizeof log);
  EXPECT(cairn_log_append(&log, 0x40, "x", 1, NULL) == CAIRN_E_BAD_STATE);
  EXPECT(cairn_log_mount(&log, &flash, &memory, &options, &platform) == CAIRN_E_NOT_FORMATTED);
  failed = refuse_to_format(&log, &flash, &memory, &options, &platform);
  if (failed != 0) return failed;
  EXPECT(cairn_log_format(&log, &flash, &memory, &options, &platform) == CAIRN_OK);
  failed = refuse_arguments(&log);
  if (failed != 0) return failed;

  EXPECT(cairn_log_size(&log) == 0 && cairn_log_index_min(&log) == 0);
  EXPECT(cairn_log_append(&log, 0x40, "first", 5, &index) == CAIRN_OK && index == 0);
  EXPECT(cairn_log_append(&log, 0x40, NULL, 0, NULL) == CAIRN_OK);
  EXPECT(cairn_log_size(&log) == 2 && cairn_log_used_bytes(&log) > 0);
  EXPECT(cairn_log_read(&log, 0, leaf, sizeof leaf) == 6 && memcmp(leaf, "@first", 6) == 0);
  EXPECT(cairn_log_read(&log, 1, leaf, sizeof leaf) == 1 && leaf[0] == 0x40);
  EXPECT(cairn_log_read(&log, 0, leaf, 5) == CAIRN_E_FULL);
  EXPECT(cairn_log_read(&log, 2, leaf, sizeof leaf) == CAIRN_E_NOT_FOUND);
  cairn_log_root(&log, &root);
  EXPECT(cairn_log_node(&log, 1, 0, &other) == CAIRN_OK);
  EXPECT(memcmp(&root, &other, sizeof root) == 0);
  cairn_log_frontier(&log, &frontier);
  cairn_frontier_root(&frontier, &other);
  EXPECT(memcmp(&root, &other, sizeof root) == 0);

  EXPECT(cairn_log_head(&log, &head) == CAIRN_E_NOT_FOUND);
  memset(&signature, 0x5A, sizeof signature);
  EXPECT(cairn_log_write_head(&log, &signature) == CAIRN_OK);
  EXPECT(cairn_log_maintain(&log) == CAIRN_OK);
  cairn_log_keep_from(&log, 1);
  EXPECT(cairn_log_options_of(&log, &options) == CAIRN_OK);
  EXPECT(options.struct_size == sizeof options && options.log_id == 77 && options.keep_from == 1);
  EXPECT(cairn_log_options_of(&log, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_flash(&log) == &flash);

  memset(&log, 0, sizeof log);
  EXPECT(cairn_log_mount(&log, &flash, &memory, &options, &platform) == CAIRN_OK);
  EXPECT(cairn_log_size(&log) == 2);
  EXPECT(cairn_log_head(&log, &head) == CAIRN_OK && head.size == 2);
  EXPECT(head.signature.bytes[63] == 0x5A && memcmp(&head.root, &root, sizeof root) == 0);
  cairn_log_report(&log, &report);
  EXPECT(report.damaged == 0 && report.torn_bytes == 0 && report.segments_read > 0);
  return 0;
}

/* What a log says of its room is what it then does. */
int c_api_log_room(void) {
  static cairn_log log;
  static uint8_t body[512];
  uint64_t now = 0, used;
  const cairn_platform platform = toy_platform(&now);
  const cairn_flash flash = toy_flash(1);
  const cairn_log_memory memory = toy_memory(1);
  cairn_log_options options = CAIRN_LOG_OPTIONS_INIT;
  const size_t limit = cairn_log_leaf_limit_for(&flash, memory.frame_bytes);
  const size_t frame_bytes = CAIRN_LOG_FRAME_BYTES(4, 200);
  cairn_flash wrong = flash;
  cairn_signature signature;
  uint32_t appended = 0;

  wrong.unit_bytes = 3;
  EXPECT(cairn_log_leaf_limit_for(&wrong, memory.frame_bytes) == 0);
  EXPECT(cairn_log_leaf_limit_for(&flash, 16) == 0);
  memset(&log, 0, sizeof log);
  EXPECT(cairn_log_leaf_limit(&log) == 0 && cairn_log_writable(&log) == CAIRN_E_BAD_STATE);
  EXPECT(cairn_log_room_for(&log, 64) == CAIRN_E_BAD_STATE);
  EXPECT(cairn_log_format(&log, &flash, &memory, &options, &platform) == CAIRN_OK);
  EXPECT(cairn_log_writable(&log) == CAIRN_OK && cairn_log_leaf_limit(&log) == limit);
  EXPECT(limit > 200 && limit < sizeof body);
  EXPECT(cairn_log_append(&log, 0x40, body, limit, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_append(&log, 0x40, body, limit - 1, NULL) == CAIRN_OK);

  used = cairn_log_used_bytes(&log);
  memset(&signature, 0x5A, sizeof signature);
  EXPECT(cairn_log_write_head(&log, &signature) == CAIRN_OK);
  EXPECT(cairn_log_used_bytes(&log) - used == cairn_log_head_bytes(4, 1));
  EXPECT(cairn_log_head_bytes(4, 2) > cairn_log_head_bytes(4, 1));

  while (cairn_log_room_for(&log, frame_bytes) == CAIRN_OK && appended < 1000) {
    EXPECT(cairn_log_append(&log, 0x40, body, 199, NULL) == CAIRN_OK);
    ++appended;
  }
  EXPECT(appended > 40 && appended < 1000);
  EXPECT(cairn_log_room_for(&log, frame_bytes) == CAIRN_E_FULL);
  EXPECT(cairn_log_append(&log, 0x40, body, 199, NULL) == CAIRN_E_FULL);
  EXPECT(cairn_log_writable(&log) == CAIRN_OK);
  return 0;
}

int c_api_batches(void) {
  static cairn_log log;
  uint64_t now = 0, index = 9;
  const cairn_platform platform = toy_platform(&now);
  const cairn_flash flash = toy_flash(1);
  const cairn_log_memory memory = toy_memory(1);
  const cairn_log_options options = CAIRN_LOG_OPTIONS_INIT;
  cairn_bytes leaves[3];
  cairn_node_source source;
  cairn_digest proof[CAIRN_PROOF_HASHES_MAX], leaf, root;
  int count;

  leaves[0] = cairn_text("@a");
  leaves[1] = cairn_text("@bb");
  leaves[2] = cairn_text("@ccc");
  EXPECT(cairn_log_format(&log, &flash, &memory, &options, &platform) == CAIRN_OK);
  EXPECT(cairn_log_append_batch(&log, leaves, 3, &index) == CAIRN_OK && index == 0);
  EXPECT(cairn_log_stage(&log, leaves, 2, &index) == CAIRN_OK && index == 3);
  EXPECT(cairn_log_commit(&log) == CAIRN_OK);
  EXPECT(cairn_log_size(&log) == 5);

  EXPECT(cairn_log_nodes(&log, &source) == CAIRN_OK);
  count = cairn_build_inclusion(4, 5, &source, proof, CAIRN_PROOF_HASHES_MAX);
  EXPECT(count == 1);
  cairn_leaf_hash("@bb", 3, &leaf);
  cairn_log_root(&log, &root);
  EXPECT(cairn_verify_inclusion(4, 5, &leaf, proof, 1, &root) == CAIRN_OK);
  return 0;
}

int c_api_cursor(void) {
  static cairn_log log;
  uint64_t now = 0;
  const cairn_platform platform = toy_platform(&now);
  const cairn_flash flash = toy_flash(1);
  const cairn_log_memory memory = toy_memory(1);
  const cairn_log_options options = CAIRN_LOG_OPTIONS_INIT;
  cairn_log_cursor cursor;
  cairn_log_item item;
  cairn_signature signature;
  uint8_t buffer[128];

  memset(&signature, 0x5A, sizeof signature);
  EXPECT(cairn_log_format(&log, &flash, &memory, &options, &platform) == CAIRN_OK);
  EXPECT(cairn_log_append(&log, 0x40, "first", 5, NULL) == CAIRN_OK);
  EXPECT(cairn_log_append(&log, 0x41, "second", 6, NULL) == CAIRN_OK);
  EXPECT(cairn_log_write_head(&log, &signature) == CAIRN_OK);

  EXPECT(cairn_log_cursor_open(NULL, &log, buffer, sizeof buffer, 0) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_cursor_open(&cursor, NULL, buffer, 128, 0) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_cursor_open(&cursor, &log, NULL, 128, 0) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_cursor_open(&cursor, &log, buffer, 63, 0) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_cursor_open(&cursor, &log, buffer, sizeof buffer, 0) == CAIRN_OK);
  EXPECT(cairn_log_cursor_next(&cursor, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_log_cursor_next(&cursor, &item) == CAIRN_OK);
  EXPECT(item.type == CAIRN_ITEM_LEAF && item.index == 0 && same(item.leaf, "@first"));
  EXPECT(cairn_log_cursor_next(&cursor, &item) == CAIRN_OK);
  EXPECT(item.index == 1 && same(item.leaf, "Asecond"));
  EXPECT(cairn_log_cursor_next(&cursor, &item) == CAIRN_OK);
  EXPECT(item.type == CAIRN_ITEM_HEAD && item.size == 2 && item.signature.bytes[0] == 0x5A);
  EXPECT(cairn_log_cursor_next(&cursor, &item) == CAIRN_E_END);

  EXPECT(cairn_log_cursor_open(&cursor, &log, buffer, sizeof buffer, 1) == CAIRN_OK);
  EXPECT(cairn_log_cursor_next(&cursor, &item) == CAIRN_OK && item.index == 1);
  return 0;
}
