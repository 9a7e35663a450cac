#include "change_queue.hpp"

#include "store_change.hpp"

namespace cairn::gateway {

// The first of those who wait commits for all of them; whoever comes meanwhile is in the next
// batch.
Error ChangeQueue::commit(std::vector<Write> writes, bool& applied) {
  Waiting self;
  self.change.writes = std::move(writes);
  std::unique_lock<std::mutex> lock(mutex_);
  waiting_.push_back(&self);
  self.changed.wait(lock,
                    [&] { return self.done || (!is_committing_ && waiting_.front() == &self); });
  if (!self.done) {
    std::vector<Waiting*> batch;
    batch.swap(waiting_);
    is_committing_ = true;
    lock.unlock();
    commit_batch(std::move(batch));
    lock.lock();
    is_committing_ = false;
    if (!waiting_.empty()) waiting_.front()->changed.notify_one();
  }
  applied = self.change.applied;
  return self.error;
}

void ChangeQueue::commit_batch(std::vector<Waiting*> batch) {
  std::vector<Change> changes;
  for (Waiting* one : batch)
    changes.push_back(std::move(one->change));
  const Error error = store_.cas_batch(changes);
  uint64_t applied = 0;
  for (size_t i = 0; i < batch.size(); ++i) {
    Waiting& one = *batch[i];
    one.change = std::move(changes[i]);
    one.error = error;
    if (error.status == Status::io) {
      bool stored = false;
      if (look_up(store_, one.change.writes.front(), stored).ok() && stored) one.error = {};
      one.change.applied = stored;
    } else if (!error.ok()) {
      one.change.applied = false;
    }
    applied += one.change.applied ? 1 : 0;
  }
  const std::lock_guard<std::mutex> guard(mutex_);
  ++commits_;
  changes_ += applied;
  for (Waiting* one : batch) {
    one->done = true;
    one->changed.notify_one();  // with the lock held: once it is released, `one` may be gone
  }
}

uint64_t ChangeQueue::commits() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return commits_;
}

uint64_t ChangeQueue::changes() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return changes_;
}

}  // namespace cairn::gateway
