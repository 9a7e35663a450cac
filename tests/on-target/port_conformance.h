/* Checks a port: what a flash driver, a clock, a source of entropy and a signer promise in
 * cairn/port.h, and that a log and a recorder work on them. For the author of a port, who compiles
 * port_conformance.c into a program of the part, or of the host, and calls cairn_check_port().
 *
 * Nothing but the C interface, no heap; 3 KB of static memory and up to 6 KB of stack. */
#ifndef CAIRN_PORT_CONFORMANCE_H
#define CAIRN_PORT_CONFORMANCE_H

#include <cairn/cairn.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is to be checked. */
typedef struct cairn_port {
  uint32_t struct_size;           /* sizeof(cairn_port) */
  const cairn_flash* flash;       /* everything on it is given up */
  const cairn_platform* platform; /* functions that are NULL are not checked */
  const cairn_signer* signer;     /* NULL: no signatures */
  const cairn_verifier* verifier; /* of the signer's algorithm; needed with a signer */
  void* user;
  /* Told of every requirement that was checked: 1 when it holds, 0 when it does not. */
  void (*report)(void* user, const char* requirement, int holds);
} cairn_port;
#define CAIRN_PORT_INIT \
  { sizeof(cairn_port), NULL, NULL, NULL, NULL, NULL, NULL }

/** Checks everything and returns the number of requirements that do not hold; 0: conforms.
 *
 * Cost: the flash is erased a few times, and a log written once round it: minutes on a large one,
 * so give it an area of a few segments, 6 or more of 1 KiB or more. The clock must move within ten
 * million reads of it.
 * Power loss: call it again; what it leaves on the flash is for nobody. */
int cairn_check_port(const cairn_port* port);

#ifdef __cplusplus
}
#endif

#endif
