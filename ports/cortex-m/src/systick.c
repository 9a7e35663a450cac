#include <cairn/cortex_m/systick.h>

#define SYSTICK_CONTROL (*(volatile uint32_t*)0xE000E010u)
#define SYSTICK_RELOAD (*(volatile uint32_t*)0xE000E014u)
#define SYSTICK_VALUE (*(volatile uint32_t*)0xE000E018u)

enum { ticks_a_second = 1000, core_clock_interrupt_enable = 7 };

/* Two words, for a core that cannot read both at once. The low one is written last. */
static volatile uint32_t ms_high, ms_low;

void cairn_systick_tick(void) {
  if (ms_low == UINT32_MAX) ++ms_high;
  ++ms_low;
}

/* A tick between the reads may carry into the high word: then both are read again. */
static uint64_t monotonic_ms(void* user) {
  uint32_t high, low;
  (void)user;
  do {
    high = ms_high;
    low = ms_low;
  } while (high != ms_high);
  return (uint64_t)high << 32 | low;
}

int cairn_systick_start(uint32_t clock_hz, cairn_platform* out) {
  static const cairn_platform nothing = CAIRN_PLATFORM_INIT;
  const uint32_t cycles = clock_hz / ticks_a_second;
  if (out == NULL || cycles == 0) return CAIRN_E_BAD_ARGUMENT;
  *out = nothing;
  out->monotonic_ms = monotonic_ms;
  SYSTICK_CONTROL = 0;
  ms_high = 0;
  ms_low = 0;
  SYSTICK_RELOAD = cycles - 1;
  SYSTICK_VALUE = 0;
  SYSTICK_CONTROL = core_clock_interrupt_enable;
  return CAIRN_OK;
}
