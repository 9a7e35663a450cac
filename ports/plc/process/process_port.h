/* A port whose logs are all pumped by other processes, cairn-plc-pump: for runtimes on Linux whose
 * scan must not touch a disk. Takes the place of the pump, ports/plc/src/writer*.c. */
#ifndef CAIRN_PLC_PROCESS_PORT_H
#define CAIRN_PLC_PROCESS_PORT_H

#include "cairn_plc_port.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Makes the blocks know `log_count` logs, in the areas `name`-0 and so on. Outside the scan, or in
 * the first one; when it is called again it does nothing.
 *
 * CAIRN_E_BAD_ARGUMENT   no logs, or more than CAIRN_PLC_LOGS
 * CAIRN_E_IO             an area cannot be shared; errno says why
 * CAIRN_E_WRONG_VERSION  another version has made an area: remove /dev/shm/NAME-* */
int cairn_plc_start_shared(const char* name, uint32_t log_count);

#ifdef __cplusplus
}
#endif

#endif
