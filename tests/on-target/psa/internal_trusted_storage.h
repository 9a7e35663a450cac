/* The interface that secure_element.c implements, as mbedTLS declares it. */
#include <psa_crypto_its.h>
