// The log at the edges of what it can hold: leaves, memory, segments, numbers.
#include "support/catch.hpp"
#include "support/test_log.hpp"

using namespace cairn;
using namespace test_log;

namespace {

const Medium fram = {"FRAM", 1, 1024, 4, CAIRN_FLASH_REWRITABLE, 0x00};
const Medium file = {"file", 1, 65536, 4, CAIRN_FLASH_FILE, 0x00};

}  // namespace

TEST_CASE("the largest leaf is what log_leaf_limit says, on every medium and with any memory") {
  for (const Medium& medium : media()) {
    for (const size_t frame_bytes : {64u, 65u, 128u, 200u, 255u, 256u, 400u, 600u, 5000u, 20000u}) {
      INFO(medium.name << ", " << frame_bytes << " bytes of frame memory");
      TestLog t(medium, frame_bytes);
      const size_t limit = log_leaf_limit(t.flash.flash(), frame_bytes);
      if (limit == 0) {
        CHECK(frame_bytes < log_frame_bytes(medium.unit, 0));
        CHECK(t.format() == Status::bad_argument);
        continue;
      }
      if (limit < medium.segment / 8) CHECK(log_frame_bytes(medium.unit, limit) <= frame_bytes);
      if (limit < medium.segment / 8) CHECK(log_frame_bytes(medium.unit, limit + 1) > frame_bytes);
      REQUIRE(t.format() == Status::ok);
      CHECK(t.append(leaf(0, limit + 1)).status == Status::bad_argument);
      CHECK(t.append_batch({leaf(0, 1), leaf(1, limit + 1)}).status == Status::bad_argument);
      CHECK(t.log.size() == 0);
      REQUIRE(t.append(leaf(0, limit)).ok());
      REQUIRE(t.append_batch({leaf(1, limit)}).ok());
      REQUIRE(t.append_batch({leaf(2, limit), leaf(3, limit)}).ok());
      for (uint64_t i = 4; i < 30; ++i) {
        const Status status = t.append(leaf(i, limit)).status;
        if (status == Status::full) {  // beside the frontier, no segment has room for it any more
          REQUIRE(limit > medium.segment / 3);
          break;
        }
        REQUIRE(status == Status::ok);
      }
      CHECK(t.is_whole(limit));
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.is_whole(limit));
      CHECK(t.flash.violation == "");
    }
  }
}

TEST_CASE("a file takes leaves of every size up to 8190 bytes, alone and in any batch") {
  TestLog t(file, 40000);
  REQUIRE(log_leaf_limit(t.flash.flash(), 40000) == 8190);
  REQUIRE(t.format() == Status::ok);
  std::vector<size_t> sizes;
  const auto leaves = [&](std::initializer_list<size_t> list) {
    std::vector<Bytes> out;
    for (const size_t size : list) {
      out.push_back(leaf(sizes.size(), size));
      sizes.push_back(size);
    }
    return out;
  };
  REQUIRE(t.append(leaves({8190})[0]).ok());
  REQUIRE(t.append_batch(leaves({8190})).ok());
  REQUIRE(t.append_batch(leaves({8187, 8188, 8189, 8190, 1, 127, 128, 8190, 8189})).ok());
  REQUIRE(t.stage(leaves({5, 8190, 6})).ok());
  REQUIRE(t.append(leaves({8190})[0]).ok());
  REQUIRE(t.stage(leaves({5})).ok());
  REQUIRE(t.append(leaves({8188})[0]).ok());
  CHECK(t.append(Bytes(8191, 0x40)).status == Status::bad_argument);
  for (int mounted = 0; mounted < 2; ++mounted) {
    const auto found = t.walk(10000);
    REQUIRE(found.size() == sizes.size());
    for (size_t i = 0; i < sizes.size(); ++i)
      CHECK(found.at(i) == leaf(i, sizes[i]));
    REQUIRE(t.mount() == Status::ok);
  }
}

TEST_CASE("no frame leaves its segment, whatever the memory, the leaves and the tree") {
  // Memory larger than a segment, and a tree whose frontier fills one.
  for (const uint32_t segment : {340u, 400u, 512u, 700u, 1024u}) {
    for (const size_t size : {1u, 60u, 120u, 180u, 300u, 500u, 900u}) {
      INFO("segments of " << segment << ", leaves of " << size);
      Medium medium = fram;
      medium.segment = segment;
      TestLog t(medium, 4096);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.write_head(1) == Status::ok);
      Status status = Status::ok;
      while (status == Status::ok && t.log.size() < 600) {
        status = t.append(leaf(t.log.size(), size)).status;
        if (status == Status::ok && t.log.size() % 7 == 0) {
          status = t.write_head(2);
        }
        if (t.log.size() % 50 == 1) {
          REQUIRE(t.is_whole(size));
          REQUIRE(t.mount() == Status::ok);
        }
      }
      REQUIRE((status == Status::ok || status == Status::full || status == Status::bad_argument));
      REQUIRE(t.is_whole(size));
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.is_whole(size));
      CHECK(t.flash.violation == "");
    }
  }
}
