// What proofs cost to build and to verify.
#include <cairn/linux/log_directory.hpp>
#include <cairn/proof.hpp>
#include <random>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"
#include "support/fake_signer.hpp"
#include "support/host.hpp"
#include "support/tree.hpp"

using namespace cairn;
using bench::Case;
using bench::figures;
using bench::keep;
using bench::require;

namespace {

constexpr uint64_t tree_size = 1000000;
constexpr unsigned depth = 20;
constexpr size_t proof_count = 256;

void require_ok(Status status) {
  require(status == Status::ok, status_text(status));
}

struct Proof {
  uint64_t index = 0;
  Digest hashes[proof_hashes_max];
  ProofBuffer buffer{hashes, proof_hashes_max};
};

// A log in a file, with its tiles, closed every 256 records, as large as the tree.
class TileLog {
 public:
  TileLog() {
    host::FileGeometry geometry;
    geometry.segment_bytes = 64 * 1024;
    geometry.segment_count = 2048;
    require(file_.create(folder_ / "log", geometry).ok());
    flash_ = file_.flash();
    flash_.sync = [](void*) { return 0; };  // nothing is lost that matters here
    RecorderOptions options;
    options.origin = literal("bench.example/log");
    options.log.tiles = LogTiles::write;
    const Platform& platform = host::linux_platform();
    const Signer signer = key_.signer();
    Recorder recorder;
    require_ok(recorder.create(flash_, {{frame_.data(), frame_.size()}, digests_.data(), batch},
                               options, platform, signer));
    const std::vector<uint8_t> leaf(33, 0x40);
    const std::vector<ByteView> leaves(4000, ByteView{leaf.data(), leaf.size()});
    while (recorder.log().size() < tree_size)
      require(recorder.append_batch(leaves.data(), leaves.size()).ok());
    // What a process finds that opens the log: nothing in its memory, the file in the page cache.
    LogOptions log_options = options.log;
    log_options.log_id = log_id_of(options.origin);
    require_ok(log_.mount(flash_, {{frame_.data(), reader_frame_bytes}}, log_options, platform));
  }
  const Log& log() const { return log_; }
  void forget() { file_.drop_cache(); }

 private:
  static constexpr size_t batch = 256;
  static constexpr size_t reader_frame_bytes = 2048;  // each probe of a segment reads as much

  host_tests::TemporaryFolder folder_;
  host::FileFlash file_;
  Flash flash_{};
  fake::FakeSigner key_;
  std::vector<uint8_t> frame_ = std::vector<uint8_t>(size_t{32} * 1024);
  std::vector<Digest> digests_ = std::vector<Digest>(batch);
  Log log_;
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
  tree::Levels levels(tree::numbered_leaves(0, tree_size));
  const NodeSource source = levels.source();
  const Inclusion inclusion(levels);
  const Growth growth(source);
  TileLog tiles;
  std::mt19937_64 random(3);
  std::vector<uint64_t> indices(4096);
  for (uint64_t& index : indices)
    index = random() % tree_size;

  bench::Suite suite;
  Proof scratch;
  Digest nodes[2] = {inclusion.root, inclusion.root};
  const auto verify_all = [&] {
    for (size_t i = 0; i < proof_count; ++i)
      require_ok(verify_inclusion(inclusion.proofs[i].index, tree_size, inclusion.leaves[i],
                                  inclusion.proofs[i].buffer, inclusion.root));
  };
  const Case& build = suite.add(indices.size(), [&] {
    for (uint64_t index : indices)
      require_ok(build_inclusion(index, tree_size, source, scratch.buffer));
    keep(scratch.hashes);
  });
  const Case& cold = suite.add(1, [&, i = size_t{0}]() mutable {
    tiles.forget();
    const uint64_t index = indices[i++ % indices.size()];
    require_ok(build_inclusion(index, tree_size, tiles.log().nodes(), scratch.buffer));
  });
  const Case& verify = suite.add(proof_count, verify_all);
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
  report.missing(name + "with at most 2 B of RAM a leaf",
                 "the library has no source of nodes of that size");
  report.row(name + "cold from tiles", cold.ns());
  const std::string verify_name = "inclusion verify, depth 20: ";
  report.row(verify_name + "to the same hashes alone", verify.times(floor));
  report.row(verify_name + "a proof", verify.ns(), figures(theirs.verify));
  report.row(verify_name + "a proof in bulk", verify.ns(), figures(theirs.verify));
  report.row("consistency verify, 699,051 to 1M leaves", consistency.ns(),
             figures(theirs.consistency));
  return report.finish();
}
