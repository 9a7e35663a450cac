/* libsodium's SHA-512 by mbedTLS: the same functions, but a loop where libsodium has sixteen rounds
 * written out. What that saves, and costs, is in docs/footprint.md. */
#include <mbedtls/sha512.h>
#include <sodium/crypto_hash_sha512.h>

enum { alignment = _Alignof(mbedtls_sha512_context) };
_Static_assert(sizeof(mbedtls_sha512_context) <= sizeof(crypto_hash_sha512_state) &&
                   alignment <= _Alignof(crypto_hash_sha512_state),
               "a state of mbedTLS lies in the memory of one of libsodium");

static mbedtls_sha512_context* in(crypto_hash_sha512_state* state) {
  return (mbedtls_sha512_context*)state;
}

int crypto_hash_sha512_init(crypto_hash_sha512_state* state) {
  return mbedtls_sha512_starts(in(state), 0);
}

int crypto_hash_sha512_update(crypto_hash_sha512_state* state, const unsigned char* data,
                              unsigned long long size) {
  return mbedtls_sha512_update(in(state), data, (size_t)size);
}

int crypto_hash_sha512_final(crypto_hash_sha512_state* state, unsigned char* out) {
  return mbedtls_sha512_finish(in(state), out); /* which wipes the state */
}

int crypto_hash_sha512(unsigned char* out, const unsigned char* data, unsigned long long size) {
  return mbedtls_sha512(data, (size_t)size, out, 0);
}
