// Proofs in trees small enough to try everything, against the recursive definition.
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <vector>

#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace cairn;
using Proof = std::vector<Digest>;

namespace {

ProofView view(const Proof& proof) {
  return {proof.data(), proof.size()};
}

// The definitions of RFC 6962 §2.1.1 and §2.1.2, on leaves [begin, end).
Proof path(const std::vector<Digest>& leaves, uint64_t index, uint64_t begin, uint64_t end) {
  if (end - begin == 1) return {};
  const uint64_t middle = begin + tree::split_point(end - begin);
  const bool left = index < middle;
  Proof out = left ? path(leaves, index, begin, middle) : path(leaves, index, middle, end);
  out.push_back(left ? tree::root(leaves, middle, end) : tree::root(leaves, begin, middle));
  return out;
}

Proof subproof(const std::vector<Digest>& leaves, uint64_t from, uint64_t begin, uint64_t end,
               bool known) {
  if (from == end) return known ? Proof{} : Proof{tree::root(leaves, begin, end)};
  const uint64_t middle = begin + tree::split_point(end - begin);
  const bool left = from <= middle;
  Proof out = left ? subproof(leaves, from, begin, middle, known)
                   : subproof(leaves, from, middle, end, false);
  out.push_back(left ? tree::root(leaves, middle, end) : tree::root(leaves, begin, middle));
  return out;
}

// Everything needed to ask for proofs in the tree over the first `size` numbered leaves.
struct SmallTree {
  explicit SmallTree(uint64_t leaf_count)
      : leaves(tree::numbered_leaves(0, leaf_count)), input{&leaves, leaf_count} {}

  Digest root(uint64_t of) const { return tree::root(leaves, 0, of); }
  Proof inclusion(uint64_t index) {
    return built(build_inclusion(index, input.size, source(), out));
  }
  Proof consistency(uint64_t from) {
    return built(build_consistency(from, input.size, source(), out));
  }
  Proof range(uint64_t first, uint64_t count) {
    return built(build_range(first, count, input.size, source(), out));
  }

  std::vector<Digest> leaves;

 private:
  NodeSource source() { return input.source(); }
  Proof built(Status status) {
    REQUIRE(status == Status::ok);
    return Proof(hashes, hashes + out.count);
  }

  tree::LeafSource input;
  Digest hashes[range_proof_hashes_max];
  ProofBuffer out{hashes, range_proof_hashes_max};
};

// Calls `check` with every proof that differs from `proof` in one hash or in its length.
template <typename Check>
void for_each_damage(const Proof& proof, const Check& check) {
  for (size_t i = 0; i < proof.size(); ++i) {
    Proof flipped = proof;
    flipped[i].bytes[i % digest_bytes] ^= 0x10;
    check(flipped);
    Proof shorter = proof;
    shorter.erase(shorter.begin() + static_cast<long>(i));
    check(shorter);
    if (i + 1 == proof.size()) continue;
    Proof swapped = proof;
    std::swap(swapped[i], swapped[i + 1]);
    check(swapped);
  }
  Proof longer = proof;
  longer.push_back(empty_root);
  check(longer);
  longer = proof;
  longer.insert(longer.begin(), empty_root);
  check(longer);
}

}  // namespace

TEST_CASE("inclusion proofs are those of the definition, and verify") {
  for (uint64_t size = 1; size <= 66; ++size) {
    SmallTree t(size);
    const Digest root = t.root(size);
    for (uint64_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      const Proof proof = t.inclusion(index);
      CHECK(proof == path(t.leaves, index, 0, size));
      CHECK(proof.size() == inclusion_proof_size(index, size));
      CHECK(verify_inclusion(index, size, t.leaves[index], view(proof), root) == Status::ok);
      Digest computed;
      CHECK(root_from_inclusion(index, size, t.leaves[index], view(proof), computed) == Status::ok);
      CHECK(computed == root);
    }
  }
}

TEST_CASE("inclusion proofs hold for one leaf, one place, one root") {
  for (uint64_t size = 1; size <= 17; ++size) {
    SmallTree t(size);
    const Digest root = t.root(size);
    for (uint64_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      const Digest leaf = t.leaves[index];
      const Proof proof = t.inclusion(index);
      for_each_damage(proof, [&](const Proof& bad) {
        CHECK(verify_inclusion(index, size, leaf, view(bad), root) == Status::proof_invalid);
      });
      for (uint64_t other = 0; other < size + 3; ++other) {
        if (other == index) continue;
        CHECK(verify_inclusion(other, size, leaf, view(proof), root) == Status::proof_invalid);
        const Digest foreign = tree::numbered_leaf(other);
        CHECK(verify_inclusion(index, size, foreign, view(proof), root) == Status::proof_invalid);
      }
      CHECK(verify_inclusion(index, size, leaf, view(proof), t.root(size - 1)) ==
            Status::proof_invalid);
      CHECK(verify_inclusion(index, size, leaf, view(proof), empty_root) == Status::proof_invalid);
    }
  }
}

TEST_CASE("an inclusion proof does not bind the tree size") {
  // Why the size has to come from a signed checkpoint: leaf 5 has one path in both trees.
  SmallTree t(8);
  const Proof proof = t.inclusion(5);
  CHECK(verify_inclusion(5, 8, t.leaves[5], view(proof), t.root(8)) == Status::ok);
  CHECK(verify_inclusion(5, 7, t.leaves[5], view(proof), t.root(8)) == Status::ok);
}

TEST_CASE("consistency proofs are those of the definition, and verify") {
  for (uint64_t to = 1; to <= 66; ++to) {
    SmallTree t(to);
    for (uint64_t from = 1; from <= to; ++from) {
      CAPTURE(from, to);
      const Proof proof = t.consistency(from);
      CHECK(proof == subproof(t.leaves, from, 0, to, true));
      CHECK(proof.size() == consistency_proof_size(from, to));
      CHECK(verify_consistency(from, to, t.root(from), t.root(to), view(proof)) == Status::ok);
    }
  }
}

TEST_CASE("consistency proofs hold for one pair of trees") {
  for (uint64_t to = 1; to <= 17; ++to) {
    SmallTree t(to);
    const Digest root_to = t.root(to);
    for (uint64_t from = 1; from <= to; ++from) {
      CAPTURE(from, to);
      const Digest root_from = t.root(from);
      const Proof proof = t.consistency(from);
      for_each_damage(proof, [&](const Proof& bad) {
        CHECK(verify_consistency(from, to, root_from, root_to, view(bad)) == Status::proof_invalid);
      });
      if (from == to) continue;
      CHECK(verify_consistency(from, to, root_to, root_from, view(proof)) == Status::proof_invalid);
      CHECK(verify_consistency(from, to, root_from, root_from, view(proof)) ==
            Status::proof_invalid);
      CHECK(verify_consistency(from, to, root_to, root_to, view(proof)) == Status::proof_invalid);
      CHECK(verify_consistency(to, from, root_to, root_from, view(proof)) == Status::proof_invalid);
      for (uint64_t other = 1; other < to; ++other) {
        if (other == from) continue;
        CHECK(verify_consistency(other, to, t.root(other), root_to, view(proof)) ==
              Status::proof_invalid);
      }
    }
  }
}

TEST_CASE("an old tree that was rewritten is not consistent") {
  SmallTree honest(13);
  std::vector<Digest> rewritten = honest.leaves;
  rewritten[2] = tree::numbered_leaf(99);
  const Digest forged = tree::root(rewritten, 0, 6);
  CHECK(verify_consistency(6, 13, forged, honest.root(13), view(honest.consistency(6))) ==
        Status::proof_invalid);
  // Neither do hashes of the old tree help that fit its root, nor those that fit the new one.
  const Proof old_side = subproof(rewritten, 6, 0, 13, true);
  CHECK(verify_consistency(6, 13, forged, tree::root(rewritten, 0, 13), view(old_side)) ==
        Status::ok);
  CHECK(verify_consistency(6, 13, forged, honest.root(13), view(old_side)) ==
        Status::proof_invalid);
}

TEST_CASE("consistency with the empty tree and with itself") {
  SmallTree t(5);
  const Digest root = t.root(5);
  const Proof one = {root};
  CHECK(verify_consistency(0, 5, empty_root, root, {}) == Status::ok);
  CHECK(verify_consistency(0, 5, Digest{}, root, {}) == Status::proof_invalid);
  CHECK(verify_consistency(0, 5, root, root, {}) == Status::proof_invalid);
  CHECK(verify_consistency(0, 5, empty_root, root, view(one)) == Status::proof_invalid);
  CHECK(verify_consistency(0, 0, empty_root, empty_root, {}) == Status::ok);
  CHECK(verify_consistency(0, 0, root, root, {}) == Status::proof_invalid);
  CHECK(verify_consistency(0, 0, empty_root, root, {}) == Status::proof_invalid);
  CHECK(verify_consistency(5, 5, root, root, {}) == Status::ok);
  CHECK(verify_consistency(5, 5, root, t.root(4), {}) == Status::proof_invalid);
  CHECK(verify_consistency(5, 5, root, root, view(one)) == Status::proof_invalid);
  CHECK(verify_consistency(4, 5, t.root(4), root, {}) == Status::proof_invalid);
  CHECK(verify_consistency(5, 0, root, empty_root, {}) == Status::proof_invalid);
  CHECK(t.consistency(0).empty());
  CHECK(t.consistency(5).empty());
}

TEST_CASE("range proofs verify for every range") {
  for (uint64_t size = 1; size <= 40; ++size) {
    SmallTree t(size);
    const Digest root = t.root(size);
    for (uint64_t first = 0; first < size; ++first) {
      for (uint64_t count = 1; count <= size - first; ++count) {
        CAPTURE(size, first, count);
        const Proof proof = t.range(first, count);
        CHECK(proof.size() == range_proof_size(first, count, size));
        CHECK(verify_range(first, &t.leaves[first], count, size, view(proof), root) == Status::ok);
      }
    }
  }
}

TEST_CASE("a range of one leaf is proved by its inclusion proof in another order") {
  for (uint64_t size = 1; size <= 40; ++size) {
    SmallTree t(size);
    for (uint64_t index = 0; index < size; ++index) {
      Proof range = t.range(index, 1);
      Proof inclusion = t.inclusion(index);
      // The left flank comes largest first, which is the order from the root down.
      Proof expected;
      Proof right;
      const Proof reversed(inclusion.rbegin(), inclusion.rend());
      for (const Digest& hash : reversed) {
        const size_t left = expected.size();
        if (left < count_bits(index) && hash == range[left])
          expected.push_back(hash);
        else
          right.insert(right.begin(), hash);
      }
      expected.insert(expected.end(), right.begin(), right.end());
      CHECK(range == expected);
    }
  }
}

TEST_CASE("range proofs hold for these leaves in this place, all of them and no more") {
  for (uint64_t size = 1; size <= 12; ++size) {
    SmallTree t(size);
    const Digest root = t.root(size);
    for (uint64_t first = 0; first < size; ++first) {
      for (uint64_t count = 1; count <= size - first; ++count) {
        CAPTURE(size, first, count);
        const Proof proof = t.range(first, count);
        const auto begin = t.leaves.begin() + static_cast<long>(first);
        const std::vector<Digest> range(begin, begin + static_cast<long>(count));
        const auto refused = [&](uint64_t at, const std::vector<Digest>& leaves, const Proof& p) {
          CHECK(verify_range(at, leaves.data(), leaves.size(), size, view(p), root) ==
                Status::proof_invalid);
        };
        for_each_damage(proof, [&](const Proof& bad) { refused(first, range, bad); });
        for_each_damage(range, [&](const std::vector<Digest>& bad) { refused(first, bad, proof); });
        for (uint64_t other = 0; other <= size; ++other)
          if (other != first) refused(other, range, proof);
        CHECK(verify_range(first, range.data(), count, size, view(proof), empty_root) ==
              Status::proof_invalid);
      }
    }
  }
}

TEST_CASE("the root from a source is that of the definition") {
  const auto leaves = tree::numbered_leaves(0, 66);
  for (uint64_t size = 0; size <= leaves.size(); ++size) {
    tree::LeafSource input{&leaves, size};
    Digest root;
    CHECK(build_root(size, input.source(), root) == Status::ok);
    CHECK(root == tree::root(leaves, 0, size));
  }
}
