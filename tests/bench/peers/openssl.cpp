// OpenSSL's libcrypto: the digest interface with a context that is used again, the older calls for
// SHA-256 alone, and signatures.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"

namespace peers {
namespace {

using bench::require;

void evp_once(const uint8_t* message, size_t size, uint8_t* out) {
  static EVP_MD_CTX* const context = EVP_MD_CTX_new();
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(EVP_DigestInit_ex2(context, sha256, nullptr) == 1 &&
          EVP_DigestUpdate(context, message, size) == 1 &&
          EVP_DigestFinal_ex(context, out, nullptr) == 1);
}

void sha256_once(const uint8_t* message, size_t size, uint8_t* out) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, message, size);
  SHA256_Final(out, &context);
}

// Both algorithms, by one interface; `hash` is null where the algorithm has its own.
Signatures with_key(const std::string& algorithm, EVP_PKEY* key, const EVP_MD* hash,
                    const std::string& message) {
  struct State {
    EVP_PKEY* key;
    const EVP_MD* hash;
    std::string message;
    uint8_t signature[128];
    size_t size = 0;
    const uint8_t* text() const { return reinterpret_cast<const uint8_t*>(message.data()); }
  };
  require(key != nullptr);
  const auto s = std::make_shared<State>(State{key, hash, message, {}});
  Signatures out = {"OpenSSL", algorithm, {}, {}};
  out.sign = [s] {
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    s->size = sizeof s->signature;
    require(EVP_DigestSignInit(context, nullptr, s->hash, nullptr, s->key) == 1 &&
            EVP_DigestSign(context, s->signature, &s->size, s->text(), s->message.size()) == 1);
    EVP_MD_CTX_free(context);
  };
  out.verify = [s] {
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    require(EVP_DigestVerifyInit(context, nullptr, s->hash, nullptr, s->key) == 1 &&
            EVP_DigestVerify(context, s->signature, s->size, s->text(), s->message.size()) == 1);
    EVP_MD_CTX_free(context);
  };
  out.sign();
  return out;
}

}  // namespace

std::vector<Hash> openssl_hashes() {
  return {{"OpenSSL EVP", evp_once}, {"OpenSSL SHA256_*", sha256_once}};
}

std::vector<Signatures> openssl_signatures(const std::string& message) {
  return {with_key("Ed25519", EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), nullptr, message),
          with_key("P-256", EVP_EC_gen("P-256"), EVP_sha256(), message)};
}

}  // namespace peers
