// Progress of long work on standard error, when that is a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace command {

class Progress {
 public:
  /// `total` 0: not known. `unit` is what is counted, "records".
  Progress(std::string what, std::string unit, uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Draws at most ten times a second.
  void at(uint64_t done);

 private:
  using Clock = std::chrono::steady_clock;
  std::string line(uint64_t done, double seconds) const;

  std::string what_;
  std::string unit_;
  uint64_t total_;
  Clock::time_point began_;
  Clock::time_point drawn_;
  bool terminal_;
  bool visible_ = false;
};

}  // namespace command
