// The thread that moves the gateway's own log on: it queues heads that a crash left out, gives
// numbers to what waits, publishes, signs; round after round.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "journal.hpp"

namespace service {

using cairn::host::Error;

class Sequencer {
 public:
  /// What one round does; its Error says whether everything is in order.
  using Round = std::function<Error()>;

  explicit Sequencer(Round round) : round_(std::move(round)) {}
  ~Sequencer() { stop(); }
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  void start(std::chrono::milliseconds interval);
  void set_interval(std::chrono::milliseconds interval);
  std::chrono::milliseconds interval() const;
  /// Ends after a last round.
  void stop();

  /// Seconds since a round last ended, well or not: a large number means that a call hangs.
  double idle_seconds() const;
  /// How the last round ended.
  Error last() const;
  uint64_t rounds() const { return rounds_; }
  uint64_t failures() const { return failures_; }

 private:
  void run();
  void perform();

  const Round round_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::milliseconds interval_{1000};
  bool stopping_ = false;
  Error last_;
  std::chrono::steady_clock::time_point ended_;
  std::atomic<uint64_t> rounds_{0};
  std::atomic<uint64_t> failures_{0};
  std::thread thread_;
};

}  // namespace service
