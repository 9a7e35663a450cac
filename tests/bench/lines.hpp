// The rows of the tables: what is measured, and what is to be reached. Names begin with those of
// the goals; a row without a goal stands there for comparison.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct Goal {
  enum class Kind { none, at_most, at_least, tested };
  Kind kind = Kind::none;
  double limit = 0;

  bool met_by(double value) const {
    return kind == Kind::at_most ? value <= limit : kind == Kind::at_least && value >= limit;
  }
  std::string text() const;
};

inline Goal at_most(double limit) {
  return {Goal::Kind::at_most, limit};
}
inline Goal at_least(double limit) {
  return {Goal::Kind::at_least, limit};
}

/// Reached or not by what tests show: no figure tells.
inline Goal by_tests() {
  return {Goal::Kind::tested, 0};
}

struct Line {
  std::string name;
  std::string unit;
  Goal goal = {};
};

/// The lines of the table "host", one list for each program. % and x without more words are of
/// what the name says.
std::vector<Line> append_lines();
std::vector<Line> proof_lines();
std::vector<Line> durable_lines();
std::vector<Line> gateway_lines();
std::vector<Line> sign_lines();
/// The lines of the table "gateway store", which has its place in docs/gateway.md.
std::vector<Line> store_lines();
/// The lines of the table "gateway service", which has its place there too.
std::vector<Line> service_lines();
/// The lines of the table "evidence and air".
std::vector<Line> evidence_lines();

}  // namespace bench
