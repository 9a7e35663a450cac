#include "bench/bench.hpp"

#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

namespace bench {

void require(bool condition, const char* what, const char* file, int line) {
  if (condition) return;
  std::fprintf(stderr, "%s:%d: %s\n", file, line, what);
  std::exit(1);
}

void require_ok(cairn::Status status, const char* file, int line) {
  require(status == cairn::Status::ok, cairn::status_text(status), file, line);
}

double median(std::vector<double> values) {
  require(!values.empty(), "nothing was measured");
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// ---- cases -------------------------------------------------------------------------------------

double Case::burst() {
  const double before = cpu_ns();
  for (size_t i = 0; i < repeats_; ++i)
    body_();
  return cpu_ns() - before;
}

void Case::calibrate() {
  if (sample_) {
    sample_();
    return;
  }
  constexpr double burst_ns = 2e6;
  for (double ns = burst(); ns < burst_ns / 4; ns = burst())
    repeats_ *= 2;
  repeats_ =
      std::max<size_t>(1, static_cast<size_t>(static_cast<double>(repeats_) * burst_ns / burst()));
}

void Case::measure() {
  samples_.push_back(sample_ ? sample_() : burst() / static_cast<double>(repeats_ * operations_));
}

double Case::times(const Case& other) const {
  std::vector<double> out;
  for (size_t round = 0; round < samples_.size(); ++round)
    out.push_back(samples_[round] / other.samples_[round]);
  return median(std::move(out));
}

std::map<std::string, double> figures(const Cases& cases) {
  std::map<std::string, double> out;
  for (const auto& [name, one] : cases)
    out[name] = one->ns();
  return out;
}

void Suite::run(int rounds) {
  for (Case& c : cases_)
    c.calibrate();
  for (int round = 0; round < rounds; ++round)
    for (Case& c : cases_)
      c.measure();
}

void unpin() {
  cpu_set_t all;
  CPU_ZERO(&all);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    CPU_SET(cpu, &all);
  (void)sched_setaffinity(0, sizeof all, &all);
}

// ---- report ------------------------------------------------------------------------------------

namespace {

// The last one that this process may use: interrupts mostly go to the first.
void pin_to_one_cpu() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  int last = -1;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &allowed)) last = cpu;
  if (last < 0) return;
  CPU_ZERO(&allowed);
  CPU_SET(last, &allowed);
  (void)sched_setaffinity(0, sizeof allowed, &allowed);
}

Options options_of(int count, char** arguments) {
  Options out;
  for (int i = 1; i < count; i += 2) {
    std::string* const value = std::strcmp(arguments[i], "--json") == 0     ? &out.json
                               : std::strcmp(arguments[i], "--peers") == 0  ? &out.peers
                               : std::strcmp(arguments[i], "--folder") == 0 ? &out.folder
                                                                            : nullptr;
    if (value == nullptr || i + 1 == count) {
      std::fprintf(stderr, "usage: %s [--json FILE] [--peers FOLDER] [--folder FOLDER]\n",
                   arguments[0]);
      std::exit(2);
    }
    *value = arguments[i + 1];
  }
  return out;
}

}  // namespace

struct Report::Rows {
  std::map<std::string, nlohmann::json> by_name;
};

Report::Report(std::string table, const std::vector<Line>& lines, int count, char** arguments)
    : table_(std::move(table)),
      lines_(lines),
      options_(options_of(count, arguments)),
      rows_(std::make_unique<Rows>()) {
  pin_to_one_cpu();
}

Report::~Report() = default;

const Line& Report::line(const std::string& name) const {
  for (const Line& line : lines_)
    if (line.name == name) return line;
  require(false, ("no line is called " + name).c_str());
  return lines_.front();
}

void Report::row(const std::string& name, double value, const Peers& peers) {
  const Line& of = line(name);
  const bool has_goal = of.goal.kind != Goal::Kind::none;
  const bool met = of.goal.met_by(value);
  std::printf("%-76s %10.4g %-9s %-12s %-8s", name.c_str(), value, of.unit.c_str(),
              of.goal.text().c_str(),
              !has_goal ? ""
              : met     ? "met"
                        : "not met");
  for (const auto& [peer, theirs] : peers) {
    const double times = of.goal.kind == Goal::Kind::at_least ? value / theirs : theirs / value;
    std::printf("  %s %.4g (%.2fx)", peer.c_str(), theirs, times);
  }
  std::printf("\n");
  std::fflush(stdout);
  rows_->by_name[name] = {{"table", table_},
                          {"name", name},
                          {"value", value},
                          {"unit", of.unit},
                          {"goal", has_goal ? nlohmann::json(of.goal.text()) : nlohmann::json()},
                          {"met", has_goal ? nlohmann::json(met) : nlohmann::json()},
                          {"peers", peers}};
}

void Report::missing(const std::string& name, const std::string& why) {
  const Line& of = line(name);
  std::printf("%-76s %10s %-9s %-12s %-8s  %s\n", name.c_str(), "-", of.unit.c_str(),
              of.goal.text().c_str(), "not met", why.c_str());
  rows_->by_name[name] = {{"table", table_},
                          {"name", name},
                          {"value", nullptr},
                          {"unit", of.unit},
                          {"goal", of.goal.text()},
                          {"met", false},
                          {"peers", nlohmann::json::object()},
                          {"why", why}};
}

void Report::no_peer(const std::string& name, const std::string& why) {
  std::printf("left out: %s: %s\n", name.c_str(), why.c_str());
}

int Report::finish() {
  int status = 0;
  nlohmann::json rows = nlohmann::json::array();
  for (const Line& line : lines_) {
    const auto found = rows_->by_name.find(line.name);
    if (found != rows_->by_name.end()) {
      rows.push_back(found->second);
    } else {
      std::fprintf(stderr, "no row was given for: %s\n", line.name.c_str());
      status = 1;
    }
  }
  if (options_.json.empty()) return status;
  std::ofstream out(options_.json);
  out << rows.dump(1) << "\n";
  out.close();
  if (out) return status;
  std::fprintf(stderr, "cannot write %s\n", options_.json.c_str());
  return 2;
}

}  // namespace bench
