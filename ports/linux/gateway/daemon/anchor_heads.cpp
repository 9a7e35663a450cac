#include "anchor_heads.hpp"

#include <algorithm>

namespace service {

using cairn::gateway::AggregateHead;

AggregateHead AnchorHeads::pick(uint64_t anchored_size, uint64_t interval_s, uint64_t now_s) {
  const std::lock_guard<std::mutex> lock(mutex_);
  // A clock that was set back makes it old.
  const bool is_recent = now_s - shared_since_s_ < std::min(interval_s, shared_for_s_);
  if (is_recent && shared_.size > anchored_size) return shared_;
  AggregateHead head = best(anchored_size, now_s);
  if (head.size > anchored_size) {
    shared_ = head;
    shared_since_s_ = now_s;
    shared_for_s_ = std::min(interval_s, offer_s);
  }
  return head;
}

AggregateHead AnchorHeads::best(uint64_t anchored_size, uint64_t now_s) const {
  if (patience_s_ == 0) return newest();
  // A clock that was set back is no reason to wait.
  const bool may_wait = now_s >= in_order_s_ && now_s - in_order_s_ < patience_s_;
  return cosigned_.size > anchored_size || may_wait ? cosigned_ : newest();
}

void AnchorHeads::note_taken(uint64_t size, uint64_t interval_s) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (size == shared_.size) shared_for_s_ = std::max(shared_for_s_, interval_s);
}

void AnchorHeads::take_cosigned(const AggregateHead& head, uint64_t now_s) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (head.size > cosigned_.size) cosigned_ = head;
  in_order_s_ = now_s;
}

void AnchorHeads::note_caught_up(uint64_t now_s) {
  const std::lock_guard<std::mutex> lock(mutex_);
  in_order_s_ = now_s;
}

}  // namespace service
