#include "measure.h"

#include "board.h"
#include "semihosting.h"

#define SYSTICK_CONTROL (*(volatile uint32_t*)0xE000E010u)
#define SYSTICK_RELOAD (*(volatile uint32_t*)0xE000E014u)
#define SYSTICK_VALUE (*(volatile uint32_t*)0xE000E018u)
#define SYSTICK_MAX 0xFFFFFFu

enum { status_call_failed = 1, status_overrun = 2, counting = 5, counted_to_zero = 1 << 16 };

extern uint32_t cairn_stack_bottom;

static void print_number(uint32_t number) {
  char text[11];
  char* at = text + sizeof text - 1;
  *at = 0;
  do {
    *--at = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  semihosting_print(" ");
  semihosting_print(at);
}

static void start_counting(void) {
  SYSTICK_CONTROL = 0;
  SYSTICK_RELOAD = SYSTICK_MAX;
  SYSTICK_VALUE = 0;
  SYSTICK_CONTROL = counting;
}

/* Ticks since `before`; ends the run when there were too many to count. */
static uint32_t ticks_since(uint32_t before) {
  const uint32_t after = SYSTICK_VALUE;
  if ((SYSTICK_CONTROL & counted_to_zero) != 0 && before != 0) semihosting_exit(status_overrun);
  return (before - after) & SYSTICK_MAX;
}

static void print_measured(const char* name, uint32_t ticks, unsigned count, uint32_t top) {
  const uint32_t deepest = (uint32_t)(uintptr_t)&cairn_stack_bottom + board_stack_unused();
  semihosting_print("measured ");
  semihosting_print(name);
  print_number(ticks);
  print_number(count);
  print_number(top - deepest);
  semihosting_print("\n");
}

void print_counted(const char* name, uint32_t number) {
  semihosting_print("counted ");
  semihosting_print(name);
  print_number(number);
  semihosting_print("\n");
}

void measure(const char* name, unsigned count, measure_call call) {
  const uint32_t top = (uint32_t)(uintptr_t)__builtin_frame_address(0);
  board_paint_stack();
  start_counting();
  const uint32_t before = SYSTICK_VALUE;
  for (unsigned i = 0; i < count; ++i)
    if (call() < 0) semihosting_exit(status_call_failed);
  print_measured(name, ticks_since(before), count, top);
}

static uint32_t ticks_of(unsigned count, void (*prepare)(void), measure_call call) {
  start_counting();
  const uint32_t before = SYSTICK_VALUE;
  for (unsigned i = 0; i < count; ++i) {
    prepare();
    if (call() < 0) semihosting_exit(status_call_failed);
  }
  return ticks_since(before);
}

static int nothing(void) {
  return 0;
}

void measure_after(const char* name, unsigned count, void (*prepare)(void), measure_call call) {
  const uint32_t top = (uint32_t)(uintptr_t)__builtin_frame_address(0);
  const uint32_t without = ticks_of(count, prepare, nothing);
  board_paint_stack();
  print_measured(name, ticks_of(count, prepare, call) - without, count, top);
}

static void prepare_nothing(void) {}

void measure_longest(const char* name, measure_call step) {
  measure_longest_after(name, prepare_nothing, step);
}

void measure_longest_after(const char* name, void (*prepare)(void), measure_call step) {
  const uint32_t top = (uint32_t)(uintptr_t)__builtin_frame_address(0);
  uint32_t longest = 0, calls = 0;
  int status;
  board_paint_stack();
  do {
    prepare();
    start_counting();
    const uint32_t before = SYSTICK_VALUE;
    status = step();
    const uint32_t ticks = ticks_since(before);
    if (status < 0) semihosting_exit(status_call_failed);
    if (ticks > longest) longest = ticks;
    ++calls;
  } while (status != 0);
  print_measured(name, longest, 1, top);
  print_counted(name, calls);
}
