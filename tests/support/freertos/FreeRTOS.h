/* The part of FreeRTOS that the adapter uses, written from its documentation (Kernel V10 and V11):
 * with the kernel comes the whole. The tests define the functions. */
#ifndef CAIRN_TEST_FREERTOS_H
#define CAIRN_TEST_FREERTOS_H

#include <stddef.h>
#include <stdint.h>

/* Tests choose the width of a tick, as configTICK_TYPE_WIDTH_IN_BITS does. */
#ifndef CAIRN_TEST_TICK
#define CAIRN_TEST_TICK uint32_t
#endif
typedef CAIRN_TEST_TICK TickType_t;
typedef long BaseType_t;
typedef unsigned long UBaseType_t;
#define portMAX_DELAY ((TickType_t)-1)
#define configTICK_RATE_HZ ((TickType_t)300)

#endif
