// What was retired to make room stands in the log, as a record in front of the next one.
#include "support/test_recorder.hpp"

using namespace cairn;
using namespace test_log;
using namespace test_recorder;

namespace {

Medium small_ring() {
  Medium medium = roomy(CAIRN_FLASH_ONCE);
  medium.segment = 2048;
  medium.count = 4;
  return medium;
}

Status create(TestRecorder& t) {
  t.options.log.recycle = true;
  t.options.log.keep_from = UINT64_MAX;
  return t.create();
}

// The pruned records that are held, with their own index.
std::vector<std::pair<uint64_t, Pruned>> pruned(TestRecorder& t) {
  std::vector<std::pair<uint64_t, Pruned>> out;
  for (const Leaf& leaf : t.leaves()) {
    if (leaf.kind != Kind::pruned) continue;
    Pruned record;
    REQUIRE(decode_pruned(view(leaf.body), record) == Status::ok);
    out.push_back({leaf.index, record});
  }
  return out;
}

}  // namespace

TEST_CASE("records that are retired are told in front of the next record") {
  TestRecorder t(small_ring());
  REQUIRE(create(t) == Status::ok);
  uint64_t told = 0;  // index_min() that the next record must be preceded by
  unsigned times = 0;
  while (times < 12) {
    const uint64_t before = t.recorder.log().index_min();
    const uint64_t size = t.recorder.log().size();
    t.clock.pass(100);
    const auto index = t.append(Bytes(30, 1));
    REQUIRE(index.ok());
    const auto list = pruned(t);
    if (before != told) {
      ++times;
      told = before;
      REQUIRE(!list.empty());
      CHECK(list.back().first >= size);
      CHECK(list.back().first < index.value);
      CHECK(list.back().second.index_min == before);
      CHECK(list.back().second.monotonic_ms == monotonic_ms(t.platform));
    } else {
      CHECK((list.empty() || list.back().first < size));
    }
  }
}

TEST_CASE("what is no more in the log is told once after a start, and never of a whole one") {
  TestRecorder t(small_ring());
  REQUIRE(create(t) == Status::ok);
  REQUIRE(t.append(Bytes(30, 1)).ok());
  REQUIRE(t.open() == Status::ok);
  REQUIRE(t.append(Bytes(30, 1)).ok());
  CHECK(pruned(t).empty());
  while (t.recorder.log().index_min() == 0)
    REQUIRE(t.append(Bytes(30, 1)).ok());
  // The power goes before the next record would tell.
  REQUIRE(t.open() == Status::ok);
  REQUIRE(t.append(Bytes(30, 1)).ok());
  REQUIRE(t.append(Bytes(30, 1)).ok());
  const auto list = pruned(t);
  REQUIRE(list.size() == 1);
  CHECK(list[0].second.index_min == t.recorder.log().index_min());
}
