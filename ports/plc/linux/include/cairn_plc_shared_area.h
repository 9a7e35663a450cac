/* The area of a log in memory that the controller's runtime and the pump's process share: a POSIX
 * shared memory object. Valid C99 and C++11. */
#ifndef CAIRN_PLC_SHARED_AREA_H
#define CAIRN_PLC_SHARED_AREA_H

#include "cairn_plc_port.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Longest name of an area. */
#define CAIRN_PLC_AREA_NAME_MAX 200

/** Maps the area called `name` of the log `log_id`, and makes it when it is not there yet, for this
 * user alone. It stays when the process ends, until the machine is switched off or somebody removes
 * /dev/shm/NAME-LOG: so a runtime that was killed finds what it had queued. All pages are in memory
 * when this returns, and stay there where RLIMIT_MEMLOCK allows it: no scan waits for one.
 *
 * NULL with errno: EINVAL for a name that is empty, too long or has a slash, or for an area of
 * another size, which a build with other sizes has made (remove /dev/shm/NAME-LOG then); EACCES
 * when it is another user's; others as shm_open() and mmap(). */
cairn_plc_area* cairn_plc_share_area(const char* name, uint32_t log_id);

#ifdef __cplusplus
}
#endif

#endif
