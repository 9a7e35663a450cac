// Proofs at the edges: sizes up to 2^63, arguments outside, sources that fail, buffers too small.
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace cairn;

namespace {

struct Buffer {
  Digest hashes[range_proof_hashes_max];
  ProofBuffer out{hashes, range_proof_hashes_max};
};

// Builds, verifies, and finds a flipped bit in, all that concerns leaf `index` of `size`.
void check_leaf(uint64_t index, uint64_t size) {
  CAPTURE(index, size);
  tree::HugeTree t{0, index, index ^ 1, index / 2, size - 1};
  const Digest root = t.root(size);
  Buffer b;
  REQUIRE(build_inclusion(index, size, t.source(size), b.out) == Status::ok);
  CHECK(b.out.count == inclusion_proof_size(index, size));
  CHECK(b.out.count <= proof_hashes_max);
  CHECK(verify_inclusion(index, size, t.leaf(index), b.out, root) == Status::ok);
  if (b.out.count == 0) return;
  b.hashes[b.out.count - 1].bytes[31] ^= 1;
  CHECK(verify_inclusion(index, size, t.leaf(index), b.out, root) == Status::proof_invalid);
}

void check_growth(uint64_t from, uint64_t to) {
  CAPTURE(from, to);
  tree::HugeTree t{0, from - 1, from, to - 1};
  Buffer b;
  REQUIRE(build_consistency(from, to, t.source(to), b.out) == Status::ok);
  CHECK(b.out.count == consistency_proof_size(from, to));
  CHECK(b.out.count <= proof_hashes_max);
  CHECK(verify_consistency(from, to, t.root(from), t.root(to), b.out) == Status::ok);
  if (b.out.count == 0) return;
  b.hashes[0].bytes[0] ^= 0x80;
  CHECK(verify_consistency(from, to, t.root(from), t.root(to), b.out) == Status::proof_invalid);
}

void check_range(uint64_t first, size_t count, uint64_t size) {
  CAPTURE(first, count, size);
  tree::HugeTree t{0, first, first + count - 1, first + count, size - 1};
  std::vector<Digest> leaves;
  for (size_t i = 0; i < count; ++i)
    leaves.push_back(t.leaf(first + i));
  Buffer b;
  REQUIRE(build_range(first, count, size, t.source(size), b.out) == Status::ok);
  CHECK(b.out.count == range_proof_size(first, count, size));
  const Digest root = t.root(size);
  const bool fits = bit_length(first + count) <= Frontier::max_levels;
  CHECK(verify_range(first, leaves.data(), count, size, b.out, root) ==
        (fits ? Status::ok : Status::unsupported));
  leaves[count / 2].bytes[7] ^= 2;
  CHECK(verify_range(first, leaves.data(), count, size, b.out, root) ==
        (fits ? Status::proof_invalid : Status::unsupported));
}

}  // namespace

TEST_CASE("proofs around every power of two up to the largest tree") {
  for (unsigned level = 1; level <= 63; ++level) {
    const uint64_t power = uint64_t{1} << level;
    for (uint64_t size : {power - 1, power, power + 1}) {
      if (size > tree_size_max) continue;
      for (uint64_t index : {uint64_t{0}, uint64_t{1}, size / 2, size - 2, size - 1})
        if (index < size) check_leaf(index, size);
      for (uint64_t from : {uint64_t{1}, size / 2, size / 2 + 1, size - 1, size})
        if (from != 0) check_growth(from, size);
      if (size > 20) {
        check_range(0, 9, size);
        check_range(size / 2 - 3, 17, size);
        check_range(size - 11, 11, size);
      }
    }
  }
}

TEST_CASE("random proofs in trees of random size") {
  std::mt19937_64 random(40);
  for (int round = 0; round < 300; ++round) {
    const uint64_t size = 1 + (random() >> (2 + random() % 60));
    const uint64_t index = random() % size;
    check_leaf(index, size);
    check_growth(1 + index, size);
    check_range(index, 1 + static_cast<size_t>(random() % std::min<uint64_t>(size - index, 40)),
                size);
  }
}

TEST_CASE("the longest proofs have the lengths that buffers are made for") {
  CHECK(inclusion_proof_size(0, tree_size_max) == 63);
  CHECK(inclusion_proof_size(tree_size_max - 1, tree_size_max) == 62);
  CHECK(consistency_proof_size((uint64_t{1} << 62) - 1, tree_size_max) == 64);
  CHECK(consistency_proof_size(1, tree_size_max) == 63);
  CHECK(range_proof_size((uint64_t{1} << 62) - 1, 1, tree_size_max) == 63);
  CHECK(range_proof_size(0, 1, tree_size_max) == 63);
}

TEST_CASE("sizes of proofs that cannot be are 0") {
  CHECK(inclusion_proof_size(0, 0) == 0);
  CHECK(inclusion_proof_size(5, 5) == 0);
  CHECK(inclusion_proof_size(UINT64_MAX, UINT64_MAX) == 0);
  CHECK(inclusion_proof_size(0, tree_size_max + 1) == 0);
  CHECK(inclusion_proof_size(0, UINT64_MAX) == 0);
  CHECK(consistency_proof_size(0, 9) == 0);
  CHECK(consistency_proof_size(9, 9) == 0);
  CHECK(consistency_proof_size(9, 8) == 0);
  CHECK(consistency_proof_size(1, tree_size_max + 1) == 0);
  CHECK(consistency_proof_size(UINT64_MAX, UINT64_MAX) == 0);
  CHECK(range_proof_size(0, 0, 5) == 0);
  CHECK(range_proof_size(5, 1, 5) == 0);
  CHECK(range_proof_size(4, 2, 5) == 0);
  CHECK(range_proof_size(4, UINT64_MAX, 5) == 0);
  CHECK(range_proof_size(UINT64_MAX, 2, 5) == 0);
  CHECK(range_proof_size(0, 1, UINT64_MAX) == 0);
}

TEST_CASE("arguments outside a tree are refused, whatever the proof") {
  const std::vector<Digest> hashes = tree::numbered_leaves(0, 70);
  const Digest& d = hashes[0];
  Digest root;
  for (size_t count = 0; count <= hashes.size(); ++count) {
    const ProofView proof{hashes.data(), count};
    const bool fits = count == inclusion_proof_size(42, 100);
    CHECK(root_from_inclusion(42, 100, d, proof, root) ==
          (fits ? Status::ok : Status::proof_invalid));
    for (uint64_t index : {uint64_t{5}, uint64_t{6}, uint64_t{1} << 63, UINT64_MAX}) {
      CHECK(verify_inclusion(index, 5, d, proof, d) == Status::proof_invalid);
      CHECK(verify_inclusion(index, 0, d, proof, d) == Status::proof_invalid);
      CHECK(root_from_inclusion(index, 5, d, proof, root) == Status::proof_invalid);
    }
    for (uint64_t size : {tree_size_max + 1, UINT64_MAX}) {
      CHECK(verify_inclusion(0, size, d, proof, d) == Status::proof_invalid);
      CHECK(verify_inclusion(size - 1, size, d, proof, d) == Status::proof_invalid);
      CHECK(verify_consistency(1, size, d, d, proof) == Status::proof_invalid);
      CHECK(verify_consistency(size, size, d, d, proof) == Status::proof_invalid);
      CHECK(verify_consistency(0, size, empty_root, d, proof) == Status::proof_invalid);
      CHECK(verify_range(0, &d, 1, size, proof, d) == Status::proof_invalid);
    }
    CHECK(verify_consistency(6, 5, d, d, proof) == Status::proof_invalid);
    CHECK(verify_consistency(UINT64_MAX, 5, d, d, proof) == Status::proof_invalid);
    CHECK(verify_range(0, &d, 0, 5, proof, d) == Status::proof_invalid);
    CHECK(verify_range(5, &d, 1, 5, proof, d) == Status::proof_invalid);
    CHECK(verify_range(UINT64_MAX, &d, 1, 5, proof, d) == Status::proof_invalid);
    CHECK(verify_range(0, hashes.data(), 6, 5, proof, d) == Status::proof_invalid);
  }
  CHECK(verify_range(0, nullptr, SIZE_MAX, 5, {}, d) == Status::proof_invalid);
}

TEST_CASE("building refuses what does not exist, even when the source does not") {
  const NodeSource source = {nullptr, [](void*, unsigned, uint64_t, Digest& out) {
                               out = Digest{};
                               return Status::ok;
                             }};
  Buffer b;
  CHECK(build_inclusion(0, 0, source, b.out) == Status::bad_argument);
  CHECK(build_inclusion(100, 100, source, b.out) == Status::bad_argument);
  CHECK(build_inclusion(UINT64_MAX, 100, source, b.out) == Status::bad_argument);
  CHECK(build_inclusion(0, tree_size_max + 1, source, b.out) == Status::bad_argument);
  CHECK(build_consistency(101, 100, source, b.out) == Status::bad_argument);
  CHECK(build_consistency(0, tree_size_max + 1, source, b.out) == Status::bad_argument);
  CHECK(build_range(0, 0, 100, source, b.out) == Status::bad_argument);
  CHECK(build_range(100, 1, 100, source, b.out) == Status::bad_argument);
  CHECK(build_range(99, 2, 100, source, b.out) == Status::bad_argument);
  CHECK(build_range(1, UINT64_MAX, 100, source, b.out) == Status::bad_argument);
  Digest root;
  CHECK(build_root(tree_size_max + 1, source, root) == Status::bad_argument);
}

TEST_CASE("building needs room for the whole proof and writes no byte more") {
  tree::HugeTree t{3};
  const uint64_t size = 100;
  const NodeSource source = t.source(size);
  const auto check = [](size_t needed, const auto& build) {
    REQUIRE(needed != 0);
    for (size_t capacity : {size_t{0}, needed - 1, needed}) {
      Digest hashes[range_proof_hashes_max] = {};
      ProofBuffer out{hashes, capacity, 77};
      const bool fits = capacity >= needed;
      CHECK(build(out) == (fits ? Status::ok : Status::full));
      CHECK(out.count == (fits ? needed : 0));
      CHECK(hashes[capacity] == Digest{});
    }
  };
  check(inclusion_proof_size(42, size),
        [&](ProofBuffer& out) { return build_inclusion(42, size, source, out); });
  check(consistency_proof_size(42, size),
        [&](ProofBuffer& out) { return build_consistency(42, size, source, out); });
  check(range_proof_size(42, 11, size),
        [&](ProofBuffer& out) { return build_range(42, 11, size, source, out); });
}

namespace {
// Answers `calls_left` times, then fails.
struct FailingSource {
  int calls_left;
  static Status node(void* user, unsigned, uint64_t, Digest& out) {
    out = Digest{};
    return static_cast<FailingSource*>(user)->calls_left-- > 0 ? Status::ok : Status::pruned;
  }
};
}  // namespace

TEST_CASE("what the source answers is passed on, and no half proof is left") {
  const uint64_t size = 99;  // its right end is ragged: some hashes take several nodes
  int calls = 0;
  for (int answered = 0; answered < 40; ++answered) {
    FailingSource failing{answered};
    const NodeSource source{&failing, FailingSource::node};
    const auto check = [&](const auto& build) {
      failing.calls_left = answered;
      Buffer b;
      const Status status = build(b.out);
      if (failing.calls_left >= 0) {
        CHECK(status == Status::ok);
        CHECK(b.out.count != 0);
      } else {
        ++calls;
        CHECK(status == Status::pruned);
        CHECK(b.out.count == 0);
      }
    };
    check([&](ProofBuffer& out) { return build_inclusion(3, size, source, out); });
    check([&](ProofBuffer& out) { return build_consistency(35, size, source, out); });
    check([&](ProofBuffer& out) { return build_range(35, 20, size, source, out); });
    failing.calls_left = answered;
    Digest root;
    const bool enough = answered >= static_cast<int>(count_bits(size));
    CHECK(build_root(size, source, root) == (enough ? Status::ok : Status::pruned));
  }
  CHECK(calls > 20);
}

TEST_CASE("building reads at most two nodes a level") {
  struct Counting {
    tree::HugeTree* tree;
    NodeSource inner;
    size_t calls;
    static Status node(void* user, unsigned level, uint64_t index, Digest& out) {
      Counting& self = *static_cast<Counting*>(user);
      ++self.calls;
      return self.inner.node(self.inner.user, level, index, out);
    }
  };
  for (uint64_t size : {uint64_t{1000}, uint64_t{1023}, (uint64_t{1} << 40) - 1}) {
    tree::HugeTree t{0};
    Counting counting{&t, t.source(size), 0};
    const NodeSource source{&counting, Counting::node};
    for (uint64_t index : {uint64_t{0}, size / 3, size - 1}) {
      counting.calls = 0;
      Buffer b;
      REQUIRE(build_inclusion(index, size, source, b.out) == Status::ok);
      CHECK(counting.calls <= 2 * bit_length(size));
    }
  }
}

TEST_CASE("a source that fetches ahead is told of the siblings of the path, before they are read") {
  struct Watching {
    NodeSource inner;
    std::set<std::pair<unsigned, uint64_t>> announced;
    uint64_t size;
    size_t late;  // complete nodes below the fork that were read without a word
    uint64_t path;
    static Status node(void* user, unsigned level, uint64_t index, Digest& out) {
      Watching& self = *static_cast<Watching*>(user);
      if (index == (self.path >> level ^ 1) && index > self.path >> level &&
          self.announced.count({level, index}) == 0)
        ++self.late;
      return self.inner.node(self.inner.user, level, index, out);
    }
    static void ahead(void* user, uint64_t index, unsigned begin, unsigned end) {
      Watching& self = *static_cast<Watching*>(user);
      for (unsigned level = begin; level < end; ++level) {
        self.announced.insert({level, index >> level ^ 1});
        CHECK((index >> level ^ 1) < self.size >> level);
      }
    }
  };
  for (const uint64_t size : {1u, 2u, 7u, 8u, 21u, 32u, 1000u}) {
    tree::HugeTree t{0};
    for (uint64_t index = 0; index < size; index += 1 + size / 50) {
      Watching watching{t.source(size), {}, size, 0, index};
      const NodeSource told{&watching, Watching::node, Watching::ahead};
      Buffer quiet, loud;
      REQUIRE(build_inclusion(index, size, t.source(size), quiet.out) == Status::ok);
      REQUIRE(build_inclusion(index, size, told, loud.out) == Status::ok);
      CHECK(watching.late == 0);
      CHECK(watching.announced.size() <= bit_length(size));
      REQUIRE(loud.out.count == quiet.out.count);
      for (size_t i = 0; i < quiet.out.count; ++i)
        CHECK(loud.out.hashes[i] == quiet.out.hashes[i]);
    }
  }
}
