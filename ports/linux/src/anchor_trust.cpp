#include <algorithm>
#include <cairn/linux/anchor_trust.hpp>
#include <cairn/linux/timestamp_token.hpp>
#include <cstring>
#include <map>

namespace cairn::host {
namespace {

// The most telling answer of several anchors: the one that passed, or else what is wrong, or else
// that none of them is meant.
void keep_better(ReceiptFinding& kept, ReceiptFinding other) {
  if (kept.status == Status::ok) return;
  const bool first = kept.detail.empty();
  if (first || other.status == Status::ok || kept.status == Status::not_found)
    kept = std::move(other);
}

}  // namespace

ReceiptFinding AnchorTrust::find_authority(ByteView token, const Digest& digest) const {
  ReceiptFinding kept;
  for (const TrustedAuthority& authority : authorities_) {
    Timestamp stamp;
    const Error error = verify_timestamp(token, digest, authority.certificates, stamp);
    if (error.ok())
      keep_better(kept, {Status::ok, authority.name, "by " + stamp.authority, stamp.not_after_s});
    else
      keep_better(kept, {error.status, authority.name, error.message, 0});
  }
  return kept;
}

ReceiptFinding AnchorTrust::find_chain(ByteView body, const Digest& digest) const {
  ReceiptFinding kept;
  for (const TrustedChain& chain : chains_) {
    EvmFact fact;
    const Error error = verify_evm_receipt(body, digest, chain.trust, fact);
    if (error.ok())
      keep_better(kept,
                  {Status::ok, chain.name,
                   "block " + std::to_string(fact.block) + " of chain " +
                       std::to_string(chain.trust.chain_id) + ", " + evm_hash_text(fact.block_hash),
                   fact.time_s});
    else
      keep_better(kept, {error.status, chain.name, error.message, 0});
  }
  return kept;
}

ReceiptFinding AnchorTrust::find(const Receipt& receipt, const Digest& digest) const {
  const ByteView body{receipt.body, receipt.body_size};
  ReceiptFinding finding;
  if (receipt.kind == CAIRN_RECEIPT_RFC3161) finding = find_authority(body, digest);
  if (receipt.kind == CAIRN_RECEIPT_EVM) finding = find_chain(body, digest);
  if (finding.detail.empty()) finding.detail = "no anchor of this kind is trusted";
  if (finding.status == Status::not_found) finding.anchor.clear();
  return finding;
}

int AnchorTrust::check(void* user, uint8_t, const Receipt* receipt, const uint8_t* digest,
                       uint64_t* not_after_s) {
  AnchorTrust& self = *static_cast<AnchorTrust*>(user);
  Digest text;
  std::memcpy(text.bytes, digest, sizeof text.bytes);
  self.findings_.push_back(self.find(*receipt, text));
  *not_after_s = self.findings_.back().not_after_s;
  return static_cast<int>(self.findings_.back().status);
}

Status AnchorTrust::verify(ByteView file, const Policy& policy, const Verifiers& verifiers,
                           const ByteView* record, Verdict& verdict) {
  findings_.clear();
  const ReceiptVerifier receipts = {sizeof receipts, this, check};
  (void)verify_evidence(file, policy, verifiers, record, verdict, &receipts);
  count(verdict);
  return verdict.reason;
}

// Receipts of one anchor count once, with the earliest.
void AnchorTrust::count(Verdict& verdict) const {
  std::map<std::string, std::pair<uint64_t, uint8_t>> earliest;
  for (size_t i = 0; i < findings_.size(); ++i) {
    if (findings_[i].status != Status::ok) continue;
    const auto told = std::make_pair(findings_[i].not_after_s, static_cast<uint8_t>(i));
    const auto [place, is_new] = earliest.emplace(findings_[i].anchor, told);
    if (!is_new) place->second = std::min(place->second, told);
  }
  if (earliest.size() < required_) {
    verdict.anchors = Outcome::failed;
    if (verdict.reason == Status::ok) verdict.reason = Status::not_found;
    if (verdict.not_after_source == TimeSource::anchor) verdict.not_after_source = TimeSource::none;
    return;
  }
  if (required_ < 2 || verdict.not_after_source != TimeSource::anchor) return;
  std::vector<std::pair<uint64_t, uint8_t>> times;
  for (const auto& entry : earliest)
    times.push_back(entry.second);
  std::sort(times.begin(), times.end());
  verdict.not_after_s = times[required_ - 1].first;
  verdict.not_after_receipt = times[required_ - 1].second;
}

}  // namespace cairn::host
