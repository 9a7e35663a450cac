// Inclusion, range and consistency proofs of RFC 6962 §2.1.1 and §2.1.2 (= RFC 9162 §2.1.3,
// §2.1.4).
//
// Verifying needs nothing but the hash. Building reads perfect subtree roots from a NodeSource:
// a log, an array of levels, tiles on disk. Every loop is bounded by 64 levels, or by the number
// of leaves passed in.
#pragma once

#include "hash.hpp"
#include "status.hpp"

namespace cairn {

/// Trees hold fewer than 2^63 leaves, as in C2SP tlog-checkpoint. Larger sizes are refused.
constexpr uint64_t tree_size_max = INT64_MAX;
/// No proof is longer: 63 levels, and for a consistency proof one more.
constexpr size_t proof_hashes_max = 64;
/// No range proof is longer: both flanks.
constexpr size_t range_proof_hashes_max = 128;

/// A proof: consecutive hashes that somebody else owns.
struct ProofView {
  const Digest* hashes = nullptr;
  size_t count = 0;
};

/// Where a proof is built into; the caller owns the array.
struct ProofBuffer {
  Digest* hashes;
  size_t capacity;
  size_t count = 0;

  operator ProofView() const { return {hashes, count}; }
};

/// Length of the one valid inclusion proof; 0 when index >= size.
size_t inclusion_proof_size(uint64_t index, uint64_t size);
/// Length of the one valid consistency proof; 0 when sizes are equal or out of order.
size_t consistency_proof_size(uint64_t from, uint64_t to);
/// Length of the one valid range proof; 0 when the range is empty or not inside the tree.
size_t range_proof_size(uint64_t first, uint64_t count, uint64_t size);

/// The root that an inclusion proof leads to (leaf's sibling first).
///
/// ok             `root` is set; compare it with a signed one
/// proof_invalid  index >= size; size over tree_size_max; or a proof of the wrong length
Status root_from_inclusion(uint64_t index, uint64_t size, const Digest& leaf, ProofView proof,
                           Digest& root);

/// Checks that the leaf at `index` belongs to the tree of `size` leaves with `root`.
///
/// The size must come from a signed checkpoint: the proof itself does not bind it.
///
/// ok             it does
/// proof_invalid  it does not, or the proof has the wrong length, or index >= size
Status verify_inclusion(uint64_t index, uint64_t size, const Digest& leaf, ProofView proof,
                        const Digest& root);

/// One of many inclusion proofs to verify: the arguments of verify_inclusion(), and its answer.
struct InclusionCheck {
  uint64_t index;
  uint64_t size;
  const Digest* leaf;
  ProofView proof;
  const Digest* root;
  Status status = Status::proof_invalid;
};

/// verify_inclusion() of each of `count` checks. Climbs in sixteen trees at once, so that an
/// accelerated hash works on several nodes at a time. Sets the `status` of every check.
///
/// ok             every proof verified; also for none
/// proof_invalid  at least one did not; the others were verified all the same
/// Cost: one node hash a proof hash, in calls for up to sixteen. Stack: 2.3 KB.
Status verify_inclusions(InclusionCheck* checks, size_t count);

/// Checks that the tree (to, root_to) extends the tree (from, root_from).
///
/// from == to needs equal roots and an empty proof; from == 0 needs an empty proof and
/// root_from == empty_root (the RFCs leave size 0 open; C2SP tlog-witness decides it so).
///
/// ok             it does
/// proof_invalid  it does not; wrong length; from > to
Status verify_consistency(uint64_t from, uint64_t to, const Digest& root_from,
                          const Digest& root_to, ProofView proof);

/// Checks that `count` leaves, given by hash, are exactly leaves [first, first+count) of the tree:
/// none missing, none added, none moved. The proof is that of docs/format.md, "Range proof".
///
/// ok             they are
/// proof_invalid  they are not; empty range; range not inside the tree; wrong length
/// unsupported    the range ends beyond leaf 2^CAIRN_MAX_LEVELS
/// Cost: one node hash a leaf and one a proof hash. Stack: one Frontier and 0.5 KB.
Status verify_range(uint64_t first, const Digest* leaves, size_t count, uint64_t size,
                    ProofView proof, const Digest& root);

/// Gives roots of perfect subtrees: level 0 is leaf hashes; (level, index) covers the leaves
/// [index << level, (index + 1) << level). Asked only for subtrees that are complete in the tree.
struct NodeSource {
  void* user;
  Status (*node)(void* user, unsigned level, uint64_t index, Digest& out);
  /// Told of a path before its nodes are asked for, so that it may begin to fetch them: the
  /// siblings (level, index >> level ^ 1) of all levels in [begin, end). nullptr: does nothing.
  void (*ahead)(void* user, uint64_t index, unsigned begin, unsigned end) = nullptr;
};

/// Builds the inclusion proof of leaf `index` in the tree of `size` leaves.
/// Cost: at most 2 log2(size) nodes read.
///
/// ok            built
/// bad_argument  index >= size, or size over tree_size_max
/// full          the buffer is smaller than inclusion_proof_size()
/// other         what the source answered; the buffer then holds no proof
Status build_inclusion(uint64_t index, uint64_t size, const NodeSource& source, ProofBuffer& out);

/// Builds the consistency proof from the tree of `from` leaves to that of `to`. Statuses as above;
/// bad_argument when from > to. Empty when from is 0 or equals to.
Status build_consistency(uint64_t from, uint64_t to, const NodeSource& source, ProofBuffer& out);

/// Builds the range proof of leaves [first, first+count). Statuses as above.
Status build_range(uint64_t first, uint64_t count, uint64_t size, const NodeSource& source,
                   ProofBuffer& out);

/// Root of the tree over the first `size` leaves, from at most 63 nodes of the source. Statuses as
/// above.
Status build_root(uint64_t size, const NodeSource& source, Digest& out);

/// Builds many proofs in one tree. The right edge of the tree, where it is not perfect, goes into
/// nearly every proof: it is hashed once. 2 KB, no heap.
///
/// One that was not opened, or whose opening failed, is that of the empty tree.
class Prover {
 public:
  /// Reads and hashes the right edge of the tree of `size` leaves. Keeps what `source` points to.
  /// Cost: one node read for each set bit of `size`, and one node hash for each but one.
  ///
  /// ok            opened; root() is that of the tree
  /// bad_argument  size over tree_size_max
  /// other         what the source answered
  Status open(uint64_t size, const NodeSource& source);

  uint64_t size() const { return size_; }
  /// Root of the tree; compare it with the signed one.
  const Digest& root() const;

  /// The proofs of build_inclusion(), build_consistency() and build_range() in this tree, with
  /// their statuses. Cost: one node read a proof hash at most, and nothing is hashed.
  Status inclusion(uint64_t index, ProofBuffer& out) const;
  Status consistency(uint64_t from, ProofBuffer& out) const;
  Status range(uint64_t first, uint64_t count, ProofBuffer& out) const;

 private:
  uint64_t size_ = 0;
  NodeSource source_{};
  Digest edges_[63];  ///< edges_[i]: root over the i + 1 smallest subtrees of the frontier
};

}  // namespace cairn
