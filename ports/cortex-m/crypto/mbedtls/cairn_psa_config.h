/* The algorithms of cairn_mbedtls_config.h. */
#define PSA_WANT_ALG_ECDSA 1
#define PSA_WANT_ALG_SHA_256 1 /* without it ECDSA answers "not supported" */
#define PSA_WANT_ECC_SECP_R1_256 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY 1
#if !defined(CAIRN_PSA_P256M)
#define PSA_WANT_ALG_DETERMINISTIC_ECDSA 1
#endif
