/* Trusted control: a set-point changes when enough keys have signed one order, and not before that
 * is on the log. */
#include <string.h>

#include "writer.h"

static const uint32_t errors[] = {
    0,
    CAIRN_PLC_E_ORDER,
    CAIRN_PLC_E_WINDOW,
    CAIRN_PLC_E_SIGNATURE,
    CAIRN_PLC_E_UNKNOWN_KEY,
    CAIRN_PLC_E_CONFLICT,
    CAIRN_PLC_E_CHANNEL,
    CAIRN_PLC_E_CLOCK_NOT_SET,
};

static cairn_order order_of(const plc_writer* writer) {
  const plc_record* record = &writer->record;
  cairn_order order;
  memset(&order, 0, sizeof order);
  order.origin = writer->log->options->origin;
  order.channel = record->channel;
  order.value = record->value;
  order.sequence = record->number;
  order.not_before_ms = (uint64_t)record->unix_ms;
  order.not_after_ms = record->not_after;
  return order;
}

plc_slot* plc_writer_slot_of_channel(plc_writer* writer, uint32_t channel) {
  size_t i;
  for (i = 0; i < writer->log->channel_count; ++i) {
    if (writer->log->channels[i] == channel) {
      return plc_writer_slot(writer, PLC_SETPOINT_SLOT | channel);
    }
  }
  return NULL;
}

static int is_same(const cairn_order* a, const cairn_order* b) {
  return memcmp(&a->value, &b->value, sizeof a->value) == 0 && a->sequence == b->sequence &&
         a->not_before_ms == b->not_before_ms && a->not_after_ms == b->not_after_ms;
}

static uint8_t check_signature(plc_writer* writer, const cairn_order* order, uint8_t key,
                               const uint8_t* signature) {
  const cairn_plc_log* log = writer->log;
  uint8_t message[CAIRN_ORDER_BYTES_MAX];
  cairn_signature made;
  int size;
  if (key >= log->key_count) return CAIRN_COMMAND_UNKNOWN_KEY;
  size = cairn_encode_order(order, message, sizeof message);
  if (size < 0) return CAIRN_COMMAND_SIGNATURE_INVALID;
  memcpy(made.bytes, signature, sizeof made.bytes);
  writer->debt += PLC_SIGNATURE_UNITS;
  return cairn_verify(log->verifiers, log->verifier_count, &log->keys[key], message, (size_t)size,
                      &made) == CAIRN_OK
             ? (uint8_t)CAIRN_COMMAND_APPLIED
             : (uint8_t)CAIRN_COMMAND_SIGNATURE_INVALID;
}

static unsigned count_of(uint8_t signers) {
  unsigned count = 0;
  for (; signers != 0; signers = (uint8_t)(signers & (signers - 1)))
    ++count;
  return count;
}

int plc_writer_is_authorised(plc_writer* writer, const cairn_command* command) {
  const uint8_t* signature = command->signatures.data;
  const unsigned count = count_of(command->signers);
  cairn_order order = command->order;
  uint8_t key;
  if (count == 0 || count < writer->log->keys_needed ||
      command->signatures.size != (size_t)count * CAIRN_SIGNATURE_BYTES) {
    return 0;
  }
  order.origin = writer->log->options->origin;
  for (key = 0; key < CAIRN_COMMAND_SIGNERS_MAX; ++key) {
    if ((command->signers >> key & 1) == 0) continue;
    if (check_signature(writer, &order, key, signature) != CAIRN_COMMAND_APPLIED) return 0;
    signature += CAIRN_SIGNATURE_BYTES;
  }
  return 1;
}

/* Whether the order may take effect now, should enough keys have signed it. */
static uint8_t judge(plc_writer* writer, const plc_slot* slot, const cairn_order* order) {
  const cairn_wall_time now = plc_writer_time(writer);
  const plc_pending* pending;
  if (slot == NULL) return CAIRN_COMMAND_UNKNOWN_CHANNEL;
  pending = &slot->pending;
  if (order->sequence <= slot->version) return CAIRN_COMMAND_OUT_OF_ORDER;
  if (now.quality == CAIRN_TIME_UNSYNCHRONISED || now.quality == CAIRN_TIME_RELATIVE) {
    return CAIRN_COMMAND_CLOCK_NOT_SET;
  }
  if (now.unix_ms < 0 || (uint64_t)now.unix_ms < order->not_before_ms ||
      (uint64_t)now.unix_ms > order->not_after_ms) {
    return CAIRN_COMMAND_OUT_OF_WINDOW;
  }
  if (pending->signers != 0 && !is_same(&pending->order, order) &&
      order->sequence <= pending->order.sequence &&
      (uint64_t)now.unix_ms <= pending->order.not_after_ms) {
    return CAIRN_COMMAND_CONFLICT;
  }
  return CAIRN_COMMAND_APPLIED;
}

/* Begins to append a command record. */
static void append_command(plc_writer* writer, const cairn_order* order, uint8_t outcome,
                           uint8_t signers, const uint8_t* signatures) {
  cairn_command command;
  memset(&command, 0, sizeof command);
  command.time = plc_writer_time(writer);
  command.order = *order;
  command.outcome = outcome;
  command.signers = signers;
  command.signatures.data = signatures;
  command.signatures.size = (size_t)count_of(signers) * CAIRN_SIGNATURE_BYTES;
  plc_writer_append(writer, CAIRN_KIND_COMMAND,
                    cairn_encode_command(&command, writer->body, sizeof writer->body));
}

/* The same, with all signatures that were collected. */
static void append_collected(plc_writer* writer, const plc_pending* pending, uint8_t outcome) {
  uint8_t signatures[CAIRN_COMMAND_SIGNERS_MAX * CAIRN_SIGNATURE_BYTES];
  size_t size = 0;
  int i;
  for (i = 0; i < CAIRN_COMMAND_SIGNERS_MAX; ++i) {
    if ((pending->signers >> i & 1) == 0) continue;
    memcpy(signatures + size, pending->signatures[i], CAIRN_SIGNATURE_BYTES);
    size += CAIRN_SIGNATURE_BYTES;
  }
  append_command(writer, &pending->order, outcome, pending->signers, signatures);
}

static int is_over(const plc_writer* writer, const plc_pending* pending) {
  const cairn_wall_time now = plc_writer_time(writer);
  return now.unix_ms >= 0 && (uint64_t)now.unix_ms > pending->order.not_after_ms;
}

/* A half-signed order will not take effect any more: that goes on the log. The record under way, if
 * it was one, is taken up again afterwards. */
static void drop_pending(plc_writer* writer, plc_slot* slot) {
  const uint8_t outcome = is_over(writer, &slot->pending) ? (uint8_t)CAIRN_COMMAND_OUT_OF_WINDOW
                                                          : (uint8_t)CAIRN_COMMAND_CONFLICT;
  writer->lane = NULL;
  writer->drops = 1;
  append_collected(writer, &slot->pending, outcome);
  slot->pending.signers = 0;
  plc_writer_show_setpoints(writer);
}

int plc_writer_expire(plc_writer* writer, plc_slot* slot) {
  if (slot->pending.signers == 0 || !is_over(writer, &slot->pending)) return 0;
  drop_pending(writer, slot);
  return 1;
}

/* Adds a signature to those that were collected for the same order, or begins with it. */
static void collect(plc_slot* slot, const cairn_order* order, uint8_t key,
                    const uint8_t* signature) {
  plc_pending* pending = &slot->pending;
  pending->order = *order;
  pending->signers = (uint8_t)(pending->signers | 1u << key);
  memcpy(pending->signatures[key], signature, CAIRN_SIGNATURE_BYTES);
}

void plc_writer_command(plc_writer* writer, const uint8_t* signature) {
  const cairn_order order = order_of(writer);
  plc_slot* slot = plc_writer_slot_of_channel(writer, order.channel);
  const uint8_t key = writer->record.category;
  const uint8_t signature_is = check_signature(writer, &order, key, signature);
  const uint8_t outcome =
      signature_is != CAIRN_COMMAND_APPLIED ? signature_is : judge(writer, slot, &order);
  writer->record.result = outcome;
  if (outcome != CAIRN_COMMAND_APPLIED) {
    const uint8_t signers = signature_is == CAIRN_COMMAND_APPLIED ? (uint8_t)(1u << key) : 0;
    append_command(writer, &order, outcome, signers, signature);
    return;
  }
  if (slot->pending.signers != 0 && !is_same(&slot->pending.order, &order)) {
    drop_pending(writer, slot);
    return;
  }
  collect(slot, &order, key, signature);
  writer->answer.b = count_of(slot->pending.signers);
  plc_writer_show_setpoints(writer);
  if (writer->answer.b < writer->log->keys_needed || writer->log->keys_needed == 0) {
    plc_writer_finish(writer, 0);
    return;
  }
  writer->slot_of_record = (uint8_t)(slot - writer->slots);
  append_collected(writer, &slot->pending, CAIRN_COMMAND_APPLIED);
}

void plc_writer_commanded(plc_writer* writer, uint64_t index) {
  plc_slot* slot = &writer->slots[writer->slot_of_record];
  writer->answer.error_id = errors[writer->record.result];
  if (writer->record.result != CAIRN_COMMAND_APPLIED) return;
  slot->version = writer->record.number;
  slot->values[0] = writer->record.value;
  slot->index = index;
  slot->is_written = 1;
  slot->pending.signers = 0;
  writer->answer.a = 1;
  plc_writer_show_setpoints(writer);
}

void plc_writer_show_setpoints(plc_writer* writer) {
  plc_area* area = plc_area_of(writer->log->area);
  union {
    plc_setpoint fields[CAIRN_PLC_SLOTS];
    uint32_t words[PLC_SETPOINTS_WORDS];
  } copy;
  int i;
  memset(&copy, 0, sizeof copy);
  for (i = 0; i < CAIRN_PLC_SLOTS; ++i) {
    const plc_slot* slot = &writer->slots[i];
    plc_setpoint* setpoint = &copy.fields[i];
    if (!slot->used || (slot->key & PLC_SETPOINT_SLOT) == 0) continue;
    setpoint->used = 1;
    setpoint->channel = slot->key & ~PLC_SETPOINT_SLOT;
    if (!writer->kept_wrong || slot->is_written) {
      setpoint->sequence = slot->version;
      setpoint->value = slot->values[0];
    }
    setpoint->signatures = (uint8_t)count_of(slot->pending.signers);
    setpoint->needed = writer->log->keys_needed;
  }
  plc_publish(&area->setpoints_count, area->setpoints.words, copy.words, PLC_SETPOINTS_WORDS);
}
