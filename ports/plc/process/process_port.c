#include "process_port.h"

#include <time.h>

#include "cairn_plc_shared_area.h"

static cairn_plc_log shared_logs[CAIRN_PLC_LOGS];
static cairn_plc_port shared_port = CAIRN_PLC_PORT_INIT;

/* The clock of the pump's platform. */
static uint64_t boot_ms(void* user) {
  struct timespec now = {0, 0};
  (void)user;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* What scan.c and block_log.c ask of a pump in their own process: there is none. */
void plc_writer_create(const cairn_plc_log* log);
void plc_writer_create(const cairn_plc_log* log) {
  (void)log;
}
int plc_writer_pump(const cairn_plc_log* log, uint32_t budget, uint32_t* used);
int plc_writer_pump(const cairn_plc_log* log, uint32_t budget, uint32_t* used) {
  (void)log;
  (void)budget;
  *used = 0;
  return CAIRN_E_BAD_ARGUMENT;
}

int cairn_plc_start_shared(const char* name, uint32_t log_count) {
  static const cairn_plc_log pumped_elsewhere = CAIRN_PLC_LOG_INIT;
  uint32_t i;
  int status;
  if (shared_port.logs != NULL) return CAIRN_OK;
  if (log_count < 1 || log_count > CAIRN_PLC_LOGS) return CAIRN_E_BAD_ARGUMENT;
  for (i = 0; i < log_count; ++i) {
    shared_logs[i] = pumped_elsewhere;
    shared_logs[i].pump = CAIRN_PLC_PROCESS;
    shared_logs[i].area = cairn_plc_share_area(name, i);
    if (shared_logs[i].area == NULL) return CAIRN_E_IO;
  }
  shared_port.log_count = log_count;
  shared_port.logs = shared_logs;
  shared_port.monotonic_ms = boot_ms;
  status = cairn_plc_start(&shared_port);
  if (status != CAIRN_OK) shared_port.logs = NULL;
  return status;
}
