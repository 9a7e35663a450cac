// The hashes of a log in memory: the same nodes and proofs as the log's own, also for a log that
// has retired records or lost some, whatever levels are kept. How it grows:
// linux_level_growth_test.
#include <cairn/linux/file.hpp>
#include <cairn/linux/level_array.hpp>
#include <cairn/linux/platform.hpp>

#include "support/host.hpp"
#include "support/test_log.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

// A log in RAM.
struct RamLog {
  std::vector<uint8_t> memory;
  std::vector<uint8_t> frame;
  RamFlash ram{};
  Flash flash{};
  LogMemory log_memory;
  LogOptions options;
  Log log;

  RamLog(uint32_t segment_bytes, uint32_t segment_count, bool recycle)
      : memory(static_cast<size_t>(segment_bytes) * segment_count), frame(2048) {
    Flash geometry{};
    geometry.unit_bytes = 1;
    geometry.segment_bytes = segment_bytes;
    geometry.segment_count = segment_count;
    geometry.kind = CAIRN_FLASH_REWRITABLE;
    ram.memory = memory.data();
    ram.size_bytes = memory.size();
    REQUIRE(ram_flash(ram, geometry, flash) == Status::ok);
    log_memory.frame = {frame.data(), frame.size()};
    options.recycle = recycle;
    options.keep_from = UINT64_MAX;
    REQUIRE(log.format(flash, log_memory, options, linux_platform()) == Status::ok);
  }
  static std::string leaf(uint64_t i) { return "leaf " + std::to_string(i); }
  void fill(uint64_t count) {
    while (log.size() < count) {
      const std::string text = leaf(log.size());
      REQUIRE(log.append(bytes_of(text)[0], bytes_of(text).part(1)).ok());
    }
  }
};

Digest hash_of(uint64_t i) {
  const std::string text = RamLog::leaf(i);
  return leaf_hash(bytes_of(text));
}

// Root of a perfect subtree, the plain way.
Digest expected_node(unsigned level, uint64_t index) {
  if (level == 0) return hash_of(index);
  return node_hash(expected_node(level - 1, 2 * index), expected_node(level - 1, 2 * index + 1));
}

Status node(const LevelArray& array, unsigned level, uint64_t index, Digest& out) {
  const NodeSource source = array.nodes();
  return source.node(source.user, level, index, out);
}

}  // namespace

TEST_CASE("Every node of every small tree is there, and no other") {
  const unsigned lowest = GENERATE(0u, 1u, 3u, 5u, 8u);
  RamLog log(65536, 4, false);
  for (uint64_t size = 0; size <= 70; ++size) {
    log.fill(size);
    LevelArray array(lowest, leaf_hashes_of(log.log));
    REQUIRE(array.load(log.log, size).ok());
    CHECK(array.size() == size);
    CHECK(array.first() == 0);
    CHECK(array.missing().empty());
    for (unsigned level = 0; level < 8; ++level) {
      const uint64_t count = size >> level;
      Digest out;
      for (uint64_t index = 0; index < count; ++index) {
        REQUIRE(node(array, level, index, out) == Status::ok);
        REQUIRE(out == expected_node(level, index));
      }
      CHECK(node(array, level, count, out) == Status::bad_argument);
    }
    Digest root;
    REQUIRE(build_root(size, array.nodes(), root) == Status::ok);
    CHECK(root == log.log.root());
  }
  Digest out;
  LevelArray array;
  REQUIRE(array.load(log.log, 70).ok());
  CHECK(node(array, 63, 0, out) == Status::bad_argument);
  CHECK(node(array, 64, 0, out) == Status::bad_argument);
  CHECK(node(array, UINT32_MAX, 0, out) == Status::bad_argument);
}

TEST_CASE("An older size of the log gives the proofs of that size") {
  const unsigned lowest = GENERATE(0u, 5u);
  RamLog log(65536, 4, false);
  log.fill(600);
  for (const uint64_t size : {1u, 2u, 255u, 256u, 257u, 511u, 600u}) {
    LevelArray array(lowest, leaf_hashes_of(log.log));
    REQUIRE(array.load(log.log, size).ok());
    Digest root;
    REQUIRE(build_root(size, array.nodes(), root) == Status::ok);
    for (uint64_t index = 0; index < size; index += 1 + size / 17) {
      Digest hashes[proof_hashes_max];
      ProofBuffer proof = {hashes, proof_hashes_max};
      REQUIRE(build_inclusion(index, size, array.nodes(), proof) == Status::ok);
      REQUIRE(verify_inclusion(index, size, hash_of(index), proof, root) == Status::ok);
      ProofBuffer growth = {hashes, proof_hashes_max};
      Digest older;
      REQUIRE(build_root(index, array.nodes(), older) == Status::ok);
      REQUIRE(build_consistency(index, size, array.nodes(), growth) == Status::ok);
      REQUIRE(verify_consistency(index, size, older, root, growth) == Status::ok);
    }
  }
  LevelArray array;
  const Error error = array.load(log.log, 601);
  CHECK(error.status == Status::bad_argument);
  CHECK(mentions(error.message, {"600", "601"}));
}

TEST_CASE("A log that has retired records gives the proofs that it can") {
  const unsigned lowest = GENERATE(0u, 1u, 5u, 8u);
  RamLog log(4096, 4, true);
  log.fill(1500);
  const uint64_t first = log.log.index_min();
  REQUIRE(first > 100);
  LevelArray array(lowest, leaf_hashes_of(log.log));
  REQUIRE(array.load(log.log, 1500).ok());
  CHECK(array.first() == first);
  CHECK(array.missing().empty());
  Digest root;
  REQUIRE(build_root(1500, array.nodes(), root) == Status::ok);
  CHECK(root == log.log.root());
  // Node for node the log's own answers, retired, held and half of each.
  size_t held = 0;
  size_t retired = 0;
  for (unsigned level = 0; level < 10; ++level) {
    for (uint64_t index = 0; index < 1500u >> level; ++index) {
      Digest expected;
      Digest out;
      const Status status = log.log.node(level, index, expected);
      CAPTURE(level, index, first);
      REQUIRE(node(array, level, index, out) == status);
      if (status == Status::ok) REQUIRE(out == expected);
      (status == Status::ok ? held : retired) += 1;
    }
  }
  CHECK(held > 100);
  CHECK(retired > 100);
  for (uint64_t index = first; index < 1500; ++index) {
    Digest hashes[proof_hashes_max];
    ProofBuffer proof = {hashes, proof_hashes_max};
    REQUIRE(build_inclusion(index, 1500, array.nodes(), proof) == Status::ok);
    REQUIRE(verify_inclusion(index, 1500, hash_of(index), proof, root) == Status::ok);
  }
}

TEST_CASE("Lost records are named, and only proofs that need them fail") {
  const unsigned lowest = GENERATE(0u, 5u);
  RamLog log(4096, 16, false);  // the damage is not in the newest segment
  log.fill(900);
  for (const uint64_t lost : {300u, 301u}) {
    const std::string text = RamLog::leaf(lost);
    log.memory[test_log::place_of(log.memory, {text.begin(), text.end()})] ^= 1;
  }
  Log damaged;
  const Status mounted = damaged.mount(log.flash, log.log_memory, log.options, linux_platform());
  REQUIRE((mounted == Status::ok || mounted == Status::damaged));
  LevelArray array(lowest, leaf_hashes_of(damaged));
  const Error loaded = array.load(damaged, 900);
  CAPTURE(loaded.message, static_cast<int>(mounted));
  REQUIRE(loaded.ok());
  CHECK(array.missing() == std::vector<uint64_t>{300, 301});
  Digest out;
  CHECK(node(array, 0, 299, out) == Status::ok);
  CHECK(out == hash_of(299));
  CHECK(node(array, 0, 300, out) == Status::corrupt);
  CHECK(node(array, 0, 302, out) == Status::ok);
  CHECK(out == hash_of(302));
  CHECK(node(array, 1, 150, out) == Status::corrupt);
  CHECK(node(array, 1, 151, out) == Status::ok);
  CHECK(out == expected_node(1, 151));
  CHECK(node(array, 8, 1, out) == Status::corrupt);
  CHECK(node(array, 8, 0, out) == Status::ok);
  CHECK(out == expected_node(8, 0));
  CHECK(node(array, 8, 2, out) == Status::ok);
}

TEST_CASE("Lost records at the end of the size asked for are missing too") {
  RamLog log(4096, 16, false);  // the damage is not in the newest segment
  log.fill(900);
  for (uint64_t lost = 296; lost < 304; ++lost) {
    const std::string text = RamLog::leaf(lost);
    log.memory[test_log::place_of(log.memory, {text.begin(), text.end()})] ^= 1;
  }
  Log damaged;
  (void)damaged.mount(log.flash, log.log_memory, log.options, linux_platform());
  LevelArray array;
  REQUIRE(array.load(damaged, 300).ok());
  CHECK(array.missing() == std::vector<uint64_t>{296, 297, 298, 299});
  Digest out;
  CHECK(node(array, 2, 73, out) == Status::ok);
  CHECK(node(array, 2, 74, out) == Status::corrupt);
}

TEST_CASE("Progress is told up to the end, and loading again forgets what was there") {
  RamLog log(65536, 8, false);
  log.fill(1500);
  LevelArray array;
  uint64_t last = 0;
  size_t calls = 0;
  REQUIRE(array
              .load(log.log, 1500,
                    [&](uint64_t done, uint64_t total) {
                      CHECK(total == 1500);
                      CHECK(done >= last);
                      last = done;
                      ++calls;
                    })
              .ok());
  CHECK(last == 1500);
  CHECK(calls > 4);
  REQUIRE(array.load(log.log, 3).ok());
  CHECK(array.size() == 3);
  Digest out;
  CHECK(node(array, 1, 0, out) == Status::ok);
  CHECK(node(array, 1, 1, out) == Status::bad_argument);
  REQUIRE(array.load(log.log, 0).ok());
  CHECK(node(array, 0, 0, out) == Status::bad_argument);
  CHECK_FALSE(array.load(Log(), 1).ok());
}

TEST_CASE("An array reads on where its log has grown") {
  const unsigned lowest = GENERATE(0u, 5u);
  RamLog log(4096, 4, true);
  LevelArray array(lowest, leaf_hashes_of(log.log));
  log.fill(10);
  REQUIRE(array.load(log.log, 7).ok());
  for (uint64_t size = 10; size <= 1900; size = size * 5 / 4 + 1) {
    log.fill(size);
    REQUIRE(array.read_on(log.log, size).ok());
    CHECK(array.size() == size);
    CHECK(array.first() == 0);
    CHECK(array.missing().empty());
    Digest root;
    REQUIRE(build_root(size, array.nodes(), root) == Status::ok);
    CHECK(root == log.log.root());
    CHECK(array.read_on(log.log, size).ok());
    const Error backwards = array.read_on(log.log, size - 1);
    CHECK(backwards.status == Status::bad_argument);
    CHECK(mentions(backwards.message, {std::to_string(size), std::to_string(size - 1)}));
    CHECK(array.read_on(log.log, size + 1).status == Status::bad_argument);
  }
  // What the log has retired since stays in memory, but its leaves cannot be hashed again.
  const uint64_t first = log.log.index_min();
  REQUIRE(first > 64);
  Digest out;
  CHECK(node(array, 5, 0, out) == Status::ok);
  CHECK(node(array, 0, 3, out) == (lowest == 0 ? Status::ok : Status::pruned));
  CHECK(node(array, 0, first + 32, out) == Status::ok);
  CHECK(out == hash_of(first + 32));
}

TEST_CASE("The leaves of a log are read in runs of any length, or not at all") {
  RamLog log(4096, 6, true);
  log.fill(4000);
  const uint64_t first = log.log.index_min();
  REQUIRE(first > 0);
  const LeafHashes leaves = leaf_hashes_of(log.log);
  std::vector<Digest> out(700);
  for (const size_t count : {1u, 2u, 255u, 256u, 257u, 512u, 700u}) {
    for (const uint64_t begin : {first, first + 5, uint64_t{4000} - count}) {
      REQUIRE(leaves(begin, count, out.data()) == Status::ok);
      for (size_t i = 0; i < count; i += 13)
        REQUIRE(out[i] == hash_of(begin + i));
      REQUIRE(out[count - 1] == hash_of(begin + count - 1));
    }
  }
  CHECK(leaves(first - 1, 1, out.data()) == Status::pruned);
  CHECK(leaves(3999, 2, out.data()) == Status::corrupt);
  CHECK(leaves(4000, 1, out.data()) == Status::corrupt);
  const std::string text = RamLog::leaf(first + 300);
  log.memory[test_log::place_of(log.memory, {text.begin(), text.end()})] ^= 1;
  CHECK(leaves(first + 300, 1, out.data()) == Status::corrupt);
  CHECK(leaves(first + 290, 20, out.data()) == Status::corrupt);
  CHECK(leaves(first + 301, 20, out.data()) == Status::ok);
  CHECK(out[0] == hash_of(first + 301));
  CHECK(out[19] == hash_of(first + 320));
}
