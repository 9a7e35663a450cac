#include "secure_element.h"

#include <p256-m/p256-m.h>
#include <psa/crypto.h>
#include <psa/crypto_se_driver.h>
#include <psa_crypto_its.h>
#include <string.h>

enum { chip_slot = 3, scalar_bytes = 32, point_bytes = 65, signature_bytes = 64 };
#define CHIP_LOCATION ((psa_key_location_t)1)

/* ---- The chip ------------------------------------------------------------------------------- */

static const uint8_t scalar[scalar_bytes] = "a key that never leaves the chip";
static unsigned signatures;
static int is_gone;

unsigned secure_element_signatures(void) {
  return signatures;
}
void secure_element_unplug(int gone) {
  is_gone = gone;
}

/* ---- Its driver ----------------------------------------------------------------------------- */

static psa_status_t validate(psa_drv_se_context_t* context, void* persistent,
                             const psa_key_attributes_t* attributes, psa_key_creation_method_t how,
                             psa_key_slot_number_t slot) {
  (void)context, (void)persistent, (void)attributes;
  return how == PSA_KEY_CREATION_REGISTER && slot == chip_slot ? PSA_SUCCESS
                                                               : PSA_ERROR_NOT_PERMITTED;
}

static psa_status_t export_public(psa_drv_se_context_t* context, psa_key_slot_number_t slot,
                                  uint8_t* out, size_t capacity, size_t* size) {
  (void)context, (void)slot;
  if (is_gone) return PSA_ERROR_COMMUNICATION_FAILURE;
  if (capacity < point_bytes) return PSA_ERROR_BUFFER_TOO_SMALL;
  out[0] = 0x04;
  *size = point_bytes;
  return p256_public_from_private(out + 1, scalar) == P256_SUCCESS ? PSA_SUCCESS
                                                                   : PSA_ERROR_HARDWARE_FAILURE;
}

static psa_status_t sign(psa_drv_se_context_t* context, psa_key_slot_number_t slot,
                         psa_algorithm_t algorithm, const uint8_t* hash, size_t hash_size,
                         uint8_t* out, size_t capacity, size_t* size) {
  (void)context, (void)slot;
  if (is_gone) return PSA_ERROR_COMMUNICATION_FAILURE;
  if (!PSA_ALG_IS_ECDSA(algorithm) || capacity < signature_bytes) return PSA_ERROR_NOT_SUPPORTED;
  ++signatures;
  *size = signature_bytes;
  return p256_ecdsa_sign(out, scalar, hash, hash_size) == P256_SUCCESS ? PSA_SUCCESS
                                                                       : PSA_ERROR_HARDWARE_FAILURE;
}

int secure_element_start(void) {
  static psa_drv_se_key_management_t keys;
  static psa_drv_se_asymmetric_t asymmetric;
  static psa_drv_se_t driver;
  keys.private_p_validate_slot_number = validate;
  keys.private_p_export_public = export_public;
  asymmetric.private_p_sign = sign;
  driver.private_hal_version = PSA_DRV_SE_HAL_VERSION;
  driver.private_key_management = &keys;
  driver.private_asymmetric = &asymmetric;
  if (psa_register_se_driver(CHIP_LOCATION, &driver) != PSA_SUCCESS) return -1;
  return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

void secure_element_stop(void) {
  mbedtls_psa_crypto_free();
}

int secure_element_register(uint32_t key) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_set_key_id(&attributes, key);
  psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(
                                        PSA_KEY_PERSISTENCE_DEFAULT, CHIP_LOCATION));
  psa_set_key_slot_number(&attributes, chip_slot);
  psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
  psa_set_key_bits(&attributes, 256);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH);
  psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
  return mbedtls_psa_register_se_key(&attributes) == PSA_SUCCESS ? 0 : -1;
}

/* ---- What PSA Crypto remembers: a part's internal storage ------------------------------------ */

enum { entries_max = 8, entry_bytes_max = 128 };
static struct entry {
  psa_storage_uid_t uid;
  uint32_t size;
  uint8_t bytes[entry_bytes_max];
} entries[entries_max];

static struct entry* find(psa_storage_uid_t uid) {
  for (struct entry* entry = entries; entry != entries + entries_max; ++entry)
    if (entry->uid == uid) return entry;
  return NULL;
}

psa_status_t psa_its_set(psa_storage_uid_t uid, uint32_t size, const void* data,
                         psa_storage_create_flags_t flags) {
  (void)flags;
  struct entry* entry = find(uid) != NULL ? find(uid) : find(0);
  if (entry == NULL || size > entry_bytes_max) return PSA_ERROR_INSUFFICIENT_STORAGE;
  entry->uid = uid;
  entry->size = size;
  memcpy(entry->bytes, data, size);
  return PSA_SUCCESS;
}

psa_status_t psa_its_get(psa_storage_uid_t uid, uint32_t offset, uint32_t size, void* out,
                         size_t* written) {
  const struct entry* entry = find(uid);
  if (uid == 0 || entry == NULL) return PSA_ERROR_DOES_NOT_EXIST;
  if (offset > entry->size) return PSA_ERROR_INVALID_ARGUMENT;
  *written = size < entry->size - offset ? size : entry->size - offset;
  memcpy(out, entry->bytes + offset, *written);
  return PSA_SUCCESS;
}

psa_status_t psa_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t* out) {
  const struct entry* entry = find(uid);
  if (uid == 0 || entry == NULL) return PSA_ERROR_DOES_NOT_EXIST;
  memset(out, 0, sizeof *out);
  out->size = entry->size;
  return PSA_SUCCESS;
}

psa_status_t psa_its_remove(psa_storage_uid_t uid) {
  struct entry* entry = find(uid);
  if (uid == 0 || entry == NULL) return PSA_ERROR_DOES_NOT_EXIST;
  entry->uid = 0;
  return PSA_SUCCESS;
}
