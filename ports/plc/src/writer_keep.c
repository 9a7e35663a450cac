/* Retained values and set-points, and the walk that reads the log back: from the oldest record to
 * the newest, hashing, up to the root under the newest head. It finds what the slots held before
 * the start, and whether everything is as it was signed.
 *
 * A set-point proves itself: its command record holds the signatures that put it in force, and the
 * walk checks them again. The log's own head would not do, as the head that the next start signs
 * covers also what somebody wrote behind the last one while the power was off. */
#include <string.h>

#include "writer.h"

#define RECORDS_PER_SLICE 256u
#define NOT_ON_MEDIUM UINT64_MAX

plc_slot* plc_writer_slot(plc_writer* writer, uint32_t key) {
  int i;
  for (i = 0; i < CAIRN_PLC_SLOTS; ++i) {
    plc_slot* slot = &writer->slots[i];
    if (slot->used && slot->key == key) return slot;
    if (!slot->used) {
      slot->used = 1;
      slot->key = key;
      return slot;
    }
  }
  return NULL;
}

int plc_writer_encode_slot(plc_writer* writer, const plc_slot* slot) {
  cairn_retained retained;
  memset(&retained, 0, sizeof retained);
  retained.time = plc_writer_time(writer);
  retained.slot = slot->key;
  retained.version = slot->version;
  memcpy(retained.values, slot->values, sizeof retained.values);
  return cairn_encode_retained(&retained, writer->body, sizeof writer->body);
}

/* Puts the record of a slot into `body` again: retained values as they are in memory, a command as
 * it is on the log, with its signatures. The size, or why not. */
static int repeat_slot(plc_writer* writer, const plc_slot* slot) {
  int size;
  if ((slot->key & PLC_SETPOINT_SLOT) == 0) return plc_writer_encode_slot(writer, slot);
  size = cairn_log_read(cairn_recorder_log(&writer->recorder), slot->index, writer->body,
                        sizeof writer->body);
  if (size < 0) return size;
  if (size == 0 || writer->body[0] != CAIRN_KIND_COMMAND) return CAIRN_E_CORRUPT;
  memmove(writer->body, writer->body + 1, (size_t)size - 1u);
  return size - 1;
}

/* Whether the record of a slot lies where the log, which recycles and is half full, retires next.
 */
static int is_old(plc_writer* writer, const plc_slot* slot) {
  const cairn_log* log = cairn_recorder_log(&writer->recorder);
  const cairn_flash* flash = writer->log->flash;
  const uint64_t all = (uint64_t)flash->segment_bytes * flash->segment_count;
  const uint64_t oldest = cairn_log_index_min(log);
  return writer->shown.recycles && cairn_log_used_bytes(log) >= all / 2u &&
         slot->index < oldest + ((cairn_log_size(log) - oldest) / 2u);
}

int plc_writer_refresh(plc_writer* writer) {
  plc_slot* slot = &writer->slots[writer->next_slot];
  int body_size;
  writer->next_slot = (uint8_t)((writer->next_slot + 1) % CAIRN_PLC_SLOTS);
  if (plc_writer_expire(writer, slot)) return 1;
  if (!writer->log->keeps || !writer->kept_known || slot->version == 0 || !is_old(writer, slot)) {
    return 0;
  }
  writer->slot_of_record = (uint8_t)(slot - writer->slots);
  writer->lane = NULL;
  writer->drops = 0;
  body_size = repeat_slot(writer, slot);
  if (body_size < 0) slot->index = NOT_ON_MEDIUM;
  plc_writer_append(writer,
                    (slot->key & PLC_SETPOINT_SLOT) == 0 ? CAIRN_KIND_RETAINED : CAIRN_KIND_COMMAND,
                    body_size);
  return 1;
}

static void answer_verify(plc_writer* writer, int intact) {
  plc_answer answer;
  memset(&answer, 0, sizeof answer);
  answer.ticket = writer->verify_ticket;
  answer.index = writer->shown.checked;
  answer.a = writer->first_bad;
  answer.b = (uint64_t)intact;
  plc_writer_answer(writer->verifier, writer->verify_answer, &answer);
  writer->verifier = NULL;
}

/* The head's signature, by the port's verifiers and the log's own public key. */
static int is_signed(plc_writer* writer) {
  const cairn_plc_log* log = writer->log;
  uint8_t text[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  cairn_checkpoint checkpoint = CAIRN_CHECKPOINT_INIT;
  int size;
  checkpoint.origin = log->options->origin;
  checkpoint.size = writer->target.size;
  checkpoint.root = writer->target.root;
  size = cairn_format_checkpoint(&checkpoint, text, sizeof text);
  writer->debt += PLC_SIGNATURE_UNITS;
  return size > 0 && cairn_verify(log->verifiers, log->verifier_count, &log->signer->public_key,
                                  text, (size_t)size, &writer->target.signature) == CAIRN_OK;
}

static void end_walk(plc_writer* writer) {
  const int intact = !writer->walk_is_wrong && writer->walk_found;
  int i;
  writer->walk = PLC_WALK_NONE;
  if (!intact) plc_writer_note(writer, CAIRN_PLC_E_TAMPERED);
  if (writer->verifier != NULL) {
    answer_verify(writer, intact);
    return;
  }
  writer->kept_known = 1;
  writer->kept_wrong = (uint8_t)!intact;
  for (i = 0; i < CAIRN_PLC_SLOTS; ++i) {
    plc_slot* slot = &writer->slots[i];
    slot->is_signed = (uint8_t)(intact && slot->version != 0 && slot->index < writer->target.size);
  }
  plc_writer_show_setpoints(writer);
}

/* Compares with the head where the walk has come by its size. */
static void compare(plc_writer* writer) {
  cairn_digest root;
  if (writer->walk_next != writer->target.size) return;
  cairn_frontier_root(&writer->frontier, &root);
  writer->walk_found = 1;
  if (!cairn_equal_constant_time(&root, &writer->target.root, sizeof root) || !is_signed(writer)) {
    writer->walk_is_wrong = 1;
  }
}

/* The frontier of everything before the oldest record, which its segment begins with. */
static int begin_frontier(plc_writer* writer, const cairn_log* log, uint64_t size) {
  cairn_digest hashes[64];
  uint64_t done = 0;
  size_t count = 0;
  int level;
  for (level = 63; level >= 0; --level) {
    if ((size >> level & 1u) == 0) continue;
    if (cairn_log_node(log, (unsigned)level, done >> level, &hashes[count]) != CAIRN_OK) return 0;
    done += (uint64_t)1 << level;
    ++count;
  }
  return cairn_frontier_assign(&writer->frontier, size, hashes, count) == CAIRN_OK;
}

void plc_writer_walk_start(plc_writer* writer) {
  const cairn_log* log = cairn_recorder_log(&writer->recorder);
  const uint64_t oldest = cairn_log_index_min(log);
  writer->walk = PLC_WALK_RUNS;
  writer->walk_next = oldest;
  writer->walk_end = cairn_log_size(log);
  writer->walk_size = 0; /* no cursor yet */
  writer->walk_is_wrong = writer->walk_found = 0;
  writer->first_bad = 0;
  writer->shown.checked = 0;
  writer->shown.to_check = writer->walk_end - oldest;
  (void)cairn_frontier_init(&writer->frontier);
  if (oldest != 0 && !begin_frontier(writer, log, oldest)) writer->walk_is_wrong = 1;
  if (cairn_log_head(log, &writer->target) != CAIRN_OK || writer->target.size < oldest) {
    writer->walk_found = 1; /* nothing that was signed is held: nothing that could be wrong */
    writer->target.size = 0;
  } else {
    compare(writer);
  }
}

static void take_retained(plc_writer* writer, cairn_bytes body, uint64_t index) {
  cairn_retained retained;
  plc_slot* slot;
  if (cairn_decode_retained(body.data, body.size, &retained) != CAIRN_OK ||
      (retained.slot & PLC_SETPOINT_SLOT) != 0) {
    return;
  }
  slot = plc_writer_slot(writer, retained.slot);
  if (slot == NULL || retained.version < slot->version) return;
  slot->version = retained.version;
  slot->index = index;
  memcpy(slot->values, retained.values, sizeof slot->values);
}

static void take_command(plc_writer* writer, cairn_bytes body, uint64_t index) {
  cairn_command command;
  plc_slot* slot;
  if (cairn_decode_command(body.data, body.size, &command) != CAIRN_OK ||
      command.outcome != CAIRN_COMMAND_APPLIED) {
    return;
  }
  slot = plc_writer_slot_of_channel(writer, command.order.channel);
  if (slot == NULL || command.order.sequence < slot->version) return;
  if (!plc_writer_is_authorised(writer, &command)) {
    plc_writer_note(writer, CAIRN_PLC_E_SIGNATURE);
    return;
  }
  slot->version = command.order.sequence;
  slot->index = index;
  slot->values[0] = command.order.value;
}

/* What a slot held before the start. */
static void take_kept(plc_writer* writer, cairn_bytes leaf, uint64_t index) {
  cairn_bytes body;
  if (writer->verifier != NULL || leaf.size == 0) return;
  body.data = leaf.data + 1;
  body.size = leaf.size - 1u;
  if (leaf.data[0] == CAIRN_KIND_RETAINED) take_retained(writer, body, index);
  if (leaf.data[0] == CAIRN_KIND_COMMAND) take_command(writer, body, index);
}

/* A cursor for the walk, anew wherever the log has changed since. 0 when there is none. */
static int has_cursor(plc_writer* writer, const cairn_log* log) {
  const uint64_t size = cairn_log_size(log);
  const uint64_t oldest = cairn_log_index_min(log);
  if (oldest > writer->walk_next) { /* retired in front of the walk */
    plc_writer_walk_start(writer);
  } else if (writer->walk_size == size && writer->walk_min == oldest) {
    return 1;
  }
  writer->walk_size = size;
  writer->walk_min = oldest;
  return cairn_log_cursor_open(&writer->cursor, log, writer->walk_buffer,
                               sizeof writer->walk_buffer, writer->walk_next) == CAIRN_OK;
}

static void take_leaf(plc_writer* writer, const cairn_log_item* item) {
  cairn_digest hash;
  if (item->index != writer->walk_next) { /* records between are lost */
    writer->walk_is_wrong = 1;
    if (writer->first_bad == 0) writer->first_bad = writer->walk_next;
  }
  cairn_leaf_hash(item->leaf.data, item->leaf.size, &hash);
  (void)cairn_frontier_append(&writer->frontier, &hash);
  take_kept(writer, item->leaf, item->index);
  writer->walk_next = item->index + 1u;
  writer->shown.checked += 1u;
  if (!writer->walk_is_wrong) compare(writer);
}

uint32_t plc_writer_walk(plc_writer* writer, uint32_t records) {
  const cairn_log* log = cairn_recorder_log(&writer->recorder);
  const uint32_t most = records < RECORDS_PER_SLICE ? records : RECORDS_PER_SLICE;
  uint32_t used = 0;
  cairn_log_item item;
  int status = has_cursor(writer, log) ? CAIRN_OK : CAIRN_E_IO;
  while (used < most && writer->debt == 0 && status == CAIRN_OK &&
         writer->walk_next < writer->walk_end) {
    status = cairn_log_cursor_next(&writer->cursor, &item);
    ++used;
    if (status == CAIRN_OK && item.type == CAIRN_ITEM_LEAF) take_leaf(writer, &item);
  }
  if (status != CAIRN_OK) {
    writer->walk_is_wrong = 1;
    if (writer->first_bad == 0) writer->first_bad = writer->walk_next;
    writer->walk_next = writer->walk_end;
  }
  if (writer->walk_next >= writer->walk_end) end_walk(writer);
  return used;
}
