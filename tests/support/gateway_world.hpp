// A gateway's library in a folder: store, registry, own log, intake.
#pragma once

#include <cairn/gateway/intake.hpp>

#include "support/gateway_device.hpp"
#include "support/host.hpp"
#include "support/memory_store.hpp"

namespace gateway_tests {

using namespace cairn::gateway;

constexpr uint64_t now_s = 1'800'000'000;

/// The keys of one gateway, which outlive its processes.
struct GatewayKeys {
  host_tests::TemporaryFolder folder;
  host::KeyFile log;
  host::KeyFile witness;

  explicit GatewayKeys(const std::string& name = "plant.example/gateway") {
    REQUIRE_OK(log.generate(folder / "log.key", name, Algorithm::ed25519));
    REQUIRE_OK(
        witness.generate(folder / "witness.key", "plant.example/witness", Algorithm::ed25519));
  }
};

struct Gateway {
  Store& store;
  Registry registry{store};
  AggregateLog log;
  std::unique_ptr<Intake> intake;

  Gateway(GatewayKeys& keys, Store& on, IntakeOptions options = {}, size_t queued_max = 65536)
      : store(on) {
    REQUIRE_OK(log.open({keys.folder / "log0", queued_max}, store, keys.log));
    if (!options.now_s) options.now_s = [] { return now_s; };
    intake = std::make_unique<Intake>(store, registry, log, keys.witness, options);
  }

  /// The answer's number, and its text in `answer`.
  int ask(const std::string& body) {
    return static_cast<int>(intake->add_checkpoint(view(body), answer));
  }
  std::string answer;
};

}  // namespace gateway_tests
