/* A controller to count on: one log in memory that may fail, a clock that the program turns, a key
 * whose signatures cost nothing. What remains is cairn and the function blocks. */
#ifndef CAIRN_SIZE_PLC_MACHINE_H
#define CAIRN_SIZE_PLC_MACHINE_H

#include <cairn_plc_port.h>

#define MACHINE_SEGMENT_BYTES 4096

/* Ends the run, and says why, when what is counted is not what its name says. */
#define MACHINE_EXPECT(holds) machine_expect((holds), #holds "\n")
void machine_expect(int holds, const char* what);

typedef struct machine {
  uint64_t now_ms;
  int64_t unix_ms;
  uint32_t
      programs_until_cut; /* this one stops halfway, and so does everything after it; 0: none */
  uint32_t programs_to_fail;
  uint8_t is_dead; /* by such a cut, until the next start */
  uint8_t has_key;
} machine;
extern machine controller;
extern cairn_plc_area machine_area;

/* Puts an empty log on an empty medium of so many segments. */
void machine_new(uint8_t pump, uint32_t segments, uint8_t recycles);
/* A start of the controller: nothing is left but the medium. */
void machine_start(void);
/* Pumps a log that is not pumped inline until there is nothing left to do. */
void machine_pump(void);

#endif
