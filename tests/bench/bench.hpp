// Measuring side by side: every case gets a short burst in every round, so that all of them see the
// same machine; the figure of a case is the median over the rounds, in CPU time of the thread.
#pragma once

#include <time.h>

#include <cairn/status.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/lines.hpp"

namespace bench {

inline double clock_ns(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}
inline double cpu_ns() {
  return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}
inline double wall_ns() {
  return clock_ns(CLOCK_MONOTONIC);
}

/// Keeps the compiler from leaving out the computation of what lies at `p`.
inline void keep(const void* p) {
  asm volatile("" : : "g"(p) : "memory");
}

/// Ends the program when a call that is measured fails.
void require(bool condition, const char* what = "a call failed",
             const char* file = __builtin_FILE(), int line = __builtin_LINE());

/// The same when it does not answer ok.
void require_ok(cairn::Status status, const char* file = __builtin_FILE(),
                int line = __builtin_LINE());

double median(std::vector<double> values);

/// Lets the calling thread, which has inherited the CPU that its program is pinned to, run on any.
void unpin();

/// One thing that is measured in rounds.
class Case {
 public:
  /// `body` does `operations` of it, and is repeated until a burst is long enough to be measured.
  Case(std::function<void()> body, size_t operations)
      : body_(std::move(body)), operations_(operations) {}
  /// `sample` measures by itself, and answers nanoseconds an operation.
  explicit Case(std::function<double()> sample) : sample_(std::move(sample)) {}

  void calibrate();
  void measure();
  /// Median nanoseconds of one operation.
  double ns() const { return median(samples_); }
  /// Median, over the rounds, of this one's time to that of another.
  double times(const Case& other) const;

 private:
  double burst();

  std::function<void()> body_;
  std::function<double()> sample_;
  size_t operations_ = 1;
  size_t repeats_ = 1;
  std::vector<double> samples_;
};

/// Cases by name, and what they came to, in nanoseconds.
using Cases = std::map<std::string, const Case*>;
std::map<std::string, double> figures(const Cases& cases);

/// Cases that are measured in turns.
class Suite {
 public:
  const Case& add(size_t operations, std::function<void()> body) {
    cases_.emplace_back(std::move(body), operations);
    return cases_.back();
  }
  const Case& add(std::function<double()> sample) {
    cases_.emplace_back(std::move(sample));
    return cases_.back();
  }
  void run(int rounds = 31);

 private:
  std::deque<Case> cases_;  // keeps the addresses that add() returned
};

/// What a program that measures is asked to do.
struct Options {
  std::string json;    ///< file for the rows; none when empty
  std::string peers;   ///< folder of the peers that are programs of their own
  std::string folder;  ///< on the disk that is to be measured
};

/// The rows of a program: printed as they come, and written as JSON at the end.
class Report {
 public:
  using Peers = std::map<std::string, double>;

  /// Takes `[--json FILE] [--peers FOLDER] [--folder FOLDER]` from the command line, and pins the
  /// thread to one CPU. `lines` are the rows that the program has to give; the file has them in
  /// this order.
  Report(std::string table, const std::vector<Line>& lines, int count, char** arguments);
  ~Report();

  const Options& options() const { return options_; }
  /// The figure of a line, and what the peers need for the same.
  void row(const std::string& name, double value, const Peers& peers = {});
  /// A line that cannot be measured here, and why: its goal counts as not met.
  void missing(const std::string& name, const std::string& why);
  /// A peer that is not on this machine.
  void no_peer(const std::string& name, const std::string& why);
  /// Exit status of the program: not 0 when a line has no row.
  int finish();

 private:
  struct Rows;
  const Line& line(const std::string& name) const;

  std::string table_;
  std::vector<Line> lines_;
  Options options_;
  std::unique_ptr<Rows> rows_;
};

}  // namespace bench
