/* The machine behind every block with Execute, written once. */
#include <string.h>

#include "scan.h"

static void finish(cairn_plc_request* request, uint8_t phase, uint32_t error_id) {
  request->phase = phase;
  request->error_id = error_id;
}

void plc_done(cairn_plc_request* request) {
  finish(request, PLC_DONE, 0);
}

void plc_fail(cairn_plc_request* request, uint32_t error_id) {
  finish(request, PLC_FAILED, error_id);
}

/* Gives up an answer that the request still waits for. */
static void let_go(cairn_plc_request* request) {
  uint32_t error_id;
  plc_lane* lane = plc_lane_of(request->handle, &error_id);
  if (lane != NULL && request->ticket != 0) plc_release(lane, request->answer, request->ticket);
  request->ticket = 0;
}

void plc_abandon(cairn_plc_request* request) {
  let_go(request);
  request->phase = PLC_IDLE;
}

int plc_execute(cairn_plc_request* request, uint8_t execute) {
  const int rises = execute && !request->executed;
  request->executed = (uint8_t)(execute ? 1 : 0);
  /* Done and Error have been shown in the call that reached them. */
  if (!execute && request->phase != PLC_BUSY) request->phase = PLC_IDLE;
  if (!rises) return 0;
  if (request->phase == PLC_BUSY) {
    let_go(request);
    plc_fail(request, CAIRN_PLC_E_BUSY);
    return 0;
  }
  request->index = 0;
  request->ticket = 0;
  request->level = 0;
  return 1;
}

void plc_begin(cairn_plc_request* request, uint32_t handle, plc_record* record,
               const void* payload) {
  uint32_t error_id;
  plc_lane* lane = plc_lane_of(handle, &error_id);
  if (lane != NULL) {
    error_id = plc_ask(lane, record);
    if (error_id != 0) plc_count_loss(lane, record, PLC_LOST_QUEUE_FULL);
  }
  if (error_id == 0) error_id = plc_put(lane, record, payload);
  if (error_id != 0) {
    plc_fail(request, error_id);
    return;
  }
  lane->asked[record->answer] = record->ticket;
  lane->taken[record->answer] = 0;
  request->handle = handle;
  request->ticket = record->ticket;
  request->answer = record->answer;
  request->phase = PLC_BUSY;
}

const plc_answer* plc_poll(cairn_plc_request* request) {
  uint32_t error_id;
  plc_lane* lane = plc_lane_of(request->handle, &error_id);
  const plc_answer* answer;
  if (lane == NULL) {
    plc_fail(request, CAIRN_PLC_E_CLOSED);
    return NULL;
  }
  answer = plc_answered(lane, request->answer, request->ticket);
  if (answer == NULL) return NULL;
  if (answer->error_id != 0) plc_fail(request, answer->error_id);
  /* What the answer holds stays until the next request of this task. */
  let_go(request);
  return request->phase == PLC_FAILED ? NULL : answer;
}

void plc_begin_data(cairn_plc_request* request, uint32_t handle, uint8_t level,
                    plc_record* record) {
  uint32_t error_id;
  plc_lane* lane = plc_lane_of(handle, &error_id);
  if (lane != NULL && level > 3) error_id = CAIRN_PLC_E_RANGE;
  if (error_id != 0) {
    plc_fail(request, error_id);
  } else if (level == 0) {
    record->answer = PLC_NO_ANSWER;
    error_id = plc_put(lane, record, NULL);
    if (error_id != 0) {
      plc_fail(request, error_id);
    } else {
      plc_done(request);
    }
  } else {
    request->level = level;
    plc_begin(request, handle, record, NULL);
  }
}

void plc_follow_data(cairn_plc_request* request) {
  uint32_t error_id;
  const plc_lane* lane;
  if (request->phase != PLC_BUSY) return;
  if (request->ticket != 0) {
    const plc_answer* answer = plc_poll(request);
    if (answer == NULL) return;
    request->index = answer->index;
  }
  lane = plc_lane_of(request->handle, &error_id);
  if (lane == NULL) {
    plc_fail(request, CAIRN_PLC_E_CLOSED);
    return;
  }
  if (request->level == 1 || (request->level == 2 && lane->seen.sealed > request->index) ||
      (request->level == 3 && lane->seen.anchored > request->index)) {
    plc_done(request);
  }
}
