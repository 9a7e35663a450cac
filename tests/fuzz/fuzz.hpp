// What fuzz targets share: a check that also counts without assertions, and verifiers that accept
// everything, so that what stands behind a signature is reached.
#pragma once

#include <cairn/note.hpp>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace fuzz {

inline void check(bool holds) {
  if (!holds) std::abort();
}

/// The signature that was verified last.
inline cairn::Signature last_signature;

inline int accept(void*, const cairn_public_key*, const uint8_t*, size_t,
                  const uint8_t* signature) {
  for (size_t i = 0; i < cairn::signature_bytes; ++i)
    last_signature.bytes[i] = signature[i];
  return 0;
}

inline cairn::Verifiers verifiers() {
  static const cairn::Verifier list[] = {{sizeof(cairn::Verifier), CAIRN_ED25519, nullptr, accept},
                                         {sizeof(cairn::Verifier), CAIRN_P256, nullptr, accept}};
  return {list, 2};
}

}  // namespace fuzz
