// cairn-gateway over PostgreSQL: two processes that share a store, and servers that are lost.
#include <cairn/gateway/postgres_store.hpp>
#include <cairn/linux/key_file.hpp>

#include "support/gateway_service.hpp"
#include "support/gateway_traffic.hpp"
#include "support/postgres_server.hpp"

using namespace cairn;
using namespace gateway_tests;
using host_tests::mentions;
using postgres_tests::Server;
using postgres_tests::ServersFolder;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const std::string standby_is_attached =
    "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";

bool no_server() {
  if (!postgres_tests::programs().empty()) return false;
  WARN("left out: no PostgreSQL server is installed");
  return true;
}

std::string hosts(const std::vector<const Server*>& servers) {
  std::string text;
  for (const Server* server : servers)
    text += (text.empty() ? "" : ",") + server->host();
  return "host=" + text + " user=cairn dbname=postgres";
}

std::string on(const std::string& connection) {
  return "publish_interval_ms = 50\n[store]\nkind = \"postgresql\"\nconnection = \"" + connection +
         "\"\n";
}

bool comes_true(const std::function<bool()>& condition, seconds patience = seconds(60)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(50));
  }
  return true;
}

void enrol(const std::string& connection, const std::vector<gateway::Device>& devices) {
  gateway::PostgresOptions options;
  options.connection = connection;
  gateway::PostgresStore store;
  REQUIRE_OK(store.open(options));
  gateway::Registry registry(store);
  for (const gateway::Device& device : devices)
    REQUIRE_OK(registry.enrol(device, "test", 1'800'000'000));
}

/// The gateways of a fleet are one witness, and each has a log of its own.
class Fleet {
 public:
  explicit Fleet(const std::string& connection) {
    for (const char* name : {"north", "south"})
      services_.push_back(std::make_unique<Service>(CAIRN_TEST_GATEWAY, folder_ / name,
                                                    "gateway.example/" + std::string(name),
                                                    on(connection)));
    for (const char* file : {"/witness.key", "/witness.key.vkey"})
      std::filesystem::copy_file((*this)[0].folder() + file, (*this)[1].folder() + file,
                                 std::filesystem::copy_options::overwrite_existing);
    REQUIRE_OK(witness_.load((*this)[0].folder() + "/witness.key"));
    for (const auto& service : services_)
      if (!service->start()) FAIL(service->said_so_far());
  }
  Service& operator[](size_t i) { return *services_[i]; }
  std::vector<uint16_t> ports() { return {services_[0]->port(), services_[1]->port()}; }
  NoteKey witness() const { return witness_.cosigner_key().value; }

  /// The size that a gateway shows for a log.
  uint64_t size_of(size_t i, const std::string& origin) {
    std::string note;
    if ((*this)[i].get("/" + vectors::to_hex(sha256(view(origin))) + "/checkpoint", note) != 200)
      return 0;
    return std::stoull(note.substr(note.find('\n') + 1));
  }

 private:
  host_tests::TemporaryFolder folder_;
  std::vector<std::unique_ptr<Service>> services_;
  host::KeyFile witness_;
};

}  // namespace

TEST_CASE(
    "Two gateways share a store whose primary is killed: nothing answered is lost or forked") {
  if (no_server()) return;
  const ServersFolder servers;
  Server a(servers, "a"), b(servers, "b"), c(servers, "c");
  a.make({});
  b.follow(a, {"synchronous_standby_names = 'c'"});
  c.follow(a, {});
  a.configure({"synchronous_standby_names = 'FIRST 1 (b, c)'"});
  a.wait_for(standby_is_attached, "1");
  Fleet fleet(hosts({&a, &b, &c}));
  CHECK(fleet[0].metric("store_up") == 1);
  CHECK(fleet[0].metric("store_synchronous") == 1);
  CHECK(fleet[0].metric("store_standbys") == 1);
  Traffic traffic(fleet.witness(), fleet.ports(), 6, 2000);
  enrol(hosts({&a, &b, &c}), traffic.devices());

  const TrafficCounts& counts = traffic.counts();
  traffic.begin();
  REQUIRE(comes_true([&] { return counts.cosigned > 200 && counts.raced > 20; }));
  const size_t before = counts.cosigned, raced_before = counts.raced;
  const auto lost = std::chrono::steady_clock::now();
  a.kill();
  std::this_thread::sleep_for(milliseconds(200));  // for somebody to notice
  b.ask("SELECT pg_promote(true, 10)");
  c.configure({}, &b);
  const size_t at_loss = counts.cosigned;
  REQUIRE(comes_true([&] { return counts.cosigned > at_loss + 12; }));
  const std::chrono::duration<double> stall = std::chrono::steady_clock::now() - lost;
  b.wait_for(standby_is_attached, "1");
  REQUIRE(comes_true([&] { return counts.raced > raced_before + 20; }));
  // One of the gateways dies too, and comes back.
  const size_t at_death = counts.cosigned;
  fleet[1].stop(SIGKILL);
  REQUIRE(fleet[1].start());
  REQUIRE(comes_true([&] { return counts.cosigned > at_death + 200; }));
  traffic.end();

  CHECK(traffic.trouble() == "");
  CHECK(traffic.cosigned_fork() == "");
  for (const auto& [origin, size] : traffic.acknowledged()) {
    INFO(origin);
    CHECK(fleet.size_of(0, origin) >= size);
    CHECK(fleet.size_of(1, origin) == fleet.size_of(0, origin));
  }
  CHECK(fleet[0].metric("forks_total") > 0);
  for (size_t i = 0; i < 2; ++i) {
    CHECK(comes_true([&] { return fleet[i].status_of("/readyz") == 200; }));
    CHECK(comes_true([&] { return fleet[i].metric("log_waiting") == 0; }));
    CHECK(fleet[i].metric("store_synchronous") == 1);
    CHECK(fleet[i].stop() == 0);
  }
  WARN("cosigned before the primary was killed: "
       << before << ", behind it: " << counts.cosigned - before << "; forks raced: " << counts.raced
       << "; asked again: " << counts.refused << "; stall " << stall.count() << " s");
}

TEST_CASE("A gateway does not start on servers that would forget, and says why") {
  if (no_server()) return;
  const ServersFolder servers;
  const host_tests::TemporaryFolder folder;
  Server a(servers, "a"), b(servers, "b");
  a.make({});
  Service service(CAIRN_TEST_GATEWAY, folder / "gateway", "gateway.example/north", on(hosts({&a})));
  REQUIRE_FALSE(service.start());
  CHECK(mentions(service.said_so_far(), {"service.not_started", a.host(), "has no standby",
                                         "synchronous_standby_names", "single = true"}));
  b.follow(a, {});
  a.wait_for("SELECT count(*) FROM pg_stat_replication WHERE application_name = 'b'", "1");
  REQUIRE_FALSE(service.start());
  CHECK(mentions(service.said_so_far(),
                 {"service.not_started", a.host(), "replicates asynchronously",
                  "synchronous_standby_names is empty", "Set synchronous_standby_names"}));
  a.configure({"synchronous_standby_names = 'b'"});
  a.wait_for(standby_is_attached, "1");
  REQUIRE(service.start());
  service.stop();
  b.stop();
  REQUIRE_FALSE(service.start());
  CHECK(mentions(service.said_so_far(), {"service.not_started", "waits for a standby", "(b)"}));
}

TEST_CASE("A database that goes away stops answers, and nothing else") {
  if (no_server()) return;
  const ServersFolder servers;
  Server a(servers, "a"), b(servers, "b");
  a.make({});
  b.follow(a, {});
  const postgres_tests::Settings synchronous = {"synchronous_standby_names = 'b'"};
  a.configure(synchronous);
  a.wait_for(standby_is_attached, "1");
  Fleet fleet(hosts({&a}));
  Service& service = fleet[0];
  const TestDevice device("plant.example/press", 1, 10);
  enrol(hosts({&a}), {device.enrolled()});
  std::string answer;
  uint64_t size = 0;
  const auto ask = [&] {
    return test::HttpConnection(service.port())
        .post("/add-checkpoint", device.request(size, size + 1), answer);
  };
  REQUIRE(ask() == 200);
  ++size;

  a.stop();
  CHECK(ask() == 503);
  CHECK(service.status_of("/healthz") == 200);
  CHECK(comes_true([&] { return service.status_of("/readyz") == 503; }));
  CHECK(service.metric("store_up") == 0);
  CHECK(service.metric("store_synchronous") == 0);
  a.start();
  CHECK(comes_true([&] { return ask() == 200; }));
  ++size;
  CHECK(comes_true([&] { return service.status_of("/readyz") == 200; }));

  // A server that stops replicating is one that would forget.
  a.configure({});
  a.wait_for("SHOW synchronous_standby_names", "");
  CHECK(ask() == 503);
  CHECK(service.metric("store_synchronous") == 0);
  a.configure(synchronous);
  a.wait_for(standby_is_attached, "1");
  CHECK(comes_true([&] {
    const int status = ask();
    return status == 200 || (status == 409 && answer == std::to_string(size + 1) + "\n");
  }));
  CHECK(service.metric("store_synchronous") == 1);
  CHECK(fleet.size_of(1, device.origin()) == size + 1);
}
