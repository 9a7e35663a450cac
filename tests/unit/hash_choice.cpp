// The kernel that cairn::accelerated chooses is the one that CAIRN_SHA256 names, if this machine
// can run it; the portable one under any other name; under none the first, or "sha-wide" where it
// was tried and found quicker.
#include <cairn/hash.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/vectors.hpp"

using namespace cairn;

int main() {
  const std::string family = "accelerated: ";
  std::vector<std::string> names;
  for (size_t i = 0; const HashBackend* kernel = sha256_kernel(i); ++i)
    names.emplace_back(kernel->name);
  const char* const asked = std::getenv("CAIRN_SHA256");
  std::string expected = asked == nullptr || *asked == 0 ? names.front() : names.back();
  for (const std::string& name : names)
    if (asked != nullptr && name == family + asked) expected = name;

  const std::string chosen = sha256_accelerated().name;
  if ((asked == nullptr || *asked == 0) && names[0] == family + "sha-avx512" &&
      chosen == family + "sha-wide") {
    expected = chosen;
  }
  Digest digest;
  sha256_accelerated().once(literal("abc"), digest);
  const std::string hex = vectors::to_hex(digest);
  std::printf("CAIRN_SHA256=%s: %s of %zu\n", asked, chosen.c_str(), names.size());
  const bool right = names.back() == family + "portable" && chosen == expected &&
                     &sha256_accelerated() == &sha256_accelerated() &&
                     hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  return right ? 0 : 1;
}
