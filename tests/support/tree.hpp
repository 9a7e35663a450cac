// Trees to test against, built straight from the recursive definition of RFC 6962 §2.1: nothing
// here knows of frontiers, paths or bit tricks.
#pragma once

#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <initializer_list>
#include <map>
#include <utility>
#include <vector>

namespace tree {

using cairn::Digest;

// The largest power of two below n, for n > 1.
inline uint64_t split_point(uint64_t n) {
  uint64_t k = 1;
  while (k < n - k)
    k *= 2;
  return k;
}

inline Digest numbered_leaf(uint64_t i) {
  uint8_t bytes[8];
  cairn::store_be64(bytes, i);
  return cairn::leaf_hash(bytes);
}

inline std::vector<Digest> numbered_leaves(uint64_t first, uint64_t count) {
  std::vector<Digest> out;
  for (uint64_t i = 0; i < count; ++i)
    out.push_back(numbered_leaf(first + i));
  return out;
}

// Root of the tree over leaves[begin, end).
inline Digest root(const std::vector<Digest>& leaves, uint64_t begin, uint64_t end) {
  if (begin == end) return cairn::empty_root;
  if (end - begin == 1) return leaves[begin];
  const uint64_t middle = begin + split_point(end - begin);
  return cairn::node_hash(root(leaves, begin, middle), root(leaves, middle, end));
}

// A source over leaves in memory that refuses what is not complete in the tree of `size` leaves.
struct LeafSource {
  const std::vector<Digest>* leaves;
  uint64_t size;

  static cairn::Status node(void* user, unsigned level, uint64_t index, Digest& out) {
    const LeafSource& self = *static_cast<const LeafSource*>(user);
    if (level > 62 || index >= self.size >> level) return cairn::Status::bad_argument;
    out = root(*self.leaves, index << level, (index + 1) << level);
    return cairn::Status::ok;
  }
  cairn::NodeSource source() { return {this, node}; }
};

// All perfect subtrees over leaves in memory: levels[l][i] covers leaves [i << l, (i + 1) << l).
struct Levels {
  std::vector<std::vector<Digest>> levels;

  explicit Levels(std::vector<Digest> leaves) {
    levels.push_back(std::move(leaves));
    while (levels.back().size() > 1) {
      std::vector<Digest> parents(levels.back().size() / 2);
      cairn::hash_backend().nodes(levels.back().data(), parents.size(), parents.data());
      levels.push_back(std::move(parents));
    }
  }

  static cairn::Status node(void* user, unsigned level, uint64_t index, Digest& out) {
    const Levels& self = *static_cast<const Levels*>(user);
    if (level >= self.levels.size() || index >= self.levels[level].size()) {
      return cairn::Status::not_found;
    }
    out = self.levels[level][static_cast<size_t>(index)];
    return cairn::Status::ok;
  }
  cairn::NodeSource source() { return {this, node}; }
};

// A tree of up to 2^63 - 1 leaves that are all alike but for the numbered ones: only subtrees with
// one of these inside are ever computed, so any size and index can be asked for.
class HugeTree {
 public:
  HugeTree(std::initializer_list<uint64_t> numbered) {
    for (uint64_t i : numbered)
      numbered_[i] = numbered_leaf(i);
    plain_[0] = numbered_leaf(UINT64_MAX);
    for (unsigned level = 1; level < 63; ++level)
      plain_[level] = cairn::node_hash(plain_[level - 1], plain_[level - 1]);
  }

  Digest leaf(uint64_t index) const { return perfect(0, index); }

  Digest root(uint64_t size) const { return size == 0 ? cairn::empty_root : over(0, size); }

  cairn::NodeSource source(uint64_t size) {
    size_ = size;
    return {this, node};
  }

 private:
  Digest perfect(unsigned level, uint64_t index) const {
    const auto inside = numbered_.lower_bound(index << level);
    if (inside == numbered_.end() || inside->first >> level != index) return plain_[level];
    if (level == 0) return inside->second;
    return cairn::node_hash(perfect(level - 1, 2 * index), perfect(level - 1, 2 * index + 1));
  }
  Digest over(uint64_t begin, uint64_t count) const {
    const unsigned level = cairn::bit_length(count) - 1;
    if (count == uint64_t{1} << level) return perfect(level, begin >> level);
    const uint64_t left = split_point(count);
    return cairn::node_hash(over(begin, left), over(begin + left, count - left));
  }
  static cairn::Status node(void* user, unsigned level, uint64_t index, Digest& out) {
    const HugeTree& self = *static_cast<const HugeTree*>(user);
    if (level > 62 || index >= self.size_ >> level) return cairn::Status::bad_argument;
    out = self.perfect(level, index);
    return cairn::Status::ok;
  }

  std::map<uint64_t, Digest> numbered_;
  Digest plain_[63];
  uint64_t size_ = 0;
};

}  // namespace tree
