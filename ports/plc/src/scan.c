/* Handles, the queue and answers: the scan's side. */
#include "scan.h"

#include <string.h>

#include "writer.h"

static const cairn_plc_port* current_port;

static int is_usable(const cairn_plc_log* log) {
  if (log->struct_size != sizeof *log || log->area == NULL || log->pump > CAIRN_PLC_PROCESS) {
    return 0;
  }
  if (log->pump == CAIRN_PLC_PROCESS) return 1;
  /* Both read the log back and check signatures, which takes longer than a scan; commands are kept,
   * too. docs/plc.md, "Who does the work", has the counts. */
  if (log->pump == CAIRN_PLC_INLINE && (log->keeps || log->keys_needed != 0)) return 0;
  if (log->keys_needed != 0 && !log->keeps) return 0;
  return log->writer != NULL && log->flash != NULL && log->memory != NULL && log->options != NULL &&
         log->platform != NULL && log->signer != NULL &&
         log->key_count <= CAIRN_COMMAND_SIGNERS_MAX && log->keys_needed <= log->key_count &&
         (log->key_count == 0 || log->keys != NULL) && log->channel_count <= CAIRN_PLC_SLOTS &&
         (log->channel_count == 0 || log->channels != NULL) &&
         (log->verifier_count == 0 || log->verifiers != NULL);
}

int cairn_plc_start(const cairn_plc_port* port) {
  uint32_t i;
  if (port == NULL || port->struct_size != sizeof *port || port->log_count > CAIRN_PLC_LOGS ||
      port->monotonic_ms == NULL || (port->log_count != 0 && port->logs == NULL)) {
    return CAIRN_E_BAD_ARGUMENT;
  }
  for (i = 0; i < port->log_count; ++i) {
    if (!is_usable(&port->logs[i])) return CAIRN_E_BAD_ARGUMENT;
  }
  for (i = 0; i < port->log_count; ++i) {
    plc_area* area = plc_area_of(port->logs[i].area);
    const uint32_t magic = plc_load(&area->magic);
    if (magic != 0 && (magic != PLC_MAGIC || area->size_bytes != sizeof *area)) {
      return CAIRN_E_WRONG_VERSION;
    }
    area->size_bytes = (uint32_t)sizeof *area;
    plc_store(&area->magic, PLC_MAGIC);
    if (port->logs[i].writer != NULL) memset(port->logs[i].writer, 0, sizeof(cairn_plc_writer));
  }
  for (i = 0; i < port->log_count; ++i) {
    if (port->logs[i].pump == CAIRN_PLC_INLINE && port->logs[i].create) {
      plc_writer_create(&port->logs[i]);
    }
  }
  current_port = port;
  return CAIRN_OK;
}

void cairn_plc_stop(void) {
  current_port = NULL;
}

const cairn_plc_port* plc_port(void) {
  return current_port;
}

const cairn_plc_log* plc_log_at(uint32_t log_id) {
  if (current_port == NULL || log_id >= current_port->log_count) return NULL;
  return &current_port->logs[log_id];
}

const cairn_plc_log* plc_log_of(uint32_t handle) {
  return plc_log_at((handle & 0xFFu) - 1u);
}

plc_area* plc_area_of_handle(uint32_t handle) {
  return plc_area_of(plc_log_of(handle)->area);
}

int plc_is_inline(uint32_t handle) {
  const cairn_plc_log* log = plc_log_of(handle);
  return log != NULL && log->pump == CAIRN_PLC_INLINE;
}

plc_lane* plc_lane_of(uint32_t handle, uint32_t* error_id) {
  const cairn_plc_log* log = plc_log_of(handle);
  const uint32_t task = (handle >> 8) & 0xFFu;
  plc_lane* lane;
  if (log == NULL || task >= CAIRN_PLC_TASKS) {
    *error_id = CAIRN_PLC_E_NO_HANDLE;
    return NULL;
  }
  lane = &plc_area_of(log->area)->lanes[task];
  if ((handle >> 16) != (lane->generation & 0xFFFFu)) {
    *error_id = CAIRN_PLC_E_STALE_HANDLE;
    return NULL;
  }
  *error_id = 0;
  return lane;
}

void plc_count_loss(plc_lane* lane, const plc_record* record, unsigned why) {
  if (plc_is_missed(record)) plc_store(&lane->lost[why], lane->lost[why] + 1u);
}

void plc_clear(plc_record* record, uint8_t type) {
  memset(record, 0, sizeof *record);
  record->type = type;
  record->answer = PLC_NO_ANSWER;
}

uint32_t plc_put(plc_lane* lane, const plc_record* record, const void* payload) {
  const uint32_t head = lane->head;
  const uint32_t count = payload == NULL ? 1u : 2u;
  if (lane->switched_off && record->type <= PLC_CORRECTION) {
    plc_count_loss(lane, record, PLC_LOST_SWITCHED_OFF);
    return CAIRN_PLC_E_SWITCHED_OFF;
  }
  /* A confirmed head may be retired: that makes room. */
  if (lane->stop_when_full && lane->seen.cannot_record && record->type != PLC_ANCHORED) {
    plc_count_loss(lane, record, PLC_LOST_STOPPED);
    return CAIRN_PLC_E_STOPPED;
  }
  if (head - plc_load(&lane->tail) > CAIRN_PLC_QUEUE_RECORDS - count) {
    plc_count_loss(lane, record, PLC_LOST_QUEUE_FULL);
    return CAIRN_PLC_E_QUEUE_FULL;
  }
  *plc_record_at(lane, head) = *record;
  if (payload != NULL) memcpy(plc_record_at(lane, head + 1u), payload, sizeof(plc_record));
  plc_store(&lane->head, head + count);
  return 0;
}

void plc_stamp(const plc_lane* lane, uint64_t given, plc_record* record) {
  const plc_shown* seen = &lane->seen;
  record->time_quality = seen->clock_quality;
  if (given != 0) {
    record->unix_ms = (int64_t)given;
    if (record->time_quality == CAIRN_TIME_UNSYNCHRONISED) {
      record->time_quality = CAIRN_TIME_INFORMATIVE;
    }
  } else if (seen->clock_quality != CAIRN_TIME_UNSYNCHRONISED) {
    record->unix_ms = (int64_t)((uint64_t)seen->unix_ms + (lane->now_ms - seen->clock_ms));
  } else {
    record->unix_ms = 0;
  }
}

/* Answered already, and nobody waits: in the task's own words. */
static int is_free(const plc_lane* lane, uint32_t i) {
  return lane->taken[i] && plc_load(&lane->answers[i].ticket) == lane->asked[i];
}

uint32_t plc_ask(plc_lane* lane, plc_record* record) {
  uint32_t i;
  for (i = 0; i < CAIRN_PLC_ANSWERS; ++i) {
    if (lane->asked[i] == 0 || is_free(lane, i)) break;
  }
  if (i == CAIRN_PLC_ANSWERS) return CAIRN_PLC_E_ANSWERS_FULL;
  lane->tickets = lane->tickets == UINT32_MAX ? 1u : lane->tickets + 1u;
  record->ticket = lane->tickets;
  record->answer = (uint8_t)i;
  return 0;
}

const plc_answer* plc_answered(const plc_lane* lane, uint8_t answer, uint32_t ticket) {
  return plc_load(&lane->answers[answer].ticket) == ticket ? &lane->answers[answer] : NULL;
}

void plc_release(plc_lane* lane, uint8_t answer, uint32_t ticket) {
  if (lane->asked[answer] == ticket) lane->taken[answer] = 1;
}

uint64_t plc_word(const uint8_t* bytes) {
  uint64_t word = 0;
  int i;
  for (i = 0; i < 8; ++i)
    word = word << 8 | bytes[i];
  return word;
}

uint32_t cairn_plc_abi(void) {
  return CAIRN_PLC_ABI;
}
