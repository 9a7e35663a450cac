// usage: gateway_load heads|records PORT DEVICES THREADS SECONDS [COSIGNED WITNESS-VKEY FORKED]
//
// Devices of load_devices.hpp send heads over HTTP as fast as they are answered, each from the size
// that was cosigned last: by add-checkpoint one leaf further, or by reports that bring 256 records.
// They take their turns in an order that chance makes. Ends after SECONDS, or at SIGTERM, and
// prints requests, rate, and the median and the 99th percentile of the time to an answer. A
// connection that breaks is opened again, and the request sent again: that is what devices do.
//
// With COSIGNED every cosigned note goes to that file (cosigned_notes.hpp), the first report of a
// device brings fewer records, so that tiles are cut anywhere, and up to FORKED further devices,
// one after the other, show two histories from two threads. Prints how many were answered to both.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "cosigned_notes.hpp"
#include "load_devices.hpp"
#include "support/http_connection.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t report_records = 256;
constexpr std::chrono::milliseconds pause(20);
constexpr std::chrono::milliseconds fork_interval(300);

std::atomic<bool> told_to_end{false};

bool is_over(Clock::time_point end) {
  return told_to_end || Clock::now() >= end;
}

struct Options {
  bool reports = false;
  uint16_t port = 0;
  size_t devices = 0;
  size_t threads = 0;
  double seconds = 0;
  const char* cosigned = nullptr;
  std::string witness;
  size_t forked = 0;
};

/// A device and how far it is.
struct Run {
  explicit Run(size_t number, bool forks)
      : device(number), forked(forks), first(1 + number % report_records) {}
  load::Device device;
  bool forked;
  uint64_t first;  ///< records of its first report, where that brings fewer
  uint64_t cosigned = 0;
};

struct Totals {
  std::vector<double> seconds;  ///< of answers 200
  size_t refused = 0;           ///< other answers than 200 and 409
  size_t broken = 0;
};

/// What every thread sends, and where what it is answered goes.
class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        real_(load::sizes_max, load::Branch::real),
        other_(load::other_sizes_max, load::Branch::other),
        notes_(options.cosigned) {
    if (!notes_.wanted()) return;
    load::require(witness_.parse(options.witness, "the witness").ok(), "the witness's key");
    witness_.key.type = cairn::NoteType::cosignature;  // a key file's vkey is that of a log
  }

  const Options& options() const { return options_; }
  const load::Tree& real() const { return real_; }
  const load::Tree& other() const { return other_; }

  uint64_t next_size(const Run& run) const {
    if (!options_.reports) return run.cosigned + 1;
    const bool is_cut = run.cosigned == 0 && notes_.wanted();
    return run.cosigned + (is_cut ? run.first : report_records);
  }

  /// Asks for the head of a size; the answer's status, and 0 when there was none.
  int ask(test::HttpConnection& connection, const load::Tree& tree, const Run& run, uint64_t to,
          std::string& answer) {
    const char* const path = options_.reports ? "/v1/report" : "/add-checkpoint";
    const std::string body = options_.reports
                                 ? tree.report(run.device, run.cosigned, to, run.forked)
                                 : tree.request(run.device, run.cosigned, to);
    const int status = connection.post(path, body, answer);
    if (status == 200 && notes_.wanted())
      notes_.add(tree.checkpoint(run.device, to) + "\n" + cosignature_of(answer));
    return status;
  }

  /// The size to go on from, of an answer 409.
  uint64_t size_of_conflict(const std::string& answer) const {
    return options_.reports ? decoded(answer).held : std::stoull(answer);
  }

 private:
  static cairn::ReportAnswer decoded(const std::string& answer) {
    cairn::ReportAnswer message;
    load::require(
        cairn::decode_report_answer({answer.data(), answer.size()}, message) == cairn::Status::ok,
        "an answer to a report");
    return message;
  }

  /// The line of an answer 200.
  std::string cosignature_of(const std::string& answer) const {
    if (!options_.reports) return answer;
    uint8_t line[512];
    const auto size = cairn::rebuild_cosignature(decoded(answer), witness_.key, line);
    load::require(size.ok(), "a cosignature of the witness");
    return {reinterpret_cast<char*>(line), size.value};
  }

  const Options& options_;
  const load::Tree real_, other_;
  cairn::host::VerifierKey witness_;
  load::CosignedNotes notes_;
};

void drive(Load& load, std::vector<std::unique_ptr<Run>>& runs, size_t thread,
           Clock::time_point end, Totals& totals) {
  test::HttpConnection connection(load.options().port);
  for (size_t i = thread; !is_over(end); i += load.options().threads) {
    if (i >= runs.size()) i = thread;
    if (i >= runs.size()) return;
    Run& run = *runs[i];
    const uint64_t next = load.next_size(run);
    if (next >= load.real().size()) return;
    std::string answer;
    const Clock::time_point begin = Clock::now();
    const int status = load.ask(connection, load.real(), run, next, answer);
    if (status == 200) {
      totals.seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
      run.cosigned = next;
    } else if (status == 409) {
      const uint64_t size = load.size_of_conflict(answer);
      load::require(size >= run.cosigned, "the gateway has forgotten a head that it cosigned");
      run.cosigned = size;
    } else if (status == 0) {
      ++totals.broken;
      std::this_thread::sleep_for(pause);
    } else {
      ++totals.refused;
    }
  }
}

/// Shows one history of each forked device: a head, which is of the same size on the other side.
/// Each has its moment, the same on both sides. Counts in `answered` whom it was answered for.
void show(Load& load, const load::Tree& tree, Clock::time_point begin, Clock::time_point end,
          size_t& answered) {
  test::HttpConnection connection(load.options().port);
  for (size_t i = 0; i < load.options().forked; ++i) {
    std::this_thread::sleep_until(begin + fork_interval * i);
    const Run run(load.options().devices + i, true);
    for (;;) {
      std::string answer;
      const int status = load.ask(connection, tree, run, load.next_size(run), answer);
      if (status != 0 && status != 429 && status != 503) break;
      if (is_over(end)) return;
      std::this_thread::sleep_for(pause);
    }
    ++answered;
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

void run(const Options& options) {
  Load load(options);
  std::vector<std::unique_ptr<Run>> runs;
  for (size_t i = 0; i < options.devices; ++i)
    runs.push_back(std::make_unique<Run>(i, false));
  std::shuffle(runs.begin(), runs.end(), std::mt19937(1));
  const Clock::time_point begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(options.seconds));
  std::vector<Totals> totals(options.threads);
  size_t answered[2] = {};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < options.threads; ++i)
    threads.emplace_back([&, i] { drive(load, runs, i, end, totals[i]); });
  threads.emplace_back([&] { show(load, load.real(), begin, end, answered[0]); });
  threads.emplace_back([&] { show(load, load.other(), begin, end, answered[1]); });
  for (std::thread& thread : threads)
    thread.join();
  print(totals, std::chrono::duration<double>(Clock::now() - begin).count());
  if (options.cosigned != nullptr) std::printf("forked %zu\n", std::min(answered[0], answered[1]));
}

}  // namespace

int main(int argc, char** argv) {
  load::require(argc == 6 || argc == 9, "see the head of load.cpp");
  std::signal(SIGTERM, [](int) { told_to_end = true; });
  Options options = {std::string(argv[1]) == "records",
                     static_cast<uint16_t>(std::atoi(argv[2])),
                     std::strtoul(argv[3], nullptr, 10),
                     std::strtoul(argv[4], nullptr, 10),
                     std::strtod(argv[5], nullptr),
                     nullptr,
                     "",
                     0};
  if (argc == 9) {
    options.cosigned = argv[6];
    options.witness = argv[7];
    options.forked = std::strtoul(argv[8], nullptr, 10);
  }
  run(options);
  return 0;
}
