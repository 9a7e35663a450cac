/* mbedTLS 3.6 for libsodium: SHA-512 as a loop, and nothing else. Under names of its own, because
 * an mbedTLS that the application links may have it in another form. */
#include <sodium/utils.h>

#define MBEDTLS_SHA512_C
#define MBEDTLS_SHA512_SMALLER
#define MBEDTLS_PLATFORM_ZEROIZE_ALT
#define mbedtls_platform_zeroize sodium_memzero
#define mbedtls_sha512 cairn_sodium_sha512
#define mbedtls_sha512_clone cairn_sodium_sha512_clone
#define mbedtls_sha512_finish cairn_sodium_sha512_finish
#define mbedtls_sha512_free cairn_sodium_sha512_free
#define mbedtls_sha512_init cairn_sodium_sha512_init
#define mbedtls_sha512_starts cairn_sodium_sha512_starts
#define mbedtls_sha512_update cairn_sodium_sha512_update
#define mbedtls_internal_sha512_process cairn_sodium_sha512_process
