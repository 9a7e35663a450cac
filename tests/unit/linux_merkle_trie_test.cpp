// Merkle Patricia tries: a published root, and proofs that hold for one key and one value only.
#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <cairn/linux/merkle_trie.hpp>
#include <cairn/linux/rlp.hpp>

#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;

namespace {

// A block of `count` transactions: keys as those of receipts, values of many sizes.
TrieEntries block_of(size_t count) {
  TrieEntries entries;
  for (size_t i = 0; i < count; ++i)
    entries.emplace_back(rlp::number(i), std::string(1 + i * 13 % 90, static_cast<char>('a' + i)));
  return entries;
}

struct Proof {
  Digest root{};
  std::vector<std::string> nodes;

  Proof(const TrieEntries& entries, const std::string& key) {
    REQUIRE(prove_trie(entries, bytes_of(key), root, nodes) == Status::ok);
  }
  Status verify(const std::string& key, ByteView& value) const {
    std::vector<ByteView> views;
    for (const std::string& node : nodes)
      views.push_back(bytes_of(node));
    return verify_trie(root, bytes_of(key), views, value);
  }
};

}  // namespace

TEST_CASE("trie: the root of ethereum/tests, trieanyorder.json, singleItem") {
  const Proof proof({{"A", std::string(50, 'a')}}, "A");
  CHECK(vectors::to_hex(proof.root) ==
        "d23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab");
}

TEST_CASE("trie: every receipt of blocks of many sizes is proven, and no other") {
  for (const size_t count : {1u, 2u, 3u, 16u, 17u, 127u, 128u, 129u, 200u}) {
    const TrieEntries entries = block_of(count);
    for (size_t i = 0; i < count; ++i) {
      const Proof proof(entries, entries[i].first);
      ByteView value;
      CAPTURE(count, i);
      REQUIRE(proof.verify(entries[i].first, value) == Status::ok);
      REQUIRE(equal(value, bytes_of(entries[i].second)));
      // Small nodes stand inside the one above, and then its neighbour is proven, too.
      if (proof.verify(rlp::number(i + 1), value) == Status::ok) {
        REQUIRE(i + 1 < count);
        REQUIRE(equal(value, bytes_of(entries[i + 1].second)));
      }
      REQUIRE(proof.verify(rlp::number(count + 1000), value) != Status::ok);
    }
  }
}

TEST_CASE("trie: every changed bit, missing node and added node is found") {
  const TrieEntries entries = block_of(200);
  const std::string key = rlp::number(137);
  const Proof good(entries, key);
  ByteView value;
  REQUIRE(good.nodes.size() > 2);
  for (size_t node = 0; node < good.nodes.size(); ++node) {
    for (size_t bit = 0; bit < good.nodes[node].size() * 8; ++bit) {
      Proof bad = good;
      bad.nodes[node][bit / 8] = static_cast<char>(bad.nodes[node][bit / 8] ^ 1 << bit % 8);
      REQUIRE(bad.verify(key, value) == Status::proof_invalid);
    }
    Proof shorter = good;
    shorter.nodes.erase(shorter.nodes.begin() + static_cast<long>(node));
    CHECK(shorter.verify(key, value) == Status::proof_invalid);
  }
  Proof longer = good;
  longer.nodes.push_back(good.nodes.back());
  CHECK(longer.verify(key, value) == Status::proof_invalid);
  Proof none = good;
  none.nodes.clear();
  CHECK(none.verify(key, value) == Status::proof_invalid);
}

TEST_CASE("trie: nodes that are none") {
  for (const char* text : {"", "c0", "80", "c20180", "c21180", "c3208080", "c382ff0001"}) {
    const vectors::Bytes node = vectors::hex(text);
    ByteView value;
    CHECK(verify_trie(keccak256(vectors::view(node)), literal("\x01"), {vectors::view(node)},
                      value) != Status::ok);
  }
  Digest root;
  std::vector<std::string> nodes;
  CHECK(prove_trie(block_of(3), literal("\x09"), root, nodes) == Status::not_found);
}
