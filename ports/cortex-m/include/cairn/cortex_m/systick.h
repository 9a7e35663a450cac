/* The core's own SysTick as a clock of milliseconds since boot. */
#ifndef CAIRN_CORTEX_M_SYSTICK_H
#define CAIRN_CORTEX_M_SYSTICK_H

#include <cairn/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Starts SysTick at a tick a millisecond, from 0, and makes a platform that has this clock and
 * nothing else: set `wall_clock` and `entropy` where the part has them.
 *
 * `clock_hz` is the core's clock. Call cairn_systick_tick() from SysTick_Handler. Where SysTick is
 * in use already (an RTOS), leave this file away: any counter of milliseconds with 64 bits is a
 * monotonic_ms().
 *
 * CAIRN_E_BAD_ARGUMENT  a clock under 1 kHz */
int cairn_systick_start(uint32_t clock_hz, cairn_platform* out);

/** Counts a millisecond. To be called from SysTick_Handler and nowhere else. */
void cairn_systick_tick(void);

#ifdef __cplusplus
}
#endif

#endif
