// ECDSA P-256 by PSA Crypto (mbedTLS 2.28, 3.6, or whatever stands behind that API).
//
// The digest is computed by the core's own SHA-256, so PSA needs no hash for these calls.
#include <psa/crypto.h>

#include "cairn/hash.hpp"
#include "cairn/sign.hpp"
#include "mem.hpp"

namespace cairn {

namespace {

constexpr size_t scalar_bytes = 32;
constexpr size_t point_bytes = 65;  // 0x04 || x || y
constexpr size_t bits = 256;
constexpr psa_algorithm_t deterministic = PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256);
constexpr psa_algorithm_t randomised = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
constexpr psa_key_type_t key_pair = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
constexpr psa_key_type_t public_half = PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1);

Status from_psa(psa_status_t status) {
  switch (status) {
    case PSA_SUCCESS:
      return Status::ok;
    case PSA_ERROR_INVALID_SIGNATURE:
      return Status::signature_invalid;
    case PSA_ERROR_NOT_SUPPORTED:
      return Status::unsupported;
    case PSA_ERROR_INVALID_ARGUMENT:
    case PSA_ERROR_NOT_PERMITTED:
      return Status::bad_argument;
    case PSA_ERROR_INVALID_HANDLE:
    case PSA_ERROR_DOES_NOT_EXIST:
      return Status::not_found;
    default:
      return Status::io;
  }
}

psa_key_attributes_t attributes_of(psa_key_type_t type, psa_algorithm_t algorithm,
                                   psa_key_usage_t usage) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_set_key_type(&attributes, type);
  psa_set_key_bits(&attributes, bits);
  psa_set_key_algorithm(&attributes, algorithm);
  psa_set_key_usage_flags(&attributes, usage);
  return attributes;
}

Status sign_digest(const P256Key& key, const Digest& digest, uint8_t* signature) {
  size_t written = 0;
  CAIRN_TRY(from_psa(psa_sign_hash(key.slot, key.algorithm, digest.bytes, digest_bytes, signature,
                                   signature_bytes, &written)));
  return written == signature_bytes ? Status::ok : Status::io;
}

int sign_p256(void* user, const uint8_t* message, size_t size_bytes, uint8_t* signature) {
  const P256Key& key = *static_cast<const P256Key*>(user);
  return static_cast<int>(sign_digest(key, sha256({message, size_bytes}), signature));
}

Status verify_digest(const PublicKey& key, const Digest& digest, const uint8_t* signature) {
  CAIRN_TRY(from_psa(psa_crypto_init()));
  uint8_t point[point_bytes] = {0x04};
  copy(point + 1, key.bytes, point_bytes - 1);
  psa_key_attributes_t attributes =
      attributes_of(public_half, randomised, PSA_KEY_USAGE_VERIFY_HASH);
  psa_key_id_t slot = 0;
  const psa_status_t imported = psa_import_key(&attributes, point, point_bytes, &slot);
  // Not a point of the curve: no signature can be this key's.
  if (imported == PSA_ERROR_INVALID_ARGUMENT) return Status::signature_invalid;
  CAIRN_TRY(from_psa(imported));
  const psa_status_t verified =
      psa_verify_hash(slot, randomised, digest.bytes, digest_bytes, signature, signature_bytes);
  psa_destroy_key(slot);
  return from_psa(verified);
}

int verify_p256(void*, const cairn_public_key* key, const uint8_t* message, size_t size_bytes,
                const uint8_t* signature) {
  return static_cast<int>(verify_digest(*key, sha256({message, size_bytes}), signature));
}

// The signer over a slot whose algorithm is known.
Status describe(P256Key& key, Signer& out) {
  uint8_t point[point_bytes];
  size_t size = 0;
  CAIRN_TRY(from_psa(psa_export_public_key(key.slot, point, point_bytes, &size)));
  if (size != point_bytes || point[0] != 0x04) return Status::unsupported;
  out = {};
  out.struct_size = sizeof(Signer);
  out.public_key.algorithm = CAIRN_P256;
  copy(out.public_key.bytes, point + 1, point_bytes - 1);
  out.user = &key;
  out.sign = sign_p256;
  return Status::ok;
}

// Imports the key for one algorithm and makes a signature with it: only that tells whether the
// library was built with the algorithm.
Status import_for(ByteView scalar, psa_algorithm_t algorithm, P256Key& key) {
  psa_key_attributes_t attributes = attributes_of(key_pair, algorithm, PSA_KEY_USAGE_SIGN_HASH);
  psa_key_id_t slot = 0;
  CAIRN_TRY(from_psa(psa_import_key(&attributes, scalar.data, scalar.size, &slot)));
  key = {slot, algorithm};
  uint8_t signature[signature_bytes];
  const Status trial = sign_digest(key, Digest{}, signature);
  if (trial != Status::ok) p256_forget(key);
  return trial;
}

}  // namespace

Status p256_signer(ByteView scalar, P256Key& key, Signer& out) {
  if (scalar.size != scalar_bytes) return Status::bad_argument;
  CAIRN_TRY(from_psa(psa_crypto_init()));
  Status status = import_for(scalar, deterministic, key);
  if (status == Status::unsupported) status = import_for(scalar, randomised, key);
  if (status != Status::ok) return status;
  status = describe(key, out);
  if (status != Status::ok) p256_forget(key);
  return status;
}

Status p256_signer_from_slot(uint32_t slot, P256Key& key, Signer& out) {
  CAIRN_TRY(from_psa(psa_crypto_init()));
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  CAIRN_TRY(from_psa(psa_get_key_attributes(slot, &attributes)));
  const psa_algorithm_t permitted = psa_get_key_algorithm(&attributes);
  const bool is_p256 =
      psa_get_key_type(&attributes) == key_pair && psa_get_key_bits(&attributes) == bits;
  psa_reset_key_attributes(&attributes);
  if (!is_p256 || !PSA_ALG_IS_ECDSA(permitted)) return Status::unsupported;
  key = {slot, PSA_ALG_IS_DETERMINISTIC_ECDSA(permitted) ? deterministic : randomised};
  return describe(key, out);
}

Status p256_generate(MutableBytes scalar) {
  if (scalar.size != scalar_bytes) return Status::bad_argument;
  CAIRN_TRY(from_psa(psa_crypto_init()));
  psa_key_attributes_t attributes = attributes_of(key_pair, randomised, PSA_KEY_USAGE_EXPORT);
  psa_key_id_t slot = 0;
  CAIRN_TRY(from_psa(psa_generate_key(&attributes, &slot)));
  size_t size = 0;
  const Status exported = from_psa(psa_export_key(slot, scalar.data, scalar.size, &size));
  psa_destroy_key(slot);
  CAIRN_TRY(exported);
  return size == scalar_bytes ? Status::ok : Status::io;
}

void p256_forget(P256Key& key) {
  psa_destroy_key(key.slot);
  key = {};
}

Verifier p256_verifier() {
  return {sizeof(Verifier), CAIRN_P256, nullptr, verify_p256};
}

}  // namespace cairn
