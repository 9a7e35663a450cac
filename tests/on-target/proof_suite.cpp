// The tree and its proofs (RFC 9162 §2.1).
#include "fixtures.hpp"

using namespace on_target;

namespace {

constexpr uint64_t sizes = 20;

// Any node, computed from its leaves.
Status node(void*, unsigned level, uint64_t index, Digest& out) {
  out = plain_root(index << level, uint64_t{1} << level);
  return Status::ok;
}
const NodeSource source = {nullptr, node};

}  // namespace

TARGET_TEST("the frontier's root is that of the definition, one by one and in a batch") {
  Frontier one, batch;
  for (uint64_t size = 0; size < sizes; ++size) {
    TARGET_CHECK(one.root() == plain_root(0, size));
    TARGET_CHECK(one.append(leaf_hash(Leaf(size))) == Status::ok);
  }
  Digest hashes[sizes];
  for (uint64_t i = 0; i < sizes; ++i)
    hashes[i] = leaf_hash(Leaf(i));
  TARGET_CHECK(batch.append_batch(hashes, 3) == Status::ok);
  TARGET_CHECK(batch.append_batch(hashes + 3, sizes - 3) == Status::ok);
  TARGET_CHECK(batch.root() == one.root() && batch.size() == sizes);
}

TARGET_TEST("every inclusion proof leads to the root, and to no other") {
  for (uint64_t size = 1; size <= sizes; ++size) {
    const Digest root = plain_root(0, size);
    for (uint64_t index = 0; index < size; ++index) {
      Digest hashes[8];
      ProofBuffer proof{hashes, 8};
      TARGET_REQUIRE(build_inclusion(index, size, source, proof) == Status::ok);
      TARGET_CHECK(proof.count == inclusion_proof_size(index, size));
      const Digest leaf = leaf_hash(Leaf(index));
      TARGET_CHECK(verify_inclusion(index, size, leaf, proof, root) == Status::ok);
      TARGET_CHECK(verify_inclusion(index, size, leaf_hash(Leaf(99)), proof, root) ==
                   Status::proof_invalid);
      if (proof.count == 0) continue;
      hashes[proof.count - 1].bytes[31] ^= 1;
      TARGET_CHECK(verify_inclusion(index, size, leaf, proof, root) == Status::proof_invalid);
    }
  }
}

TARGET_TEST("every consistency proof leads from the older root to the newer") {
  for (uint64_t to = 1; to <= sizes; ++to) {
    for (uint64_t from = 1; from <= to; ++from) {
      Digest hashes[8];
      ProofBuffer proof{hashes, 8};
      TARGET_REQUIRE(build_consistency(from, to, source, proof) == Status::ok);
      const Digest older = plain_root(0, from), newer = plain_root(0, to);
      TARGET_CHECK(verify_consistency(from, to, older, newer, proof) == Status::ok);
      TARGET_CHECK(verify_consistency(from, to, leaf_hash({}), newer, proof) ==
                   Status::proof_invalid);
    }
  }
}

TARGET_TEST("a range of records has one proof") {
  Digest leaves[5], hashes[16];
  for (uint64_t i = 0; i < 5; ++i)
    leaves[i] = leaf_hash(Leaf(7 + i));
  ProofBuffer proof{hashes, 16};
  TARGET_REQUIRE(build_range(7, 5, sizes, source, proof) == Status::ok);
  TARGET_CHECK(verify_range(7, leaves, 5, sizes, proof, plain_root(0, sizes)) == Status::ok);
  leaves[2].bytes[0] ^= 1;
  TARGET_CHECK(verify_range(7, leaves, 5, sizes, proof, plain_root(0, sizes)) ==
               Status::proof_invalid);
}

TARGET_TEST("proofs of the largest tree are refused or bounded, never walked") {
  Digest hashes[4] = {};
  TARGET_CHECK(verify_inclusion(5, UINT64_MAX, hashes[0], {hashes, 4}, hashes[1]) != Status::ok);
  TARGET_CHECK(inclusion_proof_size(0, uint64_t{1} << 62) == 62);
}
