/* The scan's side: handles, the queue, answers, and the two machines of PLCopen. */
#ifndef CAIRN_PLC_SCAN_H
#define CAIRN_PLC_SCAN_H

#include "area.h"

/* ---- Handles: generation << 16 | task << 8 | log + 1 ---- */

/* The port's log of this number, or NULL. */
const cairn_plc_log* plc_log_at(uint32_t log_id);
const cairn_plc_port* plc_port(void);

/* The lane of a handle, or NULL with the reason. */
plc_lane* plc_lane_of(uint32_t handle, uint32_t* error_id);
const cairn_plc_log* plc_log_of(uint32_t handle);
plc_area* plc_area_of_handle(uint32_t handle);
/* Whether the log is pumped in the scan, which some requests are too long for. */
int plc_is_inline(uint32_t handle);

/* ---- The queue ---- */

/* Makes an empty record of a type, to which no answer is wanted. */
void plc_clear(plc_record* record, uint8_t type);

/* Puts a record, and what belongs to it, at the end of the queue: both or none. 0, or why not; data
 * and commands are then counted. `payload`: 64 bytes or NULL. */
uint32_t plc_put(plc_lane* lane, const plc_record* record, const void* payload);

/* Counts a record that was not taken, when it is data or a command. `why`: PLC_LOST_... */
void plc_count_loss(plc_lane* lane, const plc_record* record, unsigned why);

/* The wall clock at this scan, with its quality. `given`, Unix ms: 0 asks for it. */
void plc_stamp(const plc_lane* lane, uint64_t given, plc_record* record);

/* ---- Answers ---- */

/* Promises an answer: sets record->ticket and record->answer. 0, or ANSWERS_FULL. */
uint32_t plc_ask(plc_lane* lane, plc_record* record);
/* The answer to a ticket once it is there, else NULL. */
const plc_answer* plc_answered(const plc_lane* lane, uint8_t answer, uint32_t ticket);
/* Nobody waits for it any more. */
void plc_release(plc_lane* lane, uint8_t answer, uint32_t ticket);

/* ---- Execute ---- */

enum { PLC_IDLE, PLC_BUSY, PLC_DONE, PLC_FAILED };

/* Begins a call of a block with Execute. 1 when a request is to be started now: then the block
 * starts it, and ends with one of the next three. A rising edge while busy is refused: the request
 * under way goes on unfollowed, and the block shows BUSY. */
int plc_execute(cairn_plc_request* request, uint8_t execute);
void plc_done(cairn_plc_request* request);
void plc_fail(cairn_plc_request* request, uint32_t error_id);
/* Gives up whatever is under way: nobody waits for its answer. */
void plc_abandon(cairn_plc_request* request);
/* Queues a request with an answer, and makes the block busy; or fails. */
void plc_begin(cairn_plc_request* request, uint32_t handle, plc_record* record,
               const void* payload);
/* While busy: the answer, once it is there; the caller ends the request. NULL: not yet. Fails the
 * request by itself when its handle became stale. */
const plc_answer* plc_poll(cairn_plc_request* request);

/* Queues data at a level as of CAIRN_Append, and follows it up to there. */
void plc_begin_data(cairn_plc_request* request, uint32_t handle, uint8_t level, plc_record* record);
void plc_follow_data(cairn_plc_request* request);

/* Sets the outputs that every block with Execute has. */
#define PLC_SHOW_EXECUTE(self)                                       \
  do {                                                               \
    (self)->Done = (uint8_t)((self)->request.phase == PLC_DONE);     \
    (self)->Busy = (uint8_t)((self)->request.phase == PLC_BUSY);     \
    (self)->Error = (uint8_t)((self)->request.phase == PLC_FAILED);  \
    (self)->ErrorID = (self)->Error ? (self)->request.error_id : 0u; \
  } while (0)

/* Checks the size that a block's struct says it has, and sets it when it is 0. 0 when it is
 * another: then the block shows that error and does nothing else. */
#define PLC_ENTER(self)                                                         \
  ((self)->struct_size == 0u || (self)->struct_size == (uint32_t)sizeof *(self) \
       ? ((self)->struct_size = (uint32_t)sizeof *(self), 1)                    \
       : ((self)->Error = 1, (self)->ErrorID = CAIRN_PLC_E_STRUCT_SIZE, 0))

/* Sets the outputs that every block with Enable has. */
#define PLC_SHOW_ENABLE(self, valid, error_id)        \
  do {                                                \
    (self)->Valid = (uint8_t)((valid) ? 1 : 0);       \
    (self)->Busy = 0;                                 \
    (self)->ErrorID = (error_id);                     \
    (self)->Error = (uint8_t)((self)->ErrorID != 0u); \
  } while (0)

/* Eight bytes as a number, the first the most significant. */
uint64_t plc_word(const uint8_t* bytes);

#endif
