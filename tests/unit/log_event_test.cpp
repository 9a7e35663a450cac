// One test for each event in docs/events.md that no other file shows by itself: what happens, what
// the caller sees, and what is lost.
#include "support/catch.hpp"
#include "support/test_log.hpp"
#include "support/test_recorder.hpp"

using namespace cairn;
using namespace test_log;
using fake::Tear;

namespace {

const Tear half_done = {Tear::Extent::in_order, 1, Tear::Unit::garbage, 1};

// A log in the middle of its sixth segment, with a head in each.
void grow(TestLog& t) {
  REQUIRE(t.format() == Status::ok);
  for (uint8_t segment = 1; segment < 6; ++segment) {
    REQUIRE(t.grow_into(segment) == Status::ok);
    REQUIRE(t.write_head(segment) == Status::ok);
  }
  REQUIRE(t.grow_to(t.log.size() + 3) == Status::ok);
}

// Cuts the power in the operation `number` (from 1) of a call, and starts again.
template <typename Call>
void cut(TestLog& t, uint64_t number, const Tear& tear, Call call) {
  t.flash.cut_at(t.flash.operations + number, tear);
  call();
  if (!t.flash.is_dead()) t.flash.die();
  t.flash.reboot();
  REQUIRE(t.mount() == Status::ok);
  CHECK(t.is_whole());
  CHECK(t.flash.violation == "");
}

// What a cut left is no hindrance: the log goes on, and another start finds the same.
void goes_on(TestLog& t) {
  REQUIRE(t.grow_to(t.log.size() + 60) == Status::ok);
  const uint64_t size = t.log.size();
  t.flash.reboot();
  REQUIRE(t.mount() == Status::ok);
  CHECK(t.log.size() == size);
  CHECK(t.is_whole());
}

// Offset of the newest place where these bytes stand.
size_t last_of(const TestLog& t, const Bytes& bytes) {
  const Bytes& memory = t.flash.memory;
  const auto at = std::find_end(memory.begin(), memory.end(), bytes.begin(), bytes.end());
  REQUIRE(at != memory.end());
  return size_t(at - memory.begin());
}

size_t newest_segment(const TestLog& t, const Medium& medium) {
  return size_t(t.newest % medium.count) * medium.segment;
}

}  // namespace

TEST_CASE("a cut while a record is written: it is whole or absent, and all others are there") {
  for (const Medium& medium : media()) {
    for (const Tear& tear : {Tear{}, half_done, Tear{Tear::Extent::all, 0, {}, 5}}) {
      INFO(medium.name << ", tear " << tear.text());
      TestLog t(medium);
      grow(t);
      const uint64_t size = t.log.size();
      cut(t, 1, tear, [&] { CHECK_FALSE(t.append(leaf(size)).ok()); });
      CHECK((t.log.size() == size || t.log.size() == size + 1));
      goes_on(t);
    }
  }
}

TEST_CASE("a cut while a batch is written: some first ones of its records are there, or none") {
  for (const Medium& medium : media()) {
    for (uint64_t number = 1; number < 4; ++number) {
      INFO(medium.name << ", operation " << number);
      TestLog t(medium);
      grow(t);
      const uint64_t size = t.log.size();
      std::vector<Bytes> batch;
      for (uint64_t i = 0; i < 10; ++i)
        batch.push_back(leaf(size + i));
      cut(t, number, half_done, [&] { (void)t.append_batch(batch); });
      CHECK(t.log.size() >= size);
      CHECK(t.log.size() <= size + 10);
      goes_on(t);
    }
  }
}

TEST_CASE("a cut while a head is written: the new head stands, or the one before") {
  for (const Medium& medium : media()) {
    for (const Tear& tear : {Tear{}, half_done, Tear{Tear::Extent::all, 0, {}, 5}}) {
      INFO(medium.name << ", tear " << tear.text());
      TestLog t(medium);
      grow(t);
      const uint64_t size = t.log.size();
      cut(t, 1, tear, [&] { CHECK(t.log.write_head(signature(77)) != Status::ok); });
      CHECK(t.log.size() == size);
      REQUIRE(t.log.head() != nullptr);
      const uint8_t number = t.log.head()->signature.bytes[0];
      CHECK((number == 77 || number == 5));
      CHECK((t.log.head()->size == size) == (number == 77));
      goes_on(t);
    }
  }
}

TEST_CASE("a cut while the next segment is made ready: in NEXT, in the erase, in its header") {
  for (const Medium& medium : media()) {
    for (uint64_t number = 1; number < 7; ++number) {
      for (uint8_t erase = 0; erase < 6; ++erase) {
        INFO(medium.name << ", operation " << number << ", erase " << int(erase));
        TestLog t(medium);
        grow(t);
        const uint64_t size = t.log.size();
        Tear tear = half_done;
        tear.erase = erase;
        cut(t, number, tear, [&] { (void)t.log.maintain(); });
        CHECK(t.log.size() == size);
        goes_on(t);
      }
    }
  }
}

TEST_CASE(
    "a cut while a segment is begun: its first frontier counts or does not, no record is lost") {
  for (const Medium& medium : media()) {
    TestLog start(medium);
    grow(start);
    while (start.newest < 6) {
      REQUIRE(start.log.maintain() == Status::ok);
      TestLog t = start;
      REQUIRE(t.mount() == Status::ok);
      INFO(medium.name << ", size " << t.log.size());
      const uint64_t size = t.log.size();
      cut(t, 2, half_done, [&] { (void)t.append(leaf(size)); });
      CHECK((t.log.size() == size || t.log.size() == size + 1));
      goes_on(t);
      REQUIRE(start.append(leaf(size)).ok());
    }
  }
}

TEST_CASE("a cut while a torn end is made safe: that is done again") {
  for (const Medium& medium : media()) {
    for (uint64_t number = 1; number < 5; ++number) {
      INFO(medium.name << ", operation " << number);
      TestLog t(medium);
      grow(t);
      const uint64_t size = t.log.size();
      cut(t, 1, half_done, [&] { (void)t.append(leaf(size)); });
      const uint64_t found = t.log.size();
      if (found == size && medium.kind == CAIRN_FLASH_ONCE) CHECK(t.log.report().torn_bytes > 0);
      cut(t, number, half_done, [&] { (void)t.append(leaf(found)); });
      CHECK(t.log.size() >= found);
      goes_on(t);
    }
  }
}

TEST_CASE("a cut while a log is made: it is made again") {
  for (const Medium& medium : media()) {
    for (uint64_t number = 1; number < 9; ++number) {
      INFO(medium.name << ", operation " << number);
      TestLog t(medium);
      grow(t);
      t.flash.cut_at(t.flash.operations + number, half_done);
      (void)t.format();
      t.flash.reboot();
      const Status found = t.mount();
      CHECK((found == Status::not_formatted || found == Status::ok || found == Status::damaged));
      REQUIRE(t.format() == Status::ok);
      CHECK(t.log.size() == 0);
      goes_on(t);
    }
  }
}

TEST_CASE("what a cut has torn is told to the boot record") {
  test_recorder::TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  REQUIRE(t.append({1, 2, 3}).ok());
  t.flash.cut_at(t.flash.operations + 1, half_done);
  REQUIRE_FALSE(t.append(Bytes(60, 7)).ok());
  t.flash.reboot();
  REQUIRE(t.open() == Status::ok);
  REQUIRE(t.append({4}).ok());
  Boot boot;
  const auto leaves = t.leaves();
  REQUIRE(leaves[leaves.size() - 2].kind == Kind::boot);
  REQUIRE(decode_boot(view(leaves[leaves.size() - 2].body), boot) == Status::ok);
  CHECK(boot.torn_bytes > 0);
}

TEST_CASE("a flipped bit in NEXT costs nothing: there are two") {
  for (const Medium& medium : media()) {
    TestLog t(medium);
    grow(t);
    REQUIRE(t.log.maintain() == Status::ok);
    const uint64_t size = t.log.size();
    const uint32_t slot = (20 + medium.unit - 1) / medium.unit * medium.unit;
    const size_t end = newest_segment(t, medium) + medium.segment;
    for (const size_t at : {end - 2 * slot + 5, end - slot + 5}) {
      INFO(medium.name << ", byte " << at);
      t.flash.flip(at, 3);
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.log.size() == size);
      CHECK(t.is_whole());
      t.flash.flip(at, 3);
    }
  }
}

TEST_CASE("a flipped bit in a head costs that head, and no record before the newest segment") {
  for (const Medium& medium : media()) {
    INFO(medium.name);
    TestLog t(medium);
    grow(t);
    const uint64_t size = t.log.size();
    t.flash.flip(last_of(t, Bytes(64, 4)) + 9,
                 1);  // of the segment before, and in this one's front
    const Status found = t.mount();
    CHECK((found == Status::ok || found == Status::damaged));
    CHECK(t.log.size() <= size);
    for (const auto& record : t.walk())
      CHECK(record.second == leaf(record.first));
  }
}

TEST_CASE("a flipped bit in the last frame looks like a write that was cut") {
  for (const Medium& medium : media()) {
    INFO(medium.name);
    TestLog t(medium);
    grow(t);
    const uint64_t size = t.log.size();
    t.flash.flip(place_of(t.flash.memory, leaf(size - 1)) + 9, 1);
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() == size - 1);
    CHECK(t.is_whole());
  }
}

TEST_CASE(
    "a flipped bit in a GAP frame is damage, unless a frontier behind it says what was there") {
  for (const Medium& medium : media()) {
    if (medium.kind != CAIRN_FLASH_ONCE) continue;
    for (const bool sealed : {false, true}) {
      INFO(medium.name << (sealed ? ", sealed" : ""));
      TestLog t(medium);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_to(4) == Status::ok);
      const Tear torn = {Tear::Extent::in_order, 0, Tear::Unit::garbage, 0};
      cut(t, 1, torn, [&] { (void)t.append(leaf(4)); });
      REQUIRE(t.grow_to(8) == Status::ok);
      if (sealed) REQUIRE(t.log.write_head(signature(9)) == Status::ok);
      REQUIRE(t.grow_to(10) == Status::ok);
      t.flash.flip(last_of(t, {10, 3 << 5}) + 2, 0);
      CHECK(t.mount() == (sealed ? Status::ok : Status::damaged));
      CHECK(t.append(leaf(10)).ok() == sealed);
      const auto found = t.walk();
      CHECK(found.size() == (sealed ? 11 : 4));
      for (const auto& record : found)
        CHECK(record.second == leaf(record.first));
    }
  }
}

TEST_CASE("a frame in another place than its own is not one") {
  for (const Medium& medium : media()) {
    INFO(medium.name);
    TestLog t(medium);
    grow(t);
    const uint64_t size = t.log.size();
    const size_t frame = place_of(t.flash.memory, leaf(size - 1)) - 2;
    const size_t bytes = (30 + medium.unit - 1) / medium.unit * medium.unit;
    // Behind the end, where the next one would be, and over an old record.
    const size_t old = place_of(t.flash.memory, leaf(t.log.index_min() + 2)) - 2;
    for (size_t i = 0; i < bytes; ++i) {
      t.flash.memory[frame + bytes + i] = t.flash.memory[frame + i];
      t.flash.memory[old + i] = t.flash.memory[frame + i];
    }
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() == size);
    CHECK(t.read(t.log.index_min() + 2).empty());
    CHECK(t.last == Status::corrupt);
    CHECK(t.read(size - 1) == leaf(size - 1));
  }
}

TEST_CASE("a program call that says ok and does nothing is noticed, and done again") {
  for (const Medium& medium : media()) {
    if (medium.kind == CAIRN_FLASH_FILE) continue;  // would be read back from the cache
    INFO(medium.name);
    TestLog t(medium);
    grow(t);
    struct Lossy {
      Flash inner;
      int lost;
    } lossy = {t.flash.flash(), 1};
    Flash flash = lossy.inner;
    flash.user = &lossy;
    flash.read = [](void* user, uint32_t s, uint32_t at, void* data, uint32_t size) {
      const Flash& inner = static_cast<Lossy*>(user)->inner;
      return inner.read(inner.user, s, at, data, size);
    };
    flash.program = [](void* user, uint32_t s, uint32_t at, const void* data, uint32_t size) {
      Lossy& self = *static_cast<Lossy*>(user);
      return self.lost-- > 0 ? 0 : self.inner.program(self.inner.user, s, at, data, size);
    };
    flash.erase = [](void* user, uint32_t s) {
      const Flash& inner = static_cast<Lossy*>(user)->inner;
      return inner.erase(inner.user, s);
    };
    const uint64_t size = t.log.size();
    REQUIRE(t.log.mount(flash, t.memory(), t.options, t.platform) == Status::ok);
    lossy.lost = 1;
    CHECK(t.append(leaf(size)).ok());
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() == size + 1);
    CHECK(t.is_whole());
  }
}

TEST_CASE("units that cannot be read cost the records that lie in them") {
  for (const Medium& medium : media()) {
    if (medium.kind != CAIRN_FLASH_ONCE) continue;
    INFO(medium.name);
    TestLog t(medium);
    grow(t);
    const uint64_t lost = t.log.index_min() + 3;
    const size_t at = place_of(t.flash.memory, leaf(lost));
    t.flash.make_unreadable(uint32_t(at / medium.segment), uint32_t(at % medium.segment), 1);
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.read(lost).empty());
    CHECK(t.last == Status::corrupt);
    CHECK(t.read(lost - 1) == leaf(lost - 1));
    CHECK(t.read(lost + 1) == leaf(lost + 1));
  }
}
