// Group commit: changes that many threads bring while the store commits become the next batch.
#pragma once

#include <cairn/gateway/store.hpp>
#include <condition_variable>
#include <mutex>

namespace cairn::gateway {

class ChangeQueue {
 public:
  explicit ChangeQueue(Store& store) : store_(store) {}

  /// Makes one change durable, and returns when that is known.
  ///
  /// ok            `applied` says whether its expectations held
  /// io            not even looking at the store again showed whether it was applied
  /// others        as cas_batch(): it was not
  Error commit(std::vector<Write> writes, bool& applied);

  uint64_t commits() const;
  /// Changes that were applied.
  uint64_t changes() const;

 private:
  /// A change with the thread that waits for it.
  struct Waiting {
    Change change;
    Error error;
    bool done = false;
    std::condition_variable changed;  ///< its own: a commit wakes nobody whom it does not concern
  };

  void commit_batch(std::vector<Waiting*> batch);

  Store& store_;
  mutable std::mutex mutex_;  ///< guards what follows, and who waits
  std::vector<Waiting*> waiting_;
  bool is_committing_ = false;
  uint64_t commits_ = 0;
  uint64_t changes_ = 0;
};

}  // namespace cairn::gateway
