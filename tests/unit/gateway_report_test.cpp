// Reports to a gateway: a real recorder and reporter on the one side, the gateway's library on the
// other, and between them a link that cuts, loses, repeats and mixes up.
#include <random>

#include "support/gateway_reporting.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

constexpr ReportMode modes[] = {ReportMode::records, ReportMode::hashes, ReportMode::heads};

/// What a signed head with its root is answered in a report.
ReportCode reported(Gateway& gateway, const TestDevice& device, uint64_t size) {
  const std::string text = device.text(size);
  Report report;
  report.checkpoint.key_id = key_id(device.note_key());
  report.checkpoint.size = size;
  report.checkpoint.has_root = true;
  report.checkpoint.root = device.root(size);
  report.checkpoint.has_signature = true;
  report.checkpoint.algorithm = CAIRN_ED25519;
  REQUIRE(sign(device.key().signer, view(text), report.checkpoint.signature) == Status::ok);
  uint8_t bytes[512];
  const auto written = encode_report(report, bytes);
  REQUIRE(written.ok());
  return decoded(gateway.intake->report({bytes, written.value})).code;
}

}  // namespace

TEST_CASE("Everything signed is cosigned, in every mode, over every link") {
  for (const ReportMode mode : modes) {
    for (const size_t limit : {51u, 115u, 1024u}) {
      CAPTURE(int(mode), limit);
      GatewayKeys keys;
      MemoryStore store;
      IntakeOptions options = keeping_records(keys);
      Gateway gateway(keys, store, options);
      Reporting device(keys, mode);
      CHECK(device.exchange(*gateway.intake, limit) != Status::end);  // not enrolled: 404
      REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
      device.reporter.again();
      for (const size_t count : {3u, 9u, 1u, 25u}) {
        device.batch(count);
        REQUIRE(device.exchange(*gateway.intake, limit) == Status::end);
        CHECK(device.reporter.acknowledged() == device.head().size);
        std::string note;
        REQUIRE_OK(gateway.intake->checkpoint(origin, note));
        Checkpoint checkpoint;
        REQUIRE(open_checkpoint(view(note), device.note_key(), host::all_verifiers(), checkpoint) ==
                Status::ok);
        CHECK(checkpoint.size == device.head().size);
        CHECK(checkpoint.root == device.head().root);
      }
      if (mode == ReportMode::records) check_tiles(options.records_folder, device);
      CHECK(gateway.intake->counts().records ==
            (mode == ReportMode::records ? device.head().size : 0));
      REQUIRE_OK(gateway.log.integrate());
      AggregateLeaf leaf;
      REQUIRE_OK(gateway.log.find(origin, device.head().size, leaf));
      CHECK(leaf.note == device.device.note());
    }
  }
}

TEST_CASE("A link may lose, repeat and reorder, and the gateway may die: it all gets there") {
  std::mt19937 random(3);
  for (const ReportMode mode : modes) {
    GatewayKeys keys;
    MemoryStore store;
    IntakeOptions options = keeping_records(keys);
    auto gateway = std::make_unique<Gateway>(keys, store, options);
    Reporting device(keys, mode);
    REQUIRE_OK(gateway->registry.enrol(device.enrolled(), "ada", now_s));
    std::vector<std::string> sent;
    for (int step = 0; step < 600; ++step) {
      if (step % 60 == 0) device.batch(1 + random() % 20);
      if (random() % 50 == 0) {
        gateway.reset();
        gateway = std::make_unique<Gateway>(keys, store, options);
      }
      std::string message = device.next(51 + random() % 200);
      if (message.empty()) device.reporter.again();
      if (!message.empty()) sent.push_back(message);
      if (!sent.empty() && random() % 3 == 0) message = sent[random() % sent.size()];
      if (message.empty() || random() % 10 == 0) continue;
      const std::string answer = gateway->intake->report(view(message));
      if (random() % 10 != 0) (void)device.reporter.take(view(answer));
    }
    CAPTURE(int(mode), sent.size());
    device.reporter.again();
    REQUIRE(device.exchange(*gateway->intake, 115) == Status::end);
    CHECK(device.reporter.acknowledged() == device.head().size);
    if (mode == ReportMode::records) check_tiles(options.records_folder, device);
    CHECK(gateway->intake->counts().forks == 0);
  }
}

TEST_CASE("Whatever call of the store fails, reports are not acknowledged in vain") {
  for (const bool applies : {false, true}) {
    uint64_t reached = 0;
    for (uint64_t call = 0; call == 0 || reached > call; ++call) {
      GatewayKeys keys;
      MemoryStore store;
      IntakeOptions options = keeping_records(keys);
      Gateway gateway(keys, store, options);
      Reporting device(keys, ReportMode::records);
      REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
      device.batch(5);
      store.set_fault({call, applies});
      (void)device.exchange(*gateway.intake, 400);
      reached = store.calls();
      store.set_fault({});
      const uint64_t acknowledged = device.reporter.acknowledged();
      std::string note;
      CAPTURE(call, applies, acknowledged);
      if (acknowledged != 0) CHECK_OK(gateway.intake->checkpoint(origin, note));
      device.reporter.again();
      CHECK(device.exchange(*gateway.intake, 400) == Status::end);
      CHECK(device.reporter.acknowledged() == device.head().size);
      check_tiles(options.records_folder, device);
    }
  }
}

TEST_CASE("Heads of both ways go on from each other") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store);
  Reporting device(keys, ReportMode::hashes);
  REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
  device.batch(5);
  // The first head comes with a request, so the gateway does not know the frontier of its tree.
  REQUIRE(gateway.ask(TestDevice::request_of(0, {}, device.device.note())) == 200);
  device.batch(9);
  CHECK(device.exchange(*gateway.intake, 115) == Status::end);
  CHECK(device.reporter.acknowledged() == device.head().size);
}

TEST_CASE("A record of a kind that a device may not report is refused") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store);
  Reporting device(keys, ReportMode::records);
  Device entry = device.enrolled();
  entry.kinds = {0x41};  // and what it reports is opaque
  REQUIRE_OK(gateway.registry.enrol(entry, "ada", now_s));
  device.batch(5);
  CHECK(device.exchange(*gateway.intake, 1000) == Status::signature_invalid);
  CHECK(device.reporter.acknowledged() == 0);
  std::string note;
  CHECK(gateway.intake->checkpoint(origin, note).status == Status::not_found);
}

TEST_CASE("Reports of devices that are unknown, of another log or not active are answered 404") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store);
  Reporting device(keys, ReportMode::heads);
  device.batch(3);
  const std::string message = device.next(200);
  CHECK(decoded(gateway.intake->report(view(message))).code == ReportCode::unknown_log);
  CHECK(decoded(gateway.intake->report({})).code == ReportCode::malformed);
  CHECK(decoded(gateway.intake->report(literal("nonsense"))).code == ReportCode::malformed);
  REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
  CHECK(decoded(gateway.intake->report(view(message))).code == ReportCode::conflict);
  REQUIRE_OK(gateway.registry.change_state(origin, DeviceState::suspended, "ada", "moved", now_s));
  CHECK(decoded(gateway.intake->report(view(message))).code == ReportCode::unknown_log);
  REQUIRE_OK(gateway.registry.change_state(origin, DeviceState::active, "ada", "", now_s));
  const auto named = [&](const std::string& log) {
    return decoded(gateway.intake->report(view(message), log)).code;
  };
  CHECK(named(origin_hash(origin)) == ReportCode::conflict);
  CHECK(named(origin_hash("plant.example/other")) == ReportCode::unknown_log);
  CHECK(named("nonsense") == ReportCode::unknown_log);
}

// The id of a P-256 key does not depend on the name: a device whose log was lost goes on with the
// same key under another one.
TEST_CASE("Of two active logs whose keys have one id, the transport says which a report is of") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store);
  const signing::P256Pair key(5);
  const TestDevice lost(origin, 1, 9), successor("plant.example/press-7b", 1, 0);
  for (const TestDevice* one : {&lost, &successor}) {
    Device device = one->enrolled();
    device.keys[0].vkey = signing::vkey(key, one->origin(), NoteType::ecdsa);
    REQUIRE_OK(gateway.registry.enrol(device, "ada", now_s));
  }
  const std::string text = lost.text(9);
  const std::string note = text + "\n" + signing::line(key, text, origin, NoteType::ecdsa);
  REQUIRE(gateway.ask(TestDevice::request_of(0, {}, note)) == 200);
  Report question;
  question.checkpoint.key_id =
      key_id(note_key(view(origin), NoteType::ecdsa, key.signer.public_key));
  question.checkpoint.size = 9;
  uint8_t message[64];
  const auto size = encode_report(question, message);
  REQUIRE(size.ok());
  const auto asked = [&](const std::string& log) {
    return decoded(gateway.intake->report({message, size.value}, log));
  };
  CHECK(asked("").code == ReportCode::unknown_log);
  CHECK(asked(origin_hash(origin)).size == 9);
  CHECK(asked(origin_hash(successor.origin())).code == ReportCode::conflict);
  CHECK(asked(origin_hash(successor.origin())).size == 0);
  REQUIRE_OK(gateway.registry.change_state(origin, DeviceState::revoked, "ada", "lost", now_s));
  CHECK(asked("").code == ReportCode::conflict);
  CHECK(asked("").size == 0);
  CHECK(asked(origin_hash(origin)).code == ReportCode::unknown_log);
}

TEST_CASE("A signed head of the same size with another root freezes a device that reports") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store);
  const TestDevice press(origin, 1, 20), other(origin, 1, 20, 5);
  REQUIRE_OK(gateway.registry.enrol(press.enrolled(), "ada", now_s));
  REQUIRE(gateway.ask(press.request(0, 9)) == 200);
  CHECK(reported(gateway, press, 9) == ReportCode::cosigned);
  CHECK(reported(gateway, other, 9) == ReportCode::inconsistent);
  CHECK(gateway.intake->counts().forks == 1);
  CHECK(reported(gateway, other, 9) == ReportCode::unknown_log);
}

TEST_CASE("So does one that contradicts what was cosigned before the newest head") {
  GatewayKeys keys;
  MemoryStore store;
  std::vector<std::string> frozen;
  IntakeOptions options;
  options.frozen = [&](const std::string& device) { frozen.push_back(device); };
  Gateway gateway(keys, store, options);
  const TestDevice press(origin, 1, 20), other(origin, 1, 20, 5);
  REQUIRE_OK(gateway.registry.enrol(press.enrolled(), "ada", now_s));
  REQUIRE(gateway.ask(press.request(0, 9)) == 200);
  REQUIRE(gateway.ask(press.request(9, 20)) == 200);
  REQUIRE_OK(gateway.log.integrate());
  CHECK(reported(gateway, press, 9) == ReportCode::conflict);  // it came late
  CHECK(frozen.empty());
  uint64_t count = 1;
  REQUIRE_OK(gateway.registry.count_frozen(count));
  CHECK(count == 0);
  CHECK(reported(gateway, other, 9) == ReportCode::conflict);
  CHECK(frozen == std::vector<std::string>{origin});
  REQUIRE_OK(gateway.registry.count_frozen(count));
  CHECK(count == 1);
}

TEST_CASE("What no head covers yet takes bounded memory, and comes again where it was dropped") {
  GatewayKeys keys;
  MemoryStore store;
  IntakeOptions options = keeping_records(keys);
  options.held_bytes_max = 2000;
  Gateway gateway(keys, store, options);
  Reporting device(keys, ReportMode::records);
  REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
  device.batch(7, 100);
  CHECK(device.exchange(*gateway.intake, 300) == Status::end);
  CHECK(device.reporter.acknowledged() == device.head().size);
  check_tiles(options.records_folder, device);
  device.batch(7, 400);  // more than may be held
  CHECK(device.exchange(*gateway.intake, 300) == Status::io);
}

TEST_CASE("Of a device whose head is cosigned nothing is held, of one in between its content is") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store, keeping_records(keys));
  Reporting device(keys, ReportMode::records);
  REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
  for (const size_t count : {7u, 300u}) {
    device.batch(count);
    uint64_t held_max = 0;
    while (device.reporter.acknowledged() != device.head().size) {
      const std::string answer = gateway.intake->report(view(device.next(100)));
      REQUIRE(device.reporter.take(view(answer)) == Status::ok);
      held_max = std::max(held_max, gateway.intake->counts().reports_held);
    }
    CHECK(held_max == 1);
    CHECK(gateway.intake->counts().reports_held == 0);
  }
  check_tiles(keys.folder / "records", device);
}
