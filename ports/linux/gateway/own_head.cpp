#include "own_head.hpp"

#include <algorithm>
#include <cairn/gateway/witnesses.hpp>
#include <map>

namespace cairn::gateway {
namespace {

constexpr size_t looked_at_max = 64;

struct Candidate {
  OwnHead head;
  size_t lines = 0;  ///< of signatures

  void take(const std::string& note) {
    head.note = note;
    const size_t text = note.find("\n\n");
    if (text != std::string::npos)
      lines = static_cast<size_t>(
          std::count(note.begin() + static_cast<std::ptrdiff_t>(text) + 2, note.end(), '\n'));
  }
  // A head has one receipt of each anchor at most.
  bool is_better_than(const Candidate& other) const {
    return std::make_pair(head.receipts.size(), lines) >
           std::make_pair(other.head.receipts.size(), other.lines);
  }
};

using Candidates = std::map<uint64_t, Candidate>;  // by size

// With an anchor's name, up to its first receipt and beyond.
Error add_receipts(Store& store, const std::string& log, uint64_t size_min,
                   const std::string& anchor, Candidates& out) {
  std::vector<StoredReceipt> receipts;
  for (bool found = false; !found;) {
    CAIRN_HOST_TRY(list_receipts(store, log, size_min, looked_at_max, receipts));
    found = anchor.empty() || receipts.size() < looked_at_max;
    for (const StoredReceipt& receipt : receipts)
      found = found || receipt.anchor == anchor;
    // The last size may have more, behind the page.
    if (!found) size_min = std::max(size_min + 1, receipts.back().size);
  }
  for (StoredReceipt& receipt : receipts) {
    Candidate& candidate = out[receipt.size];
    candidate.take(receipt.note);
    candidate.head.receipts.push_back(std::move(receipt));
  }
  return {};
}

Error add_cosigned(Store& store, const std::string& log, uint64_t size_min, Candidates& out) {
  std::vector<CosignedHead> heads;
  CAIRN_HOST_TRY(list_cosigned(store, log, size_min, looked_at_max, heads));
  for (const CosignedHead& head : heads)
    out[head.size].take(head.note);
  return {};
}

bool is_of(const Candidate& candidate, const std::string& anchor) {
  const auto& receipts = candidate.head.receipts;
  return anchor.empty() ||
         std::any_of(receipts.begin(), receipts.end(),
                     [&anchor](const StoredReceipt& one) { return one.anchor == anchor; });
}

}  // namespace

Error choose_own_head(Store& store, const AggregateLog& log, uint64_t size_min,
                      const std::string& anchor, OwnHead& out) {
  Candidates candidates;
  CAIRN_HOST_TRY(add_receipts(store, log.origin(), size_min, anchor, candidates));
  const uint64_t cosigned_min =
      anchor.empty() || candidates.empty() ? size_min : candidates.begin()->first;
  CAIRN_HOST_TRY(add_cosigned(store, log.origin(), cosigned_min, candidates));
  const Candidate* best = nullptr;
  for (const auto& [size, candidate] : candidates) {
    if (!is_of(candidate, anchor)) continue;
    const bool is_better = best == nullptr || (anchor.empty() ? candidate.is_better_than(*best)
                                                              : candidate.lines > best->lines);
    if (is_better) best = &candidate;
  }
  if (best == nullptr && !anchor.empty())
    return {Status::not_found, "the anchor '" + anchor + "' has no receipt for these records yet."};
  out = best != nullptr ? best->head : OwnHead{log.head().note, {}};
  return {};
}

}  // namespace cairn::gateway
