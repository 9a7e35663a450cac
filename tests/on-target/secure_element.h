/* A secure element for tests: a chip that keeps one P-256 key to itself and signs with it, and its
 * driver for PSA Crypto. What a product has instead is its vendor's driver, or TF-M. */
#ifndef CAIRN_TEST_SECURE_ELEMENT_H
#define CAIRN_TEST_SECURE_ELEMENT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Starts PSA Crypto with the driver; may be called again after secure_element_stop(). 0 or -1. */
int secure_element_start(void);
void secure_element_stop(void);
/* Tells PSA Crypto, once in its life, that the chip has a key, and gives that the number `key`. */
int secure_element_register(uint32_t key);
/* How often the chip has signed. */
unsigned secure_element_signatures(void);
/* The chip goes: whatever it is asked, it does not answer. */
void secure_element_unplug(int gone);

#ifdef __cplusplus
}
#endif

#endif
