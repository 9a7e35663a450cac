// A thread that does something outside, round after round, until it is told to stop. Its requests
// over HTTP end with it, so no party that hangs holds up the service's end.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace service {

class RoundThread {
 public:
  /// Does one round; returns how long to wait before the next.
  using Round = std::function<std::chrono::milliseconds()>;

  ~RoundThread() { stop(); }
  void start(Round round);
  /// Ends a round that is under way within about a second, and does not wait for it.
  void tell();
  /// tell(), and waits until it has ended.
  void stop();
  bool is_stopping() const { return stopping_; }

 private:
  void run(const Round& round);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace service
