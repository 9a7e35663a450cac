// The Merkle tree of RFC 6962 §2.1 (= RFC 9162 §2.1): leaf and node hashes, and the frontier, which
// is all the state that appending needs. See docs/format.md, "Tree".
#pragma once

#include "config.hpp"
#include "hash.hpp"
#include "status.hpp"

namespace cairn {

/// SHA-256(""), the root of the empty tree.
extern const Digest empty_root;

/// SHA-256(0x00 || leaf).
Digest leaf_hash(ByteView leaf);
/// SHA-256(0x01 || left || right).
Digest node_hash(const Digest& left, const Digest& right);
/// leaf_hash of each of `count` leaves, several at a time where the backend can.
void leaf_hashes(const ByteView* leaves, size_t count, Digest* out);

/// Level of the first of the perfect subtrees that cover leaves [first, end), first < end: each the
/// largest that begins where the one before ended. Their roots take the frontier of `first` to that
/// of `end`.
unsigned cover_level(uint64_t first, uint64_t end);
/// Number of those subtrees; 0 unless first < end.
size_t cover_count(uint64_t first, uint64_t end);

/// The roots of the perfect subtrees that cover [0, size), largest first: one for each set bit of
/// `size`. O(log n) memory, amortised one node hash a leaf.
///
/// Holds no pointer; copy it to remember a size.
class Frontier {
 public:
  static constexpr unsigned max_levels = CAIRN_MAX_LEVELS;

  uint64_t size() const { return size_; }
  /// Number of hashes: the set bits of size().
  unsigned count() const { return count_bits(size_); }
  const Digest& operator[](unsigned i) const { return nodes_[i]; }

  /// Appends one leaf. Cost: as many node hashes as size() has trailing one bits.
  /// full: the tree has 2^max_levels - 1 leaves.
  Status append(const Digest& leaf);

  /// Appends 2^level leaves of which only the root of their subtree is known.
  /// bad_argument: size() is no multiple of 2^level. full as append().
  Status append_subtree(unsigned level, const Digest& root);

  /// Appends `count` leaves, hashing whole levels at a time. `leaves` is used as work space and
  /// holds nothing useful afterwards. Same result as `count` calls of append().
  Status append_batch(Digest* leaves, size_t count);

  /// Root of the tree over the first size() leaves; empty_root for none. Cost: count()-1 node
  /// hashes.
  Digest root() const;

  /// Sets the frontier of a tree of `size` leaves from its count_bits(size) hashes.
  /// bad_argument: wrong number of hashes, or more leaves than max_levels allow.
  Status assign(uint64_t size, const Digest* hashes, size_t count);

  /// Becomes a frontier of `size` leaves whose first `keep` hashes are those it has; the others are
  /// then given with set(). bad_argument: as assign(), or `keep` exceeds either count.
  Status resize(uint64_t size, unsigned keep);
  void set(unsigned i, const Digest& hash) { nodes_[i] = hash; }

 private:
  void add(const Digest& node, uint64_t index);

  uint64_t size_ = 0;
  Digest nodes_[max_levels];
};

}  // namespace cairn
