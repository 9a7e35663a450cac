// The PSA backend when PSA refuses: the calls below stand in for the library's.
#ifdef CAIRN_TEST_WITH_PSA

#include <psa/crypto.h>

#include <cairn/hash.hpp>
#include <vector>

#include "support/catch.hpp"

namespace {
// Number of the call that fails next; the others succeed without doing anything.
int calls_left = 0;
int aborted = 0;
psa_status_t next_call() {
  return calls_left-- == 0 ? PSA_ERROR_BAD_STATE : PSA_SUCCESS;
}
}  // namespace

extern "C" {
psa_status_t psa_hash_compute(psa_algorithm_t, const uint8_t*, size_t, uint8_t*, size_t, size_t*) {
  return next_call();
}
psa_status_t psa_hash_setup(psa_hash_operation_t*, psa_algorithm_t) {
  return next_call();
}
psa_status_t psa_hash_update(psa_hash_operation_t*, const uint8_t*, size_t) {
  return next_call();
}
psa_status_t psa_hash_finish(psa_hash_operation_t*, uint8_t*, size_t, size_t*) {
  return next_call();
}
psa_status_t psa_hash_abort(psa_hash_operation_t*) {
  ++aborted;
  return PSA_SUCCESS;
}
}

using namespace cairn;

TEST_CASE("where PSA fails, the built-in code answers") {
  const ByteView message = literal("a message of some length");
  Digest expected;
  Digest out{};
  calls_left = 0;
  sha256_builtin.once(message, expected);
  sha256_psa.once(message, out);
  CHECK(out == expected);

  const Digest pairs[] = {expected, Digest{}};
  Digest node{};
  calls_left = 0;
  sha256_builtin.nodes(pairs, 1, &expected);
  sha256_psa.nodes(pairs, 1, &node);
  CHECK(node == expected);
}

TEST_CASE("a hash that PSA breaks off is hashed again from the start") {
  const ByteView message = literal("a message of some length");
  Digest expected;
  sha256_builtin.many(0x00, &message, 1, &expected);
  for (int failing = 0; failing < 4; ++failing) {
    CAPTURE(failing);
    Digest out{};
    calls_left = failing;
    aborted = 0;
    sha256_psa.many(0x00, &message, 1, &out);
    CHECK(out == expected);
    CHECK(aborted == 1);
  }
}

TEST_CASE("the digest is PSA's where PSA succeeds") {
  // The stand-in succeeds and leaves the digest as it was: the built-in code must not have run.
  const ByteView message = literal("a message of some length");
  Digest out{};
  calls_left = 100;
  sha256_psa.once(message, out);
  sha256_psa.many(0x00, &message, 1, &out);
  CHECK(out == Digest{});
}

#endif
