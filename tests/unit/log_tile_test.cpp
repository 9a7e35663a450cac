// Nodes for proofs from frontier frames, tile frames and the archive.
#include <cairn/proof.hpp>

#include "support/test_log.hpp"
#include "support/tree.hpp"

using namespace cairn;
using namespace test_log;

namespace {

std::vector<Medium> roomy() {
  std::vector<Medium> out = media();
  for (Medium& medium : out) {
    medium.segment = 8192;
    medium.count = 8;
  }
  return out;
}

Digest hash_of(uint64_t number) {
  return leaf_hash(view(leaf(number, 12)));
}

tree::Levels tree_of(uint64_t size) {
  std::vector<Digest> leaves;
  for (uint64_t i = 0; i < size; ++i)
    leaves.push_back(hash_of(i));
  return tree::Levels(leaves);
}

// Appends one by one and in batches, with a head every `seal` records (0: none).
void grow(TestLog& t, uint64_t size, uint64_t seal) {
  while (t.log.size() < size) {
    const uint64_t from = t.log.size();
    const uint64_t left = seal == 0 ? 100 : seal - from % seal;
    const uint64_t count = std::min<uint64_t>({left, from % 3 == 0 ? 40u : 1u, size - from});
    std::vector<Bytes> leaves;
    for (uint64_t i = 0; i < count; ++i)
      leaves.push_back(leaf(from + i, 12));
    REQUIRE(t.append_batch(leaves).ok());
    if (seal != 0 && t.log.size() % seal == 0) {
      REQUIRE(t.write_head(uint8_t(t.log.size() / seal)) == Status::ok);
    }
  }
}

// Every subtree of the tree that begins at index_min() or later.
void check_nodes(const TestLog& t, const tree::Levels& tree) {
  for (unsigned level = 0; t.log.size() >> level != 0; ++level) {
    const uint64_t step = level < 4 ? 61 : 1;
    for (uint64_t i = 0; i < t.log.size() >> level; i += step) {
      if (i << level < t.log.index_min()) continue;
      Digest node;
      INFO("level " << level << ", " << i);
      REQUIRE(t.log.node(level, i, node) == Status::ok);
      REQUIRE(node == tree.levels[level][size_t(i)]);
    }
  }
}

bool is_consistent(const TestLog& t, const tree::Levels& tree, uint64_t from, Status& built) {
  Digest hashes[64];
  ProofBuffer proof = {hashes, 64};
  built = build_consistency(from, t.log.size(), t.log.nodes(), proof);
  if (built != Status::ok) return false;
  const Digest old_root = tree::root(tree.levels[0], 0, from);
  return verify_consistency(from, t.log.size(), old_root, t.log.root(), proof) == Status::ok;
}

}  // namespace

TEST_CASE("every node of a log, with and without heads and tile frames") {
  for (const Medium& medium : roomy()) {
    for (const uint64_t seal : {0u, 64u, 256u, 100u}) {
      for (const LogTiles tiles : {LogTiles::none, LogTiles::write, LogTiles::archive}) {
        INFO(medium.name << ", seal " << seal << ", tiles " << int(tiles));
        TestLog t(medium, 512);
        t.options.tiles = tiles;
        REQUIRE(t.format() == Status::ok);
        grow(t, 1500, seal);
        const tree::Levels tree = tree_of(t.log.size());
        check_nodes(t, tree);
        REQUIRE(t.mount() == Status::ok);
        check_nodes(t, tree);
        CHECK(t.is_whole(12));
        CHECK(t.flash.violation == "");
      }
    }
  }
}

TEST_CASE("with heads and tile frames the nodes above outlive their leaves") {
  for (Medium medium : roomy()) {
    medium.count = 32;
    for (const uint64_t seal : {0u, 256u}) {
      for (const LogTiles tiles : {LogTiles::none, LogTiles::write}) {
        INFO(medium.name << ", seal " << seal << ", tiles " << int(tiles));
        TestLog t(medium, 512);
        t.options.tiles = tiles;
        REQUIRE(t.format() == Status::ok);
        while (t.log.size() < 2048) {
          REQUIRE(t.append(leaf(t.log.size(), 12)).ok());
          if (seal != 0 && t.log.size() % seal == 0) REQUIRE(t.write_head(1) == Status::ok);
        }
        for (uint64_t i = 1024; i < 2048; i += 64)
          t.flash.flip(place_of(t.flash.memory, leaf(i, 12)) + 1, 0);
        const tree::Levels tree = tree_of(2048);
        Digest node;
        // A right child: what heads hold of it is its left half, and of the rest the same again.
        const Status right = t.log.node(10, 1, node);
        CHECK(right == (tiles != LogTiles::none ? Status::ok : Status::corrupt));
        CHECK((right != Status::ok || node == tree.levels[10][1]));
        const Status left = t.log.node(9, 2, node);
        CHECK(left == (seal != 0 || tiles != LogTiles::none ? Status::ok : Status::corrupt));
        CHECK((left != Status::ok || node == tree.levels[9][2]));
      }
    }
  }
}

TEST_CASE("consistency from a retired size is provable with the archive, and pruned without") {
  for (const Medium& medium : roomy()) {
    for (const LogTiles tiles : {LogTiles::write, LogTiles::archive}) {
      for (const uint64_t seal : {0u, 256u}) {
        INFO(medium.name << ", tiles " << int(tiles) << ", seal " << seal);
        TestLog t(medium, 512);
        t.options.tiles = tiles;
        REQUIRE(t.format() == Status::ok);
        grow(t, 12000, seal);
        REQUIRE(t.log.index_min() > 6000);
        for (const bool mounted : {false, true}) {
          if (mounted) REQUIRE(t.mount() == Status::ok);
          const tree::Levels tree = tree_of(t.log.size());
          unsigned pruned = 0;
          for (uint64_t from = 256; from < t.log.size(); from += 256) {
            Status built = Status::ok;
            const bool consistent = is_consistent(t, tree, from, built);
            INFO("from " << from << " of " << t.log.size() << ": " << status_text(built));
            if (tiles == LogTiles::archive || from >= t.log.index_min()) {
              CHECK(consistent);
            } else if (!consistent) {
              CHECK(built == Status::pruned);
              ++pruned;
            }
          }
          CHECK((pruned != 0) == (tiles == LogTiles::write));
          CHECK(t.is_whole(12));
        }
        CHECK(t.flash.violation == "");
      }
    }
  }
}

namespace {

std::vector<Medium> tight() {
  std::vector<Medium> out = media();
  for (Medium& medium : out) {
    medium.segment = 2048;
    medium.count = 5;
  }
  return out;
}

// The roots of all tiles, most of them of leaves that have been retired.
void check_tiles(const TestLog& t) {
  static const tree::Levels tree = tree_of(2048);
  for (uint64_t i = 0; i < t.log.size() / 256; ++i) {
    Digest node;
    INFO("tile " << i);
    REQUIRE(t.log.node(8, i, node) == Status::ok);
    CHECK(node == tree.levels[8][size_t(i)]);
  }
}

}  // namespace

TEST_CASE("a cut in front of the archive, and maintain() at once, lose no root of a tile") {
  for (const Medium& medium : tight()) {
    TestLog whole(medium);
    whole.options.tiles = LogTiles::archive;
    REQUIRE(whole.format() == Status::ok);
    for (uint64_t size = 700; size < 1100; size += 80) {
      REQUIRE(whole.grow_to(size, 12) == Status::ok);
      for (uint64_t cut = 1; cut < 100; ++cut) {
        INFO(medium.name << ", cut " << cut << " behind " << size);
        TestLog t(medium);
        t.options.tiles = LogTiles::archive;
        t.flash = whole.flash;
        REQUIRE(t.mount() == Status::ok);
        t.flash.cut_at(t.flash.operations + cut, {});
        while (!t.flash.is_dead())
          (void)t.append(leaf(t.log.size(), 12));
        t.flash.reboot();
        REQUIRE(t.mount() == Status::ok);
        REQUIRE(t.log.maintain() == Status::ok);
        check_tiles(t);
      }
    }
  }
}

TEST_CASE("the archive goes round past segments that have worn out") {
  for (const Medium& medium : tight()) {
    if (medium.kind == CAIRN_FLASH_FILE) continue;  // does not wear out by segments
    for (const uint32_t segment : {0u, 2u, 4u}) {
      INFO(medium.name << ", segment " << segment);
      TestLog t(medium);
      t.options.tiles = LogTiles::archive;
      t.flash.unerasable.insert(segment);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_to(1500, 12) == Status::ok);
      REQUIRE(t.log.index_min() > 1000);
      check_tiles(t);
    }
  }
}
