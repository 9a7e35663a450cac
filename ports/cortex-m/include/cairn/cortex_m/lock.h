/* Signers and verifiers of several tasks, one after the other. */
#ifndef CAIRN_CORTEX_M_LOCK_H
#define CAIRN_CORTEX_M_LOCK_H

#include <cairn/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A lock that the application has: a mutex of its RTOS. cairn_freertos_lock() fills it in. */
typedef struct cairn_lock {
  uint32_t struct_size; /* sizeof(cairn_lock) */
  void* user;
  void (*take)(void* user); /* waits until no other task has it */
  void (*give)(void* user);
} cairn_lock;
#define CAIRN_LOCK_INIT \
  { sizeof(cairn_lock), NULL, NULL, NULL }

/* A signer and a verifier with the lock round them. The caller's, as long as they are used. */
typedef struct cairn_locked_signer {
  cairn_signer signer;
  cairn_lock lock;
} cairn_locked_signer;
typedef struct cairn_locked_verifier {
  cairn_verifier verifier;
  cairn_lock lock;
} cairn_locked_verifier;

/** Makes a signer that takes the lock, signs as `signer` does, and gives the lock back.
 *
 * For signers that share something, as all of PSA Crypto share its key slots: give each the same
 * lock, and take it round every other use of what they share. Recorders of different tasks are then
 * as independent as cairn.h promises. A signature holds the lock as long as it takes.
 *
 * CAIRN_E_BAD_ARGUMENT  a function is missing, or a pointer */
int cairn_lock_signer(const cairn_signer* signer, const cairn_lock* lock,
                      cairn_locked_signer* memory, cairn_signer* out);

/** The same for a verifier. */
int cairn_lock_verifier(const cairn_verifier* verifier, const cairn_lock* lock,
                        cairn_locked_verifier* memory, cairn_verifier* out);

#ifdef __cplusplus
}
#endif

#endif
