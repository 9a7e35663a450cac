// Building of proofs from the roots of perfect subtrees.
#include "cairn/merkle.hpp"
#include "cairn/proof.hpp"
#include "proof_path.hpp"

namespace cairn {
namespace {

// A tree and where its nodes come from.
struct Tree {
  uint64_t size;
  const NodeSource& source;
  // Gives the root over those leaves behind the last complete subtree of a level. A function, so
  // that who builds single proofs links nothing of the Prover's.
  Status (*edge)(const Tree& tree, unsigned level, Digest& out);
  const Digest* edges = nullptr;  // the Prover's
};

// One proof under construction. A failure empties the buffer.
class Builder {
 public:
  Builder(const Tree& tree, ProofBuffer& out) : tree_(tree), out_(out) { out_.count = 0; }

  Status inclusion(uint64_t index);
  Status consistency(uint64_t from);
  Status range(uint64_t first, uint64_t count);

 private:
  // Adds the root over those leaves of subtree (level, index) that exist.
  Status add(unsigned level, uint64_t index);
  void announce_path(uint64_t index, unsigned level, unsigned fork) const;
  // Adds the siblings of the path from leaf `index` up, from `level` on.
  Status add_path(uint64_t index, unsigned level);

  const Tree tree_;
  ProofBuffer& out_;
};

Status read_frontier(uint64_t size, unsigned level, const NodeSource& source, Digest& out) {
  return source.node(source.user, level, (size >> level) - 1, out);
}

// Folds the frontier of the tree of `size` leaves into the root over its subtrees below `levels`.
// At least one of those bits of `size` is set.
Status fold_frontier(uint64_t size, unsigned levels, const NodeSource& source, Digest& out) {
  bool started = false;
  for (unsigned l = trailing_zeros(size); l < levels; ++l) {
    if (!bit(size, l)) continue;
    Digest node;
    CAIRN_TRY(read_frontier(size, l, source, node));
    out = started ? node_hash(node, out) : node;
    started = true;
  }
  return Status::ok;
}

Status folded_edge(const Tree& tree, unsigned level, Digest& out) {
  return fold_frontier(tree.size, level, tree.source, out);
}

Status known_edge(const Tree& tree, unsigned level, Digest& out) {
  const uint64_t below = tree.size & ((uint64_t{1} << level) - 1);
  out = tree.edges[count_bits(below) - 1];
  return Status::ok;
}

Status Builder::add(unsigned level, uint64_t index) {
  Digest& hash = out_.hashes[out_.count];
  const bool complete = index < tree_.size >> level;
  const Status status = complete ? tree_.source.node(tree_.source.user, level, index, hash)
                                 : tree_.edge(tree_, level, hash);
  out_.count = status == Status::ok ? out_.count + 1 : 0;
  return status;
}

// What lies here and there in memory is waited for once, not once a level. Of the siblings below
// the fork only the last may be incomplete.
void Builder::announce_path(uint64_t index, unsigned level, unsigned fork) const {
  if (fork == 0 || tree_.source.ahead == nullptr) return;
  const bool complete = ((index >> (fork - 1)) ^ 1) < tree_.size >> (fork - 1);
  tree_.source.ahead(tree_.source.user, index, level, complete ? fork : fork - 1);
}

Status Builder::add_path(uint64_t index, unsigned level) {
  const unsigned fork = fork_level(index, tree_.size);
  announce_path(index, level, fork);
  for (unsigned l = level; l < fork || index >> l != 0; ++l) {
    if (l < fork || bit(index, l)) CAIRN_TRY(add(l, (index >> l) ^ 1));
  }
  return Status::ok;
}

Status Builder::inclusion(uint64_t index) {
  if (index >= tree_.size || tree_.size > tree_size_max) return Status::bad_argument;
  if (out_.capacity < inclusion_proof_size(index, tree_.size)) return Status::full;
  return add_path(index, 0);
}

Status Builder::consistency(uint64_t from) {
  if (from > tree_.size || tree_.size > tree_size_max) return Status::bad_argument;
  if (out_.capacity < consistency_proof_size(from, tree_.size)) return Status::full;
  if (from == 0 || from == tree_.size) return Status::ok;
  const unsigned level = trailing_zeros(from);
  const uint64_t subtree = (from >> level) - 1;
  if (subtree != 0) CAIRN_TRY(add(level, subtree));
  return add_path(from - 1, level);
}

Status Builder::range(uint64_t first, uint64_t count) {
  if (!is_range(first, count, tree_.size)) return Status::bad_argument;
  if (out_.capacity < range_proof_size(first, count, tree_.size)) return Status::full;
  for (unsigned l = bit_length(first); l-- != 0;) {
    if (bit(first, l)) CAIRN_TRY(add(l, (first >> l) - 1));
  }
  const uint64_t last = first + count - 1;
  const unsigned fork = fork_level(last, tree_.size);
  for (unsigned l = trailing_zeros(last + 1); l < fork; ++l) {
    if (!bit(last, l)) CAIRN_TRY(add(l, (last >> l) + 1));
  }
  return Status::ok;
}

}  // namespace

Status build_inclusion(uint64_t index, uint64_t size, const NodeSource& source, ProofBuffer& out) {
  return Builder({size, source, folded_edge}, out).inclusion(index);
}

Status build_consistency(uint64_t from, uint64_t to, const NodeSource& source, ProofBuffer& out) {
  return Builder({to, source, folded_edge}, out).consistency(from);
}

Status build_range(uint64_t first, uint64_t count, uint64_t size, const NodeSource& source,
                   ProofBuffer& out) {
  return Builder({size, source, folded_edge}, out).range(first, count);
}

Status build_root(uint64_t size, const NodeSource& source, Digest& out) {
  if (size > tree_size_max) return Status::bad_argument;
  if (size == 0) {
    out = empty_root;
    return Status::ok;
  }
  return fold_frontier(size, bit_length(size), source, out);
}

Status Prover::open(uint64_t size, const NodeSource& source) {
  size_ = 0;
  if (size > tree_size_max) return Status::bad_argument;
  unsigned known = 0;
  for (unsigned l = 0; l < bit_length(size); ++l) {
    if (!bit(size, l)) continue;
    Digest& edge = edges_[known];
    CAIRN_TRY(read_frontier(size, l, source, edge));
    if (known != 0) edge = node_hash(edge, edges_[known - 1]);
    ++known;
  }
  source_ = source;
  size_ = size;
  return Status::ok;
}

const Digest& Prover::root() const {
  return size_ == 0 ? empty_root : edges_[count_bits(size_) - 1];
}

Status Prover::inclusion(uint64_t index, ProofBuffer& out) const {
  return Builder({size_, source_, known_edge, edges_}, out).inclusion(index);
}

Status Prover::consistency(uint64_t from, ProofBuffer& out) const {
  return Builder({size_, source_, known_edge, edges_}, out).consistency(from);
}

Status Prover::range(uint64_t first, uint64_t count, ProofBuffer& out) const {
  return Builder({size_, source_, known_edge, edges_}, out).range(first, count);
}

}  // namespace cairn
