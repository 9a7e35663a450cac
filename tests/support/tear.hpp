// How a cut leaves the operation that it interrupts, and the random numbers that decide the rest.
#pragma once

#include <cstdint>
#include <string>

namespace fake {

/// Random numbers that cost nothing to seed or to copy (splitmix64).
class Random {
 public:
  using result_type = uint32_t;
  explicit Random(uint64_t seed) : state_(seed) {}
  void seed(uint64_t seed) { state_ = seed; }
  static constexpr uint32_t min() { return 0; }
  static constexpr uint32_t max() { return UINT32_MAX; }
  uint32_t operator()() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return uint32_t(z >> 32);
  }

 private:
  uint64_t state_;
};

/// How the operation at the cut is torn.
struct Tear {
  enum class Extent : uint8_t {
    none,          ///< nothing has happened
    all,           ///< everything has
    in_order,      ///< the first `units_done` units; the next one is torn
    random_order,  ///< as many, but those of the last page in any order
    page           ///< the first `units_done`; all others of that page are torn
  };
  enum class Unit : uint8_t { garbage, looks_blank, unreadable };
  Extent extent = Extent::none;
  uint32_t units_done = 0;  ///< program: before the torn one; erase: whole sectors before it
  Unit unit = Unit::garbage;
  /// The sector that is being erased: 0 not started, 1 mixed, 2 blank but weak, 3 mixed in the
  /// first half, 4 in the second half, 5 done.
  uint8_t erase = 0;
  /// Files: 0 any lot for each unsynced piece; n + 1: the digits of n, base 3, are their lots
  /// (kept, lost, torn), when there are few.
  uint32_t draw = 0;

  std::string text() const {
    return std::to_string(int(extent)) + "/" + std::to_string(units_done) + "/" +
           std::to_string(int(unit)) + "/e" + std::to_string(erase) + "/d" + std::to_string(draw);
  }
};

/// An operation that a cut can interrupt.
struct Operation {
  enum class Kind : uint8_t { program, erase, sync };
  Kind kind;
  uint32_t segment, offset;
  uint32_t parts;  ///< units; sectors; in files, pieces that wait for a sync
};

}  // namespace fake
