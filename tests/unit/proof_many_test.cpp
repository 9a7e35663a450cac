// Many proofs at once: built by one Prover, verified several at a time. Both come to what the calls
// for one proof come to, and cost exactly what they promise.
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace cairn;
using Proof = std::vector<Digest>;

namespace {

struct Buffer {
  Digest hashes[range_proof_hashes_max];
  ProofBuffer out{hashes, range_proof_hashes_max, 77};

  Proof proof() const { return Proof(hashes, hashes + out.count); }
};

/// Asserts that a prover and the builder of single proofs come to the same.
template <typename Prove, typename Build>
void same(const Prove& prove, const Build& build) {
  Buffer many;
  Buffer single;
  REQUIRE(prove(many.out) == build(single.out));
  REQUIRE(many.proof() == single.proof());
}

void same_inclusion(const Prover& prover, const NodeSource& source, uint64_t index) {
  same([&](ProofBuffer& out) { return prover.inclusion(index, out); },
       [&](ProofBuffer& out) { return build_inclusion(index, prover.size(), source, out); });
}

void same_consistency(const Prover& prover, const NodeSource& source, uint64_t from) {
  same([&](ProofBuffer& out) { return prover.consistency(from, out); },
       [&](ProofBuffer& out) { return build_consistency(from, prover.size(), source, out); });
}

void same_range(const Prover& prover, const NodeSource& source, uint64_t first, uint64_t count) {
  same([&](ProofBuffer& out) { return prover.range(first, count, out); },
       [&](ProofBuffer& out) { return build_range(first, count, prover.size(), source, out); });
}

/// Passes on what another source answers, and counts; from call `fail_at` on it fails.
struct Counting {
  NodeSource inner;
  size_t calls = 0;
  size_t fail_at = SIZE_MAX;

  static Status node(void* user, unsigned level, uint64_t index, Digest& out) {
    Counting& self = *static_cast<Counting*>(user);
    if (self.calls++ >= self.fail_at) return Status::pruned;
    return self.inner.node(self.inner.user, level, index, out);
  }
  NodeSource source() { return {this, node}; }
};

}  // namespace

TEST_CASE("a prover builds the proofs of every small tree, its root, and no others") {
  const auto leaves = tree::numbered_leaves(0, 130);
  tree::Levels levels(leaves);
  for (uint64_t size = 0; size <= 130; ++size) {
    CAPTURE(size);
    Prover prover;
    REQUIRE(prover.open(size, levels.source()) == Status::ok);
    CHECK(prover.size() == size);
    CHECK(prover.root() == tree::root(leaves, 0, size));
    for (uint64_t index = 0; index <= size + 1; ++index)
      same_inclusion(prover, levels.source(), index);
    for (uint64_t from = 0; from <= size + 1; ++from)
      same_consistency(prover, levels.source(), from);
    for (uint64_t first = 0; first <= size; ++first)
      for (uint64_t count = 0; count <= size - first + 1; count += 1 + count / 4)
        same_range(prover, levels.source(), first, count);
  }
}

TEST_CASE("a prover builds the proofs of trees up to the largest") {
  std::mt19937_64 random(41);
  for (int round = 0; round < 400; ++round) {
    const unsigned bits = 1 + static_cast<unsigned>(random() % 63);
    const uint64_t power = uint64_t{1} << (bits - 1);
    uint64_t size = round % 4 == 0 ? power - 1 + random() % 3 : power + random() % power;
    if (round % 16 == 1) size = tree_size_max;
    const uint64_t index = size < 2 ? 0 : round % 5 == 0 ? size - 1 : random() % size;
    CAPTURE(size, index);
    tree::HugeTree t{0, index, index ^ 1, size - 1};
    const NodeSource source = t.source(size);
    Prover prover;
    REQUIRE(prover.open(size, source) == Status::ok);
    CHECK(prover.root() == t.root(size));
    for (uint64_t at : {index, uint64_t{0}, size - 1, size, UINT64_MAX}) {
      same_inclusion(prover, source, at);
      same_consistency(prover, source, at);
      same_range(prover, source, at, 1);
    }
    same_range(prover, source, index, size - index);
    same_range(prover, source, index, 1 + (size - index) / 2);
  }
}

TEST_CASE("a prover reads the right edge once, and then a node a hash at most") {
  tree::HugeTree t{0};
  for (const uint64_t size : {uint64_t{1}, uint64_t{2}, uint64_t{1000}, uint64_t{1000000},
                              uint64_t{1} << 40, tree_size_max}) {
    Counting counting{t.source(size)};
    Prover prover;
    REQUIRE(prover.open(size, counting.source()) == Status::ok);
    CHECK(counting.calls == count_bits(size));
    for (const uint64_t index : {uint64_t{0}, size / 3, size / 2, size - 1}) {
      CAPTURE(size, index);
      const uint64_t path = index ^ (size - 1);
      // Where the paths of this leaf and the last part, the right side is an edge, or perfect.
      const unsigned fork = bit_length(path);
      const bool ragged = fork != 0 && (size & ((uint64_t{1} << (fork - 1)) - 1)) != 0;
      Buffer b;
      counting.calls = 0;
      REQUIRE(prover.inclusion(index, b.out) == Status::ok);
      CHECK(counting.calls == inclusion_proof_size(index, size) - (ragged ? 1 : 0));
    }
  }
  // One figure in numbers: leaf 0 of a million has 20 hashes, and 1,000,000 has 7 set bits.
  Counting counting{t.source(1000000)};
  Prover prover;
  Buffer b;
  REQUIRE(prover.open(1000000, counting.source()) == Status::ok);
  REQUIRE(prover.inclusion(0, b.out) == Status::ok);
  CHECK(counting.calls == 7 + 19);
}

TEST_CASE("a prover passes on what its source answers, and is then that of the empty tree") {
  tree::Levels levels(tree::numbered_leaves(0, 100));
  Buffer b;
  for (size_t answered = 0; answered < count_bits(99); ++answered) {
    Prover prover;
    REQUIRE(prover.open(50, levels.source()) == Status::ok);
    Counting failing{levels.source(), 0, answered};
    CHECK(prover.open(99, failing.source()) == Status::pruned);
    CHECK(prover.size() == 0);
    CHECK(prover.root() == empty_root);
    CHECK(prover.inclusion(0, b.out) == Status::bad_argument);
    CHECK(prover.consistency(1, b.out) == Status::bad_argument);
    CHECK(prover.consistency(0, b.out) == Status::ok);
    CHECK(prover.range(0, 1, b.out) == Status::bad_argument);
    CHECK(b.out.count == 0);
  }
  Prover prover;
  CHECK(prover.inclusion(0, b.out) == Status::bad_argument);
  CHECK(prover.root() == empty_root);
  CHECK(prover.open(tree_size_max + 1, levels.source()) == Status::bad_argument);
  CHECK(prover.open(UINT64_MAX, levels.source()) == Status::bad_argument);

  Counting counting{levels.source()};
  REQUIRE(prover.open(99, counting.source()) == Status::ok);
  counting.calls = 0;
  counting.fail_at = 3;
  CHECK(prover.inclusion(3, b.out) == Status::pruned);
  CHECK(b.out.count == 0);
}

TEST_CASE("a prover needs room for the whole proof and writes no byte more") {
  tree::Levels levels(tree::numbered_leaves(0, 100));
  Prover prover;
  REQUIRE(prover.open(100, levels.source()) == Status::ok);
  const auto check = [](size_t needed, const auto& build) {
    REQUIRE(needed != 0);
    for (size_t capacity : {size_t{0}, needed - 1, needed}) {
      Digest hashes[range_proof_hashes_max] = {};
      ProofBuffer out{hashes, capacity, 77};
      CHECK(build(out) == (capacity == needed ? Status::ok : Status::full));
      CHECK(out.count == (capacity == needed ? needed : 0));
      CHECK(hashes[capacity] == Digest{});
    }
  };
  check(inclusion_proof_size(42, 100), [&](ProofBuffer& out) { return prover.inclusion(42, out); });
  check(consistency_proof_size(42, 100),
        [&](ProofBuffer& out) { return prover.consistency(42, out); });
  check(range_proof_size(42, 11, 100), [&](ProofBuffer& out) { return prover.range(42, 11, out); });
}

TEST_CASE("a prover fits what C sets aside, and a tree's state its promise") {
  static_assert(sizeof(Prover) <= 2048);
  // 32 bytes a level: 2,056 with 64 levels, 776 with 24.
  static_assert(sizeof(Frontier) == 8 + size_t{32} * Frontier::max_levels);
  CHECK(sizeof(Frontier) - 8 == 32 * Frontier::max_levels);
}

namespace {

/// Proofs to verify together, with what they point to.
struct Batch {
  std::vector<Digest> leaves;
  std::vector<Digest> roots;
  std::vector<Proof> proofs;
  std::vector<InclusionCheck> checks;

  void add(uint64_t index, uint64_t size, const Digest& leaf, const Proof& proof,
           const Digest& root) {
    leaves.push_back(leaf);
    roots.push_back(root);
    proofs.push_back(proof);
    checks.push_back({index, size, nullptr, {nullptr, 0}, nullptr});
  }

  /// Asserts that each comes to what it comes to alone; returns how many hold.
  size_t verify() {
    size_t held = 0;
    for (size_t i = 0; i < checks.size(); ++i) {
      checks[i].leaf = &leaves[i];
      checks[i].root = &roots[i];
      checks[i].proof = {proofs[i].data(), proofs[i].size()};
      checks[i].status = Status::io;
    }
    const Status all = verify_inclusions(checks.data(), checks.size());
    for (const InclusionCheck& check : checks) {
      CAPTURE(check.index, check.size, check.proof.count);
      REQUIRE(check.status ==
              verify_inclusion(check.index, check.size, *check.leaf, check.proof, *check.root));
      held += check.status == Status::ok ? 1 : 0;
    }
    REQUIRE(all == (held == checks.size() ? Status::ok : Status::proof_invalid));
    return held;
  }
};

/// Every kind of proof that must not hold, made from one that does.
void add_bad(Batch& batch, uint64_t index, uint64_t size, const Digest& leaf, const Proof& proof,
             const Digest& root) {
  Digest other = leaf;
  other.bytes[0] ^= 1;
  batch.add(index, size, other, proof, root);
  other = root;
  other.bytes[31] ^= 0x80;
  batch.add(index, size, leaf, proof, other);
  batch.add(size, size, leaf, proof, root);
  batch.add(UINT64_MAX, size, leaf, proof, root);
  batch.add(index, 0, leaf, proof, root);
  batch.add(index, tree_size_max + 1, leaf, proof, root);
  batch.add(UINT64_MAX - 1, UINT64_MAX, leaf, proof, root);
  // Nothing to climb, and the leaf is the root: only the place is wrong.
  batch.add(size, size, root, {}, root);
  batch.add(0, tree_size_max + 1, root, {}, root);
  batch.add(0, 0, root, {}, root);
  Proof longer = proof;
  longer.push_back(leaf);
  batch.add(index, size, leaf, longer, root);
  longer.resize(proof_hashes_max + 3);
  batch.add(index, size, leaf, longer, root);
  if (proof.empty()) return;
  // A node in place of the leaf: the rest of the way is right where all turns are alike.
  const Digest parent = (index & 1) == 0 ? node_hash(leaf, proof[0]) : node_hash(proof[0], leaf);
  batch.add(index, size, parent, Proof(proof.begin() + 1, proof.end()), root);
  batch.add(index ^ 1, size, leaf, proof, root);
  batch.add(index, size, leaf, Proof(proof.begin(), proof.end() - 1), root);
  batch.add(index, size, leaf, {}, root);
  Proof flipped = proof;
  flipped[index % proof.size()].bytes[index % digest_bytes] ^= 0x10;
  batch.add(index, size, leaf, flipped, root);
}

}  // namespace

TEST_CASE("many proofs verify as each of them does alone, good and bad among one another") {
  const auto leaves = tree::numbered_leaves(0, 70);
  tree::Levels levels(leaves);
  Batch batch;
  size_t good = 0;
  for (uint64_t size = 1; size <= 70; size += 1 + size / 9) {
    Prover prover;
    REQUIRE(prover.open(size, levels.source()) == Status::ok);
    for (uint64_t index = 0; index < size; ++index) {
      Buffer b;
      REQUIRE(prover.inclusion(index, b.out) == Status::ok);
      batch.add(index, size, leaves[index], b.proof(), prover.root());
      ++good;
      if (index % 3 == size % 3)
        add_bad(batch, index, size, leaves[index], b.proof(), prover.root());
    }
  }
  CHECK(batch.verify() == good);
  CHECK(batch.checks.size() > 2 * good);
  // In another order other paths climb together.
  std::mt19937_64 random(42);
  for (int round = 0; round < 20; ++round) {
    Batch shuffled;
    for (size_t i = 0; i < batch.checks.size(); ++i) {
      const size_t at = static_cast<size_t>(random() % batch.checks.size());
      shuffled.add(batch.checks[at].index, batch.checks[at].size, batch.leaves[at],
                   batch.proofs[at], batch.roots[at]);
    }
    CHECK(shuffled.verify() > 0);
  }
}

TEST_CASE("any number of proofs verifies together, of any length") {
  CHECK(verify_inclusions(nullptr, 0) == Status::ok);
  std::mt19937_64 random(43);
  for (size_t count = 1; count <= 40; ++count) {
    Batch batch;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t size = 1 + (random() >> (1 + random() % 63)) % tree_size_max;
      const uint64_t index = random() % size;
      tree::HugeTree t{index};
      Buffer b;
      REQUIRE(build_inclusion(index, size, t.source(size), b.out) == Status::ok);
      batch.add(index, size, t.leaf(index), b.proof(), t.root(size));
    }
    CHECK(batch.verify() == count);
    const size_t wrong = static_cast<size_t>(random() % count);
    batch.roots[wrong].bytes[5] ^= 4;
    CHECK(batch.verify() == count - 1);
    CHECK(batch.checks[wrong].status == Status::proof_invalid);
  }
}
