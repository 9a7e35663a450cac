// What proofs cost to build and to verify.
#include <cairn/linux/level_array.hpp>
#include <cairn/linux/tile_folder.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <cairn/proof.hpp>
#include <cstring>
#include <random>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"
#include "support/host.hpp"
#include "support/tree.hpp"

using namespace cairn;
using bench::Case;
using bench::figures;
using bench::keep;
using bench::require;
using bench::require_ok;

namespace {

constexpr uint64_t tree_size = 1000000;
constexpr unsigned depth = 20;
constexpr size_t proof_count = 256;

struct Proof {
  uint64_t index = 0;
  Digest hashes[proof_hashes_max];
  ProofBuffer buffer{hashes, proof_hashes_max};
};

// Records of 32 bytes that a tree is made of.
class Records {
 public:
  Records() : bytes_(tree_size * record_bytes) {
    for (uint64_t i = 0; i < tree_size; ++i)
      store_be64(&bytes_[i * record_bytes], i);
  }
  std::vector<ByteView> views(uint64_t first, size_t count) const {
    std::vector<ByteView> out;
    for (uint64_t i = first; i < first + count; ++i)
      out.emplace_back(&bytes_[i * record_bytes], record_bytes);
    return out;
  }
  std::vector<Digest> hashes(uint64_t first, size_t count) const {
    std::vector<Digest> out(count);
    leaf_hashes(views(first, count).data(), count, out.data());
    return out;
  }
  /// For a LevelArray that does not keep the leaves.
  host::LeafHashes source() const {
    return [this](uint64_t first, size_t count, Digest* out) {
      ByteView leaves[block_max];
      require(count <= block_max);
      for (size_t i = 0; i < count; ++i)
        leaves[i] = {&bytes_[(first + i) * record_bytes], record_bytes};
      leaf_hashes(leaves, count, out);
      return Status::ok;
    };
  }

 private:
  static constexpr size_t record_bytes = 32;
  static constexpr size_t block_max = size_t{1} << host::LevelArray::lowest_max;

  std::vector<uint8_t> bytes_;
};

// The same tree as tiles in a folder.
class Tiles {
 public:
  explicit Tiles(const Records& records) {
    host::TileWriter writer;
    require(writer.open(folder_.path(), 0).ok());
    const std::vector<ByteView> leaves = records.views(0, tree_size);
    require(writer.append(leaves.data(), leaves.size()).ok() && writer.publish().ok());
    require(open_.open(folder_.path(), tree_size).ok());
    require_ok(prover_.open(tree_size, open_.nodes()));
  }
  /// As a server does: the leaves' tile comes from the page cache, those above are in memory.
  void prove_served(uint64_t index, ProofBuffer& out) const {
    require_ok(prover_.inclusion(index, out));
  }
  /// As a process does that has just begun: all bytes come from the page cache.
  void prove(uint64_t index, ProofBuffer& out) const {
    host::TileFolder tiles;
    require(tiles.open(folder_.path(), tree_size).ok());
    require_ok(build_inclusion(index, tree_size, tiles.nodes(), out));
  }

 private:
  host_tests::TemporaryFolder folder_;
  host::TileFolder open_;
  Prover prover_;
};

struct Inclusion {
  std::vector<Proof> proofs = std::vector<Proof>(proof_count);
  std::vector<Digest> leaves;
  Digest root;

  explicit Inclusion(tree::Levels& levels) {
    const NodeSource source = levels.source();
    require_ok(build_root(tree_size, source, root));
    std::mt19937_64 random(2);
    for (Proof& p : proofs) {
      do {
        p.index = random() % tree_size;
      } while (inclusion_proof_size(p.index, tree_size) != depth);
      require_ok(build_inclusion(p.index, tree_size, source, p.buffer));
      leaves.push_back(levels.levels[0][p.index]);
    }
  }
};

struct Growth {
  static constexpr uint64_t from = 699051;
  Proof proof;
  Digest root_from;
  // An odd size, so the proof begins with a leaf. Each further hash goes into the new root, and
  // those on the left, which are the one bits of the old tree's last index, into the old root too.
  size_t hashes;

  explicit Growth(const NodeSource& source) {
    require_ok(build_root(from, source, root_from));
    require_ok(build_consistency(from, tree_size, source, proof.buffer));
    hashes = proof.buffer.count - 1 + count_bits(from - 1);
  }
};

// As many dependent node hashes as a proof needs: what no verifier can be faster than.
template <class Node>
std::function<void()> chain(size_t hashes, Digest (&nodes)[2], Node node) {
  return [hashes, &nodes, node] {
    for (size_t i = 0; i < hashes; ++i)
      node(nodes);
    keep(nodes);
  };
}

auto node_by(const peers::Hash& hash) {
  return [once = hash.once](Digest(&nodes)[2]) {
    uint8_t message[1 + 2 * digest_bytes] = {0x01};
    std::memcpy(message + 1, nodes, 2 * digest_bytes);
    once(message, sizeof message, nodes[0].bytes);
  };
}

struct PeerCases {
  bench::Cases prove, verify, consistency;
};

PeerCases add_peers(bench::Suite& suite, size_t consistency_hashes, Digest (&nodes)[2],
                    const std::vector<std::unique_ptr<peers::Program>>& programs) {
  PeerCases out;
  for (const peers::Hash& hash : peers::hashes()) {
    const std::string name = hash.name + ", hashes alone";
    out.verify[name] = &suite.add(1, chain(depth, nodes, node_by(hash)));
    out.consistency[name] = &suite.add(1, chain(consistency_hashes, nodes, node_by(hash)));
  }
  for (const auto& started : programs) {
    peers::Program& program = *started;
    out.prove[program.name()] = &suite.add([&program] { return program.ask("prove"); });
    out.verify[program.name()] = &suite.add([&program] { return program.ask("verify"); });
  }
  return out;
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("host", bench::proof_lines(), count, arguments);
  const Records records;
  tree::Levels levels(records.hashes(0, tree_size));
  const NodeSource source = levels.source();
  const Inclusion inclusion(levels);
  const Growth growth(source);
  const Tiles tiles(records);
  host::LevelArray all, some(5, records.source());
  Prover from_all, from_some;
  for (auto [array, prover] : {std::pair{&all, &from_all}, std::pair{&some, &from_some}}) {
    array->start(0, {});
    array->append(levels.levels[0].data(), tree_size);
    require_ok(prover->open(tree_size, array->nodes()));
    require(prover->root() == inclusion.root, "roots differ");
  }
  std::mt19937_64 random(3);
  std::vector<uint64_t> indices(4096);
  for (uint64_t& index : indices)
    index = random() % tree_size;

  bench::Suite suite;
  Proof scratch;
  Digest nodes[2] = {inclusion.root, inclusion.root};
  const auto prove = [&](const Prover& prover) {
    for (uint64_t index : indices)
      require_ok(prover.inclusion(index, scratch.buffer));
    keep(scratch.hashes);
  };
  const Case& build = suite.add(indices.size(), [&] { prove(from_all); });
  const Case& build_some = suite.add(indices.size(), [&] { prove(from_some); });
  const Case& cold = suite.add(1, [&, i = size_t{0}]() mutable {
    tiles.prove(indices[i++ % indices.size()], scratch.buffer);
  });
  const Case& served = suite.add(1, [&, i = size_t{0}]() mutable {
    tiles.prove_served(indices[i++ % indices.size()], scratch.buffer);
  });
  const Case& verify = suite.add(proof_count, [&] {
    for (size_t i = 0; i < proof_count; ++i)
      require_ok(verify_inclusion(inclusion.proofs[i].index, tree_size, inclusion.leaves[i],
                                  inclusion.proofs[i].buffer, inclusion.root));
  });
  std::vector<InclusionCheck> checks;
  for (size_t i = 0; i < proof_count; ++i)
    checks.push_back({inclusion.proofs[i].index, tree_size, &inclusion.leaves[i],
                      inclusion.proofs[i].buffer, &inclusion.root});
  const Case& bulk =
      suite.add(proof_count, [&] { require_ok(verify_inclusions(checks.data(), checks.size())); });
  const Case& floor = suite.add(
      1, chain(depth, nodes, [](Digest(&pair)[2]) { hash_backend().nodes(pair, 1, pair); }));
  const Case& consistency = suite.add(1, [&] {
    require_ok(verify_consistency(Growth::from, tree_size, growth.root_from, inclusion.root,
                                  growth.proof.buffer));
  });
  const auto programs = peers::programs(report);
  const PeerCases theirs = add_peers(suite, growth.hashes, nodes, programs);
  suite.run();

  const std::string name = "inclusion proof, 1M leaves: ";
  report.row(name + "from RAM levels", build.ns(), figures(theirs.prove));
  report.row(name + "with at most 2 B of RAM a leaf", build_some.ns());
  report.row(name + "cold from tiles, those above the leaves' in memory", served.ns());
  report.row(name + "cold from tiles, each of them, by a new process", cold.ns());
  const std::string verify_name = "inclusion verify, depth 20: ";
  report.row(verify_name + "to the same hashes alone", verify.times(floor));
  report.row(verify_name + "a proof", verify.ns(), figures(theirs.verify));
  report.row(verify_name + "a proof in bulk", bulk.ns(), figures(theirs.verify));
  report.row("consistency verify, 699,051 to 1M leaves", consistency.ns(),
             figures(theirs.consistency));
  return report.finish();
}
