// Dice for the random walk.
#pragma once

#include <cstdint>
#include <random>

namespace log_walk {

/// Numbers that follow from a seed, the same with every standard library.
class Dice {
 public:
  explicit Dice(uint32_t seed) : random_(seed) {}
  uint32_t below(uint64_t n) { return static_cast<uint32_t>(random_() % n); }
  bool one_in(uint32_t n) { return below(n) == 0; }

 private:
  std::mt19937 random_;
};

}  // namespace log_walk
