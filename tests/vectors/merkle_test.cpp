// The tree against roots, proofs and tiles made by implementations not written here.
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <string>
#include <vector>

#include "support/backends.hpp"
#include "support/generated_leaves.hpp"
#include "support/json_vectors.hpp"
#include "support/tree.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::digest;
using vectors::generated_leaf;
using vectors::view;

namespace {

std::vector<Digest> digests(const nlohmann::json& rows) {
  std::vector<Digest> out;
  for (const auto& row : rows)
    out.push_back(digest(row));
  return out;
}

ProofView proof_view(const std::vector<Digest>& hashes) {
  return {hashes.data(), hashes.size()};
}

// The 70,000 generated leaves' hashes and everything above them.
tree::Levels& generated() {
  static tree::Levels levels = [] {
    const Bytes seed = vectors::hex(
        vectors::json(vectors::own("gomod/merkle_roots.json"))["seed_hex"].get<std::string>());
    std::vector<Digest> hashes;
    for (uint64_t i = 0; i < 70000; ++i)
      hashes.push_back(leaf_hash(view(generated_leaf(seed, i))));
    return tree::Levels(std::move(hashes));
  }();
  return levels;
}

void check_root(const nlohmann::json& row) {
  const uint64_t size = row["size"];
  CAPTURE(size);
  const Digest expected = digest(row["root"]);
  std::vector<Digest> leaves(generated().levels[0].begin(),
                             generated().levels[0].begin() + static_cast<long>(size));
  Frontier one_by_one;
  for (const Digest& leaf : leaves)
    REQUIRE(one_by_one.append(leaf) == Status::ok);
  Frontier batch;
  REQUIRE(batch.append_batch(leaves.data(), leaves.size()) == Status::ok);
  CHECK(one_by_one.root() == expected);
  CHECK(batch.root() == expected);
  const std::vector<Digest> frontier = digests(row["frontier"]);
  REQUIRE(batch.count() == frontier.size());
  for (unsigned i = 0; i < batch.count(); ++i) {
    CHECK(one_by_one[i] == frontier[i]);
    CHECK(batch[i] == frontier[i]);
  }
  Digest built;
  CHECK(build_root(size, generated().source(), built) == Status::ok);
  CHECK(built == expected);
}

}  // namespace

TEST_CASE("Go sumdb/tlog: leaves, roots and frontiers") {
  const auto file = vectors::json(vectors::own("gomod/merkle_roots.json"));
  const Bytes seed = vectors::hex(file["seed_hex"]);
  REQUIRE(file["leaves_hex"].size() == 72);
  for (size_t i = 0; i < file["leaves_hex"].size(); ++i) {
    const Bytes leaf = vectors::hex(file["leaves_hex"][i]);
    CHECK(leaf == generated_leaf(seed, i));
    CHECK(leaf_hash(view(leaf)) == digest(file["leaf_hashes"][i]));
  }
  CHECK(file["roots"].size() == 73);
  CHECK(file["big_roots"].size() == 24);
  for (const auto& row : file["roots"]) {
    if (row["size"] == 0) {
      // x/mod defines the empty tree's root as zeros; RFC 6962 and C2SP as SHA-256("").
      CHECK(digest(row["root"]) == Digest{});
      CHECK(Frontier().root() != Digest{});
      continue;
    }
    check_root(row);
  }
  for (const auto& row : file["big_roots"])
    check_root(row);
}

TEST_CASE("Go sumdb/tlog: inclusion proofs") {
  const auto file = vectors::json(vectors::own("gomod/merkle_inclusion.json"));
  CHECK(file["cases"].size() == 907);
  for (const auto& row : file["cases"]) {
    const uint64_t size = row["size"];
    const uint64_t index = row["index"];
    CAPTURE(size, index);
    const std::vector<Digest> expected = digests(row["proof"]);
    const Digest leaf = digest(row["leaf_hash"]);
    const Digest root = digest(row["root"]);
    CHECK(verify_inclusion(index, size, leaf, proof_view(expected), root) == Status::ok);
    CHECK(verify_inclusion(index, size, root, proof_view(expected), leaf) ==
          (size == 1 ? Status::ok : Status::proof_invalid));
    Digest hashes[proof_hashes_max];
    ProofBuffer out{hashes, proof_hashes_max};
    REQUIRE(build_inclusion(index, size, generated().source(), out) == Status::ok);
    CHECK(std::vector<Digest>(hashes, hashes + out.count) == expected);
  }
}

TEST_CASE("Go sumdb/tlog: consistency proofs") {
  const auto file = vectors::json(vectors::own("gomod/merkle_consistency.json"));
  CHECK(file["cases"].size() == 948);
  for (const auto& row : file["cases"]) {
    const uint64_t from = row["size1"];
    const uint64_t to = row["size2"];
    CAPTURE(from, to);
    const std::vector<Digest> expected = digests(row["proof"]);
    const Digest root_from = digest(row["root1"]);
    const Digest root_to = digest(row["root2"]);
    CHECK(verify_consistency(from, to, root_from, root_to, proof_view(expected)) == Status::ok);
    CHECK(verify_consistency(from, to, root_to, root_from, proof_view(expected)) ==
          (from == to ? Status::ok : Status::proof_invalid));
    Digest hashes[proof_hashes_max];
    ProofBuffer out{hashes, proof_hashes_max};
    REQUIRE(build_consistency(from, to, generated().source(), out) == Status::ok);
    CHECK(std::vector<Digest>(hashes, hashes + out.count) == expected);
  }
}

TEST_CASE("Go sumdb/tlog: tiles hold the hashes of every eighth level") {
  const auto file = vectors::json(vectors::own("gomod/tiles.json"));
  size_t hash_tiles = 0;
  for (const auto& row : file["tiles"]) {
    const std::string path = row["path"];
    CAPTURE(path);
    if (path.rfind("tile/entries/", 0) == 0) continue;
    // tile/<level>/<number>[.p/<width>], the number in groups "x001/x234/067".
    const size_t slash = path.find('/', 5);
    const unsigned level = 8 * static_cast<unsigned>(std::stoul(path.substr(5, slash - 5)));
    const size_t dot = path.find(".p/");
    const size_t width = dot == std::string::npos ? 256 : std::stoul(path.substr(dot + 3));
    std::string number;
    for (char c : path.substr(slash, dot == std::string::npos ? dot : dot - slash))
      if (c >= '0' && c <= '9') number.push_back(c);
    Bytes tile;
    for (size_t i = 0; i < width; ++i) {
      Digest node;
      REQUIRE(tree::Levels::node(&generated(), level, std::stoul(number) * 256 + i, node) ==
              Status::ok);
      tile.insert(tile.end(), node.bytes, node.bytes + digest_bytes);
    }
    CHECK(tile.size() == row["bytes"].get<size_t>());
    CHECK(sha256(view(tile)) == digest(row["sha256"]));
    ++hash_tiles;
  }
  CHECK(hash_tiles + 10 == file["tiles"].size());
}

TEST_CASE("the reference tree of Certificate Transparency") {
  const std::string path = vectors::third_party("ct_reference_tree.json");
  REQUIRE_VECTORS(path);
  const auto file = vectors::json(path);
  Frontier frontier;
  const auto& roots = file["roots_by_size"];
  REQUIRE(roots.size() == 9);
  CHECK(frontier.root() == digest(roots[0]));
  std::vector<Digest> leaves;
  for (const auto& input : file["leaf_inputs_hex"]) {
    leaves.push_back(leaf_hash(view(vectors::hex(input))));
    REQUIRE(frontier.append(leaves.back()) == Status::ok);
    CHECK(frontier.root() == digest(roots[leaves.size()]));
  }
  const auto& perfect = file["perfect_node_hashes_by_level"];
  for (const HashBackend* hash : hash_backends()) {
    std::vector<Digest> level = leaves;
    for (const auto& expected : perfect) {
      CHECK(level == digests(expected));
      hash->nodes(level.data(), level.size() / 2, level.data());
      level.resize(level.size() / 2);
    }
    CHECK(level.empty());
  }
}
