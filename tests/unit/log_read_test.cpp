// Reading: the walk, one record, and the nodes that proofs are built from.
#include <cairn/proof.hpp>
#include <cstring>

#include "support/catch.hpp"
#include "support/test_log.hpp"
#include "support/tree.hpp"

using namespace cairn;
using namespace test_log;

namespace {

// A wrapped log with a head every 16 records.
void fill(TestLog& t, uint64_t segments) {
  REQUIRE(t.format() == Status::ok);
  while (t.newest < segments) {
    REQUIRE(t.append(leaf(t.log.size())).ok());
    if (t.log.size() % 16 == 0) REQUIRE(t.write_head(1) == Status::ok);
  }
  REQUIRE(t.grow_into(segments) == Status::ok);
}

std::vector<Digest> leaf_hashes_to(uint64_t size) {
  std::vector<Digest> out;
  for (uint64_t i = 0; i < size; ++i)
    out.push_back(leaf_hash(view(leaf(i))));
  return out;
}

}  // namespace

TEST_CASE("every record is read by its index, and by walks from any index with any buffer") {
  for (const Medium& medium : media()) {
    INFO(medium.name);
    TestLog t(medium);
    fill(t, 9);
    const uint64_t min = t.log.index_min();
    REQUIRE(min > 0);
    for (uint64_t i = 0; i < t.log.size() + 2; ++i) {
      const Bytes bytes = t.read(i);
      if (i < min) {
        REQUIRE(t.last == Status::pruned);
      } else if (i >= t.log.size()) {
        REQUIRE(t.last == Status::not_found);
      } else {
        REQUIRE(bytes == leaf(i));
      }
    }
    for (const size_t buffer : {64u, 65u, 100u, 1000u}) {
      for (uint64_t from = 0; from < t.log.size() + 2; from += from < min ? min - 1 : 1) {
        const auto found = t.walk(buffer, from);
        REQUIRE(t.last == Status::end);
        const uint64_t first = std::max(from, min);
        REQUIRE(found.size() == (first < t.log.size() ? t.log.size() - first : 0));
        if (!found.empty()) REQUIRE(found.begin()->first == first);
      }
    }
  }
}

TEST_CASE("a walk shows the heads, and answers end for ever") {
  TestLog t(media()[0]);
  fill(t, 2);
  Bytes buffer(64);
  Log::Cursor cursor;
  REQUIRE(cursor.open(t.log, {buffer.data(), buffer.size()}) == Status::ok);
  Log::Cursor::Item item;
  uint64_t leaves = 0, heads = 0;
  while (cursor.next(item) == Status::ok) {
    if (item.type == Log::Cursor::Item::Type::leaf) {
      CHECK(item.index == leaves++);
    } else {
      ++heads;
      CHECK(item.size == leaves);
      CHECK(item.size == heads * 16);
      CHECK(std::memcmp(item.signature.bytes, signature(1).bytes, 64) == 0);
    }
  }
  CHECK(leaves == t.log.size());
  CHECK(heads >= 2);
  for (int again = 0; again < 3; ++again)
    CHECK(cursor.next(item) == Status::end);

  // Heads in front of the start are left out.
  REQUIRE(cursor.open(t.log, {buffer.data(), buffer.size()}, 40) == Status::ok);
  while (cursor.next(item) == Status::ok)
    CHECK((item.type == Log::Cursor::Item::Type::leaf ? item.index : item.size) >= 40);
}

TEST_CASE("a walk refuses a wrong start, and passes over leaves that its buffer cannot hold") {
  TestLog t(media()[0], 256);
  Bytes buffer(100);
  Log::Cursor cursor;
  Log::Cursor::Item item;
  CHECK(cursor.next(item) == Status::bad_state);
  CHECK(cursor.open(t.log, {buffer.data(), buffer.size()}) == Status::bad_state);
  REQUIRE(t.format() == Status::ok);
  CHECK(cursor.open(t.log, {buffer.data(), 63}) == Status::bad_argument);
  CHECK(cursor.open(t.log, {nullptr, 100}) == Status::bad_argument);
  REQUIRE(t.append_batch({leaf(0, 100), leaf(1, 101), leaf(2, 99)}).ok());
  REQUIRE(t.append(leaf(3, 180)).ok());
  REQUIRE(t.append(leaf(4)).ok());
  for (const size_t size : {64u, 100u, 101u}) {
    REQUIRE(cursor.open(t.log, {buffer.data(), std::min<size_t>(size, buffer.size())}) ==
            Status::ok);
    for (const size_t bytes : {100u, 101u, 99u, 180u, 24u}) {
      const Status status = cursor.next(item);
      CHECK(status == (bytes > std::min<size_t>(size, 100) ? Status::full : Status::ok));
      CHECK(item.leaf.size == bytes);
    }
    CHECK(cursor.next(item) == Status::end);
  }
  Bytes out(180);
  CHECK(t.log.read(3, {out.data(), 179}).status == Status::full);
  CHECK(t.log.read(3, {out.data(), 180}).value == 180);
  CHECK(t.log.read(4, {}).status == Status::full);
  // A log that was mounted with less memory than its leaves need.
  t.frame.resize(128);
  REQUIRE(t.mount() == Status::ok);
  CHECK(t.log.size() == 5);
  CHECK(t.read(4) == leaf(4));
  CHECK(t.log.read(3, {out.data(), 180}).status == Status::full);
}

TEST_CASE("a flipped bit costs its record and tells its index") {
  for (const Medium& medium : media()) {
    INFO(medium.name);
    TestLog t(medium);
    fill(t, 6);
    const uint64_t lost = (t.log.index_min() + t.log.size()) / 2;
    t.flash.flip(place_of(t.flash.memory, leaf(lost)) + 6, 2);
    for (int mounted = 0; mounted < 2; ++mounted) {
      CHECK(t.read(lost).empty());
      CHECK(t.last == Status::corrupt);
      for (uint64_t i = t.log.index_min(); i < t.log.size(); ++i) {
        if (i != lost) CHECK(t.read(i) == leaf(i));
      }
      CHECK(t.walk().size() == t.log.size() - t.log.index_min() - 1);
      Digest node;
      CHECK(t.log.node(0, lost, node) == Status::corrupt);
      CHECK(t.log.node(2, lost >> 2, node) == Status::corrupt);
      CHECK(t.log.node(0, lost + 1, node) == Status::ok);
      REQUIRE(t.mount() == Status::ok);
    }
  }
}

TEST_CASE("a segment without its first frontier or its header is read all the same") {
  struct Flip {
    size_t offset;  // in the header, or behind it in the first frontier frame
    unsigned bits;
  };
  const Flip flips[] = {{0, 1}, {3, 1}, {9, 1},  {13, 1}, {28, 1}, {31, 1},
                        {3, 2}, {9, 2}, {13, 2}, {28, 2}, {32, 1}, {36, 1}};
  for (const Medium& medium : media()) {
    for (uint64_t back = 0; back < medium.count; ++back) {
      for (const Flip& flip : flips) {
        INFO(medium.name << ", " << back << " segments back, byte " << flip.offset << ", "
                         << flip.bits << " bits");
        if (back == 0 && flip.offset >= 32) continue;  // the newest one's first leaf is lost then
        TestLog t(medium);
        fill(t, 9);
        const uint64_t size = t.log.size();
        const uint64_t min = t.log.index_min();
        const size_t first = (32 + medium.unit - 1) / medium.unit * medium.unit;
        const size_t at = flip.offset < 32 ? flip.offset : first + flip.offset - 32;
        for (unsigned bit = 0; bit < flip.bits; ++bit)
          t.flash.flip((9 - back) % medium.count * medium.segment + at, 2 + 3 * bit);
        const Status mounted = t.mount();
        if (back + 1 == medium.count && flip.bits > 1) {  // nobody was allowed to erase it
          CHECK(mounted == Status::damaged);
          continue;
        }
        REQUIRE(mounted == Status::ok);
        CHECK(t.log.size() == size);
        CHECK(t.log.index_min() == min);
        CHECK(t.is_whole());
        for (uint64_t i = min; i < size; ++i)
          REQUIRE(t.read(i) == leaf(i));
        REQUIRE(t.grow_into(9 + medium.count) == Status::ok);
        CHECK(t.is_whole());
      }
    }
  }
}

TEST_CASE("nodes and proofs of a recycled log, for every index and size that it holds") {
  for (const Medium& medium : media()) {
    for (const uint64_t segments : {0u, 2u, 5u, 9u}) {
      INFO(medium.name << ", " << segments << " segments");
      TestLog t(medium);
      fill(t, segments);
      const uint64_t size = t.log.size();
      const uint64_t min = t.log.index_min();
      const std::vector<Digest> hashes = leaf_hashes_to(size);
      tree::Levels levels(hashes);
      for (unsigned level = 0; level < 12; ++level) {
        for (uint64_t index = 0; index < (size >> level) + 2; ++index) {
          Digest node, expected;
          const Status status = t.log.node(level, index, node);
          if (index >= size >> level) {
            REQUIRE(status == Status::bad_argument);
            continue;
          }
          REQUIRE(tree::Levels::node(&levels, level, index, expected) == Status::ok);
          const bool held = (index + 1) << level > min;  // or a part of the frontier at min
          if (held) REQUIRE(status == Status::ok);
          if (status == Status::ok) REQUIRE(node == expected);
          if (status != Status::ok) REQUIRE(status == Status::pruned);
        }
      }
      Digest none;
      CHECK(t.log.node(CAIRN_MAX_LEVELS, 0, none) == Status::bad_argument);
      Digest proof_hashes[proof_hashes_max];
      ProofBuffer proof{proof_hashes, proof_hashes_max};
      const Digest root = t.log.root();
      for (uint64_t i = min; i < size; ++i) {
        REQUIRE(build_inclusion(i, size, t.log.nodes(), proof) == Status::ok);
        REQUIRE(verify_inclusion(i, size, hashes[i], proof, root) == Status::ok);
      }
      for (uint64_t i = 0; i < min; ++i) {  // retired: what can still be proved is right
        if (build_inclusion(i, size, t.log.nodes(), proof) != Status::ok) continue;
        REQUIRE(verify_inclusion(i, size, hashes[i], proof, root) == Status::ok);
      }
      // Sizes from index_min on, in steps: all pairs take long.
      const uint64_t step = 1 + (size - min) / 24;
      for (uint64_t to = std::max<uint64_t>(min, 1); to <= size; to += step) {
        const Digest root_to = tree::root(hashes, 0, to);
        for (uint64_t from = std::max<uint64_t>(min, 1); from <= to; from += step) {
          REQUIRE(build_consistency(from, to, t.log.nodes(), proof) == Status::ok);
          REQUIRE(verify_consistency(from, to, tree::root(hashes, 0, from), root_to, proof) ==
                  Status::ok);
        }
      }
    }
  }
}
