#include "anchor_heads.hpp"

namespace service {

using cairn::gateway::AggregateHead;

AggregateHead AnchorHeads::pick(uint64_t anchored_size, uint64_t now_s) const {
  if (patience_s_ == 0) return newest();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    // A clock that was set back is no reason to wait.
    const bool may_wait = now_s >= in_order_s_ && now_s - in_order_s_ < patience_s_;
    if (cosigned_.size > anchored_size || may_wait) return cosigned_;
  }
  return newest();
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
