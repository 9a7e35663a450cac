// What rules ask of a log, as the blocks do it: room, failure, switching off, time, reading back,
// retained values, trusted control.
#include <algorithm>

#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;
using plc::Medium;
using plc::zeros;

namespace {

// A log with a task of its own, and the block of task 0.
struct Pumped {
  explicit Pumped(const Medium& medium = {}) : controller(CAIRN_PLC_TASK, medium) {
    log.Enable = 1;
  }
  void start(bool area_stays = false) {
    REQUIRE(controller.start(area_stays) == CAIRN_OK);
    scan();
    REQUIRE(log.Error == 0);
  }
  void scan() {
    controller.pump();
    controller.now_ms += 10;
    cairn_fb_log(&log);
  }
  // A request from its edge to its end.
  template <typename Block>
  void run(Block& block, void (*call)(Block*)) {
    block.Handle = log.Handle;
    block.Execute = 0;
    call(&block);
    block.Execute = 1;
    call(&block);
    for (int i = 0; i < 10 && block.Busy; ++i) {
      scan();
      call(&block);
    }
    REQUIRE(block.Busy == 0);
  }

  Controller controller;
  cairn_fb_log_t log = zeros<cairn_fb_log_t>();
};

cairn_fb_append_t append_block(const Pumped& plc, uint8_t level) {
  auto append = zeros<cairn_fb_append_t>();
  append.Handle = plc.log.Handle;
  append.Level = level;
  return append;
}

const Medium small{1, 1024, 4, CAIRN_FLASH_NOR, 0xFF};

}  // namespace

TEST_CASE("room: a warning, then what cannot be kept is counted, and the machine goes on") {
  Pumped plc(small);
  plc.log.WarnLevel = 500;
  plc.start();
  auto append = append_block(plc, 1);
  bool warned = false;
  int accepted = 0;
  for (; accepted < 200; ++accepted) {
    plc.run(append, cairn_fb_append);
    warned = warned || plc.log.CapacityWarn;
    if (append.Error) break;
    CHECK(plc.log.Degraded == 0);
  }
  CHECK(warned);
  CHECK(append.ErrorID == CAIRN_PLC_E_STORAGE_FULL);
  CHECK(accepted > 20);
  plc.scan();
  CHECK(plc.log.Degraded == 1);
  CHECK(plc.log.Stopped == 0);
  CHECK(plc.log.Valid == 1);
  SECTION("by choice the machine stops") {
    plc.log.StopWhenFull = 1;
    plc.scan();
    CHECK(plc.log.Stopped == 1);
    plc.run(append, cairn_fb_append);
    CHECK(append.ErrorID == CAIRN_PLC_E_STOPPED);
  }
  SECTION("nothing that was accepted is missing") {
    CHECK(plc.controller.leaves(Kind::sample).size() == size_t(accepted));
  }
}

TEST_CASE("room: the days that are left when the log goes on growing as since the start") {
  Pumped plc;
  plc.controller.options.log.recycle = GENERATE(uint8_t{0}, uint8_t{1});
  plc.start();
  CHECK(plc.log.DaysLeft == 65535);
  auto append = append_block(plc, 1);
  double days = 0;
  for (const int fill : {10, 25, 49, 50, 51, 66, 75, 90, 99}) {
    for (; plc.log.Fill < 10 * fill; days += 1. / 24) {
      plc.controller.now_ms += 3600000;
      plc.run(append, cairn_fb_append);
      REQUIRE(append.Done == 1);
    }
    const double left = days * (1000 - plc.log.Fill) / plc.log.Fill;
    CAPTURE(fill, days, left);
    if (plc.controller.options.log.recycle) {
      CHECK(plc.log.DaysLeft == 65535);  // it is never full
    } else {
      CHECK(plc.log.DaysLeft > 0.9 * left - 1);
      CHECK(plc.log.DaysLeft < 1.1 * left + 1);
    }
  }
}

TEST_CASE("room: more days than can be shown, however long the log has been open") {
  Pumped plc;
  plc.start();
  auto append = append_block(plc, 1);
  plc.controller.now_ms += uint64_t{1} << 48;
  for (int i = 0; i < 4000; ++i) {
    plc.controller.now_ms += plc.controller.flash.random() % (uint64_t{1} << 50);
    plc.run(append, cairn_fb_append);
    REQUIRE(append.Done == 1);
    REQUIRE(plc.log.DaysLeft == 65535);
  }
}

TEST_CASE("room: a log that recycles keeps the newest, and records what was lost meanwhile") {
  Pumped plc(small);
  plc.controller.options.log.recycle = 1;
  plc.controller.options.log.keep_from = 0;  // until a receiver has confirmed
  plc.start();
  auto append = append_block(plc, 1);
  do {
    plc.run(append, cairn_fb_append);
  } while (!append.Error);
  REQUIRE(append.ErrorID == CAIRN_PLC_E_STORAGE_FULL);
  CHECK(plc.log.CapacityWarn == 0);
  plc.run(append, cairn_fb_append);
  CHECK(append.Error == 1);
  auto seal = zeros<cairn_fb_seal_t>();
  plc.run(seal, cairn_fb_seal);
  REQUIRE(seal.Done == 1);
  auto anchor = zeros<cairn_fb_anchor_t>();
  anchor.Enable = anchor.LinkUp = 1;
  anchor.Handle = plc.log.Handle;
  for (int i = 0; i < 8; ++i) {
    anchor.FrameAck = uint8_t(i % 2);
    cairn_fb_anchor(&anchor);
  }
  for (int i = 0; i < 3; ++i)
    plc.scan();
  CHECK(plc.log.Anchored == seal.Size);
  plc.run(append, cairn_fb_append);
  CHECK(append.Done == 1);
  CHECK(plc.log.Degraded == 0);
  CHECK(plc.controller.lost(GapReason::storage_full) == 2);
}

TEST_CASE("a key that is missing: records are kept, their head comes with the key") {
  Pumped plc;
  plc.controller.options.batch.leaves = 8;
  plc.start();
  plc.controller.key.broken = true;
  auto append = append_block(plc, 1);
  for (int i = 0; i < 20; ++i) {
    plc.run(append, cairn_fb_append);
    CHECK(append.Done == 1);
  }
  CHECK(plc.log.Degraded == 1);
  const uint64_t sealed = plc.log.Sealed;
  auto status = zeros<cairn_fb_status_t>();
  status.Enable = 1;
  status.Handle = plc.log.Handle;
  cairn_fb_status(&status);
  CHECK(status.LastError == CAIRN_PLC_E_KEY_MISSING);
  auto seal = zeros<cairn_fb_seal_t>();
  plc.run(seal, cairn_fb_seal);
  CHECK(seal.ErrorID == CAIRN_PLC_E_KEY_MISSING);
  plc.controller.key.broken = false;
  plc.run(seal, cairn_fb_seal);
  CHECK(seal.Done == 1);
  plc.scan();
  CHECK(plc.log.Sealed > sealed);
  CHECK(plc.log.Degraded == 0);
}

TEST_CASE("switched off: the switch is on the log, and how many records are missing") {
  Pumped plc;
  plc.start();
  auto append = append_block(plc, 0);
  plc.run(append, cairn_fb_append);
  plc.log.SwitchOff = 1;
  plc.scan();
  for (int i = 0; i < 5; ++i) {
    plc.run(append, cairn_fb_append);
    CHECK(append.ErrorID == CAIRN_PLC_E_SWITCHED_OFF);
    plc.scan();
  }
  CHECK(plc.controller.leaves(Kind::gap).empty());
  plc.log.SwitchOff = 0;
  plc.scan();
  plc.run(append, cairn_fb_append);
  plc.scan();
  CHECK(plc.controller.lost(GapReason::switched_off) == 5);
  const auto events = plc.controller.leaves(Kind::event);
  REQUIRE(events.size() == 2);
  CHECK(plc::decoded<Event>(events[0], decode_event).event_id == CAIRN_PLC_EVENT_SWITCHED_OFF);
  CHECK(plc::decoded<Event>(events[1], decode_event).event_id == CAIRN_PLC_EVENT_SWITCHED_ON);
  std::string order;
  for (const auto& leaf : plc.controller.leaves())
    order += leaf[0] == uint8_t(Kind::sample)  ? 's'
             : leaf[0] == uint8_t(Kind::event) ? 'e'
             : leaf[0] == uint8_t(Kind::gap)   ? 'g'
                                               : '.';
  CHECK(order.substr(order.find('s')) == "seges");
}

TEST_CASE("time: who set it, by how much it was stepped, and that records follow it") {
  Pumped plc;
  plc.controller.has_wall_clock = false;
  plc.start();
  auto append = append_block(plc, 0);
  plc.run(append, cairn_fb_append);
  auto set = zeros<cairn_fb_settime_t>();
  set.UnixMs = 1700000000000;
  set.Source = 2;
  plc.run(set, cairn_fb_settime);
  CHECK(set.Done == 1);
  CHECK(set.StepMs == 0);  // it was not set before
  plc.run(append, cairn_fb_append);
  set.UnixMs = 1600000000000;  // a step back
  set.Source = 4;
  set.UncertaintyMs = 20;
  plc.run(set, cairn_fb_settime);
  CHECK(set.StepMs < -99999990000);
  CHECK(set.StepMs > -100000010000);
  plc.run(append, cairn_fb_append);
  plc.scan();
  const auto events = plc.controller.leaves(Kind::event);
  REQUIRE(events.size() == 2);
  const Event event = plc::decoded<Event>(events[1], decode_event);
  CHECK(event.category == EventCategory::time);
  CHECK((event.source == 4 && event.new_value == 20 && event.old_value == double(set.StepMs)));
  CHECK(event.time.quality == TimeQuality::synchronised);
  CHECK(plc.controller.leaves(Kind::clock).size() == 2);  // the recorder's own, of both
  const auto samples = plc.controller.leaves(Kind::sample);
  REQUIRE(samples.size() == 3);
  const auto time_of = [](const std::vector<uint8_t>& leaf) {
    SampleReader reader;
    REQUIRE(reader.open({leaf.data() + 1, leaf.size() - 1}) == Status::ok);
    return reader.time();
  };
  CHECK(time_of(samples[0]).quality == TimeQuality::unsynchronised);
  CHECK(time_of(samples[1]).quality == TimeQuality::informative);
  CHECK(time_of(samples[2]).quality == TimeQuality::synchronised);
  CHECK(time_of(samples[2]).unix_ms >= 1600000000000);
  CHECK(time_of(samples[2]).unix_ms < 1600000000100);
  set.Source = 6;
  plc.run(set, cairn_fb_settime);
  CHECK(set.ErrorID == CAIRN_PLC_E_RANGE);
}

TEST_CASE("CAIRN_Verify: intact, and a record that is not") {
  Pumped plc;
  plc.start();
  auto append = append_block(plc, 1);
  for (int i = 0; i < 400; ++i) {
    append.Value = i;
    plc.run(append, cairn_fb_append);
  }
  auto seal = zeros<cairn_fb_seal_t>();
  plc.run(seal, cairn_fb_seal);
  plc.run(append, cairn_fb_append);
  auto verify = zeros<cairn_fb_verify_t>();
  plc.run(verify, cairn_fb_verify);
  CHECK((verify.Done == 1 && verify.Intact == 1 && verify.FirstBad == 0));
  CHECK(verify.Checked == plc.log.Durable);
  CHECK(verify.Progress == 1000);
  const uint64_t index = append.Index - 50;
  // The record's frame: kind, then the fields. One bit of it is enough.
  const auto& memory = plc.controller.flash.memory;
  const auto leaf = plc.controller.leaves()[index];
  const auto at = std::search(memory.begin(), memory.end(), leaf.begin(), leaf.end());
  REQUIRE(at != memory.end());
  plc.controller.flash.flip(size_t(at - memory.begin()) + 20, 3);
  plc.run(verify, cairn_fb_verify);
  CHECK((verify.Done == 1 && verify.Intact == 0));
  CHECK(verify.FirstBad == index);
}

TEST_CASE("requests that take longer than a scan need a pump of their own") {
  Controller controller(CAIRN_PLC_INLINE);
  REQUIRE(controller.start() == CAIRN_OK);
  auto log = zeros<cairn_fb_log_t>();
  log.Enable = 1;
  cairn_fb_log(&log);
  auto verify = zeros<cairn_fb_verify_t>();
  verify.Handle = log.Handle;
  verify.Execute = 1;
  cairn_fb_verify(&verify);
  CHECK(verify.ErrorID == CAIRN_PLC_E_NOT_INLINE);
  auto command = zeros<cairn_fb_command_t>();
  command.Handle = log.Handle;
  command.Execute = 1;
  cairn_fb_command(&command);
  CHECK(command.ErrorID == CAIRN_PLC_E_NOT_INLINE);
  auto retain = zeros<cairn_fb_retain8_t>();
  retain.Handle = log.Handle;
  retain.Enable = 1;
  cairn_fb_retain8(&retain);
  CHECK(retain.ErrorID == CAIRN_PLC_E_NOT_INLINE);
  CHECK((retain.Error == 1 && retain.Valid == 0 && retain.Busy == 0));
  CHECK(std::string(cairn_plc_error_text(CAIRN_PLC_E_NOT_INLINE)).find("inline") !=
        std::string::npos);
  for (int scan = 0; scan < 10; ++scan)
    cairn_fb_log(&log);
  CHECK(log.Pending == 0);  // nothing was queued for them
  controller.log.keeps = 1;
  CHECK(controller.start() == CAIRN_E_BAD_ARGUMENT);
}

TEST_CASE("a pump that is silent is noticed, and what waits for it stays") {
  Pumped plc;
  plc.start();
  for (int i = 0; i < 1001; ++i) {
    plc.controller.now_ms += 10;
    cairn_fb_log(&plc.log);
  }
  CHECK(plc.log.ErrorID == CAIRN_PLC_E_PUMP_SILENT);
  auto append = append_block(plc, 0);
  append.Execute = 1;
  cairn_fb_append(&append);
  CHECK(append.Done == 1);
  plc.scan();
  CHECK(plc.log.Error == 0);
  CHECK(plc.controller.leaves(Kind::sample).size() == 1);
}

TEST_CASE("an area that stays keeps what was queued over a stop of the runtime") {
  Pumped plc;
  plc.start();
  auto append = append_block(plc, 0);
  append.Execute = 1;
  cairn_fb_append(&append);
  CHECK(plc.controller.leaves(Kind::sample).empty());
  cairn_plc_stop();
  cairn_fb_append(&append);
  plc.log = zeros<cairn_fb_log_t>();
  plc.log.Enable = 1;
  plc.start(true);
  plc.scan();
  CHECK(plc.controller.leaves(Kind::sample).size() == 1);
}
