// Which head of the gateway's log an anchor is given: where there are further witnesses, one that
// has their cosignatures, so that one piece of evidence carries both.
#pragma once

#include <cairn/gateway/aggregate_log.hpp>
#include <mutex>

namespace service {

/// Any number of threads may call it.
class AnchorHeads {
 public:
  /// `patience_s`: for so long a head may wait for its cosignatures before it is anchored without
  /// them. 0: there are no further witnesses.
  AnchorHeads(const cairn::gateway::AggregateLog& log, uint64_t patience_s, uint64_t now_s)
      : log_(log), patience_s_(patience_s), in_order_s_(now_s) {}

  /// The newest head, whoever cosigned it.
  cairn::gateway::AggregateHead newest() const { return log_.head(); }

  /// What an anchor takes that has anchored a head of this size: the newest cosigned head, if that
  /// is larger; or while witnesses fail, the newest head.
  cairn::gateway::AggregateHead pick(uint64_t anchored_size, uint64_t now_s) const;

  /// Enough witnesses cosigned this head.
  void take_cosigned(const cairn::gateway::AggregateHead& head, uint64_t now_s);
  /// Nothing waits for cosignatures.
  void note_caught_up(uint64_t now_s);

 private:
  const cairn::gateway::AggregateLog& log_;
  const uint64_t patience_s_;
  mutable std::mutex mutex_;  ///< guards what follows
  cairn::gateway::AggregateHead cosigned_;
  uint64_t in_order_s_;  ///< when witnesses last did what they should
};

}  // namespace service
