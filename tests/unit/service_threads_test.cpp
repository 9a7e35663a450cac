// The service with all of its threads: devices, readers, a reload and the end, while an anchor and
// a witness are down. What may not happen is a race, which the thread sanitizer sees.
#include <atomic>
#include <thread>

#include "interop/gateway/load_devices.hpp"
#include "routes.hpp"
#include "support/host.hpp"
#include "verbs.hpp"

using namespace cairn;
using namespace host_tests;

namespace {

constexpr uint64_t heads = 12;  // of each device
constexpr size_t devices = 6;   // every other one reports records

const char tables[] = R"(
[gateway]
state_folder = "state"
log_key = "log.key"
witness_key = "witness.key"
publish_interval_ms = 10
[http]
threads = 1
[[anchor]]
type = "opentimestamps"
name = "calendar"
url = "http://127.0.0.1:1/"
retry_min_seconds = 1
[witnesses]
policy = "witnesses.policy"
retry_min_seconds = 1
[log]
level = "error"
[[listen]]
address = "127.0.0.1:0"
)";

struct Running {
  TemporaryFolder folder;
  load::Tree tree{heads, load::Branch::real};
  service::Service program;
  std::vector<service::HttpRoute> routes;

  Running() {
    service::InitArguments init;
    init.folder = folder.path();
    init.state_folder = folder / "state";
    init.name = "gateway.example/north";
    REQUIRE_OK(service::init(init));
    host::KeyFile log, upper;
    REQUIRE_OK(log.load(folder / "log.key"));
    REQUIRE_OK(upper.generate(folder / "upper.key", "upper.example", Algorithm::ed25519));
    write(folder / "witnesses.policy",
          "log " + host::vkey_text(log.log_key()) + "\nwitness upper " +
              host::vkey_text(upper.cosigner_key().value) + " http://127.0.0.1:1/\nquorum upper\n");
    write(folder / "gateway.toml", tables);
    REQUIRE_OK(program.start(folder / "gateway.toml"));
    routes = service::make_routes(program, 1 << 20);
    for (size_t i = 0; i < devices; ++i) {
      gateway::Device entry;
      const load::Device device(i);
      entry.origin = device.origin;
      entry.keys = {{device.vkey()}};
      entry.owner = entry.role = "load";
      REQUIRE_OK(program.core().registry->enrol(entry, "ada", 1));
    }
  }

  unsigned ask(const std::string& method, const std::string& path, std::string body = {}) const {
    const service::RouteMatch match = service::match_route(routes, method, path);
    service::HttpRequest request;
    request.path = path;
    request.parameters = match.parameters;
    request.body = std::move(body);
    return match.route == nullptr ? match.status : match.route->answer(request).status;
  }

  /// Brings a device's heads, one record each.
  bool bring(size_t number) const {
    const load::Device device(number);
    bool is_good = true;
    for (uint64_t size = 0; size < heads; ++size)
      is_good = is_good &&
                (number % 2 == 0
                     ? ask("POST", "/add-checkpoint", tree.request(device, size, size + 1)) == 200
                     : ask("POST", "/v1/report", tree.report(device, size, size + 1, true)) == 200);
    return is_good;
  }
};

}  // namespace

TEST_CASE("the service serves, reloads and ends while parties outside are down") {
  Running running;
  std::atomic<size_t> working{devices};
  std::atomic<bool> is_good{true};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < devices; ++i)
    threads.emplace_back([&, i] {
      if (!running.bring(i)) is_good = false;
      --working;
    });
  threads.emplace_back([&] {
    while (working != 0)
      for (const char* path : {"/metrics", "/v1/status", "/v1/devices", "/readyz", "/healthz"})
        if (running.ask("GET", path) != 200 && path[1] != 'r') is_good = false;
  });
  for (int i = 0; i < 3; ++i) {
    CHECK_OK(running.program.reload());
    running.program.tick();
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(is_good);
  running.program.stop();
  const gateway::IntakeCounts counts = running.program.core().intake->counts();
  CHECK(counts.heads == devices * heads);
  CHECK(counts.records == devices / 2 * heads);
  CHECK(running.program.core().log.head().size == devices * heads);
}
