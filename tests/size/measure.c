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

void measure(const char* name, unsigned count, measure_call call) {
  const uint32_t top = (uint32_t)(uintptr_t)__builtin_frame_address(0);
  board_paint_stack();
  start_counting();
  const uint32_t before = SYSTICK_VALUE;
  for (unsigned i = 0; i < count; ++i)
    if (call() < 0) semihosting_exit(status_call_failed);
  const uint32_t after = SYSTICK_VALUE;
  if ((SYSTICK_CONTROL & counted_to_zero) != 0 && before != 0) semihosting_exit(status_overrun);
  const uint32_t deepest = (uint32_t)(uintptr_t)&cairn_stack_bottom + board_stack_unused();
  semihosting_print("measured ");
  semihosting_print(name);
  print_number((before - after) & SYSTICK_MAX);
  print_number(count);
  print_number(top - deepest);
  semihosting_print("\n");
}
