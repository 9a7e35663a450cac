#include <cairn/cortex_m/lock.h>

static int sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  const cairn_locked_signer* locked = (const cairn_locked_signer*)user;
  int status;
  locked->lock.take(locked->lock.user);
  status = locked->signer.sign(locked->signer.user, message, size, signature);
  locked->lock.give(locked->lock.user);
  return status;
}

static int verify(void* user, const cairn_public_key* key, const uint8_t* message, size_t size,
                  const uint8_t* signature) {
  const cairn_locked_verifier* locked = (const cairn_locked_verifier*)user;
  int status;
  locked->lock.take(locked->lock.user);
  status = locked->verifier.verify(locked->verifier.user, key, message, size, signature);
  locked->lock.give(locked->lock.user);
  return status;
}

static int is_lock(const cairn_lock* lock) {
  return lock != NULL && lock->struct_size == sizeof *lock && lock->take != NULL &&
         lock->give != NULL;
}

int cairn_lock_signer(const cairn_signer* signer, const cairn_lock* lock,
                      cairn_locked_signer* memory, cairn_signer* out) {
  if (signer == NULL || signer->sign == NULL || !is_lock(lock) || memory == NULL || out == NULL)
    return CAIRN_E_BAD_ARGUMENT;
  memory->signer = *signer;
  memory->lock = *lock;
  *out = memory->signer;
  out->user = memory;
  out->sign = sign;
  return CAIRN_OK;
}

int cairn_lock_verifier(const cairn_verifier* verifier, const cairn_lock* lock,
                        cairn_locked_verifier* memory, cairn_verifier* out) {
  if (verifier == NULL || verifier->verify == NULL || !is_lock(lock) || memory == NULL ||
      out == NULL)
    return CAIRN_E_BAD_ARGUMENT;
  memory->verifier = *verifier;
  memory->lock = *lock;
  *out = memory->verifier;
  out->user = memory;
  out->verify = verify;
  return CAIRN_OK;
}
