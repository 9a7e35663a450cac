// An array of hashes that grows without moving them: its pieces double in size, so that half of
// the last one at most is empty, and what is empty was never touched.
#pragma once

#include <algorithm>
#include <cairn/hash.hpp>
#include <memory>
#include <vector>

namespace cairn::host {

/// Memory for so many hashes that nothing has touched yet; on pages of 2 MiB where it is as large,
/// because proofs read a hash here and a hash there, and small pages then cost more than the
/// hashes. Throws std::bad_alloc.
Digest* allocate_digests(size_t count);
struct FreeDigests {
  void operator()(Digest* digests) const;
};

class DigestColumn {
 public:
  uint64_t size() const { return size_; }
  const Digest& operator[](uint64_t i) const {
    const unsigned piece = piece_of(i);
    return pieces_[piece][static_cast<size_t>(i - begin_of(piece))];
  }

  /// How many hashes stand in one piece from `i` on.
  size_t run(uint64_t i) const {
    return static_cast<size_t>(std::min(begin_of(piece_of(i) + 1), size_) - i);
  }

  /// Room for up to `wanted` hashes behind the last, as many as lie in one piece: `count` of them.
  /// They belong to the array once grow() was called.
  Digest* room(size_t wanted, size_t& count) {
    const unsigned piece = piece_of(size_);
    const uint64_t end = begin_of(piece + 1);
    if (piece == pieces_.size()) {
      pieces_.emplace_back(allocate_digests(static_cast<size_t>(end - size_)));
    }
    count = static_cast<size_t>(std::min<uint64_t>(wanted, end - size_));
    return &pieces_[piece][static_cast<size_t>(size_ - begin_of(piece))];
  }
  void grow(size_t count) { size_ += count; }

 private:
  static constexpr unsigned first_level = 4;  // the first two pieces hold 2^4 hashes each

  static unsigned piece_of(uint64_t i) { return bit_length(i >> first_level); }
  static uint64_t begin_of(unsigned piece) {
    return piece == 0 ? 0 : uint64_t{1} << (first_level + piece - 1);
  }

  std::vector<std::unique_ptr<Digest[], FreeDigests>> pieces_;
  uint64_t size_ = 0;
};

}  // namespace cairn::host
