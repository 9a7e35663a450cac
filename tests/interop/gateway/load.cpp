// usage: gateway_load heads|records PORT DEVICES THREADS SECONDS [FILE]
//
// Devices of load_devices.hpp send heads over HTTP as fast as they are answered, each from the size
// that was cosigned last: by add-checkpoint one leaf further, or by reports that bring 256 records.
// They take their turns in an order that chance makes. Prints requests, rate, and the median and
// the 99th percentile of the time to an answer; with FILE, "ORIGIN SIZE" of what was cosigned last
// goes there. A connection that breaks is opened again, and the request sent again: that is what
// devices do.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "load_devices.hpp"
#include "support/http_connection.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t sizes_max = 65536;
constexpr uint64_t report_records = 256;

struct Options {
  bool reports = false;
  uint16_t port = 0;
  size_t devices = 0;
  size_t threads = 0;
  double seconds = 0;
  const char* file = nullptr;
};

/// A device and how far it is.
struct Run {
  explicit Run(size_t number) : device(number) {}
  load::Device device;
  uint64_t cosigned = 0;
};

struct Totals {
  std::vector<double> seconds;  ///< of answers 200
  size_t refused = 0;           ///< other answers than 200 and 409
  size_t broken = 0;
};

/// The size to go on from, of an answer 409.
uint64_t size_of_conflict(bool reports, const std::string& answer) {
  if (!reports) return std::stoull(answer);
  cairn::ReportAnswer message;
  load::require(
      cairn::decode_report_answer({answer.data(), answer.size()}, message) == cairn::Status::ok,
      "an answer to a report");
  return message.held;
}

void drive(const Options& options, const load::Tree& tree, std::vector<std::unique_ptr<Run>>& runs,
           size_t thread, Clock::time_point end, Totals& totals) {
  test::HttpConnection connection(options.port);
  const uint64_t step = options.reports ? report_records : 1;
  const char* const path = options.reports ? "/v1/report" : "/add-checkpoint";
  for (size_t i = thread; Clock::now() < end; i += options.threads) {
    if (i >= runs.size()) i = thread;
    if (i >= runs.size()) return;
    Run& run = *runs[i];
    if (run.cosigned + step >= sizes_max) return;
    const uint64_t next = run.cosigned + step;
    const std::string body = options.reports ? tree.report(run.device, run.cosigned, next)
                                             : tree.request(run.device, run.cosigned, next);
    std::string answer;
    const Clock::time_point begin = Clock::now();
    const int status = connection.post(path, body, answer);
    if (status == 200) {
      totals.seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
      run.cosigned = next;
    } else if (status == 409) {
      const uint64_t size = size_of_conflict(options.reports, answer);
      load::require(size >= run.cosigned, "the gateway has forgotten a head that it cosigned");
      run.cosigned = size;
    } else if (status == 0) {
      ++totals.broken;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    } else {
      ++totals.refused;
    }
  }
}

void print(const std::vector<Totals>& totals, double seconds) {
  std::vector<double> all;
  size_t refused = 0;
  size_t broken = 0;
  for (const Totals& part : totals) {
    all.insert(all.end(), part.seconds.begin(), part.seconds.end());
    refused += part.refused;
    broken += part.broken;
  }
  std::sort(all.begin(), all.end());
  const auto at = [&all](double part) {
    return all.empty() ? 0 : all[static_cast<size_t>(static_cast<double>(all.size() - 1) * part)];
  };
  std::printf("cosigned %zu, %.0f a second, p50 %.2f ms, p99 %.2f ms, refused %zu, broken %zu\n",
              all.size(), static_cast<double>(all.size()) / seconds, at(0.5) * 1e3, at(0.99) * 1e3,
              refused, broken);
}

}  // namespace

int main(int argc, char** argv) {
  load::require(argc == 6 || argc == 7, "see the head of load.cpp");
  const Options options = {
      std::string(argv[1]) == "records",  static_cast<uint16_t>(std::atoi(argv[2])),
      std::strtoul(argv[3], nullptr, 10), std::strtoul(argv[4], nullptr, 10),
      std::strtod(argv[5], nullptr),      argc == 7 ? argv[6] : nullptr};
  const load::Tree tree(sizes_max);
  std::vector<std::unique_ptr<Run>> runs;
  for (size_t i = 0; i < options.devices; ++i)
    runs.push_back(std::make_unique<Run>(i));
  std::shuffle(runs.begin(), runs.end(), std::mt19937(1));
  const Clock::time_point begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(options.seconds));
  std::vector<Totals> totals(options.threads);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < options.threads; ++i)
    threads.emplace_back([&, i] { drive(options, tree, runs, i, end, totals[i]); });
  for (std::thread& thread : threads)
    thread.join();
  print(totals, std::chrono::duration<double>(Clock::now() - begin).count());
  if (options.file != nullptr) {
    std::ofstream out(options.file);
    for (const auto& run : runs)
      out << run->device.origin << ' ' << run->cosigned << '\n';
  }
  return 0;
}
