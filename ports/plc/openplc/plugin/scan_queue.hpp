// A bounded queue between one thread that must never wait, the scan, and one that may, the writer.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace cairn::openplc {

/// `Capacity` is a power of two. One thread pushes, one other pops.
template <typename Entry, size_t Capacity>
class ScanQueue {
  static_assert((Capacity & (Capacity - 1)) == 0, "a power of two");

 public:
  /// Puts an entry in. Cost: one copy and two atomic accesses; no lock, no system call. False when
  /// the queue is full: the newest entry is dropped, and counted for take_lost().
  bool push(const Entry& entry) {
    const uint32_t in = in_.load(std::memory_order_relaxed);
    if (in - out_.load(std::memory_order_acquire) == Capacity) {
      lost_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    entries_[in % Capacity] = entry;
    in_.store(in + 1, std::memory_order_release);
    return true;
  }

  /// Takes the oldest entry out. False when there is none.
  bool pop(Entry& out) {
    const uint32_t next = out_.load(std::memory_order_relaxed);
    if (next == in_.load(std::memory_order_acquire)) return false;
    out = entries_[next % Capacity];
    out_.store(next + 1, std::memory_order_release);
    return true;
  }

  /// How many entries were dropped since the last call.
  uint64_t take_lost() { return lost_.exchange(0, std::memory_order_relaxed); }

 private:
  std::array<Entry, Capacity> entries_;
  std::atomic<uint32_t> in_{0};
  std::atomic<uint32_t> out_{0};
  std::atomic<uint64_t> lost_{0};
};

}  // namespace cairn::openplc
