// The recorder: what it writes by itself, and when it seals.
#include "support/catch.hpp"
#include "support/signing.hpp"
#include "support/test_recorder.hpp"

using namespace cairn;
using namespace test_recorder;

TEST_CASE("a recorder that was never opened, or could not be, refuses everything") {
  TestRecorder t;
  const auto refuses = [&] {
    CHECK(t.append({1}).status == Status::bad_state);
    CHECK(t.append_batch(2).status == Status::bad_state);
    CHECK(t.append_batch(0).status == Status::bad_state);
    CHECK(t.recorder.append_gap(1, GapReason::unknown).status == Status::bad_state);
    CHECK(t.recorder.seal() == Status::bad_state);
    CHECK_FALSE(t.recorder.due());
    CHECK(t.recorder.pending() == 0);
    uint8_t out[signed_checkpoint_bytes_max];
    CHECK(t.recorder.checkpoint(out).status == Status::bad_state);
    AirCheckpoint air;
    CHECK(t.recorder.air_checkpoint(air) == Status::bad_state);
  };
  refuses();
  CHECK(t.open() == Status::not_formatted);
  refuses();
  t.options.origin = literal("not a name");
  CHECK(t.create() == Status::bad_argument);
  refuses();
}

TEST_CASE("a new log begins with its begin record, and a boot record in front of the first") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  CHECK(t.recorder.boot() == 1);
  CHECK(t.recorder.batch() == 0);
  CHECK(t.recorder.pending() == 1);
  CHECK(t.story() == "b");
  REQUIRE(t.append({9}).value == 2);
  CHECK(t.story() == "bBr");
  Begin begin;
  Boot boot;
  const std::vector<Leaf> leaves = t.leaves();
  REQUIRE(decode_begin(view(leaves[0].body), begin) == Status::ok);
  CHECK(equal(begin.origin, literal(origin)));
  CHECK(begin.key == t.signer.public_key);
  CHECK(begin.previous_origin.empty());
  REQUIRE(decode_boot(view(leaves[1].body), boot) == Status::ok);
  CHECK(boot.boot == 1);
  CHECK(boot.monotonic_ms == t.clock.monotonic_ms);
  CHECK(boot.time.unix_ms == t.clock.unix_ms);
  CHECK(boot.time.quality == TimeQuality::synchronised);
  CHECK(boot.torn_bytes == 0);
  CHECK(leaves[2].body == Bytes{9});
}

TEST_CASE("a successor names the head that it continues") {
  TestRecorder t;
  Begin predecessor{};
  predecessor.previous_origin = literal("plant.example/press-6");
  predecessor.previous_size = 77;
  predecessor.previous_root = empty_root;
  REQUIRE(t.create(&predecessor) == Status::ok);
  REQUIRE(t.open() == Status::ok);
  Begin begin;
  const std::vector<Leaf> leaves = t.leaves();
  REQUIRE(decode_begin(view(leaves[0].body), begin) == Status::ok);
  CHECK(equal(begin.previous_origin, predecessor.previous_origin));
  CHECK(begin.previous_size == 77);
  CHECK(begin.previous_root == empty_root);
  CHECK(equal(begin.origin, literal(origin)));

  predecessor.previous_origin = {};
  predecessor.previous_size = UINT64_MAX;  // ignored without an origin
  CHECK(t.create(&predecessor) == Status::ok);
  predecessor.previous_origin = literal("plant.example/press-6");
  CHECK(t.create(&predecessor) == Status::bad_argument);
}

TEST_CASE("create gives nothing up before it knows that the first records have their place") {
  for (const uint32_t segment : {512u, 1024u, 2048u, 8192u}) {
    for (const size_t frame_bytes : {64u, 121u, 128u, 200u, 256u, 400u, 700u, 2000u}) {
      INFO("segments of " << segment << ", " << frame_bytes << " bytes of frame memory");
      Medium medium = roomy(CAIRN_FLASH_ONCE);
      medium.segment = segment;
      TestRecorder t(medium, frame_bytes);
      const std::vector<uint8_t> before(t.flash.memory.size(), 0xFF);
      const std::string long_name(255, 'x');
      Begin predecessor{};
      predecessor.previous_origin = vectors::view(long_name);
      t.options.origin = vectors::view(long_name);
      t.options.batch.leaves = 4;
      t.options.log.recycle = true;
      t.options.log.keep_from = UINT64_MAX;
      const Status status = t.create(&predecessor);
      const size_t limit = log_leaf_limit(t.flash.flash(), frame_bytes);
      CHECK(status == (limit < 1 + 592 ? Status::bad_argument : Status::ok));
      if (status != Status::ok) {
        CHECK(t.flash.memory == before);
        CHECK(t.flash.erases == 0);
      }
      t.options.origin = literal(origin);
      const Status small = t.create();
      CHECK(small == (limit < 116 ? Status::bad_argument : Status::ok));
      if (small != Status::ok) continue;
      t.recorder.set_beacon(empty_root);
      t.clock.unix_ms = INT64_MIN;
      t.clock.monotonic_ms = UINT64_MAX;
      for (int i = 0; i < 20; ++i)
        REQUIRE(t.append({1}).ok());
      CHECK(t.recorder.last_seal() == Status::ok);
      CHECK(t.recorder.batch() > 4);
      t.frame.resize(100);
      CHECK(t.open() == Status::bad_argument);
    }
  }
}

TEST_CASE("batches close so that the tree's size is a multiple of the count") {
  for (const uint32_t leaves : {1u, 2u, 3u, 8u, 64u, 256u}) {
    for (const size_t batch : {0u, 1u, 3u, 7u, 100u, 600u}) {  // 0: one by one
      INFO("every " << leaves << ", in batches of " << batch);
      Medium medium = roomy(CAIRN_FLASH_FILE);
      medium.segment = 65536;
      TestRecorder t(medium, 2048);
      t.options.batch.leaves = leaves;
      REQUIRE(t.create() == Status::ok);
      for (int i = 0; i < 40; ++i) {
        REQUIRE((batch == 0 ? t.append({uint8_t(i)}) : t.append_batch(batch)).ok());
        REQUIRE(t.recorder.last_seal() == Status::ok);
        REQUIRE(t.recorder.pending() < std::max(leaves, 2u));
        if (t.recorder.log().size() > 1500) break;
        if (i == 19) REQUIRE(t.open() == Status::ok);
      }
      uint64_t number = 0, last = 0;
      for (const Leaf& leaf : t.leaves()) {
        if (leaf.kind != Kind::close) continue;
        REQUIRE((leaf.index + 1) % leaves == 0);
        if (leaves > 2) REQUIRE(leaf.index + 1 - last == leaves);
        last = leaf.index + 1;
        ++number;
      }
      CHECK(number == t.recorder.batch());
      if (number != 0) CHECK(t.recorder.log().head()->size == last);
    }
  }
}

TEST_CASE("batches close by bytes, also in the middle of a batch that is appended") {
  TestRecorder t;
  t.options.batch.leaves = 0;
  t.options.batch.bytes = 300;
  REQUIRE(t.create() == Status::ok);
  REQUIRE(t.recorder.seal() == Status::ok);
  CHECK(t.story() == "bBc");
  REQUIRE(t.append_batch(40, 30).ok());
  CHECK(t.recorder.last_seal() == Status::ok);
  std::string story = "bBc";
  for (int batch = 0; batch < 4; ++batch)
    story += std::string(10, 'r') + "c";
  CHECK(t.story() == story);
  for (int i = 0; i < 9; ++i)
    REQUIRE(t.append(Bytes(29, 1)).ok());
  CHECK(t.recorder.pending() == 9);
  REQUIRE(t.append(Bytes(29, 1)).ok());
  CHECK(t.recorder.pending() == 0);
  REQUIRE(t.append(Bytes(400, 1)).ok());
  CHECK(t.recorder.pending() == 0);
}

TEST_CASE("batches close by time, counted from their first record") {
  TestRecorder t;
  t.options.batch.leaves = 0;
  t.options.batch.time_ms = 1000;
  REQUIRE(t.create() == Status::ok);
  REQUIRE(t.append({1}).ok());
  CHECK_FALSE(t.recorder.due());
  t.clock.pass(999);
  CHECK_FALSE(t.recorder.due());
  REQUIRE(t.append({2}).ok());
  CHECK(t.story() == "bBrr");
  t.clock.pass(1);
  CHECK(t.recorder.due());
  REQUIRE(t.append({3}).ok());
  CHECK(t.story() == "bBrrrc");
  CHECK_FALSE(t.recorder.due());
  t.clock.pass(5000);
  CHECK_FALSE(t.recorder.due());  // nothing is open
  REQUIRE(t.append({4}).ok());
  CHECK_FALSE(t.recorder.due());
  t.clock.pass(1000);
  CHECK(t.recorder.due());
  REQUIRE(t.recorder.seal() == Status::ok);
  CHECK(t.story() == "bBrrrcrc");
}

TEST_CASE("without a clock there is no time limit, and no time in the records") {
  TestRecorder t;
  t.options.batch.time_ms = 1;
  REQUIRE(t.create() == Status::ok);
  t.platform = CAIRN_PLATFORM_INIT;
  REQUIRE(t.append({1}).ok());
  CHECK_FALSE(t.recorder.due());
  REQUIRE(t.recorder.seal() == Status::ok);
  const Close close = t.closes().at(0);
  CHECK(close.monotonic_ms == 0);
  CHECK(close.time.unix_ms == 0);
  CHECK(close.time.quality == TimeQuality::unsynchronised);
}

TEST_CASE("with automatic off only the caller seals, whenever it wants") {
  TestRecorder t;
  t.options.batch.automatic = false;
  t.options.batch.bytes = 4000;
  REQUIRE(t.create() == Status::ok);
  for (int i = 0; i < 5; ++i)
    REQUIRE(t.append({1}).ok());
  CHECK(t.recorder.due());  // eight with the close record
  REQUIRE(t.append_batch(10).ok());
  CHECK_FALSE(t.recorder.due());
  CHECK(t.recorder.log().head() == nullptr);
  REQUIRE(t.append_batch(200).ok());
  CHECK(t.recorder.due());  // by bytes
  CHECK(t.recorder.pending() == t.recorder.log().size());
  REQUIRE(t.recorder.seal() == Status::ok);
  CHECK(t.recorder.seal() == Status::bad_state);
  CHECK(t.recorder.log().head()->size == t.recorder.log().size());
  CHECK(t.recorder.batch() == 1);
}

TEST_CASE("every close record names its batch, boot, time, beacon and the head before it") {
  TestRecorder t;
  t.options.batch.leaves = 0;
  REQUIRE(t.create() == Status::ok);
  std::vector<Digest> heads;
  const auto seal = [&] {
    REQUIRE(t.append({1}).ok());
    t.clock.pass(100);
    REQUIRE(t.recorder.seal() == Status::ok);
    const SignedHead& head = *t.recorder.log().head();
    Digest hash;
    REQUIRE(checkpoint_hash({literal(origin), head.size, head.root, {}}, hash) == Status::ok);
    heads.push_back(hash);
  };
  seal();
  const Digest first_beacon = sha256(literal("one")), second_beacon = sha256(literal("two"));
  t.recorder.set_beacon(first_beacon);
  seal();
  t.clock.quality = CAIRN_TIME_INFORMATIVE;
  t.recorder.set_beacon(second_beacon);
  seal();
  REQUIRE(t.open() == Status::ok);
  t.clock.quality = 77;  // a platform's mistake
  seal();
  const std::vector<Close> closes = t.closes();
  REQUIRE(closes.size() == 4);
  for (size_t i = 0; i < 4; ++i) {
    CHECK(closes[i].batch == i);
    CHECK(closes[i].boot == (i < 3 ? 1u : 2u));
    CHECK(closes[i].key_epoch == 0);
    CHECK(closes[i].monotonic_ms == 1000 + 100 * (i + 1));
    CHECK(closes[i].time.unix_ms == 1700000000000 + 100 * int64_t(i + 1));
    CHECK(closes[i].has_previous == (i > 0));
    if (i > 0) CHECK(closes[i].previous == heads[i - 1]);
    CHECK(closes[i].has_beacon == (i == 1 || i == 2));
  }
  CHECK(closes[1].beacon == first_beacon);
  CHECK(closes[2].beacon == second_beacon);
  CHECK(closes[1].time.quality == TimeQuality::synchronised);
  CHECK(closes[2].time.quality == TimeQuality::informative);
  CHECK(closes[3].time.quality == TimeQuality::unsynchronised);
}

TEST_CASE("a step of the wall clock becomes a record in front of the next one") {
  TestRecorder t;
  t.options.batch.leaves = 0;
  REQUIRE(t.create() == Status::ok);
  const int64_t steps[] = {0,        1,  2000,      2001,      -2000,        -2001,
                           86400000, -1, INT64_MAX, INT64_MIN, INT64_MIN + 1};
  REQUIRE(t.append({1}).ok());
  for (const int64_t step : steps) {
    INFO("step " << step);
    const size_t before = t.leaves().size();
    t.clock.pass(7);
    t.clock.unix_ms = int64_t(uint64_t(t.clock.unix_ms) + uint64_t(step));
    REQUIRE(t.append({2}).ok());
    const bool recorded = step > 2000 || step < -2000;
    const std::vector<Leaf> leaves = t.leaves();
    REQUIRE(leaves.size() == before + (recorded ? 2 : 1));
    if (!recorded) continue;
    ClockStep clock;
    REQUIRE(leaves[before].kind == Kind::clock);
    REQUIRE(decode_clock(view(leaves[before].body), clock) == Status::ok);
    CHECK(clock.step_ms == step);
    CHECK(clock.time.unix_ms == t.clock.unix_ms);
    CHECK(clock.monotonic_ms == t.clock.monotonic_ms);
    t.clock.unix_ms = 1700000000000;  // back, which is a step as well
    REQUIRE(t.append({3}).ok());
  }
  // A restart sets both clocks anew: no step.
  REQUIRE(t.open() == Status::ok);
  t.clock.monotonic_ms = 5;
  t.clock.unix_ms = 1;
  const size_t before = t.leaves().size();
  REQUIRE(t.append({4}).ok());
  CHECK(t.leaves().size() == before + 2);
  CHECK(t.leaves()[before].kind == Kind::boot);
}

TEST_CASE("lost records are recorded as a gap") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  const auto index = t.recorder.append_gap(12, GapReason::queue_full);
  REQUIRE(index.ok());
  CHECK(t.story() == "bBg");
  CHECK(index.value == 2);
  Gap gap;
  REQUIRE(decode_gap(view(t.leaves()[2].body), gap) == Status::ok);
  CHECK(gap.count == 12);
  CHECK(gap.reason == GapReason::queue_full);
  CHECK(gap.monotonic_ms == t.clock.monotonic_ms);
  CHECK(t.recorder.append_gap(1, GapReason(99)).status == Status::bad_argument);
  for (int i = 0; i < 4; ++i)
    REQUIRE(t.recorder.append_gap(0, GapReason::unknown).ok());
  CHECK(t.story() == "bBgggggc");
  REQUIRE(t.open() == Status::ok);
  CHECK(t.story() == "bBgggggc");
}

TEST_CASE("records that the recorder does not take leave no trace") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  const size_t limit = t.recorder.log().leaf_limit();
  const auto refused = [&](const Result<uint64_t>& result) {
    CHECK(result.status == Status::bad_argument);
    CHECK(t.story() == "b");  // not even a boot record
    CHECK(t.flash.operations == 0);
  };
  t.flash.operations = 0;
  for (int kind = 0; kind < 0x40; ++kind)
    refused(t.recorder.append(Kind(kind), literal("x")));
  refused(t.append(Bytes(limit, 1)));
  refused(t.append_batch(3, limit + 1));
  Bytes leaf = {0x3F, 1};
  const ByteView good(reinterpret_cast<const uint8_t*>("@a"), 2);
  const ByteView forged[] = {good, view(leaf)}, empty[] = {good, {}};
  refused(t.recorder.append_batch(forged, 2));
  refused(t.recorder.append_batch(empty, 2));
  CHECK(t.append_batch(0).value == 1);
  CHECK(t.story() == "b");
  CHECK(t.append(Bytes(limit - 1, 1)).ok());
  CHECK(t.append({}).ok());
  CHECK(t.recorder.append(Kind(0xFF), literal("x")).ok());
}

#if defined(CAIRN_TEST_WITH_SODIUM) || defined(CAIRN_TEST_WITH_PSA)
TEST_CASE("the checkpoint is signed by the key, as text and on air") {
  std::vector<std::shared_ptr<signing::Pair>> pairs;
#ifdef CAIRN_TEST_WITH_SODIUM
  pairs.push_back(std::make_shared<signing::Ed25519Pair>(uint8_t{1}));
#endif
#ifdef CAIRN_TEST_WITH_PSA
  pairs.push_back(std::make_shared<signing::P256Pair>(uint8_t{2}));
#endif
  for (const auto& pair : pairs) {
    TestRecorder t;
    t.platform = t.clock.platform();
    REQUIRE(t.recorder.create(t.flash.flash(), t.memory(), t.options, t.platform, pair->signer) ==
            Status::ok);
    for (int i = 0; i < 20; ++i)
      REQUIRE(t.append({1}).ok());
    REQUIRE(t.recorder.seal() == Status::ok);
    const std::string note = t.note();
    const NoteKey key =
        note_key(literal(origin), log_note_type(pair->signer.public_key), pair->signer.public_key);
    Checkpoint checkpoint;
    REQUIRE(open_checkpoint(vectors::view(note), key, signing::verifiers(), checkpoint) ==
            Status::ok);
    CHECK(checkpoint.size == t.recorder.log().size());
    CHECK(checkpoint.root == t.recorder.log().root());
    CHECK(equal(checkpoint.origin, literal(origin)));

    AirCheckpoint air;
    REQUIRE(t.recorder.air_checkpoint(air) == Status::ok);
    uint8_t rebuilt[signed_checkpoint_bytes_max];
    const auto size = rebuild_checkpoint(air, literal(origin), key, nullptr, rebuilt);
    REQUIRE(size.ok());
    CHECK(std::string(rebuilt, rebuilt + size.value) == note);
    uint8_t short_of[100];
    CHECK(t.recorder.checkpoint(short_of).status == Status::full);
  }
}
#endif
