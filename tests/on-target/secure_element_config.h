/* cairn_mbedtls_config.h, and what persistent keys and drivers of secure elements take: storage,
 * and memory to read it into. */
#include <stdlib.h>

#include "cairn_mbedtls_config.h"

#define MBEDTLS_PSA_CRYPTO_STORAGE_C
#define MBEDTLS_PSA_CRYPTO_SE_C
#undef MBEDTLS_PLATFORM_CALLOC_MACRO
#undef MBEDTLS_PLATFORM_FREE_MACRO
#define MBEDTLS_PLATFORM_CALLOC_MACRO calloc
#define MBEDTLS_PLATFORM_FREE_MACRO free
