/* What a controller brings to the function blocks of cairn_plc.h: which logs there are, where they
 * lie, who signs, and who does the work.
 *
 * Two sides meet in an area of memory, and share nothing else:
 *
 * - the scan: blocks put records of fixed size in the queue of their task, one writer and one
 *   reader each, and read what the pump shows. No system call, no lock, no allocation;
 * - the pump: takes them out, makes leaves of them, appends and signs. It runs
 *     inline    in CAIRN_Log of task 0, by the Budget of each call,
 *     task      in cairn_plc_pump(), called by any one other thread, or by a main loop,
 *     process   in cairn_plc_pump() of another process, with the area in memory that both share:
 *               what is queued survives a stop of the controller's runtime.
 *
 * Everything here is called outside the scan, but for CAIRN_Log's inline pump.
 */
#ifndef CAIRN_PLC_PORT_H
#define CAIRN_PLC_PORT_H

#include <cairn/cairn.h>

#include "cairn_plc.h"

#if !CAIRN_BOUNDED_WORK
#error "The pump works by a budget: build cairn and this with CAIRN_BOUNDED_WORK=1"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Sizes, each in every log's area. Both sides of an area must be built with the same. */
#ifndef CAIRN_PLC_LOGS
#define CAIRN_PLC_LOGS 4 /* logs at most, up to 255 */
#endif
#ifndef CAIRN_PLC_TASKS
#define CAIRN_PLC_TASKS 4 /* tasks that write to one log at most, up to 255 */
#endif
#ifndef CAIRN_PLC_QUEUE_RECORDS
#define CAIRN_PLC_QUEUE_RECORDS                                    \
  256 /* queued by one task at most, a power of two; 64 bytes each \
       */
#endif
#ifndef CAIRN_PLC_ANSWERS
#define CAIRN_PLC_ANSWERS 16 /* requests of one task that wait for their answer, up to 254 */
#endif
#ifndef CAIRN_PLC_SLOTS
#define CAIRN_PLC_SLOTS 16 /* groups of retained values and commanded channels of one log */
#endif

#define CAIRN_PLC_AREA_WORDS                                                              \
  (((size_t)CAIRN_PLC_TASKS *                                                             \
    (64u + (8u * (size_t)CAIRN_PLC_QUEUE_RECORDS) + (13u * (size_t)CAIRN_PLC_ANSWERS))) + \
   (4u * (size_t)CAIRN_PLC_SLOTS) + 64u)

/** Where the two sides meet. Zeros to begin with; in memory that keeps its content, the queue
 * survives. At least 8-aligned. */
typedef struct cairn_plc_area {
  uint64_t opaque[CAIRN_PLC_AREA_WORDS];
} cairn_plc_area;

#define CAIRN_PLC_WRITER_WORDS                                                                \
  (CAIRN_RECORDER_WORDS + CAIRN_STEPS_WORDS + CAIRN_LOG_CURSOR_WORDS + CAIRN_FRONTIER_WORDS + \
   (90u * (size_t)CAIRN_PLC_SLOTS) + (4u * (size_t)CAIRN_PLC_TASKS) + 384u)

/** All the state of a pump: the recorder, and what it is doing. */
typedef struct cairn_plc_writer {
  uint64_t opaque[CAIRN_PLC_WRITER_WORDS];
} cairn_plc_writer;

/* Who pumps a log. */
#define CAIRN_PLC_INLINE 0
#define CAIRN_PLC_TASK 1
#define CAIRN_PLC_PROCESS 2 /* in the runtime's process; the process that pumps says TASK */

/** A log. All that it points to must outlive it; for CAIRN_PLC_PROCESS only `area` is used. */
typedef struct cairn_plc_log {
  uint32_t struct_size; /* sizeof(cairn_plc_log) */
  uint8_t pump;         /* CAIRN_PLC_INLINE, _TASK, _PROCESS */
  /* 1: makes the log where none lies; everything on the medium is given up. It is one piece of work
   * and not divided: inline, only cairn_plc_start() does it. */
  uint8_t create;
  uint8_t
      keeps; /* 1: keeps retained values and set-points; reads the log at the start. Not inline */
  uint8_t keys_needed; /* signatures that a command needs; 0: no commands. Only with keeps */
  cairn_plc_area* area;
  cairn_plc_writer* writer;
  const cairn_flash* flash;
  const cairn_log_memory* memory; /* for leaves of 160 bytes, with commands of 700, and more */
  const cairn_recorder_options* options;
  const cairn_platform* platform; /* a wall clock of it counts until CAIRN_SetTime sets another */
  const cairn_signer* signer;
  const cairn_verifier* verifiers; /* of the signer's algorithm and of the keys' */
  size_t verifier_count;
  const cairn_public_key* keys; /* who may command, at most CAIRN_COMMAND_SIGNERS_MAX */
  size_t key_count;
  const uint32_t* channels; /* set-points that may be commanded */
  size_t channel_count;
} cairn_plc_log;
#define CAIRN_PLC_LOG_INIT                                                                      \
  {                                                                                             \
    sizeof(cairn_plc_log), CAIRN_PLC_INLINE, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
        NULL, 0, NULL, 0, NULL, 0                                                               \
  }

/** A controller. */
typedef struct cairn_plc_port {
  uint32_t struct_size;      /* sizeof(cairn_plc_port) */
  uint32_t log_count;        /* at most CAIRN_PLC_LOGS */
  const cairn_plc_log* logs; /* LogId counts from 0 */
  void* user;
  /* Milliseconds since some start, the same clock as that of the pump's platform. Called once by
   * every call of CAIRN_Log, and must not wait. */
  uint64_t (*monotonic_ms)(void* user);
} cairn_plc_port;
#define CAIRN_PLC_PORT_INIT \
  { sizeof(cairn_plc_port), 0, NULL, NULL, NULL }

/** Makes the blocks know the logs. Keeps `port` by address. Call it before the first scan and
 * before the first pump; again after cairn_plc_stop().
 *
 * Opens no log yet: the first pumps do; but where an inline log may have to be made, it is opened,
 * and made, here. What is queued in the areas stays.
 *
 * CAIRN_E_BAD_ARGUMENT   a size, a count, a pump or a key count out of range; something missing
 * CAIRN_E_WRONG_VERSION  an area that another build made
 */
int cairn_plc_start(const cairn_plc_port* port);

/** Forgets the logs. No task and no pump may be in a call; handles become stale: in an area that
 * stays, each when its CAIRN_Log starts again. */
void cairn_plc_stop(void);

/** Does at most `budget` units of the work of a log that is not pumped inline. One thread only.
 *
 * `used` is never more than `budget`. A unit is one of cairn_steps_do(), or one choice of what to
 * do next, or one record read back, or one new head made ready to be shown. Checking a signature is
 * one piece and counts as 256: what it takes beyond `budget`, the calls that follow pay and do
 * nothing else. The signatures of one command record are checked in one call, at most 8.
 * Power loss: as the recorder's; records that were not taken out yet are gone, unless the area lies
 * in memory that keeps its content.
 *
 * Returns 1 while there is more to do, 0 when there is not, or
 * CAIRN_E_BAD_ARGUMENT  no such log, or one without a writer
 * others                why the log is not open; it is tried again every 64 calls
 */
int cairn_plc_pump(uint32_t log_id, uint32_t budget, uint32_t* used);

/* Event ids that the blocks themselves record; yours should be lower. */
#define CAIRN_PLC_EVENT_SWITCHED_OFF 0xFFFF0001u /* category audit log */
#define CAIRN_PLC_EVENT_SWITCHED_ON 0xFFFF0002u
/* Category time; source: that of CAIRN_SetTime; old value: the step, new value: the uncertainty,
 * both in ms. */
#define CAIRN_PLC_EVENT_CLOCK_SET 0xFFFF0003u

#ifdef __cplusplus
}
#endif

#endif
