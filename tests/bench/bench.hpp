// Measuring side by side: every case gets a short burst in every round, so that all of them see the
// same machine; the figure of a case is the median over the rounds, in CPU time of the thread.
#pragma once

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace bench {

inline double cpu_ns() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

/// Keeps the compiler from leaving out the computation of what lies at `p`.
inline void keep(const void* p) {
  asm volatile("" : : "g"(p) : "memory");
}

/// One thing that is measured. `body` does `operations` of it.
class Case {
 public:
  Case(std::function<void()> body, size_t operations)
      : body_(std::move(body)), operations_(operations) {}

  void calibrate() {
    constexpr double burst_ns = 2e6;
    for (double ns = 0; ns < burst_ns / 4; ns = burst())
      repeats_ *= 2;
    repeats_ = std::max<size_t>(
        1, static_cast<size_t>(static_cast<double>(repeats_) * burst_ns / burst()));
  }
  void measure() { samples_.push_back(burst() / static_cast<double>(repeats_ * operations_)); }
  /// Median nanoseconds of one operation.
  double ns() const {
    std::vector<double> sorted = samples_;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<long>(sorted.size() / 2),
                     sorted.end());
    return sorted[sorted.size() / 2];
  }

 private:
  double burst() {
    const double before = cpu_ns();
    for (size_t i = 0; i < repeats_; ++i)
      body_();
    return cpu_ns() - before;
  }

  std::function<void()> body_;
  size_t operations_;
  size_t repeats_ = 1;
  std::vector<double> samples_;
};

/// Cases that are measured in turns.
class Suite {
 public:
  const Case& add(size_t operations, std::function<void()> body) {
    cases_.emplace_back(std::move(body), operations);
    return cases_.back();
  }
  void run(int rounds = 31) {
    for (Case& c : cases_)
      c.calibrate();
    for (int round = 0; round < rounds; ++round)
      for (Case& c : cases_)
        c.measure();
  }

 private:
  std::deque<Case> cases_;  // keeps the addresses that add() returned
};

/// The rows of a table: printed as they come, and written as JSON at the end.
class Report {
 public:
  using Peers = std::map<std::string, double>;

  /// Takes `--json FILE` from the command line.
  Report(std::string table, int count, char** arguments) : table_(std::move(table)) {
    if (count == 1) return;
    if (count == 3 && std::strcmp(arguments[1], "--json") == 0) {
      file_ = arguments[2];
    } else {
      std::fprintf(stderr, "usage: %s [--json FILE]\n", arguments[0]);
      usable_ = false;
    }
  }
  bool usable() const { return usable_; }

  /// `limit`: the value must not be above it; 0 for a row without a goal.
  void row(const std::string& name, double value, const std::string& unit, double limit,
           const Peers& peers = {}) {
    char goal[32] = "";
    if (limit != 0) std::snprintf(goal, sizeof goal, "<= %.4g", limit);
    const bool met = limit != 0 && value <= limit;
    std::printf("%-44s %10.4g %-6s %-12s %-8s", name.c_str(), value, unit.c_str(), goal,
                limit == 0 ? ""
                : met      ? "met"
                           : "not met");
    for (const auto& [peer, of_peer] : peers)
      std::printf("  %s %.4g (%.2fx)", peer.c_str(), of_peer, of_peer / value);
    std::printf("\n");
    rows_.push_back({{"table", table_},
                     {"name", name},
                     {"value", value},
                     {"unit", unit},
                     {"goal", limit == 0 ? nlohmann::json() : nlohmann::json(goal)},
                     {"met", limit == 0 ? nlohmann::json() : nlohmann::json(met)},
                     {"peers", peers}});
  }

  /// Exit status of the program.
  int finish() const {
    if (file_.empty()) return 0;
    std::ofstream out(file_);
    out << rows_.dump(1) << "\n";
    out.close();
    if (out) return 0;
    std::fprintf(stderr, "cannot write %s\n", file_.c_str());
    return 2;
  }

 private:
  std::string table_;
  std::string file_;
  nlohmann::json rows_ = nlohmann::json::array();
  bool usable_ = true;
};

}  // namespace bench
