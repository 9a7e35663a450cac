// Levels in memory that grow with their log, and leaves that are hashed again.
#include <cairn/linux/level_array.hpp>
#include <random>

#include "support/host.hpp"
#include "support/tree.hpp"

using namespace cairn;
using namespace cairn::host;

namespace {

/// Leaf hashes in an array, which counts what is asked of it.
struct Leaves {
  std::vector<Digest> hashes;
  size_t calls = 0;
  size_t asked = 0;
  Status answer = Status::ok;

  explicit Leaves(uint64_t count) : hashes(tree::numbered_leaves(0, count)) {}

  LeafHashes source() {
    return [this](uint64_t first, size_t count, Digest* out) {
      ++calls;
      asked += count;
      REQUIRE(first + count <= hashes.size());
      std::copy_n(hashes.begin() + static_cast<ptrdiff_t>(first), count, out);
      return answer;
    };
  }
};

/// Answers for retired nodes from all levels; refuses those that are not retired.
struct Retired {
  tree::Levels* levels;
  uint64_t first;

  static Status node(void* user, unsigned level, uint64_t index, Digest& out) {
    const Retired& self = *static_cast<const Retired*>(user);
    if ((index + 1) << level > self.first) return Status::bad_argument;
    return tree::Levels::node(self.levels, level, index, out);
  }
  NodeSource source() { return {this, node}; }
};

void append(LevelArray& array, const Leaves& leaves, uint64_t count) {
  array.append(leaves.hashes.data() + array.size(), static_cast<size_t>(count));
}

/// Asserts that every node of the array is that of the tree.
void same_nodes(const LevelArray& array, tree::Levels& levels) {
  const NodeSource source = array.nodes();
  for (unsigned level = 0; level < 14; ++level) {
    const uint64_t count = array.size() >> level;
    Digest out;
    for (uint64_t index = 0; index < count; ++index) {
      CAPTURE(level, index, array.size(), array.first());
      REQUIRE(source.node(source.user, level, index, out) == Status::ok);
      REQUIRE(out == levels.levels[level][index]);
    }
    REQUIRE(source.node(source.user, level, count, out) == Status::bad_argument);
  }
}

}  // namespace

TEST_CASE("An array that grew by any steps has the nodes of the tree") {
  const unsigned lowest = GENERATE(0u, 1u, 5u, 8u);
  Leaves leaves(5000);
  tree::Levels levels(leaves.hashes);
  std::mt19937_64 random(44 + lowest);
  for (unsigned round = 0; round < 6; ++round) {
    LevelArray array(lowest, leaves.source());
    while (array.size() < leaves.hashes.size()) {
      const uint64_t step = round == 0 ? 1 + array.size() : 1 + random() % (round * 600);
      append(array, leaves, std::min(step, leaves.hashes.size() - array.size()));
      if (round == 0 || array.size() > 4000) same_nodes(array, levels);
    }
  }
}

TEST_CASE("An array that grew leaf by leaf has the nodes of every size") {
  const unsigned lowest = GENERATE(0u, 2u, 5u);
  Leaves leaves(150);
  tree::Levels levels(leaves.hashes);
  LevelArray array(lowest, leaves.source());
  while (array.size() < 150) {
    append(array, leaves, 1);
    same_nodes(array, levels);
  }
}

TEST_CASE("An array may begin with any leaf, and grow from there") {
  const unsigned lowest = GENERATE(0u, 3u, 5u);
  Leaves leaves(700);
  tree::Levels levels(leaves.hashes);
  LevelArray array(lowest, leaves.source());
  for (uint64_t first = 0; first < 140; first += 1 + first / 20) {
    Retired retired{&levels, first};
    array.start(first, retired.source());
    CHECK(array.first() == first);
    CHECK(array.size() == first);
    for (const uint64_t step : {1u, 6u, 30u, 100u, 1u, 300u}) {
      append(array, leaves, step);
      same_nodes(array, levels);
    }
  }
}

TEST_CASE("All proofs from memory are those of the tree, and cost a node a hash") {
  Leaves leaves(3000);
  tree::Levels levels(leaves.hashes);
  LevelArray all;
  LevelArray few(5, leaves.source());
  append(all, leaves, 3000);
  append(few, leaves, 3000);
  Prover from_all;
  Prover from_few;
  REQUIRE(from_all.open(3000, all.nodes()) == Status::ok);
  REQUIRE(from_few.open(3000, few.nodes()) == Status::ok);
  CHECK(leaves.calls == 0);  // the right edge is in memory
  for (uint64_t index = 0; index < 3000; ++index) {
    Digest expected[proof_hashes_max], a[proof_hashes_max], b[proof_hashes_max];
    ProofBuffer single{expected, proof_hashes_max}, one{a, proof_hashes_max};
    ProofBuffer other{b, proof_hashes_max};
    REQUIRE(build_inclusion(index, 3000, levels.source(), single) == Status::ok);
    REQUIRE(from_all.inclusion(index, one) == Status::ok);
    REQUIRE(from_few.inclusion(index, other) == Status::ok);
    REQUIRE(std::vector<Digest>(a, a + one.count) ==
            std::vector<Digest>(expected, expected + single.count));
    REQUIRE(std::vector<Digest>(b, b + other.count) ==
            std::vector<Digest>(expected, expected + single.count));
  }
  // Each block of 32 leaves was read once, but for the last, which is not complete.
  CHECK(leaves.calls == 3000 / 32);
  CHECK(leaves.asked == 3000 / 32 * 32);
}

TEST_CASE("Leaves are read where a proof needs them, and only then") {
  Leaves leaves(1000);
  LevelArray array(5, leaves.source());
  append(array, leaves, 1000);
  const NodeSource source = array.nodes();
  const auto asked_for = [&](unsigned level, uint64_t index) {
    leaves.calls = leaves.asked = 0;
    Digest out;
    REQUIRE(source.node(source.user, level, index, out) == Status::ok);
    CHECK(leaves.asked == 32 * leaves.calls);
    return leaves.calls;
  };
  CHECK(asked_for(5, 0) == 0);
  CHECK(asked_for(0, 999) == 0);  // of the block that is not complete
  CHECK(asked_for(2, 248) == 0);
  CHECK(asked_for(0, 40) == 1);
  CHECK(asked_for(4, 3) == 0);  // the same block
  CHECK(asked_for(4, 4) == 1);
  append(array, leaves, 0);
  CHECK(asked_for(4, 4) == 0);
}

TEST_CASE("Leaves that are others than those appended are found out") {
  Leaves leaves(200);
  LevelArray array(5, leaves.source());
  append(array, leaves, 200);
  const NodeSource source = array.nodes();
  Digest out;
  const Digest right = leaves.hashes[40];
  leaves.hashes[40].bytes[3] ^= 1;
  CHECK(source.node(source.user, 0, 40, out) == Status::corrupt);
  CHECK(source.node(source.user, 0, 41, out) == Status::corrupt);
  CHECK(source.node(source.user, 0, 64, out) == Status::ok);
  CHECK(source.node(source.user, 5, 1, out) == Status::ok);
  leaves.hashes[40] = right;
  CHECK(source.node(source.user, 0, 40, out) == Status::ok);
  CHECK(out == right);
}

TEST_CASE("What the source of leaves answers is passed on, and nothing of it stays") {
  Leaves leaves(200);
  LevelArray array(5, leaves.source());
  append(array, leaves, 200);
  const NodeSource source = array.nodes();
  Digest out;
  leaves.answer = Status::io;
  CHECK(source.node(source.user, 0, 40, out) == Status::io);
  CHECK(source.node(source.user, 0, 40, out) == Status::io);
  leaves.answer = Status::ok;
  CHECK(source.node(source.user, 0, 40, out) == Status::ok);
  CHECK(out == leaves.hashes[40]);
  // Nor does it spoil the block that was read before.
  leaves.answer = Status::io;
  CHECK(source.node(source.user, 0, 70, out) == Status::io);
  leaves.answer = Status::ok;
  CHECK(source.node(source.user, 0, 40, out) == Status::ok);
  CHECK(out == leaves.hashes[40]);
}

TEST_CASE("An array that starts anew knows nothing of the log before") {
  Leaves leaves(64);
  LevelArray array(5, leaves.source());
  append(array, leaves, 64);
  const NodeSource source = array.nodes();
  Digest out;
  REQUIRE(source.node(source.user, 0, 40, out) == Status::ok);
  leaves.hashes = tree::numbered_leaves(1000, 64);
  array.start(0, {});
  append(array, leaves, 64);
  CHECK(source.node(source.user, 0, 40, out) == Status::ok);
  CHECK(out == tree::numbered_leaf(1040));
}

TEST_CASE("Lost leaves keep their place while an array grows, and are never asked for") {
  const unsigned lowest = GENERATE(0u, 5u);
  Leaves leaves(300);
  tree::Levels levels(leaves.hashes);
  LevelArray array(lowest, [&](uint64_t first, size_t count, Digest* out) {
    for (const uint64_t lost : {30u, 31u, 32u, 100u})
      CHECK((lost < first || lost >= first + count));
    return leaves.source()(first, count, out);
  });
  append(array, leaves, 30);
  array.append_lost(3);
  append(array, leaves, 67);
  array.append_lost(1);
  append(array, leaves, 199);
  CHECK(array.size() == 300);
  CHECK(array.missing() == std::vector<uint64_t>{30, 31, 32, 100});
  const NodeSource source = array.nodes();
  for (unsigned level = 0; level < 9; ++level) {
    for (uint64_t index = 0; index < 300u >> level; ++index) {
      const uint64_t begin = index << level;
      const uint64_t end = (index + 1) << level;
      const bool lost = (begin <= 32 && end > 30) || (begin <= 100 && end > 100);
      CAPTURE(level, index);
      Digest out;
      REQUIRE(source.node(source.user, level, index, out) == (lost ? Status::corrupt : Status::ok));
      if (!lost) REQUIRE(out == levels.levels[level][index]);
    }
  }
  array.start(0, {});
  CHECK(array.missing().empty());
  CHECK(array.size() == 0);
}

TEST_CASE("A column gives room piece by piece and never moves what it holds") {
  DigestColumn column;
  const Digest* first = nullptr;
  uint64_t filled = 0;
  while (filled < 5000) {
    size_t count = 0;
    Digest* const room = column.room(37, count);
    REQUIRE(count >= 1);
    REQUIRE(count <= 37);
    if (first == nullptr) first = room;
    for (size_t i = 0; i < count; ++i)
      store_be64(room[i].bytes, filled + i);
    CHECK(column.size() == filled);
    column.grow(count);
    filled += count;
  }
  CHECK(&column[0] == first);
  for (uint64_t i = 0; i < filled; ++i) {
    REQUIRE(load_be64(column[i].bytes) == i);
    const size_t run = column.run(i);
    REQUIRE(run >= 1);
    REQUIRE(&column[i + run - 1] == &column[i] + (run - 1));
    REQUIRE((i + run == filled || (i + run >= 16 && ((i + run) & (i + run - 1)) == 0)));
  }
}
