// The lock round signers and verifiers, over ones that see whether they are alone.
#include <cairn/cortex_m/lock.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "support/catch.hpp"

namespace {

// What two signers share: nobody else may be in it.
struct Shared {
  std::mutex mutex;
  std::atomic<int> inside{0};
  std::atomic<bool> was_alone{true};
  unsigned taken = 0, given = 0;

  int work(int result) {
    if (inside.fetch_add(1) != 0 || taken != given + 1) was_alone = false;
    std::this_thread::yield();
    inside.fetch_sub(1);
    return result;
  }
};
Shared* of(void* user) {
  return static_cast<Shared*>(user);
}

cairn_lock lock_of(Shared& shared) {
  cairn_lock out = CAIRN_LOCK_INIT;
  out.user = &shared;
  out.take = [](void* user) {
    of(user)->mutex.lock();
    ++of(user)->taken;
  };
  out.give = [](void* user) {
    ++of(user)->given;
    of(user)->mutex.unlock();
  };
  return out;
}

cairn_signer signer_of(Shared& shared) {
  cairn_signer out = CAIRN_SIGNER_INIT;
  out.public_key = {CAIRN_P256, {1, 2}};
  out.user = &shared;
  out.sign = [](void* user, const uint8_t* message, size_t size, uint8_t* signature) {
    signature[0] = message[size - 1];
    return of(user)->work(CAIRN_PENDING);
  };
  return out;
}

cairn_verifier verifier_of(Shared& shared) {
  cairn_verifier out = CAIRN_VERIFIER_INIT;
  out.algorithm = CAIRN_P256;
  out.user = &shared;
  out.verify = [](void* user, const cairn_public_key* key, const uint8_t* message, size_t size,
                  const uint8_t* signature) {
    return of(user)->work(size == 3 && signature[0] == message[2] && key->bytes[0] == 1
                              ? CAIRN_OK
                              : CAIRN_E_SIGNATURE_INVALID);
  };
  return out;
}

}  // namespace

TEST_CASE("Cortex-M lock: one at a time, with the answers of what is behind it") {
  Shared shared;
  const cairn_lock lock = lock_of(shared);
  const cairn_signer inner = signer_of(shared);
  const cairn_verifier inner_verifier = verifier_of(shared);
  cairn_locked_signer memory[2];
  cairn_signer signers[2];
  cairn_locked_verifier verifier_memory;
  cairn_verifier verifier;
  for (int i = 0; i < 2; ++i)
    REQUIRE(cairn_lock_signer(&inner, &lock, &memory[i], &signers[i]) == CAIRN_OK);
  REQUIRE(cairn_lock_verifier(&inner_verifier, &lock, &verifier_memory, &verifier) == CAIRN_OK);
  CHECK(signers[1].public_key.algorithm == CAIRN_P256);
  CHECK(signers[1].public_key.bytes[1] == 2);
  CHECK(verifier.algorithm == CAIRN_P256);

  std::atomic<unsigned> wrong{0};
  const auto task = [&](const cairn_signer& signer) {
    const uint8_t message[3] = {7, 8, 9};
    for (int i = 0; i < 500; ++i) {
      uint8_t signature[CAIRN_SIGNATURE_BYTES] = {};
      wrong += signer.sign(signer.user, message, 3, signature) != CAIRN_PENDING;
      wrong +=
          verifier.verify(verifier.user, &signer.public_key, message, 3, signature) != CAIRN_OK;
      wrong += verifier.verify(verifier.user, &signer.public_key, message, 2, signature) !=
               CAIRN_E_SIGNATURE_INVALID;
    }
  };
  std::thread other([&] { task(signers[0]); });
  task(signers[1]);
  other.join();
  CHECK(wrong == 0);
  CHECK(shared.was_alone);
  CHECK(shared.taken == 3000);
  CHECK(shared.given == 3000);
}

TEST_CASE("Cortex-M lock: what is missing is refused") {
  Shared shared;
  cairn_lock lock = lock_of(shared);
  cairn_signer signer = signer_of(shared), out;
  cairn_verifier verifier = verifier_of(shared), verifier_out;
  cairn_locked_signer memory;
  cairn_locked_verifier verifier_memory;
  CHECK(cairn_lock_signer(nullptr, &lock, &memory, &out) == CAIRN_E_BAD_ARGUMENT);
  CHECK(cairn_lock_signer(&signer, nullptr, &memory, &out) == CAIRN_E_BAD_ARGUMENT);
  CHECK(cairn_lock_signer(&signer, &lock, nullptr, &out) == CAIRN_E_BAD_ARGUMENT);
  CHECK(cairn_lock_verifier(&verifier, &lock, &verifier_memory, nullptr) == CAIRN_E_BAD_ARGUMENT);
  signer.sign = nullptr;
  verifier.verify = nullptr;
  CHECK(cairn_lock_signer(&signer, &lock, &memory, &out) == CAIRN_E_BAD_ARGUMENT);
  CHECK(cairn_lock_verifier(&verifier, &lock, &verifier_memory, &verifier_out) ==
        CAIRN_E_BAD_ARGUMENT);
  signer = signer_of(shared);
  lock.give = nullptr;
  CHECK(cairn_lock_signer(&signer, &lock, &memory, &out) == CAIRN_E_BAD_ARGUMENT);
  lock = lock_of(shared);
  lock.struct_size = 0;
  CHECK(cairn_lock_signer(&signer, &lock, &memory, &out) == CAIRN_E_BAD_ARGUMENT);
}
