// Fork proofs of any bytes: what is read is written again byte for byte, and what proves a fork
// names a log and two heads.
#include <cairn/linux/file.hpp>
#include <cairn/linux/fork_proof.hpp>

#include "fuzz.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  host::ForkProof proof;
  const host::Error parsed = host::parse_fork_proof({data, size}, proof);
  fuzz::check(parsed.ok() == parsed.message.empty());
  if (!parsed.ok()) return 0;
  fuzz::check(host::format_fork_proof(proof) == host::string_of({data, size}));
  host::ForkFacts facts;
  const host::Error verified = host::verify_fork_proof(proof, {}, facts);
  fuzz::check(verified.ok() == verified.message.empty());
  if (!verified.ok()) return 0;
  fuzz::check(!facts.origin.empty() && facts.first_size <= facts.second_size);
  fuzz::check(facts.first_root != facts.root);
  return 0;
}
