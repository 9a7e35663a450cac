/* What docs/plc.md says of libcairn_plc_process: a program that links it, and calls blocks and
 * nothing else, has a log. CAIRN_PLC_AREA names the memory, which this removes again. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "cairn_plc.h"

int main(void) {
  static cairn_fb_log_t log;
  static cairn_fb_append_t append;
  char object[64];
  log.Enable = 1;
  cairn_fb_log(&log);
  append.Handle = log.Handle;
  append.Execute = 1;
  cairn_fb_append(&append);
  snprintf(object, sizeof object, "/%.48s-0", getenv("CAIRN_PLC_AREA"));
  if (shm_unlink(object) != 0 || log.ErrorID != 0 || !append.Done) {
    fprintf(stderr, "ErrorID %#x of the log, %#x of the record\n", (unsigned)log.ErrorID,
            (unsigned)append.ErrorID);
    return 1;
  }
  printf("a record of a program that starts nothing is in the queue\n");
  return 0;
}
