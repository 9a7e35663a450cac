/* Counts instructions and stack of one call after another, and prints a line for each:
 *
 *   measured NAME TICKS COUNT STACK
 *
 * TICKS of SysTick went by in COUNT calls; under QEMU's -icount each is a fixed number of
 * instructions. STACK is the deepest use in bytes, of all of them. */
#ifndef CAIRN_SIZE_MEASURE_H
#define CAIRN_SIZE_MEASURE_H

#include <stdint.h>

typedef int (*measure_call)(void);

/* Calls `call` so often; what it answers must not be negative. Ends the run otherwise. */
void measure(const char* name, unsigned count, measure_call call);

/* As measure(), with `prepare` in front of each call; what that takes is not counted. */
void measure_after(const char* name, unsigned count, void (*prepare)(void), measure_call call);

/* Calls `step` for as long as it answers 1, and prints the ticks of the longest call, and behind
 * the line "measured" another one with the number of calls:
 *
 *   counted NAME CALLS */
void measure_longest(const char* name, measure_call step);

/* As measure_longest(), with `prepare` in front of each call; what that takes is not counted. */
void measure_longest_after(const char* name, void (*prepare)(void), measure_call step);

/* Prints a line "counted" of its own. */
void print_counted(const char* name, uint32_t number);

#endif
