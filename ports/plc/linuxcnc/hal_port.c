/* The port of LinuxCNC HAL: the scan's side of the blocks, in HAL's real-time process. Logs are
 * pumped by another process, cairn-plc-pump, because a real-time thread must not touch a disk.
 *
 * Part of cairn_hal.c, the single file that cairn_log.comp includes; see amalgamate.py. */
#include <errno.h>
#include <string.h>

#include "process_port.h"
#include "rtapi.h"
#include "rtapi_app.h"

/* loadrt cairn_log names=... logs=2 area=line-4: the logs 0 and 1, in the areas line-4-0 and
 * line-4-1, each with a pump of its own. */
static int logs = 1;
RTAPI_MP_INT(logs, "number of logs")
static char* area = "cairn-plc";
RTAPI_MP_STRING(area, "name of the shared memory")

/* Called for every instance of cairn_log; the first one starts the port. */
static int cairn_hal_start(void) {
  const int status = cairn_plc_start_shared(area, (uint32_t)logs);
  if (status == CAIRN_OK) return 0;
  if (status == CAIRN_E_BAD_ARGUMENT) {
    rtapi_print_msg(RTAPI_MSG_ERR, "cairn_log: logs=%d is not from 1 to %d\n", logs,
                    CAIRN_PLC_LOGS);
  } else if (status == CAIRN_E_IO) {
    rtapi_print_msg(RTAPI_MSG_ERR, "cairn_log: the shared memory /dev/shm/%s-*: %s\n", area,
                    strerror(errno));
  } else {
    rtapi_print_msg(RTAPI_MSG_ERR,
                    "cairn_log: another version of cairn has made /dev/shm/%s-*; remove them\n",
                    area);
  }
  return -EINVAL;
}
