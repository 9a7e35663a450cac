#include <cairn/merkle.hpp>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "support/tree.hpp"
#include "support/vectors.hpp"

using namespace cairn;

namespace {

constexpr uint64_t size_max = (uint64_t{1} << Frontier::max_levels) - 1;

Frontier sequential(const std::vector<Digest>& leaves, size_t count) {
  Frontier out;
  for (size_t i = 0; i < count; ++i)
    REQUIRE(out.append(leaves[i]) == Status::ok);
  return out;
}

bool same(const Frontier& a, const Frontier& b) {
  if (a.size() != b.size() || a.count() != b.count()) return false;
  for (unsigned i = 0; i < a.count(); ++i)
    if (a[i] != b[i]) return false;
  return true;
}

// A frontier of any size, of hashes that belong to no tree.
Frontier made_up(uint64_t size) {
  const std::vector<Digest> hashes = tree::numbered_leaves(1000, count_bits(size));
  Frontier out;
  REQUIRE(out.assign(size, hashes.data(), hashes.size()) == Status::ok);
  return out;
}

}  // namespace

TEST_CASE("hashes of leaves and nodes have their prefixes") {
  CHECK(leaf_hash({}) ==
        vectors::digest("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
  CHECK(leaf_hash(literal("ab")) == sha256(literal("\0ab")));
  const Digest a = leaf_hash(literal("a"));
  const Digest b = leaf_hash(literal("b"));
  vectors::Bytes message = {1};
  message.insert(message.end(), a.bytes, a.bytes + digest_bytes);
  message.insert(message.end(), b.bytes, b.bytes + digest_bytes);
  CHECK(node_hash(a, b) == sha256(vectors::view(message)));
  CHECK(node_hash(a, b) != node_hash(b, a));
  CHECK(empty_root == sha256({}));
}

TEST_CASE("leaf_hashes gives what leaf_hash gives") {
  std::vector<vectors::Bytes> leaves;
  for (size_t i = 0; i < 70; ++i)
    leaves.push_back(vectors::Bytes(i * 3, static_cast<uint8_t>(i)));
  std::vector<ByteView> views;
  for (const auto& leaf : leaves)
    views.push_back(vectors::view(leaf));
  std::vector<Digest> out(leaves.size());
  leaf_hashes(views.data(), views.size(), out.data());
  for (size_t i = 0; i < leaves.size(); ++i)
    CHECK(out[i] == leaf_hash(views[i]));
}

TEST_CASE("the empty tree") {
  Frontier empty;
  CHECK(empty.size() == 0);
  CHECK(empty.count() == 0);
  CHECK(empty.root() == empty_root);
}

TEST_CASE("a frontier holds the roots of the perfect subtrees, largest first") {
  const auto leaves = tree::numbered_leaves(0, 130);
  Frontier frontier;
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    CAPTURE(size);
    REQUIRE(frontier.append(leaves[size - 1]) == Status::ok);
    CHECK(frontier.size() == size);
    CHECK(frontier.count() == count_bits(size));
    CHECK(frontier.root() == tree::root(leaves, 0, size));
    uint64_t begin = 0;
    unsigned i = 0;
    for (uint64_t width = 128; width != 0; width /= 2) {
      if ((size & width) == 0) continue;
      CHECK(frontier[i++] == tree::root(leaves, begin, begin + width));
      begin += width;
    }
  }
}

TEST_CASE("a batch appends what its leaves append one by one") {
  const auto leaves = tree::numbered_leaves(0, 80);
  for (size_t before = 0; before <= 40; ++before) {
    for (size_t count = 0; count <= 40; ++count) {
      CAPTURE(before, count);
      Frontier frontier = sequential(leaves, before);
      std::vector<Digest> batch(leaves.begin() + static_cast<long>(before),
                                leaves.begin() + static_cast<long>(before + count));
      REQUIRE(frontier.append_batch(batch.data(), count) == Status::ok);
      CHECK(same(frontier, sequential(leaves, before + count)));
    }
  }
}

TEST_CASE("random batches onto large trees append what their leaves append") {
  std::mt19937_64 random(30);
  for (int round = 0; round < 200; ++round) {
    const uint64_t before = random() >> (16 + random() % 48);
    const size_t count = random() % 300;
    CAPTURE(before, count);
    Frontier expected = made_up(before);
    Frontier frontier = expected;
    std::vector<Digest> batch = tree::numbered_leaves(before, count);
    for (const Digest& leaf : batch)
      REQUIRE(expected.append(leaf) == Status::ok);
    REQUIRE(frontier.append_batch(batch.data(), count) == Status::ok);
    CHECK(same(frontier, expected));
    CHECK(frontier.root() == expected.root());
  }
}

TEST_CASE("an empty batch needs no memory and changes nothing") {
  Frontier frontier = made_up(11);
  CHECK(frontier.append_batch(nullptr, 0) == Status::ok);
  CHECK(same(frontier, made_up(11)));
}

TEST_CASE("a full tree takes no more leaves and stays as it is") {
  Digest batch[4] = {};
  Frontier frontier = made_up(size_max);
  CHECK(frontier.count() == Frontier::max_levels);
  CHECK(frontier.append(batch[0]) == Status::full);
  CHECK(frontier.append_batch(batch, 1) == Status::full);
  CHECK(frontier.append_batch(batch, 0) == Status::ok);
  CHECK(same(frontier, made_up(size_max)));

  frontier = made_up(size_max - 3);
  CHECK(frontier.append_batch(batch, 4) == Status::full);
  CHECK(frontier.append_batch(batch, SIZE_MAX) == Status::full);
  CHECK(same(frontier, made_up(size_max - 3)));
  Frontier expected = frontier;
  for (int i = 0; i < 3; ++i)
    REQUIRE(expected.append(Digest{}) == Status::ok);
  CHECK(frontier.append_batch(batch, 3) == Status::ok);
  CHECK(same(frontier, expected));
  CHECK(frontier.size() == size_max);
}

TEST_CASE("assign takes exactly the hashes of the size") {
  const auto hashes = tree::numbered_leaves(0, Frontier::max_levels + 1);
  Frontier frontier = made_up(5);
  CHECK(frontier.assign(5, hashes.data(), 1) == Status::bad_argument);
  CHECK(frontier.assign(5, hashes.data(), 3) == Status::bad_argument);
  CHECK(frontier.assign(0, hashes.data(), 1) == Status::bad_argument);
  CHECK(frontier.assign(1, nullptr, 0) == Status::bad_argument);
  CHECK(frontier.assign(size_max + 1, hashes.data(), 1) == Status::bad_argument);
  CHECK(frontier.assign(UINT64_MAX, hashes.data(), 64) == Status::bad_argument);
  CHECK(same(frontier, made_up(5)));
  CHECK(frontier.assign(6, hashes.data(), 2) == Status::ok);
  CHECK(frontier.size() == 6);
  CHECK(frontier[1] == hashes[1]);
  CHECK(frontier.root() == node_hash(hashes[0], hashes[1]));
  CHECK(frontier.assign(0, nullptr, 0) == Status::ok);
  CHECK(frontier.root() == empty_root);
}

TEST_CASE("a frontier taken apart and put together goes on as before") {
  const auto leaves = tree::numbered_leaves(0, 100);
  for (size_t size = 0; size < 60; ++size) {
    const Frontier original = sequential(leaves, size);
    std::vector<Digest> hashes;
    for (unsigned i = 0; i < original.count(); ++i)
      hashes.push_back(original[i]);
    Frontier restored;
    REQUIRE(restored.assign(size, hashes.data(), hashes.size()) == Status::ok);
    for (size_t i = size; i < leaves.size(); ++i)
      REQUIRE(restored.append(leaves[i]) == Status::ok);
    CHECK(restored.root() == tree::root(leaves, 0, leaves.size()));
  }
}

TEST_CASE("a copy remembers its size") {
  const auto leaves = tree::numbered_leaves(0, 20);
  Frontier frontier = sequential(leaves, 13);
  const Frontier copy = frontier;
  REQUIRE(frontier.append(leaves[13]) == Status::ok);
  CHECK(copy.size() == 13);
  CHECK(copy.root() == tree::root(leaves, 0, 13));
  CHECK(frontier.root() == tree::root(leaves, 0, 14));
}
