/* What the compiled part of libsodium asks of a system. There is one kernel of each primitive, so
 * nothing is to be chosen at run time, and Ed25519 signatures need no random bytes. */
#include <sodium.h>

int sodium_init(void) {
  return 0;
}

void sodium_misuse(void) {
  for (;;) {
  }
}
