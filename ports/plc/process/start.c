/* Starts the port of process_port.c when a program that has it is loaded, because most runtimes
 * give a library no place where it could ask for that. The logs lie in the areas that the
 * environment variable CAIRN_PLC_AREA names, or cairn-plc-0 and so on. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process_port.h"

#ifndef CAIRN_PLC_SHARED_LOGS
#define CAIRN_PLC_SHARED_LOGS 1 /* logs of the runtime, up to CAIRN_PLC_LOGS */
#endif

__attribute__((constructor)) static void start(void) {
  const char* name = getenv("CAIRN_PLC_AREA");
  int status;
  if (name == NULL) name = "cairn-plc";
  status = cairn_plc_start_shared(name, CAIRN_PLC_SHARED_LOGS);
  if (status == CAIRN_OK) return;
  fprintf(
      stderr, "cairn: the shared memory /dev/shm/%s-*: %s\n", name,
      status == CAIRN_E_IO ? strerror(errno) : "another version of cairn has made it; remove it");
}
