// The inline pump never does more than its budget, whatever happens; and what was acknowledged
// survives cuts of the power while scans go on.
#include <algorithm>

#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;
using plc::Medium;
using plc::zeros;

namespace {

// A program of a 1 ms task: a value at every other scan, a sample in every scan, a seal now and
// then. Checks in each scan that the budget holds.
struct Program {
  explicit Program(const Medium& medium = {}) : controller(CAIRN_PLC_INLINE, medium) {
    controller.options.batch.leaves = 16;
  }
  int start(uint8_t create) {
    controller.log.create = create;
    log = zeros<cairn_fb_log_t>();
    append = zeros<cairn_fb_append_t>();
    sample = zeros<cairn_fb_sample_t>();
    seal = zeros<cairn_fb_seal_t>();
    log.Enable = sample.Enable = 1;
    append.Level = 1;
    return controller.start();
  }
  void scan(uint16_t budget) {
    ++scans;
    controller.now_ms += 1;
    log.Budget = budget;
    cairn_fb_log(&log);
    if (log.UnitsUsed > budget) over_budget = true;
    units_max = std::max(units_max, log.UnitsUsed);
    append.Handle = sample.Handle = seal.Handle = log.Handle;
    if (!append.Busy && !append.Execute) append.Value = ++value;
    append.Execute = !append.Busy && !append.Execute ? 1 : append.Busy;
    cairn_fb_append(&append);
    if (append.Done) acknowledged.push_back(append.Value);
    sample.Value = -1;
    cairn_fb_sample(&sample);
    seal.Execute = scans % 50 < 10;
    cairn_fb_seal(&seal);
  }
  void run(int count, uint16_t budget) {
    for (int i = 0; i < count; ++i)
      scan(budget);
  }
  // Every value that was shown as durable is on the log, in order.
  bool has_acknowledged() {
    std::vector<double> values;
    for (const std::vector<uint8_t>& leaf : controller.leaves(Kind::sample))
      values.push_back(plc::reading_of(leaf).real);
    size_t at = 0;
    for (const double wanted : acknowledged) {
      while (at < values.size() && values[at] != wanted)
        ++at;
      if (at == values.size()) return false;
    }
    return true;
  }

  Controller controller;
  cairn_fb_log_t log = zeros<cairn_fb_log_t>();
  cairn_fb_append_t append = zeros<cairn_fb_append_t>();
  cairn_fb_sample_t sample = zeros<cairn_fb_sample_t>();
  cairn_fb_seal_t seal = zeros<cairn_fb_seal_t>();
  std::vector<double> acknowledged;
  double value = 0;
  int scans = 0;
  uint16_t units_max = 0;
  bool over_budget = false;
};

const uint16_t budgets[] = {0, 1, 2, 3, 5, 17, 1000};

}  // namespace

TEST_CASE("budget: from the first scan on, and with a queue that is full") {
  for (const uint16_t budget : budgets) {
    Program program;
    REQUIRE(program.start(1) == CAIRN_OK);
    program.run(1500, budget);
    INFO(budget);
    CHECK_FALSE(program.over_budget);
    CHECK(program.log.UnitsMax == program.units_max);
    CHECK((program.units_max > 0) == (budget > 0));
    if (budget == 0) CHECK(program.log.Degraded == 1);
    program.run(400, 1000);
    CHECK_FALSE(program.over_budget);
    CHECK(program.log.Pending <= 4);
    CHECK(program.has_acknowledged());
    CHECK(program.controller.lost(GapReason::queue_full) == program.log.Lost);
  }
}

TEST_CASE("budget: opening a log that is there already, also in the first scans") {
  for (const uint16_t budget : budgets) {
    Program program;
    REQUIRE(program.start(1) == CAIRN_OK);
    program.run(300, 1000);
    REQUIRE(program.start(0) == CAIRN_OK);
    program.scan(budget);
    CHECK(program.log.Error == 0);
    CHECK((program.log.Busy == 1 || budget >= 2));
    program.run(100, budget);
    CHECK_FALSE(program.over_budget);
    program.run(300, 1000);
    CHECK_FALSE(program.over_budget);
    CHECK(program.log.Valid == 1);
    CHECK(program.has_acknowledged());
  }
}

TEST_CASE("budget: storage full, key missing, storage failing, clock stepped back") {
  for (const uint16_t budget : budgets) {
    SECTION("full " + std::to_string(budget)) {
      Program program({1, 1024, 4, CAIRN_FLASH_NOR, 0xFF});
      REQUIRE(program.start(1) == CAIRN_OK);
      program.run(600, budget);
      CHECK_FALSE(program.over_budget);
      if (budget > 3) CHECK(program.log.Degraded == 1);
      CHECK(program.has_acknowledged());
    }
    SECTION("key " + std::to_string(budget)) {
      Program program;
      REQUIRE(program.start(1) == CAIRN_OK);
      program.controller.key.broken = true;
      program.run(300, budget);
      CHECK_FALSE(program.over_budget);
      if (budget > 3) CHECK(program.log.Degraded == 1);
    }
    SECTION("failing programs " + std::to_string(budget)) {
      Program program;
      REQUIRE(program.start(1) == CAIRN_OK);
      program.run(50, budget);
      program.controller.flash.fail_programs(0, 40, fake::Failure::half);
      program.run(300, budget);
      CHECK_FALSE(program.over_budget);
      program.run(600, 1000);
      CHECK_FALSE(program.over_budget);
      CHECK(program.log.Valid == 1);
      CHECK(program.has_acknowledged());
    }
    SECTION("clock " + std::to_string(budget)) {
      Program program;
      REQUIRE(program.start(1) == CAIRN_OK);
      program.run(50, budget);
      program.controller.unix_ms -= 86400000;
      program.run(200, budget);
      CHECK_FALSE(program.over_budget);
      program.run(200, 1000);
      CHECK(program.controller.leaves(Kind::clock).size() == (budget == 0 ? 0 : 1));
    }
  }
}

TEST_CASE("a pump whose budget ends in the middle of an operation has more to do") {
  Controller controller(CAIRN_PLC_TASK);
  auto log = zeros<cairn_fb_log_t>();
  auto append = zeros<cairn_fb_append_t>();
  log.Enable = append.Execute = 1;
  REQUIRE(controller.start() == CAIRN_OK);
  cairn_fb_log(&log);
  CHECK(controller.pump(100000, 1) == CAIRN_OK);
  cairn_fb_log(&log);
  REQUIRE(log.Valid == 1);
  append.Handle = log.Handle;
  cairn_fb_append(&append);
  CHECK(controller.pump(100000, 1) == CAIRN_OK);
  CHECK(controller.leaves(Kind::sample).size() == 1);
}

TEST_CASE("cuts of the power while scans go on: at every operation, in every style") {
  using Extent = fake::Tear::Extent;
  const Medium media[] = {{1, 1024, 6, CAIRN_FLASH_NOR, 0xFF},
                          {8, 1024, 6, CAIRN_FLASH_ONCE, 0xFF},
                          {1, 1024, 6, CAIRN_FLASH_FILE, 0x00}};
  int cuts = 0;
  for (const Medium& medium : media) {
    for (const Extent extent : {Extent::none, Extent::all, Extent::in_order}) {
      for (uint64_t operation = 1; operation < 90; ++operation) {
        Program program(medium);
        REQUIRE(program.start(1) == CAIRN_OK);
        fake::Tear tear;
        tear.extent = extent;
        tear.units_done = uint32_t(operation % 7);
        const auto budget = uint16_t(1 + operation % 9);
        program.controller.flash.cut_at(program.controller.flash.operations + operation, tear);
        for (int i = 0; i < 300 && !program.controller.flash.is_dead(); ++i)
          program.scan(budget);
        if (!program.controller.flash.is_dead()) continue;
        ++cuts;
        program.run(10, budget);  // the rest of the machine does not know yet
        program.controller.flash.reboot();
        REQUIRE(program.start(0) == CAIRN_OK);
        program.run(100, budget);
        program.run(40, 1000);
        INFO(int(medium.kind) << " " << tear.text() << " at " << operation);
        CHECK_FALSE(program.over_budget);
        CHECK(program.log.Error == 0);
        CHECK(program.has_acknowledged());
        CHECK(program.controller.flash.violation.empty());
      }
    }
  }
  CHECK(cuts > 500);
}
