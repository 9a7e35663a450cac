// A wall clock that jumps: what somebody sees who looks at the log afterwards.
#include <cairn/linux/log_directory.hpp>
#include <sstream>

#include "support/command.hpp"
#include "support/fake_signer.hpp"

using cairn::host::LogDirectory;
using command_test::Bench;
using command_test::Json;

namespace {

constexpr int64_t hour_ms = 3600 * 1000;

/// A device that appends text records to the log "log" by clocks that the test sets.
struct Device {
  const Bench& bench;
  fake::FakeClock clock;
  cairn::Platform platform = clock.platform();

  void run(LogDirectory& log, const std::vector<int64_t>& jumps) {
    for (const int64_t jump : jumps) {
      clock.pass(1000);
      clock.unix_ms += jump;
      REQUIRE(log.recorder().append(cairn::Kind::opaque, cairn::literal("reading")).ok());
    }
    REQUIRE(log.recorder().seal() == cairn::Status::ok);
  }
  void create(const std::vector<int64_t>& jumps) {
    bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
    LogDirectory log(platform);
    REQUIRE(log.create(bench.path("log"), bench.path("key"), {}).ok());
    run(log, jumps);
  }
  void restart(const std::vector<int64_t>& jumps) {
    LogDirectory log(platform);
    REQUIRE(log.open_writer(bench.path("log")).ok());
    run(log, jumps);
  }
};

std::vector<Json> records(const Bench& bench) {
  std::istringstream lines(bench.good({"show", "log", "--records", "--json"}));
  std::vector<Json> out;
  for (std::string line; std::getline(lines, line);)
    out.push_back(Json::parse(line));
  return out;
}

std::vector<Json> of_kind(const std::vector<Json>& records, const std::string& kind) {
  std::vector<Json> out;
  for (const Json& record : records)
    if (record["kind"] == kind) out.push_back(record);
  return out;
}

}  // namespace

TEST_CASE("A wall clock that jumps back or forward is recorded, and changes no order") {
  const Bench bench;
  Device device{bench, {}};
  device.create({0, -hour_ms, 0, 0, 24 * hour_ms, 1500, -1500, 0});
  const std::vector<Json> all = records(bench);
  for (size_t i = 0; i < all.size(); ++i)
    CHECK(all[i]["index"] == i);
  // Begin, boot, eight readings, two clock records, a close record. 1.5 s are no jump.
  CHECK(all.size() == 13);
  const std::vector<Json> steps = of_kind(all, "clock");
  REQUIRE(steps.size() == 2);
  CHECK(steps[0]["index"] == 3);
  CHECK(steps[0]["step_ms"] == -hour_ms);
  CHECK(steps[0]["time"] == "2023-11-14T21:13:22.000Z");
  CHECK(steps[1]["index"] == 7);
  CHECK(steps[1]["step_ms"] == 24 * hour_ms);
  const std::string text = bench.good({"show", "log", "--records"});
  CHECK(text.find("the wall clock was stepped by -3600000 ms") != std::string::npos);

  bench.good({"check", "log"});
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  for (const char* index : {"2", "3", "4", "8", "12"}) {
    bench.good({"prove", "log", index, "--out", "x.cairn"});
    CHECK(bench.json({"verify", "--policy", "policy", "x.cairn"})["ok"] == true);
  }
}

TEST_CASE("A clock that was set back while the device was off shows in the boot record") {
  const Bench bench;
  Device device{bench, {}};
  device.create({0, 0});
  device.clock.monotonic_ms = 20;
  device.clock.unix_ms -= 48 * hour_ms;
  device.restart({0, 0});
  const std::vector<Json> all = records(bench);
  CHECK(of_kind(all, "clock").empty());
  const std::vector<Json> boots = of_kind(all, "boot"), closes = of_kind(all, "close");
  REQUIRE(boots.size() == 2);
  REQUIRE(closes.size() == 2);
  CHECK(boots[0]["boot"] == 1);
  CHECK(boots[1]["boot"] == 2);
  CHECK(boots[1]["time"] < boots[0]["time"]);
  CHECK(closes[0]["batch"] == 0);
  CHECK(closes[1]["batch"] == 1);
  CHECK(closes[1]["time"] < closes[0]["time"]);
  CHECK(closes[1]["index"] > boots[1]["index"]);
  bench.good({"check", "log"});
}

TEST_CASE("A batch's time limit does not depend on the wall clock") {
  const Bench bench;
  Device device{bench, {}};
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  cairn::host::LogSettings settings;
  settings.batch.time_ms = 5000;
  LogDirectory log(device.platform);
  REQUIRE(log.create(bench.path("log"), bench.path("key"), settings).ok());
  for (const int64_t jump : {int64_t{0}, -48 * hour_ms, 96 * hour_ms, -hour_ms}) {
    CHECK(log.log().head() == nullptr);
    device.clock.pass(1100);
    device.clock.unix_ms += jump;
    REQUIRE(log.recorder().append(cairn::Kind::opaque, cairn::literal("reading")).ok());
  }
  CHECK(log.log().head() == nullptr);
  device.clock.pass(1100);
  REQUIRE(log.recorder().append(cairn::Kind::opaque, cairn::literal("reading")).ok());
  CHECK(log.log().head() != nullptr);
}
