/* The area where scan and pump meet: a lane for each task, and what the pump shows to all. */
#ifndef CAIRN_PLC_AREA_H
#define CAIRN_PLC_AREA_H

#include "atomic.h"
#include "cairn_plc_port.h"

#define PLC_MAGIC 0x43504C31u
#define PLC_NO_ANSWER 0xFFu

/* What a record asks of the pump. Those from PLC_SEAL on are requests, which ask for an answer. */
enum {
  PLC_SAMPLE,
  PLC_EVENT,
  PLC_CORRECTION,
  PLC_SWITCHED_OFF, /* an event; waits for room in the queue, so none is lost there */
  PLC_SWITCHED_ON,  /* the same, behind the gap record of what was not recorded; number: lost so far
                     */
  PLC_ANCHORED,     /* number: records under the head that a receiver confirmed */
  PLC_SEAL,
  PLC_VERIFY,
  PLC_SET_TIME,
  PLC_COMMAND, /* the next record is its signature, 64 bytes */
  PLC_RETAIN,  /* the next record are its values, 8 doubles */
  PLC_RESTORE
};

/* A queued record: 64 bytes. */
typedef struct plc_record {
  int64_t unix_ms;    /* COMMAND: earliest time */
  double value;       /* SAMPLE; EVENT and CORRECTION: new; COMMAND: set-point */
  double old_value;   /* EVENT and CORRECTION */
  uint64_t number;    /* CORRECTION: index; COMMAND: sequence; SET_TIME: uncertainty */
  uint64_t not_after; /* COMMAND */
  uint32_t channel;   /* EVENT: event id; RETAIN and RESTORE: slot */
  uint32_t user;      /* CORRECTION: reason in `source` */
  uint32_t source;
  uint32_t ticket;
  uint16_t quality;
  uint8_t type;         /* PLC_... */
  uint8_t answer;       /* where the answer goes; PLC_NO_ANSWER: none is wanted */
  uint8_t time_quality; /* CAIRN_TIME_... */
  uint8_t category;     /* EVENT; COMMAND: number of the key */
  uint8_t result;       /* EVENT */
  uint8_t reserved;
} plc_record;

/* Data and commands: the log says how many of them it has not. Other requests ask again. */
static inline int plc_is_missed(const plc_record* record) {
  return record->type <= PLC_CORRECTION || record->type == PLC_COMMAND;
}

typedef struct plc_answer {
  uint32_t ticket; /* of the request that this answers: stored last */
  uint32_t error_id;
  uint64_t index; /* of the record; SEAL: size of the log under the head */
  uint64_t a;     /* SEAL: batches; RESTORE: version; COMMAND: 1 applied; VERIFY: first bad; */
  uint64_t b; /* SEAL: records; RESTORE: PLC_RESTORED_...; COMMAND: signatures; VERIFY: intact */
  uint64_t words[8]; /* SEAL: root; RESTORE: values */
  uint64_t reserved;
} plc_answer;

/* Why a task's records were not taken. */
enum { PLC_LOST_QUEUE_FULL, PLC_LOST_SWITCHED_OFF, PLC_LOST_STOPPED, PLC_LOSSES };

#define PLC_RESTORED_SIGNED 1u
#define PLC_RESTORED_TAMPERED 2u

/* What the pump shows: copied as a whole. */
typedef struct plc_shown {
  uint64_t durable;
  uint64_t sealed;
  uint64_t anchored;
  uint64_t clock_ms; /* monotonic time at which the wall clock showed `unix_ms` */
  int64_t unix_ms;
  uint64_t checked;                 /* records that the verification under way has read, */
  uint64_t to_check;                /* of so many */
  uint8_t root[CAIRN_DIGEST_BYTES]; /* under `sealed` */
  uint8_t air[120];                 /* the newest head for a narrow link, */
  uint32_t air_bytes;               /* so many */
  uint32_t state;                   /* ErrorID why the log is not open; 0: it is */
  uint32_t last_error;
  uint32_t failures;
  uint32_t clock_steps;
  uint32_t boot;
  uint32_t torn_bytes;
  uint32_t key_id;
  uint32_t beats; /* counts pumps */
  uint32_t lost;  /* by the storage */
  uint16_t fill;
  uint16_t days_left;
  uint8_t ready; /* 1 once the log has been opened */
  uint8_t clock_quality;
  uint8_t cannot_record; /* full, failed or damaged */
  uint8_t cannot_sign;
  uint8_t recycles;
  uint8_t keeps;
  uint8_t reserved[2];
} plc_shown;
#define PLC_SHOWN_WORDS (sizeof(plc_shown) / 4u)

/* A commanded channel. */
typedef struct plc_setpoint {
  uint64_t sequence; /* of the command in force; 0: none */
  double value;
  uint32_t channel;
  uint8_t used;
  uint8_t signatures;
  uint8_t needed;
  uint8_t reserved;
} plc_setpoint;
#define PLC_SETPOINT_WORDS (sizeof(plc_setpoint) / 4u)
#define PLC_SETPOINTS_WORDS (CAIRN_PLC_SLOTS * PLC_SETPOINT_WORDS)

/* A task's part. Written by the task, but for what says otherwise, and the answers. */
typedef struct plc_lane {
  uint32_t head;             /* records put, ever */
  uint32_t generation;       /* of the handle; changes with every start and stop of its CAIRN_Log */
  uint32_t lost[PLC_LOSSES]; /* records not taken, ever */
  uint32_t maintenance;
  uint32_t tail; /* records taken out, ever: written by the pump, as are the next three */
  uint32_t noted[PLC_LOSSES]; /* of the losses, by gap records */
  uint32_t mark;              /* record behind which the next gap record comes, */
  uint32_t is_marked;         /* when 1 */
  uint32_t beats;             /* of the pump, when the task last saw them change */
  uint32_t tickets;           /* given, ever */
  uint64_t now_ms;            /* monotonic time of this scan */
  uint64_t beat_ms;           /* and of the last beat seen */
  uint32_t lost_before;       /* the sum of the counts when CAIRN_Log started */
  uint32_t seen_count;        /* of what is shown, when `seen` was renewed */
  uint8_t switched_off;
  uint8_t stop_when_full;
  uint8_t seen_once;
  uint8_t reserved;
  plc_shown seen;                    /* the task's copy, renewed once a scan */
  uint32_t asked[CAIRN_PLC_ANSWERS]; /* ticket that answer i was last promised to */
  uint8_t taken[CAIRN_PLC_ANSWERS];  /* nobody waits for it any more */
  plc_answer answers[CAIRN_PLC_ANSWERS];
  plc_record records[CAIRN_PLC_QUEUE_RECORDS];
} plc_lane;

typedef struct plc_area {
  uint32_t magic;
  uint32_t size_bytes;
  uint32_t shown_count;
  uint32_t setpoints_count;
  union {
    plc_shown fields;
    uint32_t words[PLC_SHOWN_WORDS];
  } shown;
  union {
    plc_setpoint fields[CAIRN_PLC_SLOTS];
    uint32_t words[PLC_SETPOINTS_WORDS];
  } setpoints;
  plc_lane lanes[CAIRN_PLC_TASKS];
} plc_area;

/* Negative size: raise CAIRN_PLC_AREA_WORDS, or choose a power of two. */
typedef char plc_area_fits[sizeof(plc_area) <= sizeof(cairn_plc_area) ? 1 : -1];
typedef char plc_record_is_64_bytes[sizeof(plc_record) == 64u ? 1 : -1];
typedef char
    plc_queue_is_power_of_two[(CAIRN_PLC_QUEUE_RECORDS & (CAIRN_PLC_QUEUE_RECORDS - 1)) == 0 ? 1
                                                                                             : -1];

static inline plc_area* plc_area_of(cairn_plc_area* area) {
  return (plc_area*)(void*)area;
}

/* The record of this number, counted since ever. */
static inline plc_record* plc_record_at(plc_lane* lane, uint32_t number) {
  return &lane->records[number & (CAIRN_PLC_QUEUE_RECORDS - 1u)];
}

static inline uint32_t plc_waiting(const plc_lane* lane) {
  return plc_load(&lane->head) - plc_load(&lane->tail);
}

#endif
