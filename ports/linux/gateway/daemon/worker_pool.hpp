// Threads that do what blocks: a commit of the store, a file that is read. The queue before them is
// bounded, so a flood is refused while it is small.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace service {

class WorkerPool {
 public:
  WorkerPool(unsigned threads, size_t queued_max);
  /// Finishes what was taken.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Takes a job, or returns false: too many wait, or the pool is stopping. Jobs throw nothing.
  bool offer(std::function<void()> job);
  /// Refuses from now on, finishes what was taken, ends the threads.
  void stop();
  size_t queued() const;

 private:
  void work();

  const size_t queued_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace service
