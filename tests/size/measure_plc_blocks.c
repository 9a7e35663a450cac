/* What one call of each function block takes, state by state: "BLOCK/idle" Execute or Enable is
 * FALSE, "begins" the call at whose rising edge a record or request is queued, "waits" Busy or
 * nothing to record, "ends" the call that shows the answer. As many answers are promised already as
 * there can be, so that the search for a free one is the longest. */
#include <string.h>

#include "area.h"
#include "measure.h"
#include "plc_machine.h"

/* SysTick counts 40 instructions a tick: so often, an instruction more or less shows. */
enum { calls_counted = 80, segments = 16, others = CAIRN_PLC_ANSWERS - 1 };

/* All that a call of a block may change. */
typedef struct state {
  plc_lane lane;
  cairn_fb_log_t log;
  cairn_fb_append_t append;
  cairn_fb_sample_t sample;
  cairn_fb_event_t event;
  cairn_fb_correct_t correct;
  cairn_fb_edge_t edge;
  cairn_fb_seal_t seal;
  cairn_fb_verify_t verify;
  cairn_fb_anchor_t anchor;
  cairn_fb_settime_t settime;
  cairn_fb_status_t status;
  cairn_fb_retain8_t retain8;
  cairn_fb_command_t command;
} state;
typedef union words {
  state fields;
  uint32_t words[sizeof(state) / sizeof(uint32_t)];
} words;

static words now, before;
static cairn_fb_append_t other[others];
#define BLOCKS now.fields

static plc_lane* lane(void) {
  return &plc_area_of(&machine_area)->lanes[0];
}

static void copy_words(volatile uint32_t* to, const volatile uint32_t* from, size_t bytes) {
  size_t i;
  for (i = 0; i < bytes / sizeof(uint32_t); ++i)
    to[i] = from[i];
}

static void restore(void) {
  copy_words(now.words, before.words, sizeof now);
  copy_words((uint32_t*)(void*)lane(), before.words, sizeof(plc_lane));
}

/* Counts a call in the state that is now, and leaves that as it was. */
static void count(const char* name, measure_call call) {
  copy_words(now.words, (const uint32_t*)(const void*)lane(), sizeof(plc_lane));
  before = now;
  measure_after(name, calls_counted, restore, call);
  restore();
}

#define CALL(block)                  \
  static int call_##block(void) {    \
    cairn_fb_##block(&BLOCKS.block); \
    return 0;                        \
  }
CALL(log)
CALL(append)
CALL(sample)
CALL(event)
CALL(correct)
CALL(edge)
CALL(seal)
CALL(verify)
CALL(anchor)
CALL(settime)
CALL(status)
CALL(retain8)
CALL(command)

/* The pump does all that is queued, and the next scan begins. */
static void next_scan(void) {
  machine_pump();
  controller.now_ms += 10;
  (void)call_log();
}

/* All promises but one are given away, or taken back. */
static void crowd(uint8_t execute) {
  int i;
  for (i = 0; i < others; ++i) {
    other[i].Handle = BLOCKS.log.Handle;
    other[i].Level = 1;
    other[i].Execute = execute;
    cairn_fb_append(&other[i]);
    MACHINE_EXPECT(other[i].Busy == execute);
  }
}
static void disperse(void) {
  int i;
  for (i = 0; i < others; ++i)
    cairn_fb_append(&other[i]);
  crowd(0);
}

/* A block with Execute, from one edge to the end of its request. */
#define COUNT_REQUEST(block)                 \
  do {                                       \
    BLOCKS.block.Handle = BLOCKS.log.Handle; \
    count(#block "/idle", call_##block);     \
    crowd(1);                                \
    BLOCKS.block.Execute = 1;                \
    count(#block "/begins", call_##block);   \
    (void)call_##block();                    \
    MACHINE_EXPECT(BLOCKS.block.Busy);       \
    count(#block "/waits", call_##block);    \
    next_scan();                             \
    disperse();                              \
    count(#block "/ends", call_##block);     \
    (void)call_##block();                    \
    MACHINE_EXPECT(BLOCKS.block.Done);       \
  } while (0)

#define ENABLE(block, on)                    \
  do {                                       \
    BLOCKS.block.Handle = BLOCKS.log.Handle; \
    BLOCKS.block.Enable = (on);              \
  } while (0)

static void count_log(void) {
  count("log/idle", call_log);
  BLOCKS.log.Enable = 1;
  count("log/begins", call_log);
  next_scan();
  next_scan();
  MACHINE_EXPECT(BLOCKS.log.Valid);
  count("log/waits", call_log);
  machine_pump(); /* shows something new */
  count("log/ends", call_log);
}

static void count_sample(void) {
  const uint32_t recorded = 1;
  ENABLE(sample, 0);
  count("sample/idle", call_sample);
  ENABLE(sample, 1);
  BLOCKS.sample.Deadband = 1;
  BLOCKS.sample.HeartbeatMs = 1000;
  count("sample/begins", call_sample);
  (void)call_sample();
  next_scan();
  count("sample/waits", call_sample);
  (void)call_sample();
  MACHINE_EXPECT(BLOCKS.sample.Count == recorded);
}

static void count_edge(void) {
  ENABLE(edge, 0);
  count("edge/idle", call_edge);
  ENABLE(edge, 1);
  (void)call_edge();
  BLOCKS.edge.Signal = 1;
  count("edge/begins", call_edge);
  (void)call_edge();
  MACHINE_EXPECT(BLOCKS.edge.Rises == 1);
  count("edge/waits", call_edge);
}

static void count_status(void) {
  ENABLE(status, 0);
  count("status/idle", call_status);
  ENABLE(status, 1);
  count("status/waits", call_status);
  (void)call_status();
  MACHINE_EXPECT(BLOCKS.status.Valid);
}

/* A head has been signed: its frames are shown and confirmed one by one. */
static void count_anchor(void) {
  ENABLE(anchor, 0);
  count("anchor/idle", call_anchor);
  ENABLE(anchor, 1);
  BLOCKS.anchor.LinkUp = 1;
  count("anchor/begins", call_anchor);
  (void)call_anchor();
  while (BLOCKS.anchor.Part < BLOCKS.anchor.Parts) {
    MACHINE_EXPECT(BLOCKS.anchor.FrameReady);
    BLOCKS.anchor.FrameAck = !BLOCKS.anchor.FrameAck;
    (void)call_anchor();
  }
  BLOCKS.anchor.FrameAck = 0;
  (void)call_anchor();
  BLOCKS.anchor.FrameAck = 1;
  count("anchor/ends", call_anchor);
  (void)call_anchor();
  MACHINE_EXPECT(BLOCKS.anchor.AckSize == BLOCKS.log.Sealed);
  next_scan();
  count("anchor/waits", call_anchor);
}

static void count_retain8(void) {
  ENABLE(retain8, 0);
  count("retain8/idle", call_retain8);
  ENABLE(retain8, 1);
  (void)call_retain8();
  count("retain8/waits", call_retain8);
  crowd(1);
  BLOCKS.retain8.V7 = 1;
  count("retain8/begins", call_retain8);
  (void)call_retain8();
  MACHINE_EXPECT(BLOCKS.retain8.Busy);
  next_scan();
  disperse();
  (void)call_retain8();
  BLOCKS.retain8.Restore = 1;
  (void)call_retain8();
  next_scan();
  count("retain8/ends", call_retain8);
  (void)call_retain8();
  MACHINE_EXPECT(BLOCKS.retain8.Restored);
}

int main(void) {
  machine_new(CAIRN_PLC_TASK, segments, 0);
  count_log();
  BLOCKS.append.Level = BLOCKS.event.Level = BLOCKS.correct.Level = 1;
  BLOCKS.settime.UnixMs = UINT64_C(1700000000000);
  BLOCKS.settime.Source = 5;
  BLOCKS.command.Channel = 1;
  BLOCKS.command.Sequence = 1;
  BLOCKS.command.NotAfterMs = UINT64_MAX >> 1;
  COUNT_REQUEST(append);
  COUNT_REQUEST(event);
  COUNT_REQUEST(correct);
  COUNT_REQUEST(seal);
  COUNT_REQUEST(verify);
  COUNT_REQUEST(settime);
  COUNT_REQUEST(command);
  count_sample();
  count_edge();
  count_status();
  count_anchor();
  count_retain8();
  return 0;
}
