// The sequences of c2sp.org/tlog-witness that real witnesses were asked, put to a gateway.
#include "support/cosignatures.hpp"
#include "support/gateway_world.hpp"
#include "support/json_vectors.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

// A gateway that knows the log of a transcript.
struct World {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway{keys, store};
  std::string origin;

  explicit World(const nlohmann::json& transcript) : origin(transcript["origin"]) {
    Device device;
    device.origin = origin;
    device.keys.push_back({transcript["log_vkey"], 0, UINT64_MAX});
    device.owner = device.role = "test";
    REQUIRE_OK(gateway.registry.enrol(device, "test", now_s));
  }
  bool is_frozen() {
    Device device;
    REQUIRE_OK(gateway.registry.find(origin, device));
    return device.state == DeviceState::frozen;
  }
};

// Plays a transcript against an empty gateway; `missing` is put behind the step named `behind`.
// Where the log shows two histories it is frozen, which these witnesses do not know: then the rest
// is put to another gateway that has cosigned the same.
void play(const std::string& file, const std::string& behind = "",
          const std::string& missing = "") {
  const auto transcript = vectors::json(vectors::own("gomod/" + file));
  auto world = std::make_unique<World>(transcript);
  std::vector<std::string> good;
  uint64_t newest = 0;
  size_t frozen = 0;
  const auto ask = [&](const std::string& body) {
    Gateway& gateway = world->gateway;
    const int status = gateway.ask(body);
    if (status == 200) {
      Cosignatures cosigned(world->keys.witness.cosigner_key().value);
      cosigned.add(body, gateway.answer);
      newest = cosigned.largest(world->origin);
      good.push_back(body);
    }
    if (status == 409) CHECK(gateway.answer == std::to_string(newest) + "\n");
    return status;
  };
  for (const auto& step : transcript["steps"]) {
    const std::string name = step["step"];
    CAPTURE(file, name);
    CHECK(ask(step["request_body"]) == step["spec_status"]);
    if (name == behind) CHECK(ask(missing) == 200);
    if (!world->is_frozen()) continue;
    ++frozen;
    CHECK(name == "8-to-8-split-view");
    CHECK(ask(good.back()) == 403);
    world = std::make_unique<World>(transcript);
    for (const std::string& body : std::vector<std::string>(good))
      REQUIRE(ask(body) == 200);
  }
  CHECK(frozen == 1);
  CHECK(newest == 70000);
}

}  // namespace

TEST_CASE("gateway: what sigsum-witness was asked") {
  play("witness_transcript_sigsum.json");
}

// This witness took size 1 from a request that the protocol refuses, so the transcript lacks the
// legal step there.
TEST_CASE("gateway: what litewitness was asked") {
  const auto requests = vectors::json(vectors::own("gomod/witness_requests.json"));
  play("witness_transcript_litewitness.json", "old0-nonempty-proof",
       requests["requests"][0]["body"]);
}
