// Bounded work: a recorder in steps does what it does without, and never more than its budget.
#include <cairn/steps.hpp>

#include "support/catch.hpp"
#include "support/counted_hash.hpp"
#include "support/test_recorder.hpp"

using namespace cairn;
using namespace test_recorder;

namespace {

// Budgets in turn: always the same, or drawn.
struct Budget {
  uint32_t fixed;  // 0: draw from 0 to 9
  fake::Random random{7};
  uint32_t next() { return fixed != 0 ? fixed : random() % 10; }
};

// A recorder whose operations are done by a budget, and everything that a unit may take counted.
class Stepped {
 public:
  Stepped(TestRecorder& device, uint32_t budget) : t(device), budget_{budget} {}

  Status open() {
    t.signer = t.key.signer();
    t.platform = t.clock.platform();
    const Status begun =
        steps_.begin_open(t.recorder, t.flash.flash(), t.memory(), t.options, t.platform, t.signer);
    return begun == Status::ok ? finish() : begun;
  }
  Status append(const Bytes& body) {
    const Status begun = steps_.begin_append(t.recorder, Kind::opaque, view(body));
    return begun == Status::ok ? finish() : begun;
  }
  Status append_gap() {
    const Status begun = steps_.begin_append_gap(t.recorder, 3, GapReason::queue_full);
    return begun == Status::ok ? finish() : begun;
  }
  Status seal() {
    const Status begun = steps_.begin_seal(t.recorder);
    return begun == Status::ok ? finish() : begun;
  }
  Status maintain() {
    const Status begun = steps_.begin_maintain(t.recorder);
    return begun == Status::ok ? finish() : begun;
  }

  TestRecorder& t;
  uint64_t units = 0;
  uint64_t most_blocks = 0;  // hashed in one unit

 private:
  Status finish() {
    for (;;) {
      const uint32_t budget = budget_.next();
      const uint64_t operations = t.flash.operations, signatures = t.key.count;
      const uint64_t read_before = t.flash.read_bytes, blocks_before = counted_hash::blocks;
      uint32_t used = budget + 1;
      const Result<bool> left = steps_.step(budget, used);
      REQUIRE(used <= budget);
      REQUIRE(steps_.busy() == (left.ok() && left.value));
      REQUIRE(t.flash.operations - operations <= used);
      REQUIRE(t.flash.read_bytes - read_before <= 8 * t.frame.size() * used);
      REQUIRE(t.key.count - signatures <= used);
      const bool signs = t.key.count != signatures;  // the fake signer hashes its message, too
      const uint64_t blocks = counted_hash::blocks - blocks_before;
      if (!signs) REQUIRE(blocks <= 2 * uint64_t{used});
      units += used;
      if (!left.ok()) return left.status;
      if (!left.value) return Status::ok;
    }
  }

  Steps steps_;
  Budget budget_;
};

const Medium media[] = {
    {"once", 8, 2048, 4, CAIRN_FLASH_ONCE, 0xFF},
    {"once 32", 32, 2048, 4, CAIRN_FLASH_ONCE, 0x00},
    {"nor", 1, 2048, 4, CAIRN_FLASH_NOR, 0xFF},
    {"nor 4", 4, 4096, 3, CAIRN_FLASH_NOR, 0x00},
    {"fram", 1, 2048, 4, CAIRN_FLASH_REWRITABLE, 0xFF},
    {"file", 1, 2048, 4, CAIRN_FLASH_FILE, 0x00},
};

Bytes reading(int i) {
  return test_log::leaf(uint64_t(i), 1 + size_t(i * 37) % 180);
}

// What two devices hold that must be the same.
void compare(TestRecorder& a, TestRecorder& b) {
  REQUIRE(a.recorder.log().size() == b.recorder.log().size());
  CHECK(a.recorder.log().root() == b.recorder.log().root());
  CHECK(a.recorder.log().index_min() == b.recorder.log().index_min());
  CHECK(a.recorder.batch() == b.recorder.batch());
  CHECK(a.recorder.boot() == b.recorder.boot());
  CHECK(a.recorder.pending() == b.recorder.pending());
  CHECK(a.flash.memory == b.flash.memory);
}

}  // namespace

TEST_CASE("nothing begun is nothing to do, and one operation comes behind the other") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  Steps steps;
  uint32_t used = 7;
  CHECK_FALSE(steps.step(3, used).value);
  CHECK(used == 0);
  REQUIRE(steps.begin_append(t.recorder, Kind::opaque, literal("a")) == Status::ok);
  CHECK(steps.begin_seal(t.recorder) == Status::bad_state);
  CHECK(steps.begin_maintain(t.recorder) == Status::bad_state);
  CHECK(steps.step(0, used).value);
  CHECK(used == 0);
  CHECK(steps.step(1, used).value);
  CHECK(t.append({1}).status == Status::bad_state);
  CHECK(t.append_batch(2).status == Status::bad_state);
  CHECK(t.recorder.append_gap(1, GapReason::unknown).status == Status::bad_state);
  CHECK(t.recorder.seal() == Status::bad_state);
  CHECK(t.recorder.commit() == Status::bad_state);
  CHECK(t.recorder.log().maintain() == Status::bad_state);
  while (steps.step(1, used).value) {
  }
  CHECK(steps.index() == 2);
  CHECK(t.story() == "bBr");
  CHECK(t.append({1}).ok());
}

TEST_CASE("a recorder in steps writes the same bytes, whatever the budget, on every medium") {
  for (const Medium& medium : media) {
    for (const uint32_t budget : {1u, 2u, 3u, 7u, 0u}) {
      INFO(medium.name << ", budget " << budget);
      TestRecorder whole(medium, 256), sliced(medium, 256);
      for (TestRecorder* t : {&whole, &sliced}) {
        t->options.log.recycle = true;
        t->options.log.keep_from = UINT64_MAX;
        t->flash.memory.assign(t->flash.memory.size(), medium.erased);
        REQUIRE(t->create() == Status::ok);
      }
      Stepped steps(sliced, budget);
      for (int i = 0; i < 60; ++i) {
        INFO("record " << i);
        REQUIRE(whole.append(reading(i)).ok());
        REQUIRE(steps.append(reading(i)) == Status::ok);
        if (i % 9 == 4) {
          REQUIRE(whole.recorder.append_gap(3, GapReason::queue_full).ok());
          REQUIRE(steps.append_gap() == Status::ok);
        }
        if (i % 13 == 5) REQUIRE(whole.recorder.log().maintain() == steps.maintain());
        if (i % 17 == 6) REQUIRE(whole.recorder.seal() == steps.seal());
        if (i % 11 == 7) {
          whole.flash.reboot();
          sliced.flash.reboot();
          REQUIRE(whole.open() == Status::ok);
          REQUIRE(steps.open() == Status::ok);
        }
        compare(whole, sliced);
        whole.clock.pass(10);
        sliced.clock.pass(10);
      }
      CHECK(sliced.recorder.log().index_min() > 0);
    }
  }
}

TEST_CASE("what was stored before may be read between two steps") {
  TestRecorder t({"nor", 1, 2048, 4, CAIRN_FLASH_NOR, 0xFF}, 128);
  REQUIRE(t.create() == Status::ok);
  Steps steps;
  for (int i = 0; i < 12; ++i) {
    const Bytes body = test_log::leaf(uint64_t(i), 40);
    REQUIRE(steps.begin_append(t.recorder, Kind::opaque, view(body)) == Status::ok);
    uint32_t used = 0;
    uint8_t leaf[700];
    do {
      CHECK(t.recorder.log().read(0, leaf).ok());
      Digest node;
      CHECK(t.recorder.log().node(0, 0, node) == Status::ok);
    } while (steps.step(1, used).value);
    REQUIRE(t.recorder.log().read(steps.index(), leaf).value == body.size() + 1);
  }
  const Digest root = t.recorder.log().root();
  REQUIRE(t.open() == Status::ok);
  CHECK(t.recorder.log().root() == root);
}

TEST_CASE("a signature that is made elsewhere is asked for until it is there") {
  struct Slow {
    fake::FakeSigner key;
    Signer inner = key.signer();
    int left = 0;
  } slow;
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  REQUIRE(t.append({1}).ok());
  t.signer.user = &slow;
  t.signer.sign = [](void* user, const uint8_t* message, size_t size, uint8_t* signature) {
    Slow& self = *static_cast<Slow*>(user);
    if (self.left-- > 0) return CAIRN_PENDING;
    return self.inner.sign(self.inner.user, message, size, signature);
  };
  Steps steps;
  slow.left = 1000;
  REQUIRE(steps.begin_seal(t.recorder) == Status::ok);
  uint32_t used = 0;
  for (int i = 0; i < 500; ++i) {
    REQUIRE(steps.step(1, used).value);
    REQUIRE(used == 1);
  }
  CHECK(t.recorder.log().head() == nullptr);
  CHECK(t.story() == "bBrc");  // the close record is durable
  slow.left = 2;
  while (steps.step(1, used).value) {
  }
  CHECK(t.recorder.pending() == 0);
  CHECK(t.recorder.log().head() != nullptr);
  slow.left = 1;
  REQUIRE(t.append({2}).ok());
  CHECK(t.recorder.seal() == Status::io);  // without steps nobody waits
  CHECK(t.recorder.seal() == Status::ok);
}

TEST_CASE("an operation that is given up halfway costs a new start, and no record") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  REQUIRE(t.append({1}).ok());
  for (uint32_t units = 0; units < 40; ++units) {
    INFO("given up after " << units << " units");
    const uint64_t size = t.recorder.log().size();
    {
      Steps steps;
      uint32_t used = 0;
      REQUIRE(steps.begin_append(t.recorder, Kind::opaque, literal("lost, perhaps")) == Status::ok);
      (void)steps.step(units, used);
      if (!steps.busy()) break;
    }
    CHECK(t.append({1}).status == Status::bad_state);
    Stepped again(t, 1);
    REQUIRE(again.open() == Status::ok);
    CHECK(t.recorder.log().size() >= size);
    REQUIRE(again.append({2}) == Status::ok);
  }
}

TEST_CASE("a budget holds on a full medium, on one that fails, and without a key") {
  for (const Medium& medium : media) {
    INFO(medium.name);
    TestRecorder t(medium, 256);
    REQUIRE(t.create() == Status::ok);
    Stepped steps(t, 1);
    Status status = Status::ok;
    for (int i = 0; i < 400 && status == Status::ok; ++i)
      status = steps.append(reading(i));
    CHECK(status == Status::full);
    CHECK(t.recorder.pending() == 0);
    CHECK(steps.append({1}) == Status::full);
    CHECK(steps.maintain() != Status::bad_state);

    TestRecorder failing(medium, 256);
    failing.options.log.recycle = true;
    failing.options.log.keep_from = UINT64_MAX;
    REQUIRE(failing.create() == Status::ok);
    Stepped tried(failing, 2);
    for (uint64_t skip = 0; skip < 12; ++skip) {
      for (const auto failure : {fake::Failure::nothing, fake::Failure::half}) {
        failing.flash.fail_programs(skip, 2, failure);
        (void)tried.append(reading(int(skip)));
        (void)tried.seal();
        failing.flash.fail_programs(0, 0, failure);
        failing.flash.reboot();
        REQUIRE(tried.open() == Status::ok);
      }
      failing.flash.fail_reads(skip, 1);
      (void)tried.append({9});
      failing.flash.fail_reads(0, 0);
      REQUIRE(tried.open() == Status::ok);
    }
    failing.key.broken = true;
    REQUIRE(tried.append({7}) == Status::ok);
    CHECK(tried.seal() == Status::io);
    failing.key.broken = false;
    CHECK(tried.seal() == Status::ok);
  }
}

TEST_CASE("a budget holds on damaged images, and they open as without steps") {
  for (const Medium& medium : media) {
    TestRecorder t(medium, 256);
    t.options.log.recycle = true;
    t.options.log.keep_from = UINT64_MAX;
    REQUIRE(t.create() == Status::ok);
    for (int i = 0; i < 50; ++i)
      REQUIRE(t.append(reading(i)).ok());
    const std::vector<uint8_t> image = t.flash.memory;
    fake::Random random(3);
    for (int i = 0; i < 60; ++i) {
      std::vector<uint8_t> bytes = image;
      for (int flips = 1 + i % 4; flips > 0; --flips)
        bytes[random() % bytes.size()] ^= uint8_t(1u << random() % 8);
      INFO(medium.name << ", image " << i);
      TestRecorder whole(medium, 256), sliced(medium, 256);
      for (TestRecorder* other : {&whole, &sliced}) {
        other->options = t.options;
        other->flash.load(bytes);
      }
      Stepped steps(sliced, 1);
      REQUIRE(whole.open() == steps.open());
      compare(whole, sliced);
      CHECK(whole.recorder.log().report().damaged == sliced.recorder.log().report().damaged);
    }
  }
}
