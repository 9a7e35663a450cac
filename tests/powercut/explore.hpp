// Every power cut that a life can meet: an odometer over {operation, style, place in it}, on top of
// snapshots taken in front of each call, so that nothing is lived twice to get there.
//
// A World has medium(), step(), is_finished(), is_dead(), is_starting(), cut_in(), power_on(),
// audit() and fingerprint(), and can be copied. A case is named by one string, "MEDIUM" and ".CUT"
// for each cut: the number of the operation since the start, and how it is torn.
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "medium.hpp"
#include "support/log_model.hpp"

namespace powercut {

using log_model::Violation;

struct Cut {
  uint64_t op = 0;
  fake::Tear tear;

  /// 12n: not started; 12d: done; 12i3g: 3 units in order, then one torn (g garbage, b blank but
  /// weak, u unreadable); 12r3g: in any order; 12p3g: all others of the page torn; 12e1s2: one
  /// sector erased, the next in style 2; 12f5: files, draw 5.
  std::string text() const;
  /// False when `text` is none.
  bool parse(const std::string& text);
};

/// All the ways in which an operation on this medium can be torn, one after the other.
class Tears {
 public:
  /// `ends`: of a long program call, only the first and last places and the middle.
  Tears(const Medium& medium, const fake::Operation& operation, bool ends);
  bool next(fake::Tear& out);

 private:
  void add_program(const Medium& medium, const fake::Operation& operation, bool ends);
  void add_erase(const Medium& medium, const fake::Operation& operation);
  void add_file(const fake::Operation& operation);

  std::vector<fake::Tear> list_;
  size_t at_ = 0;
};

/// What an exploration does.
struct Plan {
  unsigned cuts = 1;   ///< one behind the other
  bool ends = false;   ///< see Tears
  uint64_t every = 1;  ///< of the cuts behind the first, only each so many-th (and another each
                       ///< time)
  uint64_t first = 1;  ///< the same of the first cuts
  /// Whether to cut there at all; null: always. The number of cuts before it.
  std::function<bool(unsigned before, const fake::Operation&)> wanted;
};

struct Counts {
  uint64_t operations = 0;  ///< of the life without cuts
  uint64_t cases = 0;       ///< sequences of cuts
  uint64_t states = 0;      ///< different ones after the last cut, each lived to its end
};

/// A case that went wrong.
struct Failure {
  std::string replay;
  std::string what;
};

template <typename World>
class Explorer {
 public:
  Explorer(const std::string& name, World world, const Plan& plan)
      : name_(name),
        world_(std::move(world)),
        plan_(plan),
        seen_(plan.cuts),
        started_(plan.cuts + 1) {}

  /// True when nothing went wrong; else failure() tells the first case that did.
  bool run() {
    try {
      live(0);
      return true;
    } catch (const Violation& violation) {
      failure_.what = violation.what();
      failure_.replay = name_;
      for (const Cut& cut : path_)
        failure_.replay += "." + cut.text();
      return false;
    }
  }

  const Counts& counts() const { return counts_; }
  const Failure& failure() const { return failure_; }

 private:
  // From a start to the end, with all further cuts on the way.
  void live(unsigned before) {
    std::vector<fake::Operation> trace;
    uint64_t done = 0;
    const bool cutting = before < plan_.cuts;
    for (bool first = true; !world_.is_finished(); first = false) {
      // Lives that start from the same medium are one from there on.
      if (!first && world_.is_starting() && !started_[before].insert(world_.fingerprint()).second)
        return;
      if (!cutting) {
        world_.step(nullptr);
        continue;
      }
      const World snapshot = world_;
      trace.clear();
      world_.step(&trace);
      if (trace.empty()) continue;
      const World after = world_;
      for (size_t i = 0; i < trace.size(); ++i)
        cut_in(snapshot, trace[i], i + 1, done + i + 1, before);
      done += trace.size();
      world_ = after;
    }
    if (before == 0) counts_.operations = done;
    world_.audit();
  }

  void cut_in(const World& snapshot, const fake::Operation& operation, uint64_t in_step,
              uint64_t op, unsigned before) {
    if (plan_.wanted && !plan_.wanted(before, operation)) return;
    Tears tears(snapshot.medium(), operation, plan_.ends);
    Cut cut;
    cut.op = op;
    const uint64_t every = before == 0 ? plan_.first : plan_.every;
    while (tears.next(cut.tear)) {
      if (every > 1 && turn_++ % every != 0) continue;
      world_ = snapshot;
      path_.push_back(cut);
      world_.cut_in(in_step, cut.tear);
      world_.step(nullptr);
      log_model::demand(world_.is_dead(), "the same call does something else");
      world_.power_on();
      const bool last = before + 1 == plan_.cuts;
      counts_.cases += last;
      if (seen_[before].insert(world_.fingerprint()).second) {
        counts_.states += last;
        live(before + 1);
      }
      path_.pop_back();
    }
  }

  std::string name_;
  World world_;
  Plan plan_;
  std::vector<std::unordered_set<uint64_t>> seen_;     // behind a cut, for each number of cuts
  std::vector<std::unordered_set<uint64_t>> started_;  // where a life started again later
  std::vector<Cut> path_;
  Counts counts_;
  Failure failure_;
  uint64_t turn_ = 0;
};

/// Lives one case: those cuts, then to the end. The violation, or nothing.
template <typename World>
std::string replay(World world, const std::vector<Cut>& cuts) {
  std::vector<fake::Operation> trace;
  try {
    for (const Cut& cut : cuts) {
      for (uint64_t done = 0;;) {
        log_model::demand(!world.is_finished(), "the life ends before the cut");
        const World snapshot = world;
        trace.clear();
        world.step(&trace);
        done += trace.size();
        if (done < cut.op) continue;
        world = snapshot;
        world.cut_in(cut.op - (done - trace.size()), cut.tear);
        world.step(nullptr);
        log_model::demand(world.is_dead(), "the same call does something else");
        world.power_on();
        break;
      }
    }
    while (!world.is_finished())
      world.step(nullptr);
    world.audit();
  } catch (const Violation& violation) {
    return violation.what();
  }
  return "";
}

/// The medium's name and the cuts. False when `text` is no case.
bool parse_case(const std::string& text, std::string& name, std::vector<Cut>& cuts);

}  // namespace powercut
