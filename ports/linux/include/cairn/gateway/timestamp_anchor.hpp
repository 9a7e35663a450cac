// A time-stamping authority as anchor: RFC 3161 over HTTP. Its token proves that the head existed
// at the authority's time; it needs trust in the authority, and no ledger.
#pragma once

#include <cairn/gateway/anchor.hpp>

namespace cairn::gateway {

struct TimestampAnchorOptions {
  std::string url;            ///< http or https
  std::string certificates;   ///< PEM: the authority's root and what its chain needs
  std::string policy;         ///< object identifier of a policy to ask for; empty: the authority's
  std::string https_ca_file;  ///< for the connection; empty: the system's certificates
  unsigned timeout_s = 10;
};

/// Costs: one request each. A request that was sent twice, because the process was killed before
/// the answer was stored, is answered twice.
class TimestampAnchor : public Anchor {
 public:
  explicit TimestampAnchor(TimestampAnchorOptions options) : options_(std::move(options)) {}

  uint8_t kind() const override { return CAIRN_RECEIPT_RFC3161; }
  const char* cost_unit() const override { return "requests"; }

  /// A TimeStampReq with a nonce that asks for the certificate. bad_argument: the policy is no
  /// object identifier.
  Error prepare(const AnchorHead& head, const std::string& previous, AnchorRequest& out) override;
  /// Checks the answer against the request: status, nonce, digest, signature, chain.
  ///
  /// bad_state: it is of another request, or not signed by the authority
  Error submit(const AnchorHead& head, const std::string& request, std::string& receipt) override;
  /// The answer comes with submit().
  Error poll(const AnchorHead& head, const std::string& request, std::string& receipt) override;
  Error verify(const Digest& digest, const std::string& receipt,
               uint64_t& not_after_s) const override;

 private:
  const TimestampAnchorOptions options_;
};

}  // namespace cairn::gateway
