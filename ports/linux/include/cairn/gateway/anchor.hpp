// Anchors: outside ledgers that are given the head of the gateway's log, and whose receipts go into
// evidence. A plug-in knows one ledger; the outbox (outbox.hpp) knows when to call it.
#pragma once

#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/sign.hpp>

namespace cairn::gateway {

/// A head to be anchored.
struct AnchorHead {
  std::string log;  ///< origin
  uint64_t size = 0;
  Digest digest{};   ///< SHA-256 of the checkpoint's text: what receipts are about
  std::string note;  ///< signed
};

/// The head of a log as anchors take it. corrupt: not a signed checkpoint of that size.
Error anchor_head(const std::string& log, const AggregateHead& head, AnchorHead& out);

/// A submission, ready to be sent.
struct AnchorRequest {
  std::string bytes;  ///< whatever the plug-in needs to send it, again and again
  uint64_t cost = 0;  ///< in the plug-in's unit
};

/// One outside ledger. The outbox calls it from one thread.
///
/// Sending is in two steps, so that a process that is killed at any moment spends nothing twice:
/// what prepare() made is stored first, and only then submitted; after a start the same bytes are
/// submitted again.
class Anchor {
 public:
  virtual ~Anchor() = default;

  /// CAIRN_RECEIPT_... of its receipts.
  virtual uint8_t kind() const = 0;
  /// The unit of its costs: "requests", "gwei".
  virtual const char* cost_unit() const = 0;

  /// Makes a submission; nothing is spent and nothing is published. `previous` is empty, or the
  /// bytes of a submission for the same or an earlier head that poll() gave up: a ledger that
  /// numbers its transactions gives the new one the same number, so that only one can count.
  ///
  /// ok, io (the ledger does not answer), other: the message says what to do
  virtual Error prepare(const AnchorHead& head, const std::string& previous,
                        AnchorRequest& out) = 0;

  /// Sends it. Sending what was sent before is harmless. A ledger that answers at once fills
  /// `receipt`; others leave it empty.
  ///
  /// ok         sent, or sent before
  /// io         the ledger does not answer, or is too busy
  /// bad_state  it will never be taken: prepare again
  virtual Error submit(const AnchorHead& head, const std::string& request,
                       std::string& receipt) = 0;

  /// Asks for the receipt of what was submitted.
  ///
  /// ok         `receipt` is complete
  /// not_found  not yet
  /// io         the ledger does not answer
  /// bad_state  it will never be: prepare again
  virtual Error poll(const AnchorHead& head, const std::string& request, std::string& receipt) = 0;

  /// Checks a receipt as whoever reads the evidence will; the outbox keeps no other.
  ///
  /// ok                                      `not_after_s` is the time that it proves, or 0
  /// corrupt, proof_invalid, signature_invalid
  virtual Error verify(const Digest& digest, const std::string& receipt,
                       uint64_t& not_after_s) const = 0;
};

}  // namespace cairn::gateway
