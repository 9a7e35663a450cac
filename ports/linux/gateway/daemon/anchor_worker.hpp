// One anchor at work: its outbox, on a thread of its own, and what is told of it.
#pragma once

#include <cairn/gateway/outbox.hpp>
#include <deque>

#include "anchor_factory.hpp"
#include "anchor_heads.hpp"
#include "round_thread.hpp"

namespace service {

/// How long a receipt took: from the submission that was stored to the receipt that was kept.
struct AnchorLatency {
  std::time_t time_s = 0;
  double seconds = 0;
};

/// What the status page and the metrics show of an anchor.
struct AnchorStatus {
  std::string name;
  std::string type;
  std::string site;     ///< of its URL
  std::string account;  ///< evm: that pays, and speaks for the gateway
  std::string contract;
  std::string cost_unit;
  uint64_t cost_max = UINT64_MAX;
  cairn::gateway::OutboxState outbox;
  uint64_t receipts = 0;  ///< since the start; so are failures
  uint64_t failures = 0;
  std::deque<AnchorLatency> latencies;  ///< of the last receipts
};

class AnchorWorker {
 public:
  static constexpr size_t latencies_max = 120;

  /// `store`, `heads` and `log` must outlive it.
  AnchorWorker(AnchorConfig config, cairn::gateway::Store& store, AnchorHeads& heads,
               const cairn::gateway::AggregateLog& log);

  /// Loads the key. As make_anchor(). What is stored is read by the thread: while one worker of an
  /// anchor ends, the next may be made.
  Error open();
  void start();
  void tell() { thread_.tell(); }
  void stop() { thread_.stop(); }
  AnchorStatus status() const;

 private:
  std::chrono::milliseconds round();
  Error resume(uint64_t now_s);
  Error step(uint64_t now_s);
  Error pick(uint64_t now_s, cairn::gateway::AnchorHead& out);
  void note(const cairn::gateway::OutboxState& before, const cairn::gateway::OutboxState& after);
  void note_receipt(const cairn::gateway::OutboxState& after);
  void note_failure(const cairn::gateway::OutboxState& after);

  const AnchorConfig config_;
  cairn::gateway::Store& store_;
  AnchorHeads& heads_;
  MadeAnchor made_;
  std::unique_ptr<cairn::gateway::Outbox> outbox_;
  bool is_resumed_ = false;
  std::chrono::steady_clock::time_point begun_;  ///< when what is being anchored was prepared
  std::string store_error_;                      ///< of the last round
  mutable std::mutex mutex_;                     ///< guards what follows
  uint64_t receipts_ = 0;
  uint64_t failures_ = 0;
  std::deque<AnchorLatency> latencies_;
  RoundThread thread_;  ///< the last: it uses all others
};

}  // namespace service
