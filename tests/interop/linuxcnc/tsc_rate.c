/* Prints how many counts of the processor's time-stamp counter pass in a microsecond: HAL gives the
 * time of its functions in these. 0 where there is none, and HAL counts nanoseconds. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static uint64_t counts(void) {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc();
#else
  return 0;
#endif
}

int main(void) {
  const double from = now_us();
  const uint64_t first = counts();
  while (now_us() - from < 50e3) {
  }
  printf("%.1f\n", (double)(counts() - first) / (now_us() - from));
  return 0;
}
