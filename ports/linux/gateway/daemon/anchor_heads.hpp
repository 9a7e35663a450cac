// Which head of the gateway's log an anchor is given: one that others know too, so that one piece
// of evidence carries what all of them say. Where there are further witnesses it has their
// cosignatures, and where there are several anchors it is what another one has just taken.
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

  /// For so long a head that an anchor was given counts as taken while it is not: the anchor may be
  /// at it, or it may be down or capped, and then others do not take older heads for its sake.
  static constexpr uint64_t offer_s = 10;

  /// The newest head, whoever cosigned it.
  cairn::gateway::AggregateHead newest() const { return log_.head(); }

  /// What an anchor takes that has anchored a head of this size and takes one each `interval_s`:
  /// the head that another anchor took last, if it is larger and not older than the shorter of both
  /// intervals. Otherwise the newest cosigned head, if that is larger; or while witnesses fail, the
  /// newest head.
  ///
  /// So while both answer, the one with the shorter interval anchors what the other one does, too.
  cairn::gateway::AggregateHead pick(uint64_t anchored_size, uint64_t interval_s, uint64_t now_s);
  /// An anchor with this interval took the head of this size.
  void note_taken(uint64_t size, uint64_t interval_s);

  /// Enough witnesses cosigned this head.
  void take_cosigned(const cairn::gateway::AggregateHead& head, uint64_t now_s);
  /// Nothing waits for cosignatures.
  void note_caught_up(uint64_t now_s);

 private:
  cairn::gateway::AggregateHead best(uint64_t anchored_size, uint64_t now_s) const;

  const cairn::gateway::AggregateLog& log_;
  const uint64_t patience_s_;
  std::mutex mutex_;  ///< guards what follows
  cairn::gateway::AggregateHead cosigned_;
  uint64_t in_order_s_;  ///< when witnesses last did what they should
  cairn::gateway::AggregateHead shared_;
  uint64_t shared_since_s_ = 0;
  uint64_t shared_for_s_ = 0;
};

}  // namespace service
