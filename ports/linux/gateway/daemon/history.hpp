// What the status page plots: the last hour, a sample every ten seconds. In memory only; for
// longer, let Prometheus read /metrics.
#pragma once

#include <cstdint>
#include <ctime>
#include <deque>
#include <mutex>
#include <vector>

namespace service {

struct Sample {
  std::time_t time_s = 0;
  uint64_t cosigned = 0;  ///< heads since the start
  uint64_t records = 0;   ///< records since the start
  uint64_t leaves = 0;    ///< of the gateway's log
  uint64_t waiting = 0;   ///< checkpoints that are in no leaf yet
};

class History {
 public:
  static constexpr unsigned interval_s = 10;
  static constexpr size_t samples_max = 360;

  void add(const Sample& sample) {
    const std::lock_guard<std::mutex> lock(mutex_);
    samples_.push_back(sample);
    if (samples_.size() > samples_max) samples_.pop_front();
  }
  std::vector<Sample> samples() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {samples_.begin(), samples_.end()};
  }

 private:
  mutable std::mutex mutex_;
  std::deque<Sample> samples_;
};

}  // namespace service
