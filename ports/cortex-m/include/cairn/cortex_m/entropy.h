/* Random bytes: the one thing that the application must bring for signatures by PSA Crypto. */
#ifndef CAIRN_CORTEX_M_ENTROPY_H
#define CAIRN_CORTEX_M_ENTROPY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Defined by the application: fills `out` with unpredictable bytes from the part's random number
 * generator. Each signature takes 32 of them, and its key can be computed from two signatures made
 * with the same ones. Returns 0, or another number when the generator fails: then the signature
 * fails, too. */
int cairn_cortex_m_entropy(void* out, size_t size);

#ifdef __cplusplus
}
#endif

#endif
