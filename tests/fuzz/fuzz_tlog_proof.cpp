// tlog-proof files of any bytes: what is accepted is written to the same bytes, and verification
// never crashes, be the signatures right or wrong.
#include <cairn/evidence.hpp>
#include <cairn/merkle.hpp>
#include <cstdlib>
#include <vector>

#include "support/any_verifier.hpp"

using namespace cairn;

namespace {

const char policy_text[] =
    "log dev-b3b2eb.plant.example/line1+723486b4+Ad85ORVok5W/XSsr3AU0LriWI5ivJCxnRyfIxhMuQFDB\n"
    "witness w w1-b3b2eb.example+e5c6ae4a+BP2cAcr1PvOLHepbrmZVfvtgL+bOOE9tc9cANMkt+7tI\n"
    "quorum w\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const AnyPolicy policy(policy_text);
  const ByteView text(data, size);
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  TlogProof file;
  if (parse_tlog_proof(text, file, proof) == Status::ok) {
    std::vector<uint8_t> again(size);
    const Result<size_t> written = format_tlog_proof(file, proof, {again.data(), again.size()});
    if (!written.ok() || !equal({again.data(), written.value}, text)) std::abort();
  }
  for (int answer : {0, static_cast<int>(Status::signature_invalid)}) {
    const AnyVerifier verifier(answer);
    Verdict verdict;
    const Status status =
        verify_tlog_proof(text, leaf_hash(text), policy.policy, verifier.verifiers(), verdict);
    if (status != verdict.reason || verdict.ok() != (status == Status::ok)) std::abort();
  }
  return 0;
}
