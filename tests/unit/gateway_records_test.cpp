// The records that a gateway keeps of what devices report: in which folder, and what the head of a
// device does not depend on.
#include "interop/gateway/load_devices.hpp"
#include "support/gateway_reporting.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

/// Two gateways with one store, and a device that goes from one to the other.
struct Fleet {
  GatewayKeys north_keys{"plant.example/north"}, south_keys{"plant.example/south"};
  MemoryStore store;
  IntakeOptions north_options = keeping_records(north_keys);
  IntakeOptions south_options;
  std::unique_ptr<Gateway> north, south;
  Reporting device{north_keys, ReportMode::records};

  explicit Fleet(bool shares_records) {
    south_options = shares_records ? north_options : keeping_records(south_keys);
    REQUIRE_OK(south_keys.witness.load(north_keys.folder / "witness.key"));
    north = std::make_unique<Gateway>(north_keys, store, north_options);
    south = std::make_unique<Gateway>(south_keys, store, south_options);
    REQUIRE_OK(north->registry.enrol(device.enrolled(), "ada", now_s));
  }
  /// A batch, brought to one of them.
  void report_to(const Gateway& gateway) {
    device.batch(9);
    device.reporter.again();
    REQUIRE(device.exchange(*gateway.intake, 400) == Status::end);
    CHECK(device.reporter.acknowledged() == device.head().size);
  }
};

/// What is changed in the records of the device of `Reporting`.
using Damage = void (*)(const std::filesystem::path& folder);
void lose_all(const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
}
void lose_tiles(const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder / "tile" / "0");
}
void lose_entries(const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder / "tile" / "entries");
}
void cut_each(const std::filesystem::path& folder) {
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file()) std::filesystem::resize_file(file, 7);
}
void change_each(const std::filesystem::path& folder) {
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file())
      host_tests::write(file.path().string(), std::string(file.file_size(), 'x'));
}

}  // namespace

TEST_CASE("A device may go from gateway to gateway of one store, though its records stay behind") {
  Fleet fleet(false);
  fleet.report_to(*fleet.north);
  check_tiles(fleet.north_options.records_folder, fleet.device);
  fleet.report_to(*fleet.south);
  fleet.report_to(*fleet.south);
  fleet.report_to(*fleet.north);
  CHECK(fleet.south->intake->counts().unkept == 2);
  CHECK(fleet.north->intake->counts().unkept == 1);
  CHECK(fleet.north->intake->counts().records == 9 + 4);
  CHECK(fleet.south->intake->counts().records == 0);
  for (const auto& gateway : {fleet.north.get(), fleet.south.get()})
    CHECK_OK(gateway->intake->records_failure());
}

TEST_CASE("Gateways that share the folder of records go on behind each other's") {
  Fleet fleet(true);
  for (const auto& gateway : {&fleet.north, &fleet.south, &fleet.north, &fleet.south})
    fleet.report_to(**gateway);
  check_tiles(fleet.north_options.records_folder, fleet.device);
  CHECK(fleet.north->intake->counts().unkept + fleet.south->intake->counts().unkept == 0);
}

TEST_CASE("A head is taken though records before those that it covers were lost or damaged") {
  for (const Damage damage : {lose_all, lose_tiles, lose_entries, cut_each, change_each}) {
    GatewayKeys keys;
    MemoryStore store;
    const IntakeOptions options = keeping_records(keys);
    Gateway gateway(keys, store, options);
    Reporting device(keys, ReportMode::records);
    REQUIRE_OK(gateway.registry.enrol(device.enrolled(), "ada", now_s));
    device.batch(9);
    REQUIRE(device.exchange(*gateway.intake, 400) == Status::end);
    damage(options.records_folder + "/" + origin_hash(origin));
    for (const uint64_t unkept : {1u, 2u}) {
      device.batch(5);
      REQUIRE(device.exchange(*gateway.intake, 400) == Status::end);
      CHECK(device.reporter.acknowledged() == device.head().size);
      CHECK(gateway.intake->counts().unkept == unkept);
    }
    CHECK_OK(gateway.intake->records_failure());
  }
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
  const std::string key = "frontier " + origin;
  std::vector<Change> changes{{{{key, store.entries().at(key).version, std::nullopt}}}};
  REQUIRE_OK(store.cas_batch(changes));
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
