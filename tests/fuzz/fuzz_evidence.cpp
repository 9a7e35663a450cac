// Evidence of any bytes, as it comes and with the digest that it should have: what is accepted is
// written to the same bytes, and verification never crashes, be the signatures right or wrong.
#include <cairn/evidence.hpp>
#include <cstdlib>
#include <memory>
#include <vector>

#include "support/any_verifier.hpp"

using namespace cairn;

namespace {

const char policy_text[] =
    "log plant.example/d1+7fc56f0e+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c\n"
    "log plant.example/gateway+3c3da7a4+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR\n"
    "witness w1 w1+da91a752+BMqTrBcFGHBx1nuDx/8O/oEI6OxFMFdddyaHkzPb2r58\n"
    "quorum w1\n";

void require(bool condition) {
  if (!condition) std::abort();
}

void write_again(const Evidence& evidence, ByteView file) {
  std::vector<uint8_t> again(file.size);
  EvidenceWriter writer({again.data(), again.size()});
  for (unsigned i = 0; i < evidence.level_count; ++i) {
    const EvidenceLevel& level = evidence.levels[i];
    require(writer.begin_level() == Status::ok);
    for (unsigned run = 0; run < level.run_count; ++run) {
      require(writer.begin_run(level.runs[run].first) == Status::ok);
      LeafReader leaves(level.runs[run].leaves);
      ByteView leaf;
      while (leaves.next(leaf) == Status::ok)
        require(writer.leaf(leaf) == Status::ok);
      require(writer.proof(level.runs[run].proof) == Status::ok);
    }
    require(writer.checkpoint(level.checkpoint) == Status::ok);
  }
  ReceiptReader receipts(evidence.receipts);
  Receipt receipt;
  while (receipts.next(receipt) == Status::ok)
    require(writer.receipt(receipt) == Status::ok);
  const Result<size_t> size = writer.finish();
  require(size.ok() && equal({again.data(), size.value}, file));
}

int answer_receipt(void* user, uint8_t index, const Receipt* receipt, const uint8_t* digest,
                   uint64_t* not_after_s) {
  require(index < evidence_receipts_max && receipt->level < evidence_levels_max);
  require(receipt->kind != 0 && receipt->body_size != 0 && digest != nullptr);
  *not_after_s = receipt->body[0];
  return *static_cast<const int*>(user);
}

void take(ByteView file) {
  static const AnyPolicy policy(policy_text);
  const auto evidence = std::make_unique<Evidence>();
  const bool parsed = parse_evidence(file, *evidence) == Status::ok;
  if (parsed) write_again(*evidence, file);
  for (int answer : {0, static_cast<int>(Status::signature_invalid)}) {
    const AnyVerifier verifier(answer);
    const ReceiptVerifier receipts = {sizeof receipts, &answer, answer_receipt};
    Verdict verdict;
    const Status status =
        verify_evidence(file, policy.policy, verifier.verifiers(), nullptr, verdict, &receipts);
    require(status == verdict.reason);
    require(verdict.ok() == (status == Status::ok));
    require(status != Status::ok || (parsed && answer == 0));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  take({data, size});
  constexpr size_t field_size = 2 + digest_bytes;
  if (size < field_size) return 0;
  std::vector<uint8_t> sealed(data, data + size);
  const Digest digest = sha256({data, size - field_size});
  sealed[size - field_size] = 0x7A;
  sealed[size - field_size + 1] = digest_bytes;
  for (size_t i = 0; i < digest_bytes; ++i)
    sealed[size - digest_bytes + i] = digest.bytes[i];
  take({sealed.data(), sealed.size()});
  return 0;
}
