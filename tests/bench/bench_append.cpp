// What hashing and appending to the tree cost, beside the hashes themselves and beside others.
#include <cairn/merkle.hpp>
#include <cstring>
#include <random>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"
#include "support/tree.hpp"

using namespace cairn;
using bench::Case;
using bench::Cases;
using bench::figures;
using bench::keep;
using bench::require;

namespace {

constexpr size_t record_bytes = 32;
constexpr size_t batch = 256;

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

// The plainest frontier there is, over the hash of a peer.
class PlainFrontier {
 public:
  explicit PlainFrontier(const peers::Hash& hash) : hash_(hash.once) {}

  Digest leaf(ByteView record) const {
    uint8_t message[1 + record_bytes] = {0x00};
    std::memcpy(message + 1, record.data, record_bytes);
    Digest out;
    hash_(message, sizeof message, out.bytes);
    return out;
  }
  Digest node(const Digest& left, const Digest& right) const {
    uint8_t message[1 + 2 * digest_bytes] = {0x01};
    std::memcpy(message + 1, left.bytes, digest_bytes);
    std::memcpy(message + 1 + digest_bytes, right.bytes, digest_bytes);
    Digest out;
    hash_(message, sizeof message, out.bytes);
    return out;
  }
  void append(ByteView record) {
    Digest hash = leaf(record);
    for (uint64_t odd = size_; (odd & 1) != 0; odd >>= 1) {
      hash = node(nodes_.back(), hash);
      nodes_.pop_back();
    }
    nodes_.push_back(hash);
    ++size_;
  }

 private:
  void (*hash_)(const uint8_t*, size_t, uint8_t*);
  uint64_t size_ = 0;
  std::vector<Digest> nodes_;
};

Frontier frontier_of(uint64_t size) {
  const std::vector<Digest> hashes = tree::numbered_leaves(0, count_bits(size));
  Frontier out;
  require(out.assign(size, hashes.data(), hashes.size()) == Status::ok);
  return out;
}

// What one implementation of SHA-256 takes for leaves and nodes, one by one and many at once.
struct Kernel {
  const Case* leaf_one = nullptr;
  const Case* leaf_many = nullptr;
  const Case* node_one = nullptr;
  const Case* node_many = nullptr;
};

Kernel add_kernel(bench::Suite& suite, const HashBackend& hash, const Records& records,
                  std::vector<Digest>& pairs, std::vector<Digest>& out) {
  return {&suite.add(batch,
                     [&] {
                       for (const ByteView& record : records.views)
                         hash.many(0x00, &record, 1, out.data());
                       keep(out.data());
                     }),
          &suite.add(batch,
                     [&] {
                       hash.many(0x00, records.views.data(), batch, out.data());
                       keep(out.data());
                     }),
          &suite.add(batch,
                     [&] {
                       for (size_t i = 0; i < batch; ++i)
                         hash.nodes(&pairs[2 * i], 1, &out[i]);
                       keep(out.data());
                     }),
          &suite.add(batch, [&] {
            hash.nodes(pairs.data(), batch, out.data());
            keep(out.data());
          })};
}

struct PeerCases {
  Cases leaf, node, append;
  std::string tlog;  ///< its name, when it is here
};

PeerCases add_peers(bench::Suite& suite, const Records& records, const std::vector<Digest>& pairs,
                    std::vector<Digest>& out,
                    const std::vector<std::unique_ptr<peers::Program>>& programs) {
  PeerCases cases;
  for (const peers::Hash& hash : peers::hashes()) {
    auto frontier = std::make_shared<PlainFrontier>(hash);
    require(frontier->leaf(records.views[0]) == leaf_hash(records.views[0]), "leaves differ");
    require(frontier->node(pairs[0], pairs[1]) == node_hash(pairs[0], pairs[1]), "nodes differ");
    cases.leaf[hash.name] = &suite.add(batch, [&, frontier] {
      for (size_t i = 0; i < batch; ++i)
        out[i] = frontier->leaf(records.views[i]);
      keep(out.data());
    });
    cases.node[hash.name] = &suite.add(batch, [&, frontier] {
      for (size_t i = 0; i < batch; ++i)
        out[i] = frontier->node(pairs[2 * i], pairs[2 * i + 1]);
      keep(out.data());
    });
    cases.append[hash.name] = &suite.add(batch, [&, frontier] {
      for (const ByteView& record : records.views)
        frontier->append(record);
    });
  }
  for (auto& started : programs) {
    peers::Program& program = *started;
    cases.append[program.name()] = &suite.add([&program] { return program.ask("append"); });
    if (program.name().rfind(peers::tlog_name, 0) == 0) cases.tlog = program.name();
  }
  return cases;
}

// The kernel of that name, or null where the processor cannot run it.
const HashBackend* kernel_named(const std::string& name) {
  for (size_t i = 0; const HashBackend* kernel = sha256_kernel(i); ++i)
    if (kernel->name == "accelerated: " + name) return kernel;
  return nullptr;
}

struct OurCases {
  const Case& single;
  const Case& batched;
  const Case& large;
  Kernel kernel;
  Kernel portable;
  Kernel avx2;  ///< null where the processor cannot run it
};

void print(bench::Report& report, const OurCases& ours, const PeerCases& theirs) {
  const Kernel& kernel = ours.kernel;
  const std::string batch_name = "batch append to the tree";
  const double batched = ours.batched.ns();
  const double single = ours.single.ns();
  report.row(batch_name + ", leaf hashing included",
             (kernel.leaf_many->ns() + kernel.node_many->ns()) / batched * 100);
  report.row(batch_name + ": a record", batched, figures(theirs.append));
  const std::string faster = batch_name + ": times as fast as ";
  if (theirs.tlog.empty()) {
    report.missing(faster + "x/mod tlog", "it is not on this machine");
  } else {
    report.row(faster + "x/mod tlog", theirs.append.at(theirs.tlog)->times(ours.batched));
  }
  report.missing(faster + "merklecpp", "neither Debian nor npm has it");
  report.row("single append", (kernel.leaf_one->ns() + kernel.node_one->ns()) / single * 100);
  report.row("single append: a record", single, figures(theirs.append));
  report.row("growth: a record at 10^8 leaves to one at 10^6", ours.large.times(ours.batched));
  report.row("growth: tree state at 2^64",
             sizeof(Frontier) + (64.0 - Frontier::max_levels) * digest_bytes);
  if (ours.avx2.leaf_many != nullptr) {
    report.row("without SHA extensions (AVX2): a record",
               ours.avx2.leaf_many->ns() + ours.avx2.node_many->ns());
  } else {
    report.missing("without SHA extensions (AVX2): a record", "this processor has no AVX2");
  }
  report.row("without SHA extensions, portable build: leaf and node to libsodium's",
             (ours.portable.leaf_many->ns() + ours.portable.node_many->ns()) /
                 (theirs.leaf.at("libsodium")->ns() + theirs.node.at("libsodium")->ns()));
  report.row("leaf hash of 32 bytes, one by one", kernel.leaf_one->ns(), figures(theirs.leaf));
  report.row("leaf hash of 32 bytes, many", kernel.leaf_many->ns(), figures(theirs.leaf));
  report.row("node hash, one by one", kernel.node_one->ns(), figures(theirs.node));
  report.row("node hash, many", kernel.node_many->ns(), figures(theirs.node));
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("host", bench::append_lines(), count, arguments);
  std::printf("SHA-256: %s\n", hash_backend().name);
  const Records records;
  std::vector<Digest> pairs = tree::numbered_leaves(0, 2 * batch);
  std::vector<Digest> out(batch), work(batch);
  Frontier single = frontier_of(1000000);
  Frontier million = frontier_of(1000000);
  Frontier large = frontier_of(100000000);
  const auto append = [&](Frontier& frontier) {
    leaf_hashes(records.views.data(), batch, work.data());
    require(frontier.append_batch(work.data(), batch) == Status::ok);
  };

  bench::Suite suite;
  const HashBackend* const avx2 = kernel_named("avx2");
  const OurCases ours = {
      suite.add(batch,
                [&] {
                  for (const ByteView& record : records.views)
                    require(single.append(leaf_hash(record)) == Status::ok);
                }),
      suite.add(batch, [&] { append(million); }),
      suite.add(batch, [&] { append(large); }),
      add_kernel(suite, hash_backend(), records, pairs, out),
      add_kernel(suite, sha256_builtin, records, pairs, out),
      avx2 == nullptr ? Kernel{} : add_kernel(suite, *avx2, records, pairs, out)};
  const auto programs = peers::programs(report);
  const PeerCases theirs = add_peers(suite, records, pairs, out, programs);
  suite.run();
  print(report, ours, theirs);
  return report.finish();
}
