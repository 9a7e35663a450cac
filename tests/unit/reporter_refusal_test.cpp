// Answers that say no, answers that are wrong, and records that are no more.
#include "support/test_reporter.hpp"

using namespace cairn;
using namespace test_reporter;

namespace {

Bytes encoded(const ReportAnswer& answer) {
  Bytes out(report_answer_bytes_max);
  const Result<size_t> size = encode_report_answer(answer, {out.data(), out.size()});
  REQUIRE(size.status == Status::ok);
  out.resize(size.value);
  return out;
}

ReportAnswer decoded(const Bytes& bytes) {
  ReportAnswer answer;
  REQUIRE(decode_report_answer(vectors::view(bytes), answer) == Status::ok);
  return answer;
}

Bytes simple(ReportCode code) {
  ReportAnswer answer;
  answer.code = code;
  return encoded(answer);
}

// Up to the answer to the message that carries the head.
Bytes answer_to_head(TestReporter& t) {
  REQUIRE(t.take(t.gateway.handle(t.next(4000))) == Status::ok);
  const Bytes message = t.next(4000);
  REQUIRE(t.status == Status::ok);
  return t.gateway.handle(message);
}

void start(TestReporter& t) {
  REQUIRE(t.create() == Status::ok);
  t.batch(5);
}

}  // namespace

TEST_CASE("a cosignature that is not the witness's changes nothing") {
  TestReporter t;
  start(t);
  const Bytes good = answer_to_head(t);
  const auto refused = [&](auto change) {
    ReportAnswer answer = decoded(good);
    change(answer);
    return t.take(encoded(answer)) == Status::signature_invalid;
  };
  CHECK(refused([](ReportAnswer& a) { a.cosignature.bytes[5] ^= 1; }));
  CHECK(refused([](ReportAnswer& a) { a.time += 1; }));
  CHECK(refused([](ReportAnswer& a) { a.key_id ^= 1; }));
  CHECK(t.reporter.acknowledged() == 0);
  CHECK(t.log().options().keep_from == 0);
  ReportAnswer other = decoded(good);
  other.size += 1;
  CHECK(t.take(encoded(other)) == Status::ok);  // of another head: late
  CHECK(t.reporter.acknowledged() == 0);
  CHECK(t.take(Bytes(3, 0xFF)) == Status::corrupt);
  CHECK(t.take({}) == Status::corrupt);
  CHECK(t.take(good) == Status::ok);
  CHECK(t.reporter.acknowledged() == t.signed_size());
  CHECK(t.take(good) == Status::ok);  // twice
}

TEST_CASE("answers that ask for patience, and those of a stranger") {
  const std::pair<ReportCode, Status> table[] = {{ReportCode::busy, Status::io},
                                                 {ReportCode::unavailable, Status::io},
                                                 {ReportCode::unknown_log, Status::not_found},
                                                 {ReportCode::malformed, Status::unsupported}};
  for (const auto& [code, status] : table) {
    TestReporter t;
    start(t);
    t.gateway.only = code;
    CHECK(t.exchange(200) == status);
    CHECK(t.exchange(200) == status);  // asks again
    t.gateway.only.reset();
    CHECK(t.exchange(200) == Status::end);
    CHECK(t.all_records_arrived());
  }
  TestReporter t;
  start(t);
  t.gateway.log.name = literal("plant.example/other");
  CHECK(t.exchange(200) == Status::not_found);
}

TEST_CASE("wrong content that the gateway was given is got over") {
  for (const size_t limit : {60u, 4000u}) {
    TestReporter t;
    start(t);
    // Somebody else sends a record in the device's name.
    Report poison;
    poison.checkpoint.key_id = key_id(t.gateway.log);
    poison.content = ReportContent::records;
    const uint8_t packed[] = {0x04, 0x40, 0x41};
    poison.bytes = packed;
    Bytes message(100);
    message.resize(encode_report(poison, {message.data(), message.size()}).value);
    (void)t.gateway.handle(message);
    CHECK(t.exchange(limit) == Status::end);
    CHECK(t.gateway.refusals == 1);
    CHECK(t.all_records_arrived());
  }
}

TEST_CASE("a head that is refused twice stops the reporter") {
  const std::pair<ReportCode, Status> table[] = {
      {ReportCode::not_signed, Status::signature_invalid},
      {ReportCode::inconsistent, Status::proof_invalid}};
  for (const auto& [code, status] : table) {
    TestReporter t;
    start(t);
    (void)answer_to_head(t);
    REQUIRE(t.take(simple(code)) == Status::ok);
    REQUIRE(t.take(simple(code)) == Status::ok);  // the same answer again
    t.gateway.stored = {};
    t.gateway.restart();
    REQUIRE(t.take(t.gateway.handle(t.next(4000))) == Status::ok);
    Report report;
    const Bytes message = t.next(4000);
    REQUIRE(decode_report(vectors::view(message), report) == Status::ok);
    CHECK(report.checkpoint.has_root);
    CHECK(t.take(simple(code)) == status);
    CHECK(t.next(4000).empty());
    CHECK(t.status == status);
    CHECK(t.take(simple(ReportCode::accepted)) == status);
    Begin begin{};
    CHECK(t.reporter.successor(begin) == Status::bad_state);
  }
}

TEST_CASE("two histories of one size: the gateway gets the root and refuses") {
  for (const size_t limit : {51u, 4000u}) {
    TestReporter t;
    start(t);
    REQUIRE(t.exchange(4000) == Status::end);
    // The device's flash is exchanged; the new log comes to the same size.
    const uint64_t size = t.signed_size();
    t.device.clock.pass(5000);
    REQUIRE(t.create() == Status::ok);
    t.batch(5);
    REQUIRE(t.signed_size() == size);
    REQUIRE(t.log().head()->root != t.gateway.stored.root);
    CHECK(t.exchange(limit) == Status::proof_invalid);
    CHECK(t.gateway.refusals == 2);
    CHECK(t.gateway.cosigned.size() == 1);
  }
}

TEST_CASE("a device that has lost its history signs nothing more, and names the abandoned head") {
  TestReporter t;
  start(t);
  t.batch(20);
  REQUIRE(t.exchange(4000) == Status::end);
  const report_gateway::Stored lost = t.gateway.stored;
  REQUIRE(t.create() == Status::ok);
  REQUIRE(t.device.append(Bytes(3, 1)).ok());
  CHECK(t.exchange(4000) == Status::damaged);
  CHECK(t.device.recorder.seal() == Status::damaged);
  CHECK(t.device.append(Bytes(3, 1)).status == Status::damaged);
  CHECK(t.next(4000).empty());
  CHECK(t.status == Status::damaged);
  Begin begin{};
  REQUIRE(t.reporter.successor(begin) == Status::ok);
  CHECK(equal(begin.previous_origin, literal(test_recorder::origin)));
  CHECK(begin.previous_size == lost.size);
  CHECK(begin.previous_root == lost.root);
  CHECK(t.gateway.cosigned.size() == 1);
  // Not without proof.
  TestReporter other;
  start(other);
  (void)other.next(4000);
  ReportAnswer claim;
  claim.code = ReportCode::conflict;
  claim.size = claim.held = 1000;
  CHECK(other.take(encoded(claim)) == Status::signature_invalid);
  claim.has_root = claim.has_cosignature = true;
  claim.time = 5;
  claim.key_id = key_id(other.options.witness);
  CHECK(other.take(encoded(claim)) == Status::signature_invalid);
  other.reporter.again();
  CHECK(other.exchange(4000) == Status::end);
  // In the middle of a conversation it is asked for.
  other.batch(3);
  REQUIRE(other.next(4000).size() > 0);
  claim = {};
  claim.code = ReportCode::conflict;
  claim.size = claim.held = 1000;
  CHECK(other.take(encoded(claim)) == Status::ok);
  CHECK(other.exchange(4000) == Status::end);
  CHECK(other.all_records_arrived());
}

TEST_CASE("content at the gateway that no head of this log covers is replaced") {
  TestReporter t;
  start(t);
  Report foreign;
  foreign.checkpoint.key_id = key_id(t.gateway.log);
  foreign.content = ReportContent::hashes;
  const Bytes hashes(32 * 50, 7);
  foreign.bytes = vectors::view(hashes);
  Bytes message(2000);
  message.resize(encode_report(foreign, {message.data(), message.size()}).value);
  (void)t.gateway.handle(message);
  CHECK(t.exchange(4000) == Status::end);
  CHECK(t.gateway.stored.size == t.signed_size());
  t.batch(9);
  CHECK(t.exchange(4000) == Status::end);
  CHECK(t.gateway.stored.records.count(0) == 0);
  CHECK(t.gateway.stored.records.count(t.signed_size() - 1) == 1);  // records again
}

TEST_CASE("for a record that has rotted its tile is witnessed all the same") {
  for (const size_t limit : {51u, 200u, 4000u}) {
    TestReporter t;
    t.device.options.batch.leaves = 256;
    t.device.options.log.tiles = LogTiles::write;
    REQUIRE(t.create() == Status::ok);
    REQUIRE(t.device.append_batch(254).ok());
    REQUIRE(t.signed_size() == 256);
    REQUIRE(t.exchange(4000) == Status::end);
    for (uint8_t i = 0; i < 255; ++i)
      REQUIRE(t.device.append(Bytes(40, i)).ok());
    REQUIRE(t.signed_size() == 512);
    Bytes rotting(41, 100);
    rotting[0] = 0x40;
    t.device.flash.flip(test_log::place_of(t.device.flash.memory, rotting) + 10, 3);
    CHECK(t.exchange(limit) == Status::end);
    CHECK(t.gateway.stored.size == 512);
    CHECK(t.gateway.stored.records.size() == 256);
    CHECK(t.gateway.refusals == 0);
    t.batch(9);
    CHECK(t.exchange(limit) == Status::end);
    CHECK(t.gateway.stored.records.count(t.signed_size() - 1) == 1);
  }
}

TEST_CASE("where nothing stands for a record that has rotted, no head behind it is witnessed") {
  TestReporter t;
  t.device.options.batch.leaves = 0;
  start(t);
  REQUIRE(t.exchange(4000) == Status::end);
  for (uint8_t i = 0; i < 20; ++i)
    REQUIRE(t.device.append(Bytes(40, i)).ok());
  Bytes rotting(41, 4);
  rotting[0] = 0x40;
  t.device.flash.flip(test_log::place_of(t.device.flash.memory, rotting) + 10, 3);
  REQUIRE(t.device.recorder.seal() == Status::ok);
  CHECK(t.exchange(4000) == Status::corrupt);
  CHECK(t.exchange(4000) == Status::corrupt);
  CHECK(t.gateway.cosigned.size() == 1);
}

TEST_CASE("records that were retired before a restored gateway wants them") {
  test_recorder::Medium ring = test_recorder::roomy(CAIRN_FLASH_NOR);
  ring.segment = 2048;
  ring.count = 4;
  TestReporter t(ReportMode::records, ring);
  t.device.options.log.recycle = true;
  REQUIRE(t.create() == Status::ok);
  t.batch(5);
  REQUIRE(t.exchange(1000) == Status::end);
  const auto backup = t.gateway.stored;
  while (t.log().index_min() <= backup.size) {
    t.batch(7);
    REQUIRE(t.exchange(1000) == Status::end);
  }
  t.gateway.stored = backup;
  t.gateway.restart();
  t.batch(7);
  const Status status = t.exchange(1000);
  CHECK(status == Status::pruned);  // neither the records nor what stands for them
  // An empty gateway gets what stands for them.
  t.gateway.stored = {};
  t.gateway.restart();
  t.reporter.again();
  CHECK(t.exchange(1000) == Status::end);
  CHECK(t.gateway.stored.size == t.signed_size());
}
