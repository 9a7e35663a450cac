// Every SHA-256 backend that this build links and this machine can run.
#pragma once

#include <cairn/hash.hpp>
#include <vector>

inline std::vector<const cairn::HashBackend*> hash_backends() {
  std::vector<const cairn::HashBackend*> all = {&cairn::sha256_builtin};
#ifdef CAIRN_TEST_WITH_ACCELERATED
  for (size_t i = 0; const cairn::HashBackend* kernel = cairn::sha256_kernel(i); ++i)
    all.push_back(kernel);
#endif
#ifdef CAIRN_TEST_WITH_SODIUM
  all.push_back(&cairn::sha256_sodium);
#endif
#ifdef CAIRN_TEST_WITH_PSA
  all.push_back(&cairn::sha256_psa);
#endif
  return all;
}
