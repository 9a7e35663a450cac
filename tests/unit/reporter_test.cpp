#include "support/test_reporter.hpp"

using namespace cairn;
using namespace test_reporter;

namespace {

constexpr ReportMode modes[] = {ReportMode::records, ReportMode::hashes, ReportMode::heads};

// The answer to an ask, so that the reporter knows where the gateway is.
void meet(TestReporter& t) {
  const Bytes ask = t.next(64);
  REQUIRE(t.status == Status::ok);
  REQUIRE(t.take(t.gateway.handle(ask)) == Status::ok);
}

}  // namespace

TEST_CASE("everything signed gets to the gateway, in every mode, over every link") {
  for (const ReportMode mode : modes) {
    for (const size_t limit : {51u, 64u, 115u, 222u, 1024u, 100000u}) {
      CAPTURE(int(mode), limit);
      TestReporter t(mode);
      REQUIRE(t.create() == Status::ok);
      for (const size_t count : {3u, 9u, 1u, 25u}) {
        t.batch(count, 10 + limit / 3 % 100);
        REQUIRE(t.exchange(limit) == Status::end);
        CHECK(t.gateway.stored.size == t.signed_size());
        CHECK(t.gateway.stored.root == t.log().head()->root);
        CHECK(t.reporter.acknowledged() == t.signed_size());
        if (mode == ReportMode::records) CHECK(t.all_records_arrived());
      }
      CHECK(t.gateway.refusals == 0);
      if (limit == 100000) CHECK(t.messages == 1 + 4);  // asks once, then one for each batch
    }
  }
}

TEST_CASE("a message is never larger than the link") {
  for (size_t limit = report_bytes_min; limit < 240; ++limit) {
    TestReporter t;
    REQUIRE(t.create() == Status::ok);
    t.batch(12, 100);
    while (true) {
      const Bytes message = t.next(limit);
      if (t.status != Status::ok) break;
      REQUIRE(message.size() <= limit);
      REQUIRE(t.take(t.gateway.handle(message)) == Status::ok);
    }
    REQUIRE(t.status == Status::end);
    CHECK(t.all_records_arrived());
  }
}

TEST_CASE("a link that is too small") {
  for (const ReportMode mode : modes) {
    TestReporter t(mode);
    REQUIRE(t.create() == Status::ok);
    t.batch(5);
    meet(t);
    for (size_t limit = 0; limit < 11; ++limit) {
      CHECK(t.next(limit).empty());
      CHECK(t.status == Status::full);
    }
    CHECK(t.exchange(report_bytes_min) == Status::end);
    CHECK(t.gateway.stored.size == t.signed_size());
  }
}

TEST_CASE("many messages may be under way at once") {
  TestReporter t;
  REQUIRE(t.create() == Status::ok);
  t.batch(30);
  meet(t);
  std::vector<Bytes> window;
  for (Bytes m = t.next(115); t.status == Status::ok; m = t.next(115))
    window.push_back(m);
  REQUIRE(window.size() > 5);
  for (const Bytes& message : window)
    REQUIRE(t.take(t.gateway.handle(message)) == Status::ok);
  CHECK(t.next(115).empty());
  CHECK(t.status == Status::end);
  CHECK(t.reporter.acknowledged() == t.signed_size());
  // All of it again, late: nothing changes.
  for (const Bytes& message : window)
    REQUIRE(t.take(t.gateway.handle(message)) == Status::ok);
  CHECK(t.exchange(115) == Status::end);
  CHECK(t.all_records_arrived());
  CHECK(t.gateway.refusals == 0);
}

TEST_CASE("what is lost is sent again from where the gateway says") {
  TestReporter t;
  REQUIRE(t.create() == Status::ok);
  t.batch(30);
  meet(t);
  (void)t.next(115);  // lost
  const Bytes second = t.next(115);
  const Bytes first_answer = t.gateway.handle(second);
  ReportAnswer answer;
  REQUIRE(decode_report_answer(vectors::view(first_answer), answer) == Status::ok);
  CHECK(answer.code == ReportCode::conflict);
  CHECK(answer.held == 0);
  REQUIRE(t.take(first_answer) == Status::ok);
  CHECK(t.exchange(115) == Status::end);
  CHECK(t.all_records_arrived());
}

TEST_CASE("without an answer the reporter waits, and asks when told to") {
  TestReporter t;
  REQUIRE(t.create() == Status::ok);
  t.batch(5);
  const Bytes ask = t.next(1024);
  CHECK(t.next(1024).empty());
  CHECK(t.status == Status::end);
  t.reporter.again();
  CHECK(t.next(1024) == ask);
  REQUIRE(t.take(t.gateway.handle(ask)) == Status::ok);
  const Bytes all = t.next(1024);
  (void)t.gateway.handle(all);  // the answer is lost
  CHECK(t.next(1024).empty());
  t.reporter.again();
  meet(t);
  CHECK(t.reporter.acknowledged() == 0);
  const Bytes head = t.next(1024);
  Report report;
  REQUIRE(decode_report(vectors::view(head), report) == Status::ok);
  CHECK(report.content == ReportContent::none);  // the content is there
  REQUIRE(t.take(t.gateway.handle(head)) == Status::ok);
  CHECK(t.reporter.acknowledged() == t.signed_size());
}

TEST_CASE("after a start the gateway tells where to go on") {
  for (const ReportMode mode : modes) {
    TestReporter t(mode);
    REQUIRE(t.create() == Status::ok);
    t.batch(20);
    meet(t);
    REQUIRE(t.take(t.gateway.handle(t.next(200))) == Status::ok);
    REQUIRE(t.open() == Status::ok);
    t.batch(20);
    CHECK(t.exchange(200) == Status::end);
    CHECK(t.gateway.stored.size == t.signed_size());
    if (mode == ReportMode::records) CHECK(t.all_records_arrived());
  }
}

TEST_CASE("a cosignature moves the log's floor and brings a beacon") {
  TestReporter t;
  REQUIRE(t.create() == Status::ok);
  t.gateway.has_beacon = true;
  t.gateway.beacon = sha256(literal("gateway.example/log\n1\n"));
  t.batch(5);
  CHECK(t.log().options().keep_from == 0);
  const uint64_t sealed = t.signed_size();
  REQUIRE(t.exchange(1024) == Status::end);
  CHECK(t.log().options().keep_from == sealed);
  CHECK_FALSE(t.device.closes().back().has_beacon);
  t.batch(1);
  CHECK(t.device.closes().back().has_beacon);
  CHECK(t.device.closes().back().beacon == t.gateway.beacon);
}

TEST_CASE("a gateway that was restored is brought up to date") {
  for (const ReportMode mode : modes) {
    TestReporter t(mode);
    REQUIRE(t.create() == Status::ok);
    t.batch(20);
    REQUIRE(t.exchange(300) == Status::end);
    const auto backup = t.gateway.stored;
    t.batch(20);
    REQUIRE(t.exchange(300) == Status::end);
    t.gateway.stored = backup;
    t.gateway.restart();
    t.batch(20);
    REQUIRE(t.exchange(300) == Status::end);
    CHECK(t.gateway.stored.size == t.signed_size());
    CHECK(t.reporter.acknowledged() == t.signed_size());
  }
}

TEST_CASE("a gateway without content gets it again from the start") {
  for (const ReportMode mode : modes) {
    TestReporter t(mode);
    REQUIRE(t.create() == Status::ok);
    t.batch(20);
    REQUIRE(t.exchange(300) == Status::end);
    t.gateway.forget();
    t.batch(20);
    REQUIRE(t.exchange(300) == Status::end);
    CHECK(t.gateway.stored.size == t.signed_size());
    CHECK(t.gateway.refusals == 0);
    if (mode == ReportMode::records) CHECK(t.all_records_arrived());
  }
}

TEST_CASE("arguments of begin, and a recorder that is closed") {
  TestReporter t;
  CHECK(t.reporter.begin(t.device.recorder, t.options) == Status::bad_state);
  CHECK(t.next(100).empty());
  CHECK(t.status == Status::bad_state);
  CHECK(t.take({}) == Status::bad_state);
  REQUIRE(t.create() == Status::ok);
  ReporterOptions options = t.options;
  options.witness.type = NoteType::ed25519;
  CHECK(t.reporter.begin(t.device.recorder, options) == Status::bad_argument);
  options = t.options;
  options.witness.key.algorithm = CAIRN_P256;
  CHECK(t.reporter.begin(t.device.recorder, options) == Status::bad_argument);
  options = t.options;
  options.leaf.size = 63;
  CHECK(t.reporter.begin(t.device.recorder, options) == Status::bad_argument);
  options.mode = ReportMode::heads;
  CHECK(t.reporter.begin(t.device.recorder, options) == Status::ok);
  options = t.options;
  options.leaf.size = 64;
  REQUIRE(t.reporter.begin(t.device.recorder, options) == Status::ok);
  t.batch(1, 100);
  meet(t);
  REQUIRE(t.take(t.gateway.handle(t.next(300))) == Status::ok);  // what is in front of it
  CHECK(t.next(300).empty());
  CHECK(t.status == Status::bad_argument);
}

TEST_CASE("nothing is sent that is not signed") {
  TestReporter t;
  REQUIRE(t.create() == Status::ok);
  REQUIRE(t.device.append(Bytes(3, 1)).ok());
  meet(t);
  CHECK(t.next(1000).empty());
  CHECK(t.status == Status::end);
  REQUIRE(t.device.recorder.seal() == Status::ok);
  const uint64_t sealed = t.signed_size();
  REQUIRE(t.device.append(Bytes(3, 1)).ok());
  CHECK(t.exchange(1000) == Status::end);
  CHECK(t.gateway.stored.size == sealed);
}
