// What a gateway's stores take: heads of devices, replaced by cas_batch() in batches of a thousand,
// among a thousand to a million of them; time on the wall. PostgreSQL is a primary and a
// synchronous standby, both on the disk that is measured.
#include <algorithm>
#include <cairn/gateway/sqlite_store.hpp>
#include <numeric>
#include <random>

#include "bench/bench.hpp"
#include "support/host.hpp"
#ifdef BENCH_WITH_POSTGRES
#include <cairn/gateway/postgres_store.hpp>

#include "bench/postgres_pair.hpp"
#endif

using namespace cairn::gateway;
using bench::require;
using bench::require_ok;

namespace {

constexpr size_t batch = 1000;
constexpr size_t commits = 100;
constexpr size_t head_bytes = 400;  // a checkpoint with the device's and the gateway's signature

struct Size {
  size_t devices;
  const char* name;
};
constexpr Size sizes[] = {{1000, "10^3"}, {100000, "10^5"}, {1000000, "10^6"}};

/// The heads of devices in a store, as one caller knows them.
class Heads {
 public:
  explicit Heads(Store& store) : store_(store) {}

  /// Makes heads until there are as many.
  void grow(size_t devices) {
    std::vector<size_t> next(batch);
    while (versions_.size() < devices) {
      std::iota(next.begin(), next.end(), versions_.size());
      versions_.resize(versions_.size() + batch);
      commit(next);
    }
  }

  /// Replaces the heads of a thousand devices that chance names; nanoseconds.
  double replace() {
    std::vector<size_t> chosen;
    while (chosen.size() < batch) {
      while (chosen.size() < batch)
        chosen.push_back(dice_() % versions_.size());
      std::sort(chosen.begin(), chosen.end());
      chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    }
    std::shuffle(chosen.begin(), chosen.end(), dice_);
    return commit(chosen);
  }

 private:
  double commit(const std::vector<size_t>& devices) {
    std::vector<Change> changes;
    for (const size_t device : devices) {
      const std::string key = "head plant.example/device-" + std::to_string(device);
      changes.push_back({{{key, versions_[device], std::string(head_bytes, 'h')}}, false});
    }
    const double begin = bench::wall_ns();
    require_ok(store_.cas_batch(changes).status);
    const double taken = bench::wall_ns() - begin;
    for (size_t i = 0; i < batch; ++i) {
      require(changes[i].applied, "a head was not replaced");
      ++versions_[devices[i]];
    }
    return taken;
  }

  Store& store_;
  std::vector<uint64_t> versions_;
  std::mt19937 dice_{1};
};

void measure(bench::Report& report, const std::string& name, Store& store) {
  Heads heads(store);
  for (const Size& size : sizes) {
    heads.grow(size.devices);
    std::vector<double> taken;
    for (size_t i = 0; i < commits; ++i)
      taken.push_back(heads.replace());
    const double sum = std::accumulate(taken.begin(), taken.end(), 0.0);
    std::sort(taken.begin(), taken.end());
    const std::string what = name + ", " + size.name + " devices: ";
    report.row(what + "heads", 1e9 * batch * commits / sum);
    report.row(what + "a commit of 1000 heads, p50", taken[commits / 2] / 1e6);
    report.row(what + "a commit of 1000 heads, p99", taken[commits * 99 / 100] / 1e6);
  }
}

void measure_sqlite(bench::Report& report) {
  SqliteStore store;
  require_ok(store.open(report.options().folder + "/state.sqlite").status);
  measure(report, "SQLite", store);
}

std::string measure_postgres(bench::Report& report) {
#ifdef BENCH_WITH_POSTGRES
  if (postgres_tests::programs().empty()) return "no PostgreSQL server is installed";
  const bench::PostgresPair pair(report.options().folder);
  PostgresOptions options;
  options.connection = pair.connection();
  options.answer_ms = 60000;
  PostgresStore store;
  require_ok(store.open(options).status);
  measure(report, "PostgreSQL, synchronous standby", store);
  return "";
#else
  (void)report;
  return "libpq is not installed";
#endif
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("gateway store", bench::store_lines(), count, arguments);
  bench::unpin();  // the servers inherit what this thread may run on
  measure_sqlite(report);
  const std::string why = measure_postgres(report);
  if (!why.empty())
    for (const bench::Line& line : bench::store_lines())
      if (line.name.compare(0, 10, "PostgreSQL") == 0) report.missing(line.name, why);
  return report.finish();
}
