/* mbedTLS 3.6 for cairn: ECDSA P-256 by PSA Crypto, and nothing else. With the p256-m driver and
 * static key slots nothing is ever allocated. */
#include <stddef.h>

#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_CRYPTO_CONFIG
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
#define MBEDTLS_PSA_KEY_SLOT_COUNT 4
#define MBEDTLS_SHA256_SMALLER /* nothing here hashes with it: the core brings its own */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS
#define MBEDTLS_PLATFORM_C
#if defined(CAIRN_PSA_P256M)
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PSA_STATIC_KEY_SLOTS
#define MBEDTLS_PSA_P256M_DRIVER_ENABLED
static inline void* cairn_no_memory(size_t count, size_t size) {
  (void)count;
  (void)size;
  return NULL;
}
static inline void cairn_no_free(void* memory) {
  (void)memory;
}
#define MBEDTLS_PLATFORM_CALLOC_MACRO cairn_no_memory
#define MBEDTLS_PLATFORM_FREE_MACRO cairn_no_free
#else
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_ECP_NIST_OPTIM
#endif
