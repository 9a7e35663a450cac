/* What a system with storage for PSA Crypto brings: here mbedTLS's own types are enough. */
#include <psa/crypto_types.h>
#include <psa/crypto_values.h>
