// Leaves that are hashed together, so that an accelerated hash can overlap them.
#pragma once

#include <cairn/merkle.hpp>
#include <vector>

namespace cairn::host {

class LeafGatherer {
 public:
  static constexpr size_t leaves_max = 256;

  /// Copies a leaf, which must not be the 257th; true when it is the 256th.
  bool add(ByteView leaf) {
    bytes_.insert(bytes_.end(), leaf.begin(), leaf.end());
    ends_.push_back(bytes_.size());
    return ends_.size() == leaves_max;
  }

  /// Hashes what was added into `out`, forgets it, and returns how many leaves it was.
  size_t hash(Digest* out) {
    ByteView views[leaves_max];
    size_t begin = 0;
    for (size_t i = 0; i < ends_.size(); ++i) {
      views[i] = {bytes_.data() + begin, ends_[i] - begin};
      begin = ends_[i];
    }
    const size_t count = ends_.size();
    leaf_hashes(views, count, out);
    clear();
    return count;
  }

  void clear() {
    bytes_.clear();
    ends_.clear();
  }

 private:
  std::vector<uint8_t> bytes_;
  std::vector<size_t> ends_;
};

}  // namespace cairn::host
