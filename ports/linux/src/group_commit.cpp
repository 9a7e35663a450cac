#include <algorithm>
#include <cairn/linux/group_commit.hpp>

namespace cairn::host {

GroupCommit::GroupCommit(Recorder& recorder, FileFlash& flash)
    : recorder_(recorder), flash_(flash), failure_(flash.hand_over(true)) {}

GroupCommit::~GroupCommit() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (make_durable(lock) == Status::ok) (void)flash_.hand_over(false);
}

Result<uint64_t> GroupCommit::append(const ByteView* leaves, size_t count) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (failure_ != Status::ok) return Status::bad_state;
  const Result<uint64_t> first = recorder_.stage(leaves, count);
  const Status durable = make_durable(lock);  // also after a failure: what was written is kept
  if (first.ok() && durable != Status::ok) return durable;
  return first;
}

Status GroupCommit::seal() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (failure_ != Status::ok) return Status::bad_state;
  CAIRN_TRY(recorder_.seal());
  return make_durable(lock);
}

// Returns when everything that is staged now is durable. Whoever finds the disk idle flushes for
// all; the others wait, and one of them flushes what was staged meanwhile. Several may think that
// they do: the file lets one after the other, and each is only answered when its own is durable.
Status GroupCommit::make_durable(std::unique_lock<std::mutex>& lock) {
  const uint64_t mine = ++staged_;
  while (durable_ < mine && failure_ == Status::ok) {
    if (flash_.is_flushing()) {
      flushed_.wait(lock);
      continue;
    }
    const uint64_t all = staged_;
    Status status = recorder_.commit();
    lock.unlock();
    if (status == Status::ok) status = flash_.flush();
    lock.lock();
    if (status == Status::ok) {
      durable_ = std::max(durable_, all);
    } else {
      failure_ = status;
      (void)flash_.hand_over(false);  // does nothing any more but to tell the reason
    }
    flushed_.notify_all();
  }
  return durable_ >= mine ? Status::ok : failure_;
}

}  // namespace cairn::host
