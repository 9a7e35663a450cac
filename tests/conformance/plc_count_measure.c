/* tests/size/measure.h and semihosting for this machine, under callgrind, which dumps what each
 * call of a block took under the name of the state. Nothing is counted without valgrind. */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "semihosting.h"

static int nothing(void) {
  return 0;
}

static void count(const char* name, measure_call call) {
  CALLGRIND_ZERO_STATS;
  if (call() < 0) exit(1);
  CALLGRIND_DUMP_STATS_AT(name);
}

void measure_after(const char* name, unsigned calls, void (*prepare)(void), measure_call call) {
  (void)calls;
  prepare();
  count("nothing", nothing);
  count(name, call);
}

void semihosting_print(const char* text) {
  fputs(text, stderr);
}

void semihosting_exit(int status) {
  exit(status);
}
