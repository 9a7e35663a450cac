// A calendar of OpenTimestamps as anchor. Its answer is a promise that a client of OpenTimestamps
// completes and checks; `cairn ots` writes the file for it.
#pragma once

#include <cairn/gateway/anchor.hpp>

namespace cairn::gateway {

struct OpenTimestampsAnchorOptions {
  std::string url;  ///< of the calendar, without /digest
  std::string https_ca_file;
  unsigned timeout_s = 10;
};

/// Costs: one request each. A calendar may be given the same digest again.
class OpenTimestampsAnchor : public Anchor {
 public:
  explicit OpenTimestampsAnchor(OpenTimestampsAnchorOptions options)
      : options_(std::move(options)) {}

  uint8_t kind() const override { return CAIRN_RECEIPT_OPENTIMESTAMPS; }
  const char* cost_unit() const override { return "requests"; }

  Error prepare(const AnchorHead& head, const std::string& previous, AnchorRequest& out) override;
  /// bad_state: the calendar answers with something that is no timestamp
  Error submit(const AnchorHead& head, const std::string& request, std::string& receipt) override;
  /// The answer comes with submit().
  Error poll(const AnchorHead& head, const std::string& request, std::string& receipt) override;
  /// The form alone; it tells no time.
  Error verify(const Digest& digest, const std::string& receipt,
               uint64_t& not_after_s) const override;

 private:
  const OpenTimestampsAnchorOptions options_;
};

}  // namespace cairn::gateway
