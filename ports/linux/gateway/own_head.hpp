// Which head of the gateway's log evidence leads to.
#pragma once

#include <cairn/gateway/outbox.hpp>

namespace cairn::gateway {

struct OwnHead {
  std::string note;
  std::vector<StoredReceipt> receipts;
};

/// Of the heads with at least `size_min` leaves, among the next 64 receipts and 64 cosigned heads:
/// the one with receipts of the most anchors; of those, the one with the most cosignatures; of
/// those, the smallest, which is the earliest. The newest head, when none was anchored or cosigned.
///
/// With `anchor`, the name of one, only heads that it has a receipt for count, whoever else has one
/// too: so the time that it proves is not the later one of a head that more anchors have.
///
/// ok; not_found: that anchor has none yet; io, corrupt
Error choose_own_head(Store& store, const AggregateLog& log, uint64_t size_min,
                      const std::string& anchor, OwnHead& out);

}  // namespace cairn::gateway
