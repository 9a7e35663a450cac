// Reports to a gateway: a real recorder and reporter on the one side, the gateway's library on the
// other, and between them a link that cuts, loses, repeats and mixes up.
#include <cairn/linux/tile_folder.hpp>
#include <cairn/reporter.hpp>
#include <random>

#include "interop/gateway/load_devices.hpp"
#include "support/cosignatures.hpp"
#include "support/gateway_world.hpp"
#include "support/test_recorder.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

const std::string origin = test_recorder::origin;
constexpr ReportMode modes[] = {ReportMode::records, ReportMode::hashes, ReportMode::heads};

/// A device with a log, a key and a reporter.
struct Reporting {
  signing::Ed25519Pair key{1};
  test_recorder::TestRecorder device{test_recorder::roomy(CAIRN_FLASH_NOR)};
  vectors::Bytes leaf = vectors::Bytes(1024);
  ReporterOptions options;
  Reporter reporter;

  Reporting(const GatewayKeys& keys, ReportMode mode) {
    options.mode = mode;
    options.witness = keys.witness.cosigner_key().value;
    options.verifiers = host::all_verifiers();
    options.leaf = {leaf.data(), leaf.size()};
    device.signer = key.signer;
    device.platform = device.clock.platform();
    REQUIRE(device.recorder.create(device.flash.flash(), device.memory(), device.options,
                                   device.platform, device.signer, nullptr) == Status::ok);
    REQUIRE(reporter.begin(device.recorder, options) == Status::ok);
  }
  Device enrolled() const { return TestDevice(origin, 1, 0).enrolled(); }
  NoteKey note_key() const {
    return cairn::note_key(view(origin), NoteType::ed25519, key.signer.public_key);
  }
  void batch(size_t count, size_t bytes = 20) {
    REQUIRE(device.append_batch(count, bytes).ok());
    if (device.recorder.pending() != 0) REQUIRE(device.recorder.seal() == Status::ok);
  }
  const SignedHead& head() const { return *device.recorder.log().head(); }

  /// The next message; empty when there is none.
  std::string next(size_t limit) {
    std::string out(limit, '\0');
    const auto size = reporter.next({reinterpret_cast<uint8_t*>(&out[0]), out.size()});
    out.resize(size.ok() ? size.value : 0);
    return out;
  }
  /// Messages and answers in turn; what ended it.
  Status exchange(Intake& intake, size_t limit) {
    for (;;) {
      std::string out(limit, '\0');
      const auto size = reporter.next({reinterpret_cast<uint8_t*>(&out[0]), out.size()});
      if (!size.ok()) return size.status;
      out.resize(size.value);
      const Status taken = reporter.take(view(intake.report(view(out))));
      if (taken != Status::ok) return taken;
    }
  }
};

ReportAnswer decoded(const std::string& bytes) {
  ReportAnswer answer;
  REQUIRE(decode_report_answer(view(bytes), answer) == Status::ok);
  return answer;
}

IntakeOptions keeping_records(const GatewayKeys& keys) {
  IntakeOptions options;
  options.records_folder = keys.folder / "records";
  REQUIRE(mkdir(options.records_folder.c_str(), 0755) == 0);
  return options;
}

// The tiles hold exactly the device's leaves, up to its newest head.
void check_tiles(const std::string& folder, Reporting& device) {
  std::string name = vectors::to_hex(sha256(view(origin)));
  host::TileFolder tiles;
  REQUIRE_OK(tiles.open(folder + "/" + name, device.head().size));
  Digest root;
  REQUIRE(build_root(device.head().size, tiles.nodes(), root) == Status::ok);
  CHECK(root == device.head().root);
  std::string bundle;
  std::vector<ByteView> entries;
  REQUIRE_OK(tiles.read_entries(0, bundle));
  REQUIRE(host::split_entries(view(bundle), entries) == Status::ok);
  const auto leaves = device.device.leaves();
  for (size_t i = 0; i < entries.size(); ++i) {
    CHECK(entries[i][0] == static_cast<uint8_t>(leaves[i].kind));
    CHECK(equal(entries[i].part(1), view(leaves[i].body)));
  }
}

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

TEST_CASE("Reports of devices that are unknown, doubtful or not active are answered 404") {
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
  // Another device whose key has the same id: neither is answered.
  std::vector<Change> change(1);
  char id[9];
  std::snprintf(id, sizeof id, "%08x", key_id(device.note_key()));
  const TestDevice twin("plant.example/twin", 7, 0);
  REQUIRE_OK(gateway.registry.enrol(twin.enrolled(), "ada", now_s));
  change[0].writes = {{key_of({"key", id, twin.origin()}), 0, std::string()}};
  REQUIRE_OK(store.cas_batch(change));
  CHECK(decoded(gateway.intake->report(view(message))).code == ReportCode::unknown_log);
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

TEST_CASE("Records whose head was lost stand in the way of another history, not of their own") {
  const load::Device device(0);
  const load::Tree real(10, load::Branch::real), other(10, load::Branch::other);
  size_t busy = 0;
  bool reached = false;
  for (uint64_t call = 0; !reached; ++call) {
    GatewayKeys keys;
    MemoryStore store;
    IntakeOptions options = keeping_records(keys);
    Gateway gateway(keys, store, options);
    Device enrolled;
    enrolled.origin = device.origin;
    enrolled.keys = {{device.vkey()}};
    enrolled.owner = enrolled.role = "test";
    REQUIRE_OK(gateway.registry.enrol(enrolled, "ada", now_s));
    const auto brought = [&](const load::Tree& tree) {
      return decoded(gateway.intake->report(view(tree.report(device, 0, 10, true)))).code;
    };
    CAPTURE(call);
    store.set_fault({call, false});
    reached = brought(real) == ReportCode::cosigned;
    store.set_fault({});
    const load::Tree* first = reached ? &real : nullptr;
    for (const load::Tree* const next : {&other, &real, &other}) {
      if (first != nullptr) break;
      const ReportCode code = brought(*next);
      CHECK(code != ReportCode::unavailable);
      busy += code == ReportCode::busy ? 1 : 0;
      if (code == ReportCode::cosigned) first = next;
    }
    REQUIRE(first != nullptr);
    CHECK(brought(first == &real ? other : real) == ReportCode::inconsistent);
    CHECK(gateway.intake->counts().forks == 1);
  }
  CHECK(busy > 0);
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

TEST_CASE("A head whose records cannot be kept is not taken, and the reason is told") {
  GatewayKeys keys;
  MemoryStore store;
  const IntakeOptions options = keeping_records(keys);
  Gateway gateway(keys, store, options);
  Reporting device(keys, ReportMode::records);
  REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
  CHECK_OK(gateway.intake->records_failure());
  const std::string folder = options.records_folder + "/" + origin_hash(origin);
  host_tests::write(folder, "a file in its place");
  device.batch(5);
  CHECK(device.exchange(*gateway.intake, 1024) != Status::end);
  CHECK(gateway.intake->counts().heads == 0);
  CHECK(gateway.intake->counts().records_failed == 1);
  CHECK(gateway.intake->counts().answers[std::size(intake_answers) - 1] == 1);  // 503
  const Error why = gateway.intake->records_failure();
  CHECK_FALSE(why.ok());
  CHECK(host_tests::mentions(why.message, {folder}));
  std::filesystem::remove(folder);
  REQUIRE(device.reporter.begin(device.device.recorder, device.options) == Status::ok);
  CHECK(device.exchange(*gateway.intake, 1024) == Status::end);
  check_tiles(options.records_folder, device);
  CHECK(gateway.intake->counts().records_failed == 1);
}

TEST_CASE("A rebuilt store goes on behind the records that are there, and a gap is counted") {
  GatewayKeys keys;
  MemoryStore store;
  IntakeOptions options = keeping_records(keys);
  Reporting device(keys, ReportMode::records);
  {
    Gateway gateway(keys, store, options);
    REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
    device.batch(9);
    REQUIRE(device.exchange(*gateway.intake, 1024) == Status::end);
    REQUIRE_OK(gateway.log.integrate());
  }
  // Only heads and leaves are restored; and of the records so far the device has hashes only.
  const std::string frontier = store.entries().at("frontier " + origin).value;
  for (const std::string& key : {"frontier " + origin, "records " + origin}) {
    std::vector<Change> changes{{{{key, store.entries().at(key).version, std::nullopt}}}};
    REQUIRE_OK(store.cas_batch(changes));
  }
  Gateway gateway(keys, store, options);
  Report subtrees;
  subtrees.content = ReportContent::subtrees;
  subtrees.checkpoint.key_id = key_id(device.note_key());
  subtrees.checkpoint.size = device.head().size;
  subtrees.bytes = view(frontier).part(8);
  uint8_t message[1024];
  const auto size = encode_report(subtrees, message);
  REQUIRE(size.ok());
  REQUIRE(decoded(gateway.intake->report({message, size.value})).code == ReportCode::accepted);
  device.batch(5);
  REQUIRE(device.exchange(*gateway.intake, 1024) == Status::end);
  check_tiles(options.records_folder, device);
  CHECK(gateway.intake->counts().unkept == 0);
  // A head that came without its records.
  const auto bring = [&](ReportMode mode) {
    device.options.mode = mode;
    REQUIRE(device.reporter.begin(device.device.recorder, device.options) == Status::ok);
    device.batch(4);
    REQUIRE(device.exchange(*gateway.intake, 1024) == Status::end);
  };
  const uint64_t kept = gateway.intake->counts().records;
  bring(ReportMode::hashes);
  CHECK(gateway.intake->counts().unkept == 0);
  bring(ReportMode::records);
  CHECK(gateway.intake->counts().unkept == 1);
  CHECK(gateway.intake->counts().records == kept);
}
