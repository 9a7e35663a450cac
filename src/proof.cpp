// Verification of proofs, and their sizes.
//
// Range proof. For the leaves [first, end) of a tree of `size` leaves, the hashes are
//
//   1. the left flank: the frontier of the tree of `first` leaves, largest subtree first;
//   2. the right flank: on the path from leaf end-1 up to the root, from the bottom up, the right
//      siblings that hold no leaf before `end`. They stand on the levels l with
//      trailing_zeros(end) <= l < bit_length((end-1) xor (size-1)) where bit l of end-1 is zero.
//
// Each right sibling is the root over those of its leaves that exist. To verify, append the leaves
// to the left flank; what results is the frontier of `end`. Then climb from its last subtree: a
// hash of the right flank joins on the right where the path has a zero bit, and the next smallest
// subtree of the frontier joins on the left everywhere else, until all are used.
#include "cairn/proof.hpp"

#include "cairn/merkle.hpp"
#include "mem.hpp"
#include "proof_path.hpp"
#include "proof_range.hpp"

namespace cairn {
namespace {

bool is_power_of_two(uint64_t v) {
  return v != 0 && (v & (v - 1)) == 0;
}

// Sizes of the two flanks of a range proof.
size_t left_flank_size(uint64_t first) {
  return count_bits(first);
}
size_t right_flank_size(uint64_t end, uint64_t size) {
  const uint64_t last = end - 1;
  size_t n = 0;
  for (unsigned l = trailing_zeros(end); l < fork_level(last, size); ++l)
    n += bit(last, l) ? 0 : 1;
  return n;
}

}  // namespace

size_t inclusion_proof_size(uint64_t index, uint64_t size) {
  if (index >= size || size > tree_size_max) return 0;
  const unsigned fork = fork_level(index, size);
  return fork + count_bits(index >> fork);
}

size_t consistency_proof_size(uint64_t from, uint64_t to) {
  if (from == 0 || from >= to || to > tree_size_max) return 0;
  // The path from the last leaf of the old tree, without the levels of the subtree that ends it;
  // in front the root of that subtree, unless it is the old root and so known.
  const size_t path = inclusion_proof_size(from - 1, to) - trailing_zeros(from);
  return path + (is_power_of_two(from) ? 0 : 1);
}

size_t range_proof_size(uint64_t first, uint64_t count, uint64_t size) {
  if (!is_range(first, count, size)) return 0;
  return left_flank_size(first) + right_flank_size(first + count, size);
}

Status root_from_inclusion(uint64_t index, uint64_t size, const Digest& leaf, ProofView proof,
                           Digest& root) {
  if (index >= size || size > tree_size_max) return Status::proof_invalid;
  if (proof.count != inclusion_proof_size(index, size)) return Status::proof_invalid;
  // Each node is hashed to its place beside the next sibling, in turns in two pairs.
  uint64_t turns = left_turns(index, size);
  Digest pairs[2][2];
  Digest* node = &pairs[0][(turns & 1) != 0 ? 0 : 1];
  *node = leaf;
  for (size_t i = 0; i < proof.count; ++i) {
    Digest* const pair = pairs[i & 1];
    pair[(turns & 1) != 0 ? 1 : 0] = proof.hashes[i];
    turns >>= 1;
    node = &pairs[~i & 1][(turns & 1) != 0 ? 0 : 1];
    hash_backend().nodes(pair, 1, node);
  }
  root = *node;
  return Status::ok;
}

Status verify_inclusion(uint64_t index, uint64_t size, const Digest& leaf, ProofView proof,
                        const Digest& root) {
  Digest computed;
  CAIRN_TRY(root_from_inclusion(index, size, leaf, proof, computed));
  return computed == root ? Status::ok : Status::proof_invalid;
}

Status verify_consistency(uint64_t from, uint64_t to, const Digest& root_from,
                          const Digest& root_to, ProofView proof) {
  if (from > to || to > tree_size_max) return Status::proof_invalid;
  if (proof.count != consistency_proof_size(from, to)) return Status::proof_invalid;
  if (from == to && root_from != root_to) return Status::proof_invalid;
  if (from == 0) return root_from == empty_root ? Status::ok : Status::proof_invalid;
  if (from == to) return Status::ok;

  const uint64_t last = from - 1;
  const unsigned fork = fork_level(last, to);
  size_t used = is_power_of_two(from) ? 0 : 1;
  Digest old_root = used == 0 ? root_from : proof.hashes[0];
  Digest new_root = old_root;
  for (unsigned l = trailing_zeros(from); used < proof.count; ++l, ++used) {
    const Digest& sibling = proof.hashes[used];
    if (l < fork && !bit(last, l)) {
      new_root = node_hash(new_root, sibling);
    } else {
      old_root = node_hash(sibling, old_root);
      new_root = node_hash(sibling, new_root);
    }
  }
  const bool both = old_root == root_from && new_root == root_to;
  return both ? Status::ok : Status::proof_invalid;
}

Status begin_range(uint64_t first, uint64_t count, uint64_t size, ProofView proof, Frontier& out) {
  if (!is_range(first, count, size)) return Status::proof_invalid;
  if (proof.count != range_proof_size(first, count, size)) return Status::proof_invalid;
  if (bit_length(first + count) > Frontier::max_levels) return Status::unsupported;
  return out.assign(first, proof.hashes, left_flank_size(first));
}

Status end_range(uint64_t first, uint64_t count, uint64_t size, ProofView proof,
                 const Frontier& frontier, const Digest& root) {
  if (!is_range(first, count, size)) return Status::proof_invalid;
  if (proof.count != range_proof_size(first, count, size)) return Status::proof_invalid;
  const uint64_t end = first + count;
  if (frontier.size() != end) return Status::proof_invalid;

  const uint64_t last = end - 1;
  const unsigned fork = fork_level(last, size);
  const Digest* right = proof.hashes + left_flank_size(first);
  unsigned left = frontier.count() - 1;
  Digest node = frontier[left];
  for (unsigned l = trailing_zeros(end); l < fork || left != 0; ++l) {
    const bool on_left = l < fork && !bit(last, l);
    node = on_left ? node_hash(node, *right++) : node_hash(frontier[--left], node);
  }
  return node == root ? Status::ok : Status::proof_invalid;
}

Status verify_range(uint64_t first, const Digest* leaves, size_t count, uint64_t size,
                    ProofView proof, const Digest& root) {
  Frontier frontier;
  CAIRN_TRY(begin_range(first, count, size, proof, frontier));
  constexpr size_t chunk = 8;
  for (size_t done = 0; done < count;) {
    Digest work[chunk];
    const size_t n = count - done < chunk ? count - done : chunk;
    copy(work, leaves + done, n * sizeof(Digest));
    CAIRN_TRY(frontier.append_batch(work, n));
    done += n;
  }
  return end_range(first, count, size, proof, frontier, root);
}

}  // namespace cairn
