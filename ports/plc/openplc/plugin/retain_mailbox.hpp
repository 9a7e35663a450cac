// Hands the newest retain values from the scan to the writer: neither ever waits for the other, and
// what the writer takes is always one whole set of values.
#pragma once

#include <array>
#include <atomic>
#include <cstring>
#include <memory>

#include <cairn/bytes.hpp>

namespace cairn::openplc {

/// The most that the runtime retains.
constexpr size_t retain_bytes_max = 64 * 1024 - 1;

/// Three buffers: the scan owns one, the writer one, and they swap theirs with the third. One
/// thread puts, one other takes.
class RetainMailbox {
 public:
  /// Copies the values, when they differ from what was put last.
  /// Cost: a comparison, and for new values a copy and one atomic exchange.
  void put(ByteView values) {
    const Buffer& last = buffers_[last_];
    if (has_last_ && equal(last.view(), values)) return;
    Buffer& buffer = buffers_[scan_];
    std::memcpy(buffer.bytes.data(), values.data, values.size);
    buffer.size = values.size;
    last_ = scan_;
    has_last_ = true;
    scan_ = static_cast<uint8_t>(
        middle_.exchange(static_cast<uint8_t>(scan_ | fresh), std::memory_order_acq_rel) & index);
  }

  /// The newest values, or an empty view when none were put since the last call. Valid until the
  /// next call.
  ByteView take() {
    if ((middle_.load(std::memory_order_relaxed) & fresh) == 0) return {};
    writer_ = static_cast<uint8_t>(middle_.exchange(writer_, std::memory_order_acq_rel) & index);
    return buffers_[writer_].view();
  }

 private:
  struct Buffer {
    std::array<uint8_t, retain_bytes_max> bytes;
    size_t size = 0;
    ByteView view() const { return {bytes.data(), size}; }
  };
  static constexpr uint8_t index = 3;
  static constexpr uint8_t fresh = 4;

  std::array<Buffer, 3> buffers_;
  std::atomic<uint8_t> middle_{1};
  uint8_t scan_ = 0;
  uint8_t last_ = 0;  ///< what was put last: read by both, written by neither until the next put
  uint8_t writer_ = 2;
  bool has_last_ = false;
};

}  // namespace cairn::openplc
