/* Under FreeRTOS: its tick as the clock of a recorder, a wait that lets other tasks run, and its
 * mutex as a lock. */
#ifndef CAIRN_FREERTOS_H
#define CAIRN_FREERTOS_H

#include <cairn/cortex_m/lock.h>
#include <cairn/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Makes a platform that has milliseconds since the scheduler began, from a tick of any width, over
 * its overflows, and nothing else: set `wall_clock` and `entropy` where the part has them.
 *
 * For tasks, not for interrupts: each reading is one of vTaskSetTimeOutState(). The clock is as
 * fine as the tick.
 *
 * CAIRN_E_BAD_ARGUMENT  no platform */
int cairn_freertos_platform(cairn_platform* out);

/** Sleeps a tick and returns 0: the `wait` of the flash drivers, while the flash is busy. */
int cairn_freertos_wait(void* user);

/** Makes a lock of a mutex, which is what xSemaphoreCreateMutex() or xSemaphoreCreateMutexStatic()
 * returned. For tasks, not for interrupts: it waits as long as another task holds the mutex, which
 * then has at least the priority of the one that waits.
 *
 * CAIRN_E_BAD_ARGUMENT  no mutex, or nowhere to put the lock */
int cairn_freertos_lock(void* mutex, cairn_lock* out);

#ifdef __cplusplus
}
#endif

#endif
