// Evidence from a gateway, from a reading to the gateway's head, verified under a policy.
#include <cairn/evidence.hpp>
#include <cairn/gateway/evidence_builder.hpp>
#include <cairn/reporter.hpp>
#include <nlohmann/json.hpp>

#include "support/gateway_world.hpp"
#include "support/test_recorder.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

const std::string origin = test_recorder::origin;

/// A device that reports its records, and the gateway.
struct World {
  GatewayKeys keys;
  MemoryStore store;
  std::string records = keys.folder / "records";
  std::unique_ptr<Gateway> gateway;
  signing::Ed25519Pair key{1};
  test_recorder::TestRecorder device{test_recorder::roomy(CAIRN_FLASH_NOR)};
  vectors::Bytes leaf = vectors::Bytes(1024);
  Reporter reporter;
  std::unique_ptr<EvidenceBuilder> builder;

  World() {
    REQUIRE(mkdir(records.c_str(), 0755) == 0);
    IntakeOptions options;
    options.records_folder = records;
    gateway = std::make_unique<Gateway>(keys, store, options);
    REQUIRE_OK(gateway->registry.enrol(TestDevice(origin, 1, 0).enrolled(), "ada", now_s));
    device.signer = key.signer;
    device.platform = device.clock.platform();
    REQUIRE(device.recorder.create(device.flash.flash(), device.memory(), device.options,
                                   device.platform, device.signer, nullptr) == Status::ok);
    ReporterOptions how;
    how.witness = keys.witness.cosigner_key().value;
    how.verifiers = host::all_verifiers();
    how.leaf = {leaf.data(), leaf.size()};
    REQUIRE(reporter.begin(device.recorder, how) == Status::ok);
    builder = std::make_unique<EvidenceBuilder>(store, gateway->log, records);
  }

  uint64_t size() const { return device.recorder.log().head()->size; }
  void report(size_t count) {
    REQUIRE(device.append_batch(count).ok());
    if (device.recorder.pending() != 0) REQUIRE(device.recorder.seal() == Status::ok);
    for (;;) {
      uint8_t out[400];
      const auto written = reporter.next(out);
      if (written.status == Status::end) break;
      REQUIRE(written.ok());
      REQUIRE(reporter.take(view(gateway->intake->report({out, written.value}))) == Status::ok);
    }
    REQUIRE(reporter.acknowledged() == size());
  }

  /// A policy with both logs and the gateway's witness.
  std::string policy(const std::string& quorum = "w") const {
    return "log " + signing::vkey(key, origin, NoteType::ed25519) + "\nlog " +
           host::vkey_text(keys.log.log_key()) + "\nwitness w " +
           host::vkey_text(keys.witness.cosigner_key().value) + "\nquorum " + quorum + "\n";
  }
  Verdict verify(const std::string& file, const std::string& policy_text) const {
    const auto parsed = std::make_unique<Policy>();
    REQUIRE(parse_policy(view(policy_text), *parsed) == Status::ok);
    Verdict verdict;
    (void)verify_evidence(view(file), *parsed, host::all_verifiers(), nullptr, verdict);
    return verdict;
  }
};

}  // namespace

TEST_CASE("A reading is proved up to the gateway's head, for every record") {
  World world;
  for (const size_t count : {3u, 9u, 20u})
    world.report(count);
  REQUIRE_OK(world.gateway->log.integrate());
  const std::string policy = world.policy();
  const auto leaves = world.device.leaves();
  for (uint64_t index = 0; index < world.size(); ++index) {
    CAPTURE(index);
    std::string file;
    REQUIRE_OK(world.builder->build({origin, index, 1}, file));
    const Verdict verdict = world.verify(file, policy);
    CHECK(verdict.ok());
    CHECK(verdict.first == index);
    CHECK(verdict.quorum == Outcome::passed);
    CHECK(verdict.not_after_s == now_s);
    CHECK(verdict.has_close);
    Evidence evidence;
    REQUIRE(parse_evidence(view(file), evidence) == Status::ok);
    CHECK(evidence.level_count == 2);
    LeafReader reader(evidence.levels[0].runs[0].leaves);
    ByteView leaf;
    REQUIRE(reader.next(leaf) == Status::ok);
    CHECK(equal(leaf.part(1), view(leaves[index].body)));
  }
}

TEST_CASE("A range is proved whole") {
  World world;
  world.report(30);
  world.report(10);
  REQUIRE_OK(world.gateway->log.integrate());
  std::string file;
  REQUIRE_OK(world.builder->build({origin, 2, 25}, file));
  const Verdict verdict = world.verify(file, world.policy());
  CHECK(verdict.ok());
  CHECK(verdict.count == 25);
  CHECK(verdict.completeness == Outcome::passed);
  // Any changed byte shows.
  for (size_t at = 0; at < file.size(); at += 37) {
    std::string bad = file;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    CHECK_FALSE(world.verify(bad, world.policy()).ok());
  }
}

TEST_CASE("The head of the gateway that others cosigned is preferred") {
  World world;
  world.report(5);
  REQUIRE_OK(world.gateway->log.integrate());
  const AggregateHead first = world.gateway->log.head();
  world.report(5);
  REQUIRE_OK(world.gateway->log.integrate());
  const signing::Ed25519Pair north(40);
  Note note;
  REQUIRE(parse_note(view(first.note), note) == Status::ok);
  const std::string text(note.text.text(), note.text.size);
  const std::string cosigned =
      first.note + signing::line(north, text, "north", NoteType::cosignature, now_s + 100);
  std::vector<Change> change(1);
  change[0].writes = {
      {key_of({"cosignatures", world.keys.log.name(), key_number(first.size)}), 0, cosigned}};
  REQUIRE_OK(world.store.cas_batch(change));
  const std::string policy =
      "log " + signing::vkey(world.key, origin, NoteType::ed25519) + "\nlog " +
      host::vkey_text(world.keys.log.log_key()) + "\nwitness north " +
      signing::vkey(north, "north", NoteType::cosignature) + "\nquorum north\n";
  std::string file;
  REQUIRE_OK(world.builder->build({origin, 1, 1}, file));
  const Verdict verdict = world.verify(file, policy);
  CHECK(verdict.ok());
  CHECK(verdict.quorum_level == 1);
  CHECK(verdict.not_after_s == now_s + 100);
  // A record behind that head leads to the newest one, which nobody else cosigned.
  REQUIRE_OK(world.builder->build({origin, world.size() - 1, 1}, file));
  CHECK(world.verify(file, policy).quorum == Outcome::failed);
  CHECK(world.verify(file, world.policy()).ok());
}

namespace {

/// What the store holds of others about heads of the gateway's log.
struct Others {
  World& world;
  signing::Ed25519Pair north{40};
  signing::Ed25519Pair south{41};

  AggregateHead grow() {
    world.report(5);
    REQUIRE_OK(world.gateway->log.integrate());
    return world.gateway->log.head();
  }
  void put(const std::string& key, const std::string& value) {
    std::vector<Change> change(1);
    change[0].writes = {{key, 0, value}};
    REQUIRE_OK(world.store.cas_batch(change));
    REQUIRE(change[0].applied);
  }
  void cosign(const AggregateHead& head, bool both) {
    Note note;
    REQUIRE(parse_note(view(head.note), note) == Status::ok);
    const std::string text(note.text.text(), note.text.size);
    std::string lines = signing::line(north, text, "north", NoteType::cosignature, 5000);
    if (both) lines += signing::line(south, text, "south", NoteType::cosignature, 5001);
    put(key_of({"cosignatures", world.keys.log.name(), key_number(head.size)}), head.note + lines);
  }
  void anchor(const AggregateHead& head, const std::string& name) {
    put(key_of({"receipt", world.keys.log.name(), key_number(head.size), name}),
        nlohmann::json{{"anchor", name},
                       {"size", head.size},
                       {"kind", 77},
                       {"not_after", 6000},
                       {"note", head.note},
                       {"body", "AAAA"}}
            .dump());
  }
  /// The size of the gateway's head in evidence about the first record, and its receipts.
  std::pair<uint64_t, size_t> led_to(const std::string& name = "") const {
    std::string file;
    REQUIRE_OK(world.builder->build({origin, 1, 1}, file, name));
    Evidence evidence;
    Note note;
    Checkpoint checkpoint;
    REQUIRE(parse_evidence(view(file), evidence) == Status::ok);
    REQUIRE(parse_note(evidence.levels[1].checkpoint, note) == Status::ok);
    REQUIRE(parse_checkpoint(note.text, checkpoint) == Status::ok);
    return {checkpoint.size, evidence.receipt_count};
  }
};

using Led = std::pair<uint64_t, size_t>;

}  // namespace

TEST_CASE("Of the gateway's heads, evidence leads to the one that others said most of") {
  World world;
  Others others{world};
  const AggregateHead one = others.grow(), two = others.grow(), three = others.grow();
  const AggregateHead four = others.grow(), five = others.grow();
  CHECK(others.led_to() == Led{5, 0});
  others.cosign(two, false);
  CHECK(others.led_to() == Led{2, 0});
  others.cosign(three, true);  // one witness failed before
  CHECK(others.led_to() == Led{3, 0});
  others.anchor(one, "authority");
  CHECK(others.led_to() == Led{1, 1});
  others.anchor(two, "authority");
  CHECK(others.led_to() == Led{2, 1});
  others.anchor(four, "authority");
  CHECK(others.led_to() == Led{2, 1});
  others.anchor(four, "chain");
  CHECK(others.led_to() == Led{4, 2});  // two anchors, if no witness
  CHECK(others.led_to("chain") == Led{4, 2});
  CHECK(others.led_to("authority") == Led{2, 1});  // not a later time
  others.anchor(five, "authority");
  others.cosign(five, false);
  CHECK(others.led_to("authority") == Led{2, 1});  // as good, and earlier
  others.anchor(five, "chain");
  CHECK(others.led_to() == Led{5, 2});  // a witness too
  std::string file;
  CHECK(world.builder->build({origin, 1, 1}, file, "nobody").status == Status::not_found);
}

TEST_CASE("An anchor's receipt is found behind many of others") {
  World world;
  Others others{world};
  AggregateHead newest;
  for (int i = 0; i < 70; ++i)
    others.anchor(newest = others.grow(), "authority");
  others.anchor(newest, "chain");
  CHECK(others.led_to() == Led{1, 1});
  CHECK(others.led_to("chain") == Led{70, 2});
}

TEST_CASE("What is not here, or not in the gateway's log yet, is said") {
  World world;
  world.report(5);
  std::string file;
  CHECK(world.builder->build({origin, 1, 1}, file).status == Status::not_found);
  REQUIRE_OK(world.gateway->log.integrate());
  CHECK_OK(world.builder->build({origin, 1, 1}, file));
  CHECK(world.builder->build({origin, 1, 0}, file).status == Status::bad_argument);
  CHECK(world.builder->build({origin, world.size(), 1}, file).status == Status::not_found);
  CHECK(world.builder->build({"nobody", 0, 1}, file).status == Status::not_found);
  // A device that showed heads only.
  const TestDevice saw("plant.example/saw", 9, 20);
  REQUIRE_OK(world.gateway->registry.enrol(saw.enrolled(), "ada", now_s));
  REQUIRE(world.gateway->ask(saw.request(0, 9)) == 200);
  REQUIRE_OK(world.gateway->log.integrate());
  const Error error = world.builder->build({saw.origin(), 3, 1}, file);
  CHECK(error.status == Status::not_found);
  CHECK(error.message.find("not here") != std::string::npos);
}

TEST_CASE("Records are found by the time at which the device closed their batches") {
  World world;
  std::vector<std::pair<int64_t, uint64_t>> closed;  // time, size
  for (int i = 0; i < 6; ++i) {
    world.device.clock.unix_ms += 60'000;
    world.report(3);
    const auto closes = world.device.closes();
    closed.push_back({closes.back().time.unix_ms, world.size()});
  }
  RecordSpan span;
  CHECK(world.builder->find_time(origin, closed[2].first, closed[3].first, span).status ==
        Status::not_found);  // no head is in a leaf yet
  REQUIRE_OK(world.gateway->log.integrate());
  REQUIRE_OK(world.builder->find_time(origin, closed[2].first, closed[3].first, span));
  CHECK(span.first == closed[1].second);
  CHECK(span.first + span.count == closed[3].second);
  REQUIRE_OK(world.builder->find_time(origin, 0, closed[0].first, span));
  CHECK(span.first == 0);
  CHECK(span.count == closed[0].second);
  CHECK(world.builder->find_time(origin, closed[5].first + 1, INT64_MAX - 1, span).status ==
        Status::not_found);
  CHECK(world.builder->find_time("nobody", 0, 1, span).status == Status::not_found);
}
