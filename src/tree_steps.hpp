// Growing the tree by one leaf, and its root, two blocks of SHA-256 a unit.
#pragma once

#include "cairn/merkle.hpp"
#include "log_reader.hpp"

namespace cairn {

class TreeSteps {
 public:
  explicit TreeSteps(LogReader& reader) : reader_(reader) {}

  /// Begins the hash of so many bytes. Then hash() them, in one range or several.
  void begin(size_t size) {
    left_ = size;
    hash_backend().start(hash_);
  }
  /// Begins the hash of a leaf of so many bytes.
  void begin_leaf(size_t size) {
    const uint8_t prefix = 0;
    begin(size);
    hash_backend().update(hash_, {&prefix, 1});
  }
  /// How many of the bytes the next unit takes.
  size_t piece() const { return left_ > 128 ? 128 : left_ > 64 ? 64 : left_; }
  void hash(ByteView bytes) {
    hash_backend().update(hash_, bytes);
    left_ -= bytes.size;
    if (left_ == 0) hash_backend().finish(hash_, node_);
  }
  bool is_hashed() const { return left_ == 0; }
  const Digest& digest() const { return node_; }

  /// Adds the leaf that was hashed to the tree.
  Step add(Frontier& tree, Status& status);
  /// The root of the tree.
  Step root(const Frontier& tree, Digest& out);

 private:
  LogReader& reader_;
  Sha256State hash_;
  size_t left_ = 0;
  Digest node_;
  unsigned level_ = 0;
  uint16_t at_add_ = 0;
  uint16_t at_root_ = 0;
};

}  // namespace cairn
