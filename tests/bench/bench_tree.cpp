// What hashing, the tree and its proofs cost, beside libsodium's SHA-256 doing the same hashing.
#include <sodium.h>

#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <cstdlib>
#include <random>

#include "bench/bench.hpp"
#include "support/tree.hpp"

using namespace cairn;
using bench::keep;

namespace {

constexpr size_t record_bytes = 32;
constexpr size_t batch = 256;
constexpr uint64_t tree_size = 1000000;
constexpr unsigned depth = 20;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "bench_tree: %s\n", what);
  std::exit(1);
}
void require(Status status) {
  require(status == Status::ok, status_text(status));
}

// The same tree over libsodium's one-shot hash.
namespace sodium {

Digest leaf(ByteView record) {
  uint8_t message[1 + record_bytes] = {0x00};
  std::memcpy(message + 1, record.data, record_bytes);
  Digest out;
  crypto_hash_sha256(out.bytes, message, sizeof message);
  return out;
}

Digest node(const Digest& left, const Digest& right) {
  uint8_t message[1 + 2 * digest_bytes] = {0x01};
  std::memcpy(message + 1, left.bytes, digest_bytes);
  std::memcpy(message + 1 + digest_bytes, right.bytes, digest_bytes);
  Digest out;
  crypto_hash_sha256(out.bytes, message, sizeof message);
  return out;
}

struct Frontier {
  uint64_t size = 0;
  std::vector<Digest> nodes;

  void append(Digest hash) {
    for (uint64_t odd = size; (odd & 1) != 0; odd >>= 1) {
      hash = node(nodes.back(), hash);
      nodes.pop_back();
    }
    nodes.push_back(hash);
    ++size;
  }
};

}  // namespace sodium

struct Records {
  std::vector<uint8_t> bytes = std::vector<uint8_t>(batch * record_bytes);
  std::vector<ByteView> views;

  Records() {
    std::mt19937_64 random(1);
    for (uint8_t& b : bytes)
      b = static_cast<uint8_t>(random());
    for (size_t i = 0; i < batch; ++i)
      views.emplace_back(bytes.data() + i * record_bytes, record_bytes);
  }
};

Frontier frontier_of(uint64_t size) {
  const std::vector<Digest> hashes = tree::numbered_leaves(0, count_bits(size));
  Frontier out;
  require(out.assign(size, hashes.data(), hashes.size()));
  return out;
}

void append_records(Frontier& frontier, const Records& records) {
  Digest work[batch];
  leaf_hashes(records.views.data(), batch, work);
  require(frontier.append_batch(work, batch));
}

struct Proof {
  uint64_t index = 0;
  Digest hashes[proof_hashes_max];
  ProofBuffer buffer{hashes, proof_hashes_max};
};

void bench_append(bench::Report& report) {
  const Records records;
  const Digest pairs[2] = {leaf_hash(records.views[0]), leaf_hash(records.views[1])};
  require(node_hash(pairs[0], pairs[1]) == sodium::node(pairs[0], pairs[1]), "nodes differ");
  require(pairs[0] == sodium::leaf(records.views[0]), "leaves differ");

  const HashBackend& hash = hash_backend();
  Digest one[2] = {pairs[0], pairs[1]};
  std::vector<Digest> many(2 * batch, pairs[0]);
  std::vector<Digest> out(batch);
  Frontier single = frontier_of(tree_size);
  Frontier batched = frontier_of(tree_size);
  Frontier large = frontier_of(100 * tree_size);
  sodium::Frontier peer;

  bench::Suite suite;
  const auto& leaf_one = suite.add(batch, [&] {
    for (const ByteView& record : records.views)
      hash.many(0x00, &record, 1, one);
    keep(one);
  });
  const auto& leaf_many = suite.add(batch, [&] {
    hash.many(0x00, records.views.data(), batch, out.data());
    keep(out.data());
  });
  const auto& leaf_peer = suite.add(batch, [&] {
    for (const ByteView& record : records.views)
      out[0] = sodium::leaf(record);
    keep(out.data());
  });
  const auto& node_one = suite.add(batch, [&] {
    for (size_t i = 0; i < batch; ++i)
      hash.nodes(&many[2 * i], 1, one);
    keep(one);
  });
  const auto& node_many = suite.add(batch, [&] {
    hash.nodes(many.data(), batch, out.data());
    keep(out.data());
  });
  const auto& node_peer = suite.add(batch, [&] {
    for (size_t i = 0; i < batch; ++i)
      out[i] = sodium::node(many[2 * i], many[2 * i + 1]);
    keep(out.data());
  });
  const auto& append_one = suite.add(batch, [&] {
    for (const ByteView& record : records.views)
      require(single.append(leaf_hash(record)));
  });
  const auto& append_batch = suite.add(batch, [&] { append_records(batched, records); });
  const auto& append_large = suite.add(batch, [&] { append_records(large, records); });
  const auto& append_peer = suite.add(batch, [&] {
    for (const ByteView& record : records.views)
      peer.append(sodium::leaf(record));
  });
  suite.run();

  const double ceiling_one = leaf_one.ns() + node_one.ns();
  const double ceiling_many = leaf_many.ns() + node_many.ns();
  report.row("leaf hash, 32 B, one by one", leaf_one.ns(), "ns", 0,
             {{"libsodium", leaf_peer.ns()}});
  report.row("leaf hash, 32 B, many", leaf_many.ns(), "ns", 0, {{"libsodium", leaf_peer.ns()}});
  report.row("node hash, one by one", node_one.ns(), "ns", 0, {{"libsodium", node_peer.ns()}});
  report.row("node hash, many", node_many.ns(), "ns", 0, {{"libsodium", node_peer.ns()}});
  report.row("single append (ceiling / 0.7)", append_one.ns(), "ns", ceiling_one / 0.7,
             {{"libsodium", append_peer.ns()}});
  report.row("batch append, 256 (ceiling / 0.8)", append_batch.ns(), "ns", ceiling_many / 0.8,
             {{"libsodium", append_peer.ns()}});
  report.row("growth, 10^8 leaves to 10^6", append_large.ns() / append_batch.ns(), "", 1.03);
}

void bench_proofs(bench::Report& report) {
  tree::Levels levels(tree::numbered_leaves(0, tree_size));
  const NodeSource source = levels.source();
  Digest root;
  require(build_root(tree_size, source, root));
  std::mt19937_64 random(2);
  std::vector<Proof> proofs(batch);
  for (Proof& p : proofs) {
    do {
      p.index = random() % tree_size;
    } while (inclusion_proof_size(p.index, tree_size) != depth);
    require(build_inclusion(p.index, tree_size, source, p.buffer));
  }
  const uint64_t from = 699051;
  Proof growth;
  Digest root_from;
  require(build_root(from, source, root_from));
  require(build_consistency(from, tree_size, source, growth.buffer));
  // An odd size, so the proof begins with a leaf. Each further hash goes into the new root, and
  // those on the left, which are the one bits of the old tree's last index, into the old root too.
  const size_t growth_hashes = growth.buffer.count - 1 + count_bits(from - 1);

  std::vector<uint64_t> indices(4096);
  for (uint64_t& index : indices)
    index = random() % tree_size;
  Proof scratch;
  Digest chain[2] = {root, root};
  bench::Suite suite;
  const auto& build = suite.add(indices.size(), [&] {
    for (uint64_t index : indices)
      require(build_inclusion(index, tree_size, source, scratch.buffer));
    keep(scratch.hashes);
  });
  const auto& verify = suite.add(batch, [&] {
    for (const Proof& p : proofs)
      require(verify_inclusion(p.index, tree_size, levels.levels[0][p.index], p.buffer, root));
  });
  const auto& floor = suite.add(1, [&] {
    for (unsigned i = 0; i < depth; ++i)
      hash_backend().nodes(chain, 1, chain);
    keep(chain);
  });
  const auto& verify_peer = suite.add(1, [&] {
    for (unsigned i = 0; i < depth; ++i)
      chain[0] = sodium::node(chain[0], chain[1]);
    keep(chain);
  });
  const auto& consistency = suite.add(
      1, [&] { require(verify_consistency(from, tree_size, root_from, root, growth.buffer)); });
  const auto& consistency_peer = suite.add(1, [&] {
    for (size_t i = 0; i < growth_hashes; ++i)
      chain[0] = sodium::node(chain[0], chain[1]);
    keep(chain);
  });
  suite.run();

  report.row("inclusion proof, 1M leaves, RAM levels", build.ns(), "ns", 300);
  report.row("inclusion verify, depth 20 (floor x 1.15)", verify.ns(), "ns", 1.15 * floor.ns(),
             {{"libsodium", verify_peer.ns()}});
  report.row("consistency verify, 699051 to 1M", consistency.ns(), "ns", 0,
             {{"libsodium", consistency_peer.ns()}});
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("host", count, arguments);
  if (!report.usable()) return 2;
  std::printf("SHA-256: %s\n", hash_backend().name);
  bench_append(report);
  bench_proofs(report);
  return report.finish();
}
