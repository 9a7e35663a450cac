/* CAIRN_Log pumping inline, in every scenario in which it must keep to its budget: the longest
 * call, and that no call used more units than it was given. */
#include <string.h>

#include "measure.h"
#include "plc_machine.h"

enum { plenty = 1000, segments = 8, crowded = 40 };

static cairn_fb_log_t log_block;
static cairn_fb_append_t append;
static cairn_fb_sample_t sample;
static cairn_fb_seal_t seal;
static cairn_fb_status_t status;
static uint16_t budget, units_max;
static unsigned scan_number, scan_count, samples_per_scan;

static void begin_program(void) {
  memset(&log_block, 0, sizeof log_block);
  memset(&append, 0, sizeof append);
  memset(&sample, 0, sizeof sample);
  memset(&seal, 0, sizeof seal);
  memset(&status, 0, sizeof status);
  log_block.Enable = sample.Enable = status.Enable = append.Level = 1;
  samples_per_scan = 1;
  scan_number = units_max = 0;
}

/* The rest of a scan: a value at every other one, a sample, a seal now and then. */
static void program(void) {
  unsigned i;
  controller.now_ms += 1;
  append.Handle = sample.Handle = seal.Handle = status.Handle = log_block.Handle;
  append.Execute = !append.Execute || append.Busy;
  cairn_fb_append(&append);
  for (i = 0; i < samples_per_scan; ++i)
    cairn_fb_sample(&sample);
  seal.Execute = scan_number % 50u < 10u;
  cairn_fb_seal(&seal);
  cairn_fb_status(&status);
}

static int scan(void) {
  log_block.Budget = budget;
  cairn_fb_log(&log_block);
  MACHINE_EXPECT(log_block.UnitsUsed <= budget);
  if (log_block.UnitsUsed > units_max) units_max = log_block.UnitsUsed;
  return ++scan_number < scan_count;
}

static void run(unsigned count, uint16_t units) {
  const uint16_t given = budget;
  budget = units;
  while (count-- != 0) {
    (void)scan();
    program();
  }
  budget = given;
  scan_number = units_max = 0;
}

static void begin_new(uint32_t segment_count, uint8_t recycles) {
  machine_new(CAIRN_PLC_INLINE, segment_count, recycles);
  begin_program();
}

static void first_scans(void) {
  begin_new(segments, 1);
  run(100, plenty);
  machine_start();
  begin_program();
}
static void after_cut(void) {
  begin_new(segments, 1);
  run(50, plenty);
  controller.programs_until_cut = 5;
  run(20, plenty);
  MACHINE_EXPECT(controller.is_dead);
  machine_start();
  begin_program();
}
static void queue_full(void) {
  begin_new(segments, 1);
  samples_per_scan = crowded;
}
static void storage_full(void) {
  begin_new(2, 0);
  run(300, plenty);
  MACHINE_EXPECT(log_block.Degraded);
}
static void recycles(void) {
  begin_new(3, 1);
  run(300, plenty);
  MACHINE_EXPECT(!log_block.Degraded && log_block.Durable > 400);
}
static void key_missing(void) {
  begin_new(segments, 1);
  run(20, plenty);
  controller.has_key = 0;
  run(60, plenty);
  MACHINE_EXPECT(log_block.Degraded);
}
static void storage_fails(void) {
  begin_new(segments, 1);
  run(20, plenty);
  controller.programs_to_fail = 6;
}
static void clock_steps_back(void) {
  begin_new(segments, 1);
  run(20, plenty);
  controller.unix_ms -= 86400000;
}

/* What must have come of it when there was budget for it. */
static int is_valid(void) {
  return log_block.Valid;
}
static int is_torn(void) {
  return log_block.Valid && status.TornBytes != 0;
}
static int has_lost(void) {
  return log_block.Valid && log_block.Lost != 0;
}
static int is_degraded(void) {
  return log_block.Valid && log_block.Degraded;
}
static int has_gone_on(void) {
  return controller.programs_to_fail == 0 && log_block.Valid;
}

static const struct {
  const char* names[3];
  void (*begin)(void);
  int (*is_as_named)(void);
} scenarios[] = {
#define NAMES(name) \
  { name "/1", name "/4", name "/16" }
    {NAMES("first-scans"), first_scans, is_valid},
    {NAMES("after-cut"), after_cut, is_torn},
    {NAMES("queue-full"), queue_full, has_lost},
    {NAMES("storage-full"), storage_full, is_degraded},
    {NAMES("recycles"), recycles, is_valid},
    {NAMES("key-missing"), key_missing, is_degraded},
    {NAMES("storage-fails"), storage_fails, has_gone_on},
    {NAMES("clock-steps-back"), clock_steps_back, is_valid},
};
static const uint16_t budgets[3] = {1, 4, 16};

int main(void) {
  size_t i, j;
  for (i = 0; i < sizeof scenarios / sizeof *scenarios; ++i) {
    for (j = 0; j < sizeof budgets / sizeof *budgets; ++j) {
      budget = budgets[j];
      scenarios[i].begin();
      scan_count = 120u + 960u / budget; /* opening a log takes some 300 units */
      measure_longest_after(scenarios[i].names[j], program, scan);
      MACHINE_EXPECT(units_max > 0);
      MACHINE_EXPECT(scenarios[i].is_as_named());
    }
  }
  return 0;
}
