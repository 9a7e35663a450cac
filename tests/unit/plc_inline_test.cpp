// What a pump does in the scan itself, and what it leaves to other times: signatures that come
// later, erasing, making the log.
#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;
using plc::Medium;
using plc::zeros;

namespace {

struct Machine {
  explicit Machine(const Medium& medium = {}) : controller(CAIRN_PLC_INLINE, medium) {
    log.Enable = 1;
    log.Budget = 50;
    append.Level = 1;
  }
  void scan(int times = 1) {
    for (int i = 0; i < times; ++i) {
      controller.now_ms += 10;
      cairn_fb_log(&log);
    }
  }
  // Appends, from the edge to the end; so many.
  void record(int count = 1) {
    append.Handle = log.Handle;
    for (int i = 0; i < count; ++i) {
      append.Execute = 0;
      cairn_fb_append(&append);
      append.Execute = 1;
      cairn_fb_append(&append);
      for (int scans = 0; scans < 10 && append.Busy; ++scans) {
        scan();
        cairn_fb_append(&append);
      }
      REQUIRE(append.Done == 1);
    }
  }
  cairn_fb_status_t status() {
    auto block = zeros<cairn_fb_status_t>();
    block.Enable = 1;
    block.Handle = log.Handle;
    cairn_fb_status(&block);
    return block;
  }

  Controller controller;
  cairn_fb_log_t log = zeros<cairn_fb_log_t>();
  cairn_fb_append_t append = zeros<cairn_fb_append_t>();
};

}  // namespace

TEST_CASE("a signer that puts a signature off has not failed: the head is signed when it can be") {
  Machine machine;
  REQUIRE(machine.controller.start() == CAIRN_OK);
  machine.scan();
  machine.record(3);
  auto seal = zeros<cairn_fb_seal_t>();
  seal.Handle = machine.log.Handle;
  seal.Execute = 1;
  machine.controller.key.puts_off = true;
  cairn_fb_seal(&seal);
  for (int i = 0; i < 200; ++i) {
    machine.scan();
    cairn_fb_seal(&seal);
    REQUIRE(seal.Busy == 1);
    REQUIRE(machine.log.Degraded == 0);
  }
  CHECK((machine.status().LastError == 0 && machine.status().Failures == 0));
  CHECK(machine.log.UnitsMax <= machine.log.Budget);
  machine.controller.key.puts_off = false;
  machine.scan(3);
  cairn_fb_seal(&seal);
  CHECK(seal.Done == 1);
  CHECK((machine.log.Sealed == seal.Size && seal.Size == machine.log.Durable));
  CHECK((machine.log.Degraded == 0 && machine.status().Failures == 0));
}

TEST_CASE("maintenance: where it is used, no scan without it erases") {
  // Records while the machine may wait, and scans without any behind them.
  const auto [records, idle] = GENERATE(table<int, int>({{0, 10}, {8, 0}, {60, 1}}));
  CAPTURE(records, idle);
  Machine machine({1, 1024, 16, CAIRN_FLASH_NOR, 0xFF});
  machine.controller.options.log.recycle = 1;
  machine.controller.options.log.keep_from = UINT64_MAX;
  REQUIRE(machine.controller.start() == CAIRN_OK);
  machine.scan();
  const uint64_t before = machine.controller.flash.erases;
  for (int round = 0; round < 100; ++round) {
    machine.log.Maintenance = 1;
    machine.scan();
    machine.record(records);
    machine.scan(idle);
    const uint64_t erases = machine.controller.flash.erases;
    machine.log.Maintenance = 0;
    machine.record(8);
    REQUIRE(machine.controller.flash.erases == erases);
  }
  CHECK(machine.controller.flash.erases - before >= 20);
}

TEST_CASE("maintenance of a log that has no room left is no failure") {
  Machine machine({1, 4096, 4, CAIRN_FLASH_NOR, 0xFF});
  machine.log.Maintenance = 1;
  REQUIRE(machine.controller.start() == CAIRN_OK);
  machine.scan();
  for (; machine.log.Fill < 850; machine.scan(2))
    machine.record();
  CHECK(machine.log.Degraded == 0);
  CHECK(machine.status().Failures == 0);
}

TEST_CASE("a log that could not be made at the start is not made in a scan") {
  Machine machine;
  machine.controller.flash.fail_programs(0, 1000, fake::Failure::nothing);
  REQUIRE(machine.controller.start() == CAIRN_OK);
  machine.controller.flash.fail_programs(0, 0, fake::Failure::nothing);
  const uint64_t operations = machine.controller.flash.operations;
  machine.scan(200);
  CHECK(machine.controller.flash.operations == operations);
  CHECK(machine.log.ErrorID == CAIRN_PLC_E_NO_LOG);
  REQUIRE(machine.controller.start() == CAIRN_OK);
  machine.log.Enable = 0;
  machine.scan();
  machine.log.Enable = 1;
  machine.scan(2);
  CHECK(machine.log.Valid == 1);
}
