// cairn-gateway as a whole, over HTTP: devices that have heads cosigned, and devices that report
// 256 records with each head. The service is a process of its own, and so are the devices; what it
// takes of a core is read from /proc. Devices are entered into the store directly.
#include <cairn/gateway/device.hpp>
#include <cairn/gateway/sqlite_store.hpp>
#include <sstream>

#include "bench/bench.hpp"
#include "interop/gateway/load_devices.hpp"
#include "support/gateway_service.hpp"
#include "support/memory_store.hpp"
#ifdef BENCH_WITH_POSTGRES
#include <cairn/gateway/postgres_store.hpp>

#include "bench/postgres_pair.hpp"
#endif

using namespace cairn::gateway;
using bench::require;
using bench::require_ok;
using gateway_tests::Service;

namespace {

constexpr size_t copy_batch = 1000;
constexpr unsigned connections = 64;
constexpr unsigned seconds = 10;
constexpr double records_of_report = 256;

struct Size {
  size_t devices;
  const char* name;
};
constexpr Size sizes[] = {{1000, "10^3"}, {10000, "10^4"}, {100000, "10^5"}, {1000000, "10^6"}};

/// Enrols devices in memory, one by one as the registry does it, and copies what it wrote.
void enrol(Store& store, size_t devices) {
  test::MemoryStore memory;
  Registry registry(memory);
  for (size_t i = 0; i < devices; ++i) {
    const load::Device known(i);
    Device device;
    device.origin = known.origin;
    device.keys = {{known.vkey()}};
    device.owner = device.role = "load";
    require_ok(registry.enrol(device, "bench", 1700000000).status);
  }
  std::vector<Change> changes;
  const auto commit = [&] {
    require_ok(store.cas_batch(changes).status);
    for (const Change& change : changes)
      require(change.applied, "the store was not empty");
    changes.clear();
  };
  for (const auto& [key, entry] : memory.entries()) {
    changes.push_back({{{key, 0, entry.value}}});
    if (changes.size() == copy_batch) commit();
  }
  commit();
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Time that a process has had on processors.
double cpu_seconds(pid_t process) {
  const std::string stat = text_of("/proc/" + std::to_string(process) + "/stat");
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i)
    fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double peak_megabytes(pid_t process) {
  const std::string status = text_of("/proc/" + std::to_string(process) + "/status");
  return std::stod(status.substr(status.find("VmHWM:") + 6)) / 1024;
}

/// What gateway_load came to.
struct Came {
  double answers = 0;
  double rate = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

Came drive(const Service& service, const std::string& what, size_t devices) {
  const std::string command = std::string(BENCH_LOAD) + " " + what + " " +
                              std::to_string(service.port()) + " " + std::to_string(devices) + " " +
                              std::to_string(connections) + " " + std::to_string(seconds);
  FILE* const output = popen(command.c_str(), "r");
  require(output != nullptr);
  Came came;
  const int found = std::fscanf(output, "cosigned %lf, %lf a second, p50 %lf ms, p99 %lf ms",
                                &came.answers, &came.rate, &came.p50_ms, &came.p99_ms);
  while (std::fgetc(output) != EOF) {
  }
  require(pclose(output) == 0 && found == 4 && came.answers > 0, command.c_str());
  return came;
}

void measure(bench::Report& report, const std::string& name, const Service& service,
             const Size& size) {
  const std::string what = name + ", " + size.name + " devices: ";
  for (const auto& [verb, unit, of] : {std::tuple{"heads", "checkpoints", 1.0},
                                       std::tuple{"records", "records", records_of_report}}) {
    const double before = cpu_seconds(service.process());
    const Came came = drive(service, verb, size.devices);
    const double cpu = cpu_seconds(service.process()) - before;
    report.row(what + unit, came.rate * of);
    report.row(what + unit + " per core of the service", came.answers * of / cpu);
    report.row(what + unit + ", p50", came.p50_ms);
    report.row(what + unit + ", p99", came.p99_ms);
  }
  report.row(what + "memory of the service", peak_megabytes(service.process()));
}

/// Measures one size on a store that `open` makes anew for it, and that `configuration` names.
void measure(bench::Report& report, const std::string& name, const Size& size,
             const std::string& configuration,
             const std::function<std::unique_ptr<Store>(const std::string& folder)>& open) {
  const host_tests::TemporaryFolder folder(report.options().folder);
  Service service(BENCH_GATEWAY, folder / "gateway", "gateway.example/bench",
                  "[store]\n" + configuration);
  enrol(*open(folder / "gateway/state"), size.devices);
  if (!service.start()) require(false, service.said_so_far().c_str());
  measure(report, name, service, size);
  require(service.stop() == 0, "the service did not end well");
}

void measure_sqlite(bench::Report& report) {
  for (const Size& size : sizes)
    measure(report, "SQLite", size, "kind = \"sqlite\"\n", [](const std::string& folder) {
      auto store = std::make_unique<SqliteStore>();
      require_ok(store->open(folder + "/store.sqlite").status);
      return store;
    });
}

std::string measure_postgres(bench::Report& report) {
#ifdef BENCH_WITH_POSTGRES
  if (postgres_tests::programs().empty()) return "no PostgreSQL server is installed";
  bench::PostgresPair pair(report.options().folder);
  const std::string connection = pair.connection();
  for (const Size& size : sizes)
    measure(report, "PostgreSQL, synchronous standby", size,
            "kind = \"postgresql\"\nconnection = \"" + connection + "\"\n",
            [&](const std::string&) {
              PostgresOptions options;
              options.connection = connection;
              options.answer_ms = 60000;
              auto store = std::make_unique<PostgresStore>();
              require_ok(store->open(options).status);
              pair.ask("TRUNCATE cairn_entry");
              return store;
            });
  return "";
#else
  (void)report;
  return "libpq is not installed";
#endif
}

void print_load(const char* when) {
  double load[3] = {};
  (void)!getloadavg(load, 3);
  std::printf("load average %s: %.1f\n", when, load[0]);
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("gateway service", bench::service_lines(), count, arguments);
  bench::unpin();  // the service and the servers inherit what this thread may run on
  print_load("before");
  measure_sqlite(report);
  const std::string why = measure_postgres(report);
  if (!why.empty())
    for (const bench::Line& line : bench::service_lines())
      if (line.name.compare(0, 10, "PostgreSQL") == 0) report.missing(line.name, why);
  print_load("after, this measuring included");
  return report.finish();
}
