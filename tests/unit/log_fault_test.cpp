// What the log does when the medium fails: programs, erases, reads, syncs.
#include "support/catch.hpp"
#include "support/test_log.hpp"

using namespace cairn;
using namespace test_log;
using fake::Failure;

TEST_CASE("a program error that did its work is a record, and no damage later") {
  for (const Medium& medium : media()) {
    for (const Failure failure : {Failure::nothing, Failure::half, Failure::everything}) {
      INFO(medium.name << ", failure " << int(failure));
      TestLog t(medium);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_to(5) == Status::ok);
      t.flash.fail_programs(0, 1, failure);
      const auto index = t.append(leaf(5));
      if (medium.kind == CAIRN_FLASH_FILE) {
        CHECK(index.status == Status::io);
        REQUIRE(t.append(leaf(5)).value == 5);
      } else {
        REQUIRE(index.ok());
        CHECK(index.value == 5);
      }
      REQUIRE(t.grow_to(9) == Status::ok);
      CHECK(t.is_whole());
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.log.size() == 9);
      CHECK(t.is_whole());
      CHECK(t.flash.violation == "");
    }
  }
}

TEST_CASE("a medium that fails for longer is io, and the log goes on afterwards") {
  for (const Medium& medium : media()) {
    for (const Failure failure : {Failure::nothing, Failure::half, Failure::everything}) {
      for (const uint64_t count : {2u, 3u, 4u, 5u, 8u, 13u, 21u}) {
        INFO(medium.name << ", failure " << int(failure) << ", " << count << " times");
        TestLog t(medium);
        REQUIRE(t.format() == Status::ok);
        REQUIRE(t.grow_to(5) == Status::ok);
        t.flash.fail_programs(0, count, failure);
        for (int attempt = 0; attempt < 40 && t.log.size() < 20; ++attempt) {
          const uint64_t size = t.log.size();
          const auto index = t.append(leaf(size));
          if (!index.ok()) REQUIRE(index.status == Status::io);
          REQUIRE(t.log.size() == (index.ok() ? size + 1 : size));
        }
        REQUIRE(t.log.size() == 20);
        CHECK(t.is_whole());
        REQUIRE(t.mount() == Status::ok);
        CHECK(t.log.size() == 20);
        CHECK(t.is_whole());
        CHECK(t.flash.violation == "");
      }
    }
  }
}

TEST_CASE("a medium that cannot be read is io, not an empty or a shorter log") {
  for (const Medium& medium : media()) {
    INFO(medium.name);
    TestLog t(medium);
    REQUIRE(t.format() == Status::ok);
    REQUIRE(t.grow_into(2) == Status::ok);
    const uint64_t size = t.log.size();
    REQUIRE(t.mount() == Status::ok);
    const uint64_t reads_before = t.flash.reads;
    REQUIRE(t.mount() == Status::ok);
    const uint64_t reads = t.flash.reads - reads_before;
    for (uint64_t good = 0; good < reads; ++good) {
      t.flash.fail_reads(good, 1);
      const Status status = t.mount();
      t.flash.fail_reads(0, 0);
      INFO("read " << good << " of " << reads);
      REQUIRE(status == Status::io);
      REQUIRE(t.append(leaf(0)).status == Status::bad_state);
    }
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() == size);
    CHECK(t.is_whole());

    t.flash.fail_reads(0, UINT64_MAX);
    CHECK(t.read(size - 1).empty());
    CHECK(t.last == Status::io);
    (void)t.walk();
    CHECK(t.last == Status::io);
    Digest node;
    CHECK(t.log.node(0, size - 1, node) == Status::io);
    t.flash.fail_reads(0, 0);
    CHECK(t.is_whole());
  }
}

TEST_CASE("a read-back that fails is io, and mounting again finds what was acknowledged") {
  for (const Medium& medium : media()) {
    INFO(medium.name);
    for (uint64_t good = 0; good < 60; ++good) {
      INFO("after " << good << " reads");
      TestLog t(medium);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_into(4) == Status::ok);
      REQUIRE(t.mount() == Status::ok);
      uint64_t acknowledged = t.log.size();
      t.flash.fail_reads(good, 1);
      Status status = Status::ok;
      for (int i = 0; i < 30 && status == Status::ok; ++i) {
        status = t.append(leaf(t.log.size())).status;
        if (status == Status::ok) acknowledged = t.log.size();
      }
      t.flash.fail_reads(0, 0);
      REQUIRE((status == Status::ok || status == Status::io));
      // Given up only where something may have been programmed.
      if (t.append(leaf(t.log.size())).ok()) acknowledged = t.log.size();
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.log.size() >= acknowledged);
      CHECK(t.log.size() <= acknowledged + 1);
      CHECK(t.is_whole());
      CHECK(t.flash.violation == "");
    }
  }
}

TEST_CASE("a sync that fails closes the log, also in the middle of a repair") {
  for (uint64_t failing = 1; failing < 4; ++failing) {
    INFO(failing << " times");
    TestLog t({"file", 1, 1024, 4, CAIRN_FLASH_FILE, 0x00});
    REQUIRE(t.format() == Status::ok);
    REQUIRE(t.grow_to(5) == Status::ok);
    t.flash.failing_syncs = failing;
    CHECK(t.append(leaf(5)).status == Status::io);
    CHECK(t.append(leaf(5)).status == Status::bad_state);
    CHECK(t.log.commit() == Status::bad_state);
    CHECK(t.log.maintain() == Status::bad_state);
    CHECK(t.log.write_head(signature(1)) == Status::bad_state);
    CHECK(t.read(0).empty());
    CHECK(t.last == Status::bad_state);
    Digest node;
    CHECK(t.log.node(0, 0, node) == Status::bad_state);
    t.flash.failing_syncs = 0;
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() >= 5);

    // A torn tail, whose repair syncs.
    t.flash.fail_programs(0, 1, Failure::half);
    CHECK(t.append(leaf(t.log.size(), 60)).status == Status::io);
    const uint64_t syncs = t.flash.syncs;
    t.flash.failing_syncs = failing;
    CHECK(t.append(leaf(t.log.size(), 60)).status == Status::io);
    CHECK(t.flash.syncs == syncs + 1);  // a second one would promise what the first one lost
    CHECK(t.append(leaf(t.log.size(), 60)).status == Status::bad_state);
  }
}

TEST_CASE("an erase that fails is tried again, then in the next segment, and at last is io") {
  for (const Medium& medium : media()) {
    for (const uint64_t failing : {1u, 3u, 4u, 9u, 40u}) {
      INFO(medium.name << ", " << failing << " times");
      TestLog t(medium);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_into(2) == Status::ok);
      t.flash.failing_erases = failing;
      // Four attempts each, in the next segment and up to three behind it; not in the newest.
      const uint64_t places = medium.kind == CAIRN_FLASH_FILE ? 1 : std::min(4u, medium.count - 1);
      for (uint64_t left = failing; left >= 4 * places; left -= 4 * places) {
        CHECK(t.log.maintain() == Status::io);
        CHECK(t.flash.failing_erases == left - 4 * places);
      }
      CHECK(t.log.maintain() == Status::ok);
      REQUIRE(t.grow_into(9) == Status::ok);
      CHECK(t.is_whole());
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.is_whole());
    }
  }
}

TEST_CASE("a torn record that its segment could not fence off, and that heals, is not read twice") {
  const Medium nor = {"NOR", 1, 1024, 4, CAIRN_FLASH_NOR, 0xFF};
  TestLog t(nor), twin(nor);  // the twin's write succeeds; without entropy the bytes are the same
  REQUIRE(t.format() == Status::ok);
  REQUIRE(twin.format() == Status::ok);
  while (t.log.used_bytes() < 1024 - 40 - 60) {
    REQUIRE(t.append(leaf(t.log.size())).ok());
    REQUIRE(twin.append(leaf(twin.log.size())).ok());
  }
  t.flash.fail_programs(0, 1, Failure::half);
  REQUIRE(twin.append(leaf(twin.log.size())).ok());
  REQUIRE(twin.newest == 0);
  REQUIRE(t.append(leaf(t.log.size())).ok());
  REQUIRE(t.newest == 1);
  REQUIRE(t.grow_to(t.log.size() + 3) == Status::ok);
  std::copy_n(twin.flash.memory.begin(), 1024 - 40, t.flash.memory.begin());
  CHECK(t.is_whole());
  REQUIRE(t.mount() == Status::ok);
  CHECK(t.is_whole());
  for (uint64_t i = 0; i < t.log.size(); ++i) {
    Digest node;
    CHECK(t.log.node(0, i, node) == Status::ok);
    CHECK(node == leaf_hash(view(leaf(i))));
  }
  Digest all;
  CHECK(t.log.node(4, 0, all) == Status::ok);
  CHECK(t.log.node(4, 1, all) == Status::ok);
}

TEST_CASE("a record that a failing write has left behind the end is not read") {
  // NOR, in the last segment of a log that stops when full: no place to fence the record off.
  const Medium nor = {"NOR", 1, 1024, 2, CAIRN_FLASH_NOR, 0xFF};
  unsigned full = 0;
  for (uint32_t used = 1024 + 500; used < 2048 - 40; used += 5) {
    for (const uint64_t good : {0u, 1u, 2u, 3u}) {  // program calls
      INFO(used << ", " << good);
      TestLog t(nor);
      t.options.recycle = false;
      REQUIRE(t.format() == Status::ok);
      while (t.log.used_bytes() < used)
        REQUIRE(t.append(leaf(t.log.size(), 5)).ok());
      REQUIRE(t.mount() == Status::ok);
      t.flash.fail_programs(good, 9, Failure::everything);
      full += t.append(leaf(t.log.size(), 5)).status == Status::full ? 1 : 0;
      CHECK(t.is_whole(5));
    }
  }
  CHECK(full > 10);
}

TEST_CASE("a record that a cut has left half-charged but readable is made firm") {
  for (const Medium& medium : media()) {
    if (medium.kind != CAIRN_FLASH_NOR) continue;
    unsigned readable = 0;
    for (uint32_t seed = 0; seed < 400; ++seed) {
      INFO("seed " << seed);
      TestLog t(medium);
      t.flash.random.seed(seed);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_to(5) == Status::ok);
      const uint32_t last = 24 + 6 - 1;  // the last byte of the frame is torn
      t.flash.cut_at(t.flash.operations + 1,
                     {fake::Tear::Extent::in_order, last, fake::Tear::Unit::garbage, 0});
      REQUIRE_FALSE(t.append(leaf(5)).ok());
      t.flash.reboot();
      REQUIRE(t.mount() == Status::ok);
      if (t.log.size() != 6) continue;
      ++readable;
      REQUIRE(t.grow_to(8) == Status::ok);
      for (int boot = 0; boot < 8; ++boot) {
        t.flash.reboot();
        REQUIRE(t.mount() == Status::ok);
        CHECK(t.is_whole());
      }
    }
    CHECK(readable > 5);
  }
}

TEST_CASE("a torn record may become whole as long as nothing of it has been burnt") {
  for (const Medium& medium : media()) {
    if (medium.kind != CAIRN_FLASH_NOR) continue;
    unsigned came_back = 0;
    for (uint32_t seed = 0; seed < 2400; ++seed) {
      INFO("seed " << seed);
      TestLog t(medium);
      t.flash.random.seed(seed);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_to(5) == Status::ok);
      const uint32_t units =
          (24 + 6 + medium.unit - 1) / medium.unit;  // all but one are programmed
      t.flash.cut_at(t.flash.operations + 1,
                     {fake::Tear::Extent::random_order, units - 1, fake::Tear::Unit::garbage, 0});
      REQUIRE_FALSE(t.append(leaf(5)).ok());
      t.flash.reboot();
      REQUIRE(t.mount() == Status::ok);
      if (t.log.size() != 5) continue;
      // It makes the last frame firm, programs the mark, burns: a cut in one of the latter two.
      t.flash.cut_at(2 + seed % 2, {fake::Tear::Extent::in_order, seed / 2 % 4,
                                    fake::Tear::Unit::looks_blank, 0});
      REQUIRE_FALSE(t.append(leaf(5)).ok());
      for (int boot = 0; boot < 8; ++boot) {
        t.flash.reboot();
        REQUIRE(t.mount() == Status::ok);
        came_back += boot == 0 && t.log.size() == 6 ? 1 : 0;
        CHECK(t.is_whole());
        if (boot % 2 == 0) REQUIRE(t.grow_to(t.log.size() + 1) == Status::ok);
      }
    }
    if (medium.unit == 1) CHECK(came_back > 5);
  }
}

TEST_CASE("marks stay in front of NEXT, in units of every size") {
  for (uint32_t unit = 1; unit <= 256; unit *= 2) {
    INFO("unit " << unit);
    TestLog t({"NOR", unit, std::max(1024u, 24 * unit), 4, CAIRN_FLASH_NOR, 0xFF},
              std::max(128u, unit));
    REQUIRE(t.format() == Status::ok);
    t.flash.guard.scan(t.flash.memory.data());
    t.flash.guarded = true;
    while (t.newest < 9) {
      REQUIRE(t.grow_to(t.log.size() + 1) == Status::ok);
      if (t.log.size() % 3 != 0) continue;
      t.flash.reboot();  // whose next append writes a mark
      REQUIRE(t.mount() == Status::ok);
      REQUIRE(t.is_whole());
    }
    CHECK(t.flash.violation == "");
  }
}

TEST_CASE("nothing is written in front of a first frontier that may become whole one day") {
  const Medium nor = {"NOR", 1, 1024, 4, CAIRN_FLASH_NOR, 0xFF};
  const uint64_t filled = 20;  // a small record still has room, a large one has not
  unsigned torn = 0;
  for (uint32_t seed = 0; seed < 1200; ++seed) {
    INFO("seed " << seed);
    TestLog t(nor);
    t.flash.random.seed(seed);
    REQUIRE(t.format() == Status::ok);
    REQUIRE(t.grow_to(filled) == Status::ok);
    REQUIRE(t.mount() == Status::ok);
    // It makes the last record firm, programs NEXT twice, erases, programs header and frontier.
    const uint32_t last = 16 + 32 * count_bits(filled) - 1;
    t.flash.reboot();
    t.flash.cut_at(6, {fake::Tear::Extent::random_order, last, fake::Tear::Unit::garbage, 0});
    REQUIRE_FALSE(t.append(leaf(filled, 100)).ok());
    t.flash.reboot();
    REQUIRE(t.mount() == Status::ok);
    REQUIRE(t.log.size() == filled);
    torn += t.log.used_bytes() < 1024 ? 1 : 0;
    REQUIRE(t.grow_to(filled + 1) == Status::ok);
    for (int boot = 0; boot < 12; ++boot) {
      t.flash.reboot();
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.is_whole());
      REQUIRE(t.log.size() == filled + 1);
    }
  }
  CHECK(torn > 100);
}

TEST_CASE(
    "a NEXT frame that a cut has left half-charged but readable is made firm before the erase") {
  for (const Medium& medium : media()) {
    if (medium.kind != CAIRN_FLASH_NOR) continue;
    for (uint32_t seed = 0; seed < 600; ++seed) {
      INFO("seed " << seed);
      TestLog t(medium);
      t.flash.random.seed(seed);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_into(5) == Status::ok);
      const uint64_t size = t.log.size();
      const uint32_t last = 14 + 6 - 1;  // the last byte of the frame is torn
      t.flash.cut_at(t.flash.operations + 1,
                     {fake::Tear::Extent::in_order, last, fake::Tear::Unit::garbage, 0});
      REQUIRE(t.log.maintain() != Status::ok);
      t.flash.reboot();
      REQUIRE(t.mount() == Status::ok);
      t.flash.cut_at(t.flash.operations + 1 + seed % 4,
                     {fake::Tear::Extent::none, 0, fake::Tear::Unit::garbage, 1});
      (void)t.log.maintain();
      t.flash.die();
      for (int boot = 0; boot < 6; ++boot) {
        t.flash.reboot();
        REQUIRE(t.mount() == Status::ok);
        CHECK(t.log.size() == size);
        CHECK(t.is_whole());
      }
    }
  }
}

TEST_CASE("a NEXT frame that was found in a file is synced before the erase") {
  const Medium file = {"file", 1, 1024, 4, CAIRN_FLASH_FILE, 0x00};
  for (uint32_t seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    TestLog t(file);
    t.flash.random.seed(seed);
    REQUIRE(t.format() == Status::ok);
    REQUIRE(t.grow_into(5) == Status::ok);
    const uint64_t size = t.log.size();
    t.flash.failing_syncs = 1;  // whoever announced it has ended without a sync
    REQUIRE(t.log.maintain() == Status::io);
    REQUIRE(t.mount() == Status::ok);
    t.flash.cut_at(t.flash.operations + 1 + seed % 4, {});
    (void)t.log.maintain();
    t.flash.die();
    t.flash.reboot();
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() == size);
    CHECK(t.is_whole());
  }
}
