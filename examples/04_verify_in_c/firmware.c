/* The same on a microcontroller: policy and evidence lie in its ROM, as they came with an order,
 * say, that is to be obeyed only when it is proven. Nothing of a C library is needed.
 *
 * The evidence verifies, and verifies no more when one bit of it is another. Exit status of the
 * emulator 0: so it was.
 */
#include <cairn/cairn.h>
#include <string.h>

#include "semihosting.h"

/* A file as it is, in ROM. */
#define IN_ROM(name, path)                                                            \
  __asm__(".section .rodata." #name                                                   \
          ", \"a\"\n"                                                                 \
          ".global " #name ", " #name "_end\n" #name ": .incbin \"" path "\"\n" #name \
          "_end:\n"                                                                   \
          ".previous\n");                                                             \
  extern const uint8_t name[], name##_end[]
IN_ROM(policy_text, EXAMPLE_FOLDER "/press-7.policy");
IN_ROM(evidence, EXAMPLE_FOLDER "/reading.cairn");

enum { evidence_bytes_max = 1024 };

static cairn_policy policy;
static uint8_t changed[evidence_bytes_max];

/* CAIRN_OK, or why what these bytes claim is not proven. */
static int verify(const uint8_t* bytes, size_t size) {
  const cairn_verifier verifier = cairn_ed25519_verifier();
  cairn_verdict verdict;
  return cairn_verify_evidence(bytes, size, &policy, &verifier, 1, NULL, 0, NULL, &verdict);
}

static void print(const char* what, int reason) {
  semihosting_print(what);
  semihosting_print(reason == CAIRN_OK ? "verified\n" : "NOT VERIFIED: ");
  if (reason != CAIRN_OK) {
    semihosting_print(cairn_status_text(reason));
    semihosting_print("\n");
  }
}

int main(void) {
  const size_t size = (size_t)(evidence_end - evidence);
  cairn_fault fault;
  int is, was;

  if (size > sizeof changed ||
      cairn_parse_policy(policy_text, (size_t)(policy_text_end - policy_text), &policy, &fault) <
          0) {
    semihosting_print("the policy or the evidence is none\n");
    return 2;
  }
  is = verify(evidence, size);
  print("as it came: ", is);
  memcpy(changed, evidence, size);
  changed[size / 4] ^= 1;
  was = verify(changed, size);
  print("with one bit changed: ", was);
  return is == CAIRN_OK && was != CAIRN_OK ? 0 : 1;
}
