#include "port_conformance.h"

#include <string.h>

enum { buffer_bytes = 256, frame_bytes = 768, clock_reads = 10000000 };

/* The unit is 256 bytes at most, so a buffer holds at least one. */
static uint8_t written[buffer_bytes], found[buffer_bytes];
static uint8_t frame[frame_bytes];
static cairn_recorder recorder;
static const cairn_port* port;
static int failures;

static int require(const char* requirement, int holds) {
  if (!holds) ++failures;
  if (port->report != NULL) port->report(port->user, requirement, holds);
  return holds;
}

/* ---- Flash: what stands where --------------------------------------------------------------- */

/* Bytes that differ from place to place, and from one round to the next. */
static void fill(uint32_t segment, uint32_t offset, uint32_t round) {
  for (uint32_t i = 0; i < buffer_bytes; ++i)
    written[i] = (uint8_t)((offset + i) * 167u + segment * 59u + round * 101u + 1u);
}

static int erase(uint32_t segment) {
  return port->flash->erase(port->flash->user, segment) == 0;
}
static int program(uint32_t segment, uint32_t offset, uint32_t size) {
  const cairn_flash* flash = port->flash;
  const int status = flash->program(flash->user, segment, offset, written, size);
  return status == 0 && (flash->sync == NULL || flash->sync(flash->user) == 0);
}
static int read(uint32_t segment, uint32_t offset, uint32_t size) {
  memset(found, 0xA5, sizeof found);
  return port->flash->read(port->flash->user, segment, offset, found, size) == 0;
}
static int holds_written(uint32_t segment, uint32_t offset, uint32_t size) {
  return read(segment, offset, size) && memcmp(found, written, size) == 0;
}

/* Erased: by blank(), where there is one, because reading may be forbidden then. Memory where
 * erasing does nothing need not be. */
static int is_erased(uint32_t segment, uint32_t from, uint32_t to) {
  const cairn_flash* flash = port->flash;
  if (flash->kind == CAIRN_FLASH_REWRITABLE) return 1;
  for (uint32_t offset = from; offset < to; offset += buffer_bytes) {
    const uint32_t size = to - offset < buffer_bytes ? to - offset : (uint32_t)buffer_bytes;
    if (flash->blank != NULL) {
      if (flash->blank(flash->user, segment, offset, size) != 1) return 0;
      continue;
    }
    if (!read(segment, offset, size)) return 0;
    for (uint32_t i = 0; i < size; ++i)
      if (found[i] != flash->erased) return 0;
  }
  return 1;
}

static void check_erase(void) {
  const cairn_flash* flash = port->flash;
  const uint32_t last = flash->segment_bytes - flash->unit_bytes;
  int erases = 1, erased = 1, alone = 1;
  for (uint32_t segment = 0; segment < flash->segment_count; ++segment) {
    erases = erases && erase(segment);
    erased = erased && is_erased(segment, 0, flash->segment_bytes);
  }
  require("erase() succeeds in every segment", erases);
  require("a segment that was erased is erased all over", erased);

  /* The neighbours' nearest units stand when the middle one is erased. */
  for (uint32_t segment = 0; segment < 3 && segment < flash->segment_count; ++segment) {
    fill(segment, 0, 0);
    alone = alone && program(segment, 0, flash->unit_bytes);
    fill(segment, last, 0);
    alone = alone && program(segment, last, flash->unit_bytes);
  }
  alone = alone && erase(1);
  for (uint32_t segment = 0; segment < 3 && segment < flash->segment_count; ++segment) {
    if (segment == 1) continue;
    fill(segment, 0, 0);
    alone = alone && holds_written(segment, 0, flash->unit_bytes);
    fill(segment, last, 0);
    alone = alone && holds_written(segment, last, flash->unit_bytes);
  }
  require("erasing a segment leaves its neighbours alone", alone);
  require("a segment is erased again after it was programmed",
          is_erased(1, 0, flash->segment_bytes));
}

static void check_program(void) {
  const cairn_flash* flash = port->flash;
  const uint32_t unit = flash->unit_bytes;
  const uint32_t several = buffer_bytes / unit < 5 ? buffer_bytes / unit * unit : 5 * unit;
  int reads_back = 1, distinct = 1;
  require("a segment can be erased", erase(0));
  fill(0, 0, 1);
  require("a unit that was programmed reads back",
          program(0, 0, unit) && holds_written(0, 0, unit));
  require("programming leaves what stands behind alone", is_erased(0, unit, flash->segment_bytes));
  fill(0, unit, 1);
  require("several units are programmed by one call",
          program(0, unit, several) && holds_written(0, unit, several));
  fill(0, 0, 1);
  require("programming leaves what stands before alone", holds_written(0, 0, unit));
  fill(0, flash->segment_bytes - unit, 1);
  require("the last unit of a segment can be programmed",
          program(0, flash->segment_bytes - unit, unit) &&
              holds_written(0, flash->segment_bytes - unit, unit));

  fill(0, unit, 1);
  for (uint32_t from = 0; from < several; ++from)
    for (uint32_t size = 1; size <= several - from && size <= 9; ++size)
      reads_back = reads_back && read(0, unit + from, size) &&
                   memcmp(found, written + from, size) == 0 && found[size] == 0xA5;
  require("reads may begin and end anywhere, and touch no byte beyond", reads_back);

  for (uint32_t segment = 0; segment < flash->segment_count; ++segment) {
    fill(segment, 0, 2);
    distinct = distinct && erase(segment) && program(segment, 0, unit);
  }
  for (uint32_t segment = 0; segment < flash->segment_count; ++segment) {
    fill(segment, 0, 2);
    distinct = distinct && holds_written(segment, 0, unit);
  }
  require("every segment is a memory of its own", distinct);
}

/* What the kind of memory promises beyond that: docs/format.md, "Media". */
static void check_kind(void) {
  const cairn_flash* flash = port->flash;
  const uint32_t unit = flash->unit_bytes;
  if (flash->blank != NULL) {
    fill(0, 0, 3);
    require("blank() tells units that are erased from one that is programmed",
            erase(0) && flash->blank(flash->user, 0, 0, unit) == 1 && program(0, 0, unit) &&
                flash->blank(flash->user, 0, 0, unit) == 0 &&
                flash->blank(flash->user, 0, unit, unit) == 1);
  }
  if (flash->kind == CAIRN_FLASH_NOR) {
    fill(0, 0, 4);
    const int first = erase(0) && program(0, 0, unit);
    memset(written, (uint8_t)~flash->erased, unit);
    require("every bit of a unit can be programmed later",
            first && program(0, 0, unit) && holds_written(0, 0, unit));
  }
  if (flash->kind == CAIRN_FLASH_REWRITABLE || flash->kind == CAIRN_FLASH_FILE) {
    fill(0, 0, 5);
    const int first = program(0, 0, unit);
    fill(0, 0, 6);
    require("a unit takes other bytes without an erase",
            first && program(0, 0, unit) && holds_written(0, 0, unit));
  }
}

/* ---- Clock, entropy, signatures ------------------------------------------------------------- */

static void check_platform(void) {
  const cairn_platform* platform = port->platform;
  if (platform->monotonic_ms != NULL) {
    const uint64_t first = platform->monotonic_ms(platform->user);
    uint64_t before = first;
    int goes_back = 0;
    for (uint32_t i = 0; i < clock_reads && before == first; ++i) {
      const uint64_t now = platform->monotonic_ms(platform->user);
      goes_back = goes_back || now < before;
      before = now;
    }
    require("the monotonic clock does not step back", !goes_back);
    require("the monotonic clock moves", before > first);
  }
  if (platform->wall_clock != NULL) {
    int64_t unix_ms = 0;
    uint8_t quality = 0xFF;
    require("the wall clock states its quality",
            platform->wall_clock(platform->user, &unix_ms, &quality) < 0 ||
                quality <= CAIRN_TIME_RELATIVE);
  }
  if (platform->entropy != NULL) {
    memset(written, 0, 32);
    memset(found, 0, sizeof found);
    require("entropy is different each time",
            platform->entropy(platform->user, written, 32) == 0 &&
                platform->entropy(platform->user, found, 32) == 0 &&
                memcmp(written, found, 32) != 0);
    require("entropy fills what it is given, and no more", found[32] == 0 && found[33] == 0);
  }
}

static void check_signer(void) {
  static const char message[] = "a message to be signed";
  cairn_signature signature;
  const cairn_public_key* key = &port->signer->public_key;
  require("the signer signs",
          cairn_sign(port->signer, message, sizeof message, &signature) == CAIRN_OK);
  require("its signature verifies with its public key",
          cairn_verify(port->verifier, 1, key, message, sizeof message, &signature) == CAIRN_OK);
  require("the signature does not verify for another message",
          cairn_verify(port->verifier, 1, key, message, sizeof message - 1, &signature) ==
              CAIRN_E_SIGNATURE_INVALID);
}

/* ---- A recorder on all of it ---------------------------------------------------------------- */

/* Signs nothing that anybody would verify. */
static int stand_in(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  (void)user;
  cairn_sha256(message, size, (cairn_digest*)signature);
  cairn_sha256(message, size, (cairn_digest*)(signature + CAIRN_DIGEST_BYTES));
  return 0;
}
static const cairn_signer stand_in_signer = {
    sizeof(cairn_signer), {CAIRN_ED25519, {1}}, NULL, stand_in};

static const cairn_signer* signer(void) {
  return port->signer != NULL ? port->signer : &stand_in_signer;
}

static int start(int (*how)(cairn_recorder*, const cairn_flash*, const cairn_log_memory*,
                            const cairn_recorder_options*, const cairn_platform*,
                            const cairn_signer*)) {
  cairn_log_memory memory = CAIRN_LOG_MEMORY_INIT;
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  memory.frame = frame;
  memory.frame_bytes = sizeof frame;
  options.origin = cairn_text("example.com/port");
  options.batch.leaves = 8;
  options.log.recycle = 1;
  options.log.keep_from = UINT64_MAX;
  return how(&recorder, port->flash, &memory, &options, port->platform, signer());
}
static int create(cairn_recorder* out, const cairn_flash* flash, const cairn_log_memory* memory,
                  const cairn_recorder_options* options, const cairn_platform* platform,
                  const cairn_signer* with) {
  return cairn_recorder_create(out, flash, memory, options, platform, with, NULL);
}

static int append(uint64_t* index) {
  static const char record[] = "213.5 bar, 21.5 Cel";
  return cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, record, sizeof record, index) ==
         CAIRN_OK;
}

/* The newest record, read back and proved to the newest head. */
static int proves(uint64_t index) {
  cairn_log* log = cairn_recorder_log(&recorder);
  cairn_node_source nodes;
  cairn_signed_head head;
  cairn_digest leaf, proof[CAIRN_PROOF_HASHES_MAX];
  const int size = cairn_log_read(log, index, found, sizeof found);
  if (size < 0 || cairn_log_nodes(log, &nodes) < 0 || cairn_log_head(log, &head) < 0) return 0;
  cairn_leaf_hash(found, (size_t)size, &leaf);
  const int hashes = cairn_build_inclusion(index, head.size, &nodes, proof, CAIRN_PROOF_HASHES_MAX);
  return hashes >= 0 && cairn_verify_inclusion(index, head.size, &leaf, proof, (size_t)hashes,
                                               &head.root) == CAIRN_OK;
}

static int head_verifies(void) {
  static uint8_t note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  cairn_note_key key;
  cairn_checkpoint head;
  const cairn_public_key* public_key = &port->signer->public_key;
  const int size = cairn_recorder_checkpoint(&recorder, note, sizeof note);
  if (size < 0 || cairn_make_note_key("example.com/port", 16, cairn_log_note_type(public_key),
                                      public_key, &key) < 0)
    return 0;
  return cairn_open_checkpoint(note, (size_t)size, &key, port->verifier, 1, &head, NULL) ==
         CAIRN_OK;
}

static void check_recorder(void) {
  uint64_t index = 0, rounds = 0;
  if (!require("a recorder is created", start(create) == CAIRN_OK)) return;
  cairn_log* log = cairn_recorder_log(&recorder);
  int appends = 1;
  /* Until the ring has been round once: its first record is then retired. */
  while (appends && cairn_log_index_min(log) == 0 && rounds++ < UINT32_MAX)
    appends = append(&index);
  require("it appends once round the flash, and recycles", appends);
  const uint64_t size = cairn_log_size(log);
  require("it is found again after a restart",
          start(cairn_recorder_open) == CAIRN_OK && cairn_log_size(log) == size);
  require("it goes on", append(&index) && cairn_recorder_seal(&recorder) == CAIRN_OK);
  require("a record is read back and proved to the signed head", proves(index));
  if (port->signer != NULL) require("the signed head verifies", head_verifies());
}

int cairn_check_port(const cairn_port* to_check) {
  port = to_check;
  failures = 0;
  if (!require("the geometry is one that a log can hold: cairn_check_geometry()",
               cairn_check_geometry(port->flash) == CAIRN_OK) ||
      !require("there are three segments or more", port->flash->segment_count >= 3))
    return failures;
  check_erase();
  check_program();
  check_kind();
  check_platform();
  if (port->signer != NULL) check_signer();
  check_recorder();
  return failures;
}
