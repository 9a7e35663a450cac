// The recorder after a restart, when the signer fails, and when the medium is full or damaged.
#include "support/catch.hpp"
#include "support/test_recorder.hpp"

using namespace cairn;
using namespace test_recorder;

namespace {

void append(TestRecorder& t, int count) {
  for (int i = 0; i < count; ++i)
    REQUIRE(t.append({uint8_t(i)}).ok());
}

// Flips a bit in the leaf with this index.
void rot(TestRecorder& t, uint64_t index) {
  for (const Leaf& leaf : t.leaves()) {
    if (leaf.index != index) continue;
    Bytes bytes = leaf.body;
    bytes.insert(bytes.begin(), uint8_t(leaf.kind));
    t.flash.flip(test_log::place_of(t.flash.memory, bytes) + bytes.size() - 1, 0);
    return;
  }
  FAIL("no leaf " << index);
}

}  // namespace

TEST_CASE("boots count up, and a boot record comes only with the next record") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  append(t, 1);
  for (uint32_t boot = 2; boot < 6; ++boot) {
    REQUIRE(t.open() == Status::ok);
    CHECK(t.recorder.boot() == boot);
    REQUIRE(t.open() == Status::ok);  // nothing was recorded: that boot does not count
    CHECK(t.recorder.boot() == boot);
    append(t, 1);
  }
  CHECK(t.story() == "bBrBrBrcBrBr");
  REQUIRE(t.recorder.seal() == Status::ok);
  REQUIRE(t.open() == Status::ok);
  CHECK(t.recorder.boot() == 6);
  CHECK(t.recorder.batch() == 2);
  CHECK(t.recorder.seal() == Status::bad_state);  // a boot record alone is no batch
  append(t, 1);                                   // fifteen leaves: due
  CHECK(t.story() == "bBrBrBrcBrBrcBrc");
}

TEST_CASE("a seal after a restart puts the boot record into the batch") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  append(t, 2);
  REQUIRE(t.open() == Status::ok);
  REQUIRE(t.recorder.seal() == Status::ok);
  CHECK(t.story() == "bBrrBc");
}

TEST_CASE("a log is opened by its own key and origin only") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  append(t, 3);
  const auto memory = t.flash.memory;

  t.platform = t.clock.platform();
  Signer other = t.key.signer();
  other.public_key.bytes[0] ^= 1;
  CHECK(t.recorder.open(t.flash.flash(), t.memory(), t.options, t.platform, other) ==
        Status::not_found);
  CHECK(t.append({1}).status == Status::bad_state);
  CHECK(t.recorder.seal() == Status::bad_state);
  CHECK(t.flash.memory == memory);

  t.options.origin = literal("plant.example/press-8");
  CHECK(t.open() == Status::not_formatted);
  CHECK(t.append({1}).status == Status::bad_state);
  CHECK(t.flash.memory == memory);

  t.options.origin = literal(origin);
  other = t.key.signer();
  other.public_key.algorithm = 9;
  CHECK(t.recorder.open(t.flash.flash(), t.memory(), t.options, t.platform, other) ==
        Status::bad_argument);
  REQUIRE(t.open() == Status::ok);
  append(t, 1);
}

TEST_CASE("a log of the same id whose begin record names another origin is another's") {
  TestRecorder t;
  // What create() would write, but under the id of `origin`.
  Log log;
  LogOptions options;
  options.log_id = log_id_of(literal(origin));
  const Platform none = CAIRN_PLATFORM_INIT;
  REQUIRE(log.format(t.flash.flash(), t.memory(), options, none) == Status::ok);
  CHECK(t.open() == Status::not_formatted);  // as after a cut inside create()
  Begin begin{};
  begin.origin = literal("plant.example/press-8");
  begin.key = t.key.signer().public_key;
  uint8_t body[library_body_bytes_max];
  const auto size = encode_begin(begin, body);
  REQUIRE(log.append(uint8_t(Kind::begin), {body, size.value}).ok());
  CHECK(t.open() == Status::not_found);
  REQUIRE(log.format(t.flash.flash(), t.memory(), options, none) == Status::ok);
  REQUIRE(log.append(0x40, literal("no begin record")).ok());
  CHECK(t.open() == Status::not_found);
}

TEST_CASE("a signer that fails leaves the batch to be sealed later") {
  for (const int kind : {CAIRN_FLASH_ONCE, CAIRN_FLASH_NOR, CAIRN_FLASH_FILE}) {
    TestRecorder t(roomy(kind));
    REQUIRE(t.create() == Status::ok);
    append(t, 4);
    t.key.broken = true;
    append(t, 1);
    CHECK(t.recorder.last_seal() == Status::io);
    CHECK(t.story() == "bBrrrrrc");
    CHECK(t.recorder.log().head() == nullptr);
    CHECK(t.note() == "");
    CHECK(t.recorder.pending() == 8);
    append(t, 2);  // appending goes on
    CHECK(t.recorder.seal() == Status::io);
    CHECK(t.recorder.seal() == Status::io);  // does not close again what is closed
    CHECK(t.story() == "bBrrrrrcrrc");
    t.key.broken = false;
    CHECK(t.recorder.seal() == Status::ok);
    CHECK(t.story() == "bBrrrrrcrrc");
    CHECK(t.recorder.log().head()->size == 11);
    CHECK(t.recorder.log().head()->root == t.recorder.log().root());
    CHECK(t.recorder.pending() == 0);
    CHECK(t.recorder.batch() == 2);
    // The record is durable although sealing failed.
    t.key.broken = true;
    append(t, 4);
    CHECK(t.recorder.last_seal() == Status::io);
    REQUIRE(t.open() == Status::ok);
    CHECK(t.story() == "bBrrrrrcrrcrrrrc");
    CHECK(t.recorder.last_seal() == Status::io);  // tried at once
    t.key.broken = false;
    REQUIRE(t.open() == Status::ok);
    CHECK(t.recorder.last_seal() == Status::ok);
    CHECK(t.recorder.log().head()->size == 16);
    CHECK(t.recorder.pending() == 0);
  }
}

TEST_CASE("a seal that a cut interrupts is completed on the next start, with the same bytes") {
  for (const int kind : {CAIRN_FLASH_ONCE, CAIRN_FLASH_NOR, CAIRN_FLASH_FILE}) {
    TestRecorder whole(roomy(kind));
    REQUIRE(whole.create() == Status::ok);
    append(whole, 3);
    whole.flash.operations = 0;
    REQUIRE(whole.recorder.seal() == Status::ok);
    const uint64_t operations = whole.flash.operations;
    const std::string note = whole.note();
    REQUIRE(note != "");
    unsigned completed = 0, open = 0;
    for (uint64_t cut = 1; cut <= operations; ++cut) {
      for (const auto extent :
           {fake::Tear::Extent::none, fake::Tear::Extent::all, fake::Tear::Extent::in_order}) {
        for (unsigned draw = 0; draw < 8; ++draw) {
          INFO("kind " << kind << ", cut " << cut << ", extent " << int(extent));
          TestRecorder t(roomy(kind));
          REQUIRE(t.create() == Status::ok);
          append(t, 3);
          t.flash.random.seed(draw + uint32_t(cut) * 100);
          t.flash.operations = 0;
          t.flash.cut_at(cut, {extent, draw % 3, fake::Tear::Unit::garbage, 0});
          CHECK(t.recorder.seal() != Status::ok);
          CHECK(t.note() == "");  // it never left
          t.flash.reboot();
          REQUIRE(t.open() == Status::ok);
          if (t.recorder.log().head() == nullptr) {
            CHECK(t.recorder.pending() == t.recorder.log().size());
            ++open;
          } else {
            CHECK(t.note() == note);
            ++completed;
          }
          REQUIRE(t.recorder.log().size() >= 5);
        }
      }
    }
    CHECK(completed > 0);
    CHECK(open > 0);
  }
}

TEST_CASE("a boot record at a batch's end closes the batch") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  append(t, 4);  // six leaves; the boot record is the seventh, the close record the eighth
  REQUIRE(t.open() == Status::ok);
  append(t, 1);
  CHECK(t.story() == "bBrrrrBcr");
}

TEST_CASE("counters go on where the newest close record has rotted") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  append(t, 5);
  REQUIRE(t.open() == Status::ok);
  append(t, 5);
  REQUIRE(t.open() == Status::ok);
  append(t, 20);
  REQUIRE(t.recorder.seal() == Status::ok);
  const uint64_t batches = t.recorder.batch();
  append(t, 1);  // something behind the close record and its head
  REQUIRE(t.recorder.boot() == 3);
  rot(t, t.recorder.log().head()->size - 1);
  REQUIRE(t.open() == Status::ok);  // the head behind it says what the tree was
  CHECK(t.recorder.boot() == 4);
  CHECK(t.recorder.batch() + 1 == batches);  // the number of the lost one is given again
  append(t, 1);
}

TEST_CASE("a damaged log is open for reading, and takes nothing") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  append(t, 4);
  rot(t, 3);  // a later record shows that it was there
  CHECK(t.open() == Status::damaged);
  CHECK(t.append({1}).status == Status::damaged);
  CHECK(t.append_batch(1).status == Status::damaged);
  CHECK(t.recorder.append_gap(1, GapReason::unknown).status == Status::damaged);
  CHECK(t.recorder.seal() == Status::damaged);
  CHECK(t.leaves().size() == 3);
  CHECK(t.recorder.log().report().damaged);
}

TEST_CASE("a begin record that has rotted does not keep the log from being opened") {
  TestRecorder t(roomy(CAIRN_FLASH_ONCE));
  REQUIRE(t.create() == Status::ok);
  append(t, 6);
  rot(t, 0);
  CHECK(t.open() == Status::ok);
  CHECK(t.recorder.boot() == 2);
}

TEST_CASE("a log that is full keeps room for being sealed") {
  for (const int kind : {CAIRN_FLASH_ONCE, CAIRN_FLASH_NOR, CAIRN_FLASH_FILE}) {
    for (const bool automatic : {true, false}) {
      for (size_t size = 1; size < 80; size += 3) {
        INFO("kind " << kind << ", automatic " << automatic << ", bodies of " << size);
        Medium medium = roomy(kind);
        medium.segment = 2048;
        medium.count = 3;
        TestRecorder t(medium);
        t.options.batch.automatic = automatic;
        t.options.batch.leaves = 64;
        REQUIRE(t.create() == Status::ok);
        uint64_t stored = 0;
        Status status = Status::ok;
        for (unsigned i = 0; status == Status::ok; ++i) {
          if (i % 3 == 0) {
            status = t.append(Bytes(size, uint8_t(i))).status;
          } else {
            status = t.append_batch(i % 7, size + 1).status;
          }
          if (i == 40) REQUIRE(t.open() == Status::ok);
          if (status == Status::ok) stored = t.recorder.log().size();
        }
        REQUIRE(status == Status::full);
        while ((status = t.append({1}).status) == Status::ok)  // smaller ones may still fit
          stored = t.recorder.log().size();
        CHECK(t.append({1}).status == Status::full);
        CHECK(t.append_batch(2).status == Status::full);
        CHECK(t.recorder.append_gap(1, GapReason::storage_full).status == Status::full);
        CHECK(t.recorder.log().size() >= stored);
        if (automatic) {
          CHECK(t.recorder.last_seal() == Status::ok);
        } else {
          CHECK(t.recorder.log().head() == nullptr);
          CHECK(t.recorder.seal() == Status::ok);
        }
        CHECK(t.recorder.pending() == 0);
        CHECK(t.recorder.log().head()->size == t.recorder.log().size());
        REQUIRE(t.open() == Status::ok);
        CHECK(t.append({1}).status == Status::full);
        CHECK(t.recorder.pending() == 0);
        CHECK(t.flash.violation == "");
      }
    }
  }
}

TEST_CASE("a ring goes on for ever, and holds back what keep_from says") {
  Medium medium = roomy(CAIRN_FLASH_ONCE);
  medium.segment = 2048;
  medium.count = 3;
  TestRecorder t(medium);
  t.options.log.recycle = true;
  REQUIRE(t.create() == Status::ok);
  Status status = Status::ok;
  while (status == Status::ok)
    status = t.append(Bytes(30, 1)).status;
  CHECK(status == Status::full);
  CHECK(t.recorder.log().index_min() == 0);
  CHECK(t.recorder.pending() == 0);  // sealed, as a full log is
  t.recorder.log().keep_from(t.recorder.log().size());
  append(t, 60);
  CHECK(t.recorder.log().index_min() > 0);
  t.recorder.log().keep_from(UINT64_MAX);
  append(t, 500);
  const std::vector<Close> closes = t.closes();
  for (size_t i = 1; i < closes.size(); ++i)
    CHECK(closes[i].batch == closes[i - 1].batch + 1);
  t.options.log.keep_from = UINT64_MAX;
  REQUIRE(t.open() == Status::ok);
  CHECK(t.recorder.batch() == closes.back().batch + 1);
  append(t, 100);
}
