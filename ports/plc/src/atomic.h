/* Words that one side writes and the other reads, between threads, processes and interrupts.
 *
 * By the compiler's own atomics, for C99 and C++11 alike: plain loads and stores of 32 bits with
 * barriers, on every machine, Cortex-M0 included; no library, no lock, no compare-and-swap.
 */
#ifndef CAIRN_PLC_ATOMIC_H
#define CAIRN_PLC_ATOMIC_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t plc_load(const uint32_t* word) {
  return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void plc_store(uint32_t* word, uint32_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* A block of words behind a count that is odd while they change (a sequence lock). One writer,
 * which finds the count odd where the one before it was killed in the middle. Each word is stored
 * behind the odd count and read before the count is asked again, by its own order: the thread
 * sanitizer knows no fences. */

static inline void plc_publish(uint32_t* count, uint32_t* to, const uint32_t* from, size_t words) {
  const uint32_t odd = __atomic_load_n(count, __ATOMIC_RELAXED) | 1u;
  size_t i;
  __atomic_store_n(count, odd, __ATOMIC_RELAXED);
  for (i = 0; i < words; ++i) {
    /* What stays is not written: the readers' processors keep it at hand. */
    if (to[i] != from[i]) plc_store(&to[i], from[i]);
  }
  plc_store(count, odd + 1u);
}

static inline void plc_copy(const uint32_t* from, uint32_t* to, size_t words) {
  size_t i;
  for (i = 0; i < words; ++i)
    to[i] = plc_load(&from[i]);
}

/* Whether what was copied since the count was `before` is of one state. */
static inline int plc_is_steady(const uint32_t* count, uint32_t before) {
  return (before & 1u) == 0 && __atomic_load_n(count, __ATOMIC_RELAXED) == before;
}

/* Copies a consistent state of the block in at most two tries: 1, or 0 when the writer was at it
 * both times; `to` then holds nothing useful. Never waits. */
static inline int plc_read(const uint32_t* count, const uint32_t* from, uint32_t* to,
                           size_t words) {
  int tries;
  for (tries = 0; tries < 2; ++tries) {
    const uint32_t before = plc_load(count);
    plc_copy(from, to, words);
    if (plc_is_steady(count, before)) return 1;
  }
  return 0;
}

#endif
