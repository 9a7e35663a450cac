/* The pump: takes records out of the lanes and makes them leaves of the log, a piece at a time. */
#ifndef CAIRN_PLC_WRITER_H
#define CAIRN_PLC_WRITER_H

#include "area.h"

/* A pump that cannot go on tries again after so many calls. */
#define PLC_RETRY_PUMPS 64u
#define PLC_BODY_BYTES 704u
#define PLC_WALK_BYTES 1024u
#define PLC_SETPOINT_SLOT 0x80000000u
/* What checking a signature costs. It is one piece: what it takes beyond the budget, the next pumps
 * pay. */
#define PLC_SIGNATURE_UNITS 256u

/* A command that is collecting signatures. */
typedef struct plc_pending {
  cairn_order order; /* without the origin */
  uint8_t signers;
  uint8_t signatures[CAIRN_COMMAND_SIGNERS_MAX][CAIRN_SIGNATURE_BYTES];
} plc_pending;

/* A group of retained values, or a set-point: then key is PLC_SETPOINT_SLOT + channel, version the
 * number of the command in force, and the value is the first. */
typedef struct plc_slot {
  uint64_t version; /* 0: nothing is stored */
  uint64_t index;   /* of the record that holds it */
  double values[8];
  uint32_t key;
  uint8_t used;
  uint8_t is_written; /* since the start: values come from here, not from the medium */
  uint8_t is_signed;  /* what the start found stands under the head that it verified */
  plc_pending pending;
} plc_slot;

enum { PLC_OP_NONE, PLC_OP_OPEN, PLC_OP_APPEND, PLC_OP_GAP, PLC_OP_SEAL, PLC_OP_MAINTAIN };
enum { PLC_WALK_NONE, PLC_WALK_RUNS };
/* The queue of a lane says more than it can hold: whoever shares the area is at fault. */
#define PLC_LANE_BROKEN (PLC_LOSSES + 1)

typedef struct plc_writer {
  cairn_recorder recorder;
  cairn_steps steps;
  cairn_log_cursor cursor; /* of the walk that reads the log back */
  cairn_frontier frontier; /* of the records that it has read */
  const cairn_plc_log* log;
  cairn_platform platform; /* the port's, with the clock that was set */
  cairn_signer signer;     /* the port's, watched */
  plc_slot slots[CAIRN_PLC_SLOTS];
  plc_shown shown;
  plc_record record; /* that is being appended, */
  plc_lane* lane;    /* of this lane, which still holds it; NULL: none */
  plc_answer answer; /* that it will get */
  uint64_t clock_ms; /* monotonic time when the clock was set to `unix_ms` */
  int64_t unix_ms;
  uint64_t opened_ms; /* monotonic time and bytes in use when the log was opened */
  uint64_t opened_bytes;
  uint64_t lost_storage;    /* records dropped by the storage that no gap record counts yet */
  cairn_signed_head target; /* of the walk: the head that the records must lead to */
  uint64_t walk_next;
  uint64_t walk_end;
  uint64_t walk_size; /* of the log when the cursor was opened */
  uint64_t walk_min;  /* oldest record then */
  uint64_t first_bad;
  plc_lane* verifier; /* lane that asked for the walk; NULL: the start did */
  uint32_t debt;      /* units of signatures that were checked, and not paid yet */
  uint32_t gap_count; /* what the gap record under way counts; 0: not known */
  uint32_t retry;     /* pumps until the next try */
  int body_size;
  int open_status; /* how the last opening went */
  uint32_t verify_ticket;
  uint8_t verify_answer;
  uint8_t operation;  /* PLC_OP_... */
  uint8_t gap_reason; /* PLC_LOST_..., PLC_LOSSES for the storage, or PLC_LANE_BROKEN */
  uint8_t gap_lane;
  uint8_t next_lane;
  uint8_t next_slot;
  uint8_t opened;
  uint8_t full;
  uint8_t clock_set;
  uint8_t clock_quality;
  uint8_t walk;          /* PLC_WALK_... */
  uint8_t walk_is_wrong; /* what was read does not lead to the head */
  uint8_t walk_found;    /* the head's size was reached */
  uint8_t kept_known;    /* the start's walk has ended: slots hold what the log held */
  uint8_t kept_wrong;    /* and the log was not as it was signed */
  uint8_t maintained;    /* nothing was written since memory was erased ahead */
  uint8_t may_create;
  uint8_t key_id_made;
  uint8_t slot_of_record; /* slot that the record under way belongs to */
  uint8_t gap_refused;    /* the last gap record found no room */
  uint8_t drops;          /* the record under way is the end of an order that was half signed */
  uint8_t kind;           /* of the leaf under way */
  uint8_t body[PLC_BODY_BYTES];
  uint8_t walk_buffer[PLC_WALK_BYTES];
} plc_writer;

typedef char plc_writer_fits[sizeof(plc_writer) <= sizeof(cairn_plc_writer) ? 1 : -1];

static inline plc_writer* plc_writer_of(const cairn_plc_log* log) {
  return (plc_writer*)(void*)log->writer;
}

/* writer.c: pumps, used <= budget. 1 while there may be more to do, 0 or a CAIRN_E_ number. */
int plc_writer_pump(const cairn_plc_log* log, uint32_t budget, uint32_t* used);
/* Opens the log of an inline pump before the first scan, and makes it where none lies. */
void plc_writer_create(const cairn_plc_log* log);
/* The time now, for leaves that the pump makes of its own. */
cairn_wall_time plc_writer_time(const plc_writer* writer);
uint64_t plc_writer_now(const plc_writer* writer);
/* Begins to append `body`. The record under way is finished when it is durable. */
void plc_writer_append(plc_writer* writer, uint8_t kind, int body_size);

/* writer_answer.c: a failure, for CAIRN_Status. */
void plc_writer_note(plc_writer* writer, uint32_t error_id);
uint32_t plc_writer_error(int status);
/* Answers a request, should the lane have a place of this number: another process may say so. */
void plc_writer_answer(plc_lane* lane, uint8_t place, const plc_answer* answer);
/* Ends the record under way: answers it, and takes it out of its lane. */
void plc_writer_finish(plc_writer* writer, uint32_t error_id);

/* writer_open.c: what is shown, clock and signer. */
void plc_writer_prepare(plc_writer* writer, const cairn_plc_log* log);
void plc_writer_opened(plc_writer* writer);
void plc_writer_show(plc_writer* writer);
/* Makes a head that is new ready to be shown, or the id of the log's key, which hashes. 1 when it
 * did: that is a unit. */
int plc_writer_take_head(plc_writer* writer);

/* writer_record.c: begins what the record under way asks for. 0: it must wait for something. */
int plc_writer_take(plc_writer* writer);
/* It is durable at `index`. */
void plc_writer_recorded(plc_writer* writer, uint64_t index);

/* writer_keep.c: retained values and set-points, and the walk that reads the log back. */
void plc_writer_walk_start(plc_writer* writer);
/* Reads on, at most `records`; the cost in units. */
uint32_t plc_writer_walk(plc_writer* writer, uint32_t records);
plc_slot* plc_writer_slot(plc_writer* writer, uint32_t key);
int plc_writer_encode_slot(plc_writer* writer, const plc_slot* slot);
/* Looks at the next slot: begins to write it again when its record would soon be retired, or to
 * record the end of a half-signed order whose time is over. 1 when it did. */
int plc_writer_refresh(plc_writer* writer);

/* writer_command.c: checks a command, and has its outcome recorded or answers at once. */
void plc_writer_command(plc_writer* writer, const uint8_t* signature);
/* Has a half-signed order recorded whose time is over, and forgets it. 1 when it did. */
int plc_writer_expire(plc_writer* writer, plc_slot* slot);
/* The slot of a channel that may be commanded, or NULL. */
plc_slot* plc_writer_slot_of_channel(plc_writer* writer, uint32_t channel);
/* Whether a command record holds as many valid signatures of the port's keys as are needed. */
int plc_writer_is_authorised(plc_writer* writer, const cairn_command* command);
void plc_writer_commanded(plc_writer* writer, uint64_t index);
void plc_writer_show_setpoints(plc_writer* writer);

#endif
