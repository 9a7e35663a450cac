// Building of proofs from the roots of perfect subtrees.
#include "cairn/merkle.hpp"
#include "cairn/proof.hpp"
#include "proof_path.hpp"

namespace cairn {
namespace {

// One proof under construction, in the tree of `size` leaves.
class Builder {
 public:
  Builder(uint64_t size, const NodeSource& source, ProofBuffer& out)
      : size_(size), source_(source), out_(out) {}

  // Adds the root over those leaves of subtree (level, index) that exist. A failure empties the
  // buffer.
  Status add(unsigned level, uint64_t index);
  // Adds the siblings of the path from leaf `index` up, from `level` on.
  Status add_path(uint64_t index, unsigned level);

 private:
  const uint64_t size_;
  const NodeSource& source_;
  ProofBuffer& out_;
};

// Folds the frontier of the tree of `size` leaves into the root over its subtrees below `levels`.
// At least one of those bits of `size` is set.
Status fold_frontier(uint64_t size, unsigned levels, const NodeSource& source, Digest& out) {
  bool started = false;
  for (unsigned l = trailing_zeros(size); l < levels; ++l) {
    if (!bit(size, l)) continue;
    Digest node;
    CAIRN_TRY(source.node(source.user, l, (size >> l) - 1, node));
    out = started ? node_hash(node, out) : node;
    started = true;
  }
  return Status::ok;
}

Status Builder::add(unsigned level, uint64_t index) {
  Digest& hash = out_.hashes[out_.count];
  const bool complete = index < size_ >> level;
  const Status status = complete ? source_.node(source_.user, level, index, hash)
                                 : fold_frontier(size_, level, source_, hash);
  out_.count = status == Status::ok ? out_.count + 1 : 0;
  return status;
}

Status Builder::add_path(uint64_t index, unsigned level) {
  const unsigned fork = fork_level(index, size_);
  for (unsigned l = level; l < fork || index >> l != 0; ++l) {
    if (l < fork || bit(index, l)) CAIRN_TRY(add(l, (index >> l) ^ 1));
  }
  return Status::ok;
}

}  // namespace

Status build_inclusion(uint64_t index, uint64_t size, const NodeSource& source, ProofBuffer& out) {
  out.count = 0;
  if (index >= size || size > tree_size_max) return Status::bad_argument;
  if (out.capacity < inclusion_proof_size(index, size)) return Status::full;
  return Builder(size, source, out).add_path(index, 0);
}

Status build_consistency(uint64_t from, uint64_t to, const NodeSource& source, ProofBuffer& out) {
  out.count = 0;
  if (from > to || to > tree_size_max) return Status::bad_argument;
  if (out.capacity < consistency_proof_size(from, to)) return Status::full;
  Builder builder(to, source, out);
  if (from == 0 || from == to) return Status::ok;
  const unsigned level = trailing_zeros(from);
  const uint64_t subtree = (from >> level) - 1;
  if (subtree != 0) CAIRN_TRY(builder.add(level, subtree));
  return builder.add_path(from - 1, level);
}

Status build_range(uint64_t first, uint64_t count, uint64_t size, const NodeSource& source,
                   ProofBuffer& out) {
  out.count = 0;
  if (!is_range(first, count, size)) return Status::bad_argument;
  if (out.capacity < range_proof_size(first, count, size)) return Status::full;
  Builder builder(size, source, out);
  for (unsigned l = bit_length(first); l-- != 0;) {
    if (bit(first, l)) CAIRN_TRY(builder.add(l, (first >> l) - 1));
  }
  const uint64_t last = first + count - 1;
  const unsigned fork = fork_level(last, size);
  for (unsigned l = trailing_zeros(last + 1); l < fork; ++l) {
    if (!bit(last, l)) CAIRN_TRY(builder.add(l, (last >> l) + 1));
  }
  return Status::ok;
}

Status build_root(uint64_t size, const NodeSource& source, Digest& out) {
  if (size > tree_size_max) return Status::bad_argument;
  if (size == 0) {
    out = empty_root;
    return Status::ok;
  }
  return fold_frontier(size, bit_length(size), source, out);
}

}  // namespace cairn
