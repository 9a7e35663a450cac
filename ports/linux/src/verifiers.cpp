#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <cairn/hash.hpp>
#include <cairn/linux/verifiers.hpp>
#include <cstring>
#include <memory>

namespace cairn::host {
namespace {

constexpr size_t scalar_bytes = 32;
constexpr size_t point_bytes = 65;  // 0x04 || x || y
constexpr size_t der_bytes_max = 72;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;

// A key of the curve, to copy the curve from: making one from its name takes four times as long.
EVP_PKEY* make_curve() {
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), EVP_PKEY_CTX_free);
  char name[] = "P-256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name, 0),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEY_PARAMETERS,
                        const_cast<OSSL_PARAM*>(parameters)) != 1) {
    return nullptr;
  }
  return key;
}

// r and s as the DER text that OpenSSL takes; its size, 0 when there is no memory.
size_t to_der(const uint8_t* signature, uint8_t (&out)[der_bytes_max]) {
  const EcdsaSignature pair(ECDSA_SIG_new(), ECDSA_SIG_free);
  BIGNUM* const r = BN_bin2bn(signature, scalar_bytes, nullptr);
  BIGNUM* const s = BN_bin2bn(signature + scalar_bytes, scalar_bytes, nullptr);
  if (pair == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return 0;
  }
  uint8_t* end = out;
  const int size = i2d_ECDSA_SIG(pair.get(), &end);
  return size > 0 ? static_cast<size_t>(size) : 0;
}

Status verify_p256(const PublicKey& key, ByteView message, const uint8_t* signature) {
  static EVP_PKEY* const curve = make_curve();  // stays for the life of the program
  uint8_t der[der_bytes_max];
  const size_t der_size = to_der(signature, der);
  const Key pkey(EVP_PKEY_new(), EVP_PKEY_free);
  if (curve == nullptr || der_size == 0 || pkey == nullptr ||
      EVP_PKEY_copy_parameters(pkey.get(), curve) != 1) {
    return Status::io;
  }
  uint8_t point[point_bytes] = {0x04};
  std::memcpy(point + 1, key.bytes, point_bytes - 1);
  // Not a point of the curve: no signature can be this key's.
  if (EVP_PKEY_set1_encoded_public_key(pkey.get(), point, point_bytes) != 1) {
    return Status::signature_invalid;
  }
  const Context context(EVP_PKEY_CTX_new(pkey.get(), nullptr), EVP_PKEY_CTX_free);
  if (context == nullptr || EVP_PKEY_verify_init(context.get()) != 1) return Status::io;
  const Digest digest = sha256(message);
  const int valid =
      EVP_PKEY_verify(context.get(), der, der_size, digest.bytes, sizeof digest.bytes);
  return valid == 1 ? Status::ok : Status::signature_invalid;
}

}  // namespace

Verifier openssl_p256_verifier() {
  const auto verify = [](void*, const cairn_public_key* key, const uint8_t* message,
                         size_t size_bytes, const uint8_t* signature) {
    return static_cast<int>(verify_p256(*key, {message, size_bytes}, signature));
  };
  return {sizeof(Verifier), CAIRN_P256, nullptr, verify};
}

const Verifiers& all_verifiers() {
  static const Verifier list[] = {ed25519_verifier(), openssl_p256_verifier()};
  static const Verifiers verifiers = {list, 2};
  return verifiers;
}

}  // namespace cairn::host
