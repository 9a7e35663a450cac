// Bounded work: a recorder in steps does what it does without, and never more than its budget.
#include <cairn/steps.hpp>

#include "support/catch.hpp"
#include "support/test_recorder.hpp"

using namespace cairn;
using namespace test_recorder;

namespace {

// Runs what was begun with budgets from `next`, and counts the units.
template <typename Next>
Status finish(Steps& steps, const Next& next, uint64_t& units) {
  for (;;) {
    const uint32_t budget = next();
    uint32_t used = budget + 1;
    const Result<bool> left = steps.step(budget, used);
    REQUIRE(used <= budget);
    units += used;
    REQUIRE(steps.busy() == (left.ok() && left.value));
    if (!left.ok()) return left.status;
    if (!left.value) return Status::ok;
  }
}

Status finish(Steps& steps, uint32_t budget) {
  uint64_t units = 0;
  return finish(
      steps, [&] { return budget; }, units);
}

}  // namespace

TEST_CASE("nothing begun is nothing to do, and one operation comes behind the other") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  Steps steps;
  uint32_t used = 7;
  CHECK_FALSE(steps.step(3, used).value);
  CHECK(used == 0);
  REQUIRE(steps.begin_append(t.recorder, Kind::opaque, literal("a")) == Status::ok);
  CHECK(steps.begin_seal(t.recorder) == Status::bad_state);
  CHECK(steps.begin_maintain(t.recorder) == Status::bad_state);
  CHECK(steps.step(0, used).value);
  CHECK(used == 0);
  CHECK(finish(steps, 1) == Status::ok);
  CHECK(steps.index() == 2);
  CHECK(t.story() == "bBr");
}

TEST_CASE("a recorder that is opened in steps goes on where it was") {
  TestRecorder t;
  REQUIRE(t.create() == Status::ok);
  Steps steps;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(steps.begin_append(t.recorder, Kind::opaque, literal("reading")) == Status::ok);
    REQUIRE(finish(steps, 1) == Status::ok);
  }
  REQUIRE(steps.begin_append_gap(t.recorder, 4, GapReason::queue_full) == Status::ok);
  REQUIRE(finish(steps, 3) == Status::ok);
  REQUIRE(steps.begin_seal(t.recorder) == Status::ok);
  REQUIRE(finish(steps, 2) == Status::ok);
  REQUIRE(steps.begin_seal(t.recorder) == Status::ok);
  CHECK(finish(steps, 2) == Status::bad_state);
  const std::string story = t.story();
  const uint64_t batch = t.recorder.batch();
  REQUIRE(steps.begin_open(t.recorder, t.flash.flash(), t.memory(), t.options, t.platform,
                           t.signer) == Status::ok);
  CHECK(t.append({1}).status == Status::bad_state);
  REQUIRE(finish(steps, 1) == Status::ok);
  CHECK(t.story() == story);
  CHECK(t.recorder.boot() == 2);
  CHECK(t.recorder.batch() == batch);
  REQUIRE(steps.begin_maintain(t.recorder) == Status::ok);
  CHECK(finish(steps, 1) == Status::ok);
}
