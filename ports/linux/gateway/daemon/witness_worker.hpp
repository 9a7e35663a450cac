// The further witnesses of the gateway's own log at work, on a thread of their own.
#pragma once

#include <cairn/gateway/witnesses.hpp>

#include "anchor_heads.hpp"
#include "config.hpp"
#include "round_thread.hpp"

namespace service {

/// What the status page and the metrics show.
struct WitnessesStatus {
  std::vector<cairn::gateway::WitnessPeer> peers;  ///< of URLs, scheme and host only
  uint64_t cosigned_size = 0;  ///< of the newest head that has enough cosignatures
  uint64_t cosignatures = 0;   ///< since the start; so are failures
  uint64_t failures = 0;
};

/// All witnesses are asked about one head, also those that answer late, so that one head has
/// enough cosignatures; after the interval, about the newest.
class WitnessWorker {
 public:
  /// `store` and `heads` must outlive it. For so long heads may wait: AnchorHeads::pick().
  static uint64_t patience_s(const WitnessesConfig& config);
  WitnessWorker(WitnessesConfig config, cairn::gateway::Store& store, AnchorHeads& heads,
                const std::string& log);

  Error open() { return witnesses_.open(); }
  void start();
  void tell() { thread_.tell(); }
  void stop() { thread_.stop(); }
  WitnessesStatus status() const;

 private:
  std::chrono::milliseconds round();
  bool is_due(uint64_t now_s) const;
  void note(const std::vector<cairn::gateway::WitnessPeer>& before);

  AnchorHeads& heads_;
  const std::string log_;
  const uint64_t interval_s_;
  cairn::gateway::Witnesses witnesses_;
  cairn::gateway::AggregateHead asked_;  ///< about which all are asked
  uint64_t asked_since_s_ = 0;
  std::string store_error_;   ///< of the last round
  mutable std::mutex mutex_;  ///< guards what follows
  uint64_t cosigned_size_ = 0;
  uint64_t cosignatures_ = 0;
  uint64_t failures_ = 0;
  RoundThread thread_;  ///< the last: it uses all others
};

}  // namespace service
