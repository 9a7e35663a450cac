// How many hashes proofs cost, and in how many calls: an accelerated hash is fast where one call
// has several messages. The counts are exact; one that grows is a regression.
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <vector>

#include "support/catch.hpp"
#include "support/tree.hpp"
#ifdef CAIRN_TEST_WITH_LINUX
#include <cairn/linux/level_array.hpp>
#include <cairn/linux/tile_folder.hpp>
#include <cairn/linux/tile_writer.hpp>

#include "support/host.hpp"
#endif

using namespace cairn;

namespace {

struct Count {
  size_t nodes = 0;
  size_t node_calls = 0;
  size_t leaves = 0;
  size_t leaf_calls = 0;
};

bool operator==(const Count& a, const Count& b) {
  return a.nodes == b.nodes && a.node_calls == b.node_calls && a.leaves == b.leaves &&
         a.leaf_calls == b.leaf_calls;
}

std::ostream& operator<<(std::ostream& out, const Count& c) {
  return out << c.nodes << " nodes in " << c.node_calls << " calls, " << c.leaves << " leaves in "
             << c.leaf_calls;
}

Count total;

}  // namespace

// The linker puts the second of these in place of the first; see CMakeLists.txt.
const HashBackend& real_backend() __asm__("__real__ZN5cairn12hash_backendEv");
const HashBackend& counting_backend() __asm__("__wrap__ZN5cairn12hash_backendEv");

const HashBackend& counting_backend() {
  static const HashBackend& real = real_backend();
  static const HashBackend counting = [] {
    HashBackend out = real;
    out.nodes = [](const Digest* pairs, size_t count, Digest* to) {
      total.nodes += count;
      total.node_calls += count == 0 ? 0 : 1;
      real.nodes(pairs, count, to);
    };
    out.many = [](uint8_t prefix, const ByteView* messages, size_t count, Digest* to) {
      total.leaves += count;
      total.leaf_calls += count == 0 ? 0 : 1;
      real.many(prefix, messages, count, to);
    };
    return out;
  }();
  return counting;
}

namespace {

template <typename Work>
Count count_of(const Work& work) {
  total = {};
  work();
  return total;
}

/// Takes what cannot fail here.
void demand(Status status) {
  if (status != Status::ok) throw std::runtime_error(status_text(status));
}

constexpr uint64_t million = 1000000;

}  // namespace

TEST_CASE("verifying a proof costs a hash for each of its own, in calls for one") {
  tree::HugeTree t{777};
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  demand(build_inclusion(777, million, t.source(million), proof));
  const Digest root = t.root(million), leaf = t.leaf(777);
  CHECK(count_of([&] { demand(verify_inclusion(777, million, leaf, proof, root)); }) ==
        Count{20, 20, 0, 0});
  Status refused = Status::ok;
  CHECK(count_of([&] {
          refused = verify_inclusion(777, million, leaf, {hashes, 19}, root);
        }) == Count{});
  CHECK(refused == Status::proof_invalid);
}

TEST_CASE("verifying many proofs costs as many hashes, in calls for sixteen") {
  const uint64_t size = uint64_t{1} << 20;
  tree::HugeTree t{5};
  const Digest root = t.root(size);
  std::vector<Digest> hashes(80 * 20);
  std::vector<Digest> leaves(80);
  std::vector<InclusionCheck> checks;
  for (uint64_t i = 0; i < 80; ++i) {
    ProofBuffer proof{&hashes[i * 20], 20};
    demand(build_inclusion(i * 13, size, t.source(size), proof));
    leaves[i] = t.leaf(i * 13);
    checks.push_back({i * 13, size, &leaves[i], proof, &root});
  }
  CHECK(count_of([&] { demand(verify_inclusions(checks.data(), 80)); }) ==
        Count{80 * 20, 5 * 20, 0, 0});
  CHECK(count_of([&] { demand(verify_inclusions(checks.data(), 3)); }) == Count{3 * 20, 20, 0, 0});
  checks[1].size = 0;  // costs nothing, and holds up nobody
  Status refused = Status::ok;
  CHECK(count_of([&] { refused = verify_inclusions(checks.data(), 17); }) ==
        Count{16 * 20, 20, 0, 0});
  CHECK(refused == Status::proof_invalid);
}

TEST_CASE("a prover hashes the right edge once, the builder of one proof again every time") {
  Prover prover;
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  tree::Levels levels(tree::numbered_leaves(0, 1000));
  CHECK(count_of([&] { demand(prover.open(1000, levels.source())); }) == Count{5, 5, 0, 0});
  CHECK(count_of([&] { demand(prover.inclusion(3, proof)); }) == Count{});
  CHECK(count_of([&] { demand(prover.consistency(3, proof)); }) == Count{});
  CHECK(count_of([&] { demand(prover.range(3, 500, proof)); }) == Count{});
  CHECK(count_of([&] { demand(build_inclusion(3, 1000, levels.source(), proof)); }) ==
        Count{4, 4, 0, 0});
}

#ifdef CAIRN_TEST_WITH_LINUX

using namespace cairn::host;

namespace {

/// A prover over a tree of which all leaves are kept, and its leaves.
struct Kept {
  std::vector<Digest> leaves = tree::numbered_leaves(0, 5000);

  LeafHashes source() {
    return [this](uint64_t first, size_t count, Digest* out) {
      std::copy_n(leaves.begin() + static_cast<ptrdiff_t>(first), count, out);
      return Status::ok;
    };
  }
};

}  // namespace

TEST_CASE("levels in memory cost a node a leaf, a call a level") {
  Kept kept;
  // The pieces of a column end at powers of two: the first leaves take some calls more.
  LevelArray all;
  CHECK(count_of([&] { all.append(kept.leaves.data(), 1024); }) == Count{1023, 31, 0, 0});
  CHECK(count_of([&] { all.append(kept.leaves.data() + 1024, 1024); }) == Count{1024, 11, 0, 0});
  LevelArray few(5, kept.source());
  CHECK(count_of([&] { few.append(kept.leaves.data(), 1024); }) == Count{1023, 11, 0, 0});
}

TEST_CASE("a proof from all levels hashes nothing, one from level 5 a block of 32 leaves") {
  Kept kept;
  LevelArray all;
  LevelArray few(5, kept.source());
  all.append(kept.leaves.data(), 5000);
  few.append(kept.leaves.data(), 5000);
  Prover from_all;
  Prover from_few;
  demand(from_all.open(5000, all.nodes()));
  demand(from_few.open(5000, few.nodes()));
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  CHECK(count_of([&] { demand(from_all.inclusion(2000, proof)); }) == Count{});
  CHECK(count_of([&] { demand(from_few.inclusion(2000, proof)); }) == Count{31, 5, 0, 0});
  CHECK(count_of([&] { demand(from_few.inclusion(2001, proof)); }) == Count{});
  CHECK(count_of([&] { demand(from_few.inclusion(1000, proof)); }) == Count{31, 5, 0, 0});
}

TEST_CASE("a proof from tiles hashes each tile once, in seven calls") {
  const host_tests::TemporaryFolder folder;
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 0).ok());
  const std::vector<ByteView> leaves(70000, literal("all alike"));
  // Leaves are hashed as far as they lie in one tile, and each full tile in eight calls.
  Error appended;
  const Count written = count_of([&] { appended = writer.append(leaves.data(), leaves.size()); });
  REQUIRE(appended.ok());
  CHECK(written == Count{274 * 255, 274 * 8, 70000, 274});
  REQUIRE(writer.publish().ok());

  TileFolder tiles;
  REQUIRE(tiles.open(folder.path(), 70000).ok());
  Prover prover;
  // The edge: of 112, 17 and 1 hashes, the first two tiles are hashed.
  const size_t of_112 = 56 + 28 + 14 + 7 + 3 + 1;
  const size_t of_17 = 8 + 4 + 2 + 1;
  const size_t edge = count_bits(70000) - 1;
  CHECK(count_of([&] { demand(prover.open(70000, tiles.nodes())); }) ==
        Count{of_112 + of_17 + edge, 6 + 4 + edge, 0, 0});
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  CHECK(count_of([&] { demand(prover.inclusion(500, proof)); }) == Count{2 * 254, 2 * 7, 0, 0});
  CHECK(count_of([&] { demand(prover.inclusion(501, proof)); }) == Count{});
  CHECK(count_of([&] { demand(prover.inclusion(800, proof)); }) == Count{254, 7, 0, 0});
}

#endif
