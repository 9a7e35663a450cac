// What a log holds, as plain as it gets: the leaves in a list, and every node of their tree.
#pragma once

#include <cairn/log.hpp>
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <string>
#include <vector>

namespace plain_log {

using Bytes = std::vector<uint8_t>;

/// A tree that keeps all its nodes, and can be cut back to any earlier size.
class Tree {
 public:
  uint64_t size() const { return levels_[0].size(); }

  void push(const cairn::Digest& leaf) {
    levels_[0].push_back(leaf);
    for (size_t level = 0; levels_[level].size() % 2 == 0; ++level) {
      const std::vector<cairn::Digest>& row = levels_[level];
      const cairn::Digest parent = cairn::node_hash(row[row.size() - 2], row[row.size() - 1]);
      if (levels_.size() == level + 1) levels_.emplace_back();
      levels_[level + 1].push_back(parent);
    }
  }
  void cut(uint64_t size) {
    for (size_t level = 0; level < levels_.size(); ++level)
      levels_[level].resize(static_cast<size_t>(size >> level));
  }
  cairn::Digest root(uint64_t size) const {
    if (size == 0) return cairn::empty_root;
    cairn::Digest out;
    bool first = true;
    for (unsigned level = 0; size >> level != 0; ++level) {
      if ((size >> level & 1) == 0) continue;
      const cairn::Digest& part = levels_[level][static_cast<size_t>((size >> level) - 1)];
      out = first ? part : cairn::node_hash(part, out);
      first = false;
    }
    return out;
  }
  const cairn::Digest& node(unsigned level, uint64_t index) const {
    return levels_[level][static_cast<size_t>(index)];
  }
  cairn::NodeSource nodes() const {
    return {const_cast<Tree*>(this),
            [](void* user, unsigned level, uint64_t index, cairn::Digest& out) {
              out = static_cast<const Tree*>(user)->node(level, index);
              return cairn::Status::ok;
            }};
  }

 private:
  std::vector<std::vector<cairn::Digest>> levels_{1};
};

/// The leaves and their tree.
class PlainLog {
 public:
  uint64_t size() const { return leaves_.size(); }
  const Bytes& leaf(uint64_t index) const { return leaves_[static_cast<size_t>(index)]; }
  const Tree& tree() const { return tree_; }
  cairn::Digest root() const { return tree_.root(size()); }

  void push(const Bytes& leaf) {
    leaves_.push_back(leaf);
    tree_.push(cairn::leaf_hash({leaf.data(), leaf.size()}));
  }
  void cut(uint64_t size) {
    leaves_.resize(static_cast<size_t>(size));
    tree_.cut(size);
  }

 private:
  std::vector<Bytes> leaves_;
  Tree tree_;
};

}  // namespace plain_log
