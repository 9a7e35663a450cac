// The pump and an area that a faulty process has written to: the pump, which holds the key, writes
// nowhere but where it may, and goes on.
#include <area.h>

#include <algorithm>

#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;
using plc::zeros;

namespace {

constexpr uint8_t untouched = 0xA5;

struct Shared {
  Shared() { std::fill(std::begin(behind), std::end(behind), untouched); }
  cairn_plc_area area{};
  uint8_t behind[1 << 16];
};

// A pump, the area that it shares, and the last lane of it, as another process may leave it.
struct Pump {
  Pump()
      : controller(CAIRN_PLC_TASK),
        shared(new Shared()),
        lane(plc_area_of(&shared->area)->lanes[CAIRN_PLC_TASKS - 1]) {
    controller.log.area = &shared->area;
    controller.keep(&channel, 1);
    REQUIRE(controller.start() == CAIRN_OK);
    REQUIRE(controller.pump() == CAIRN_OK);
  }
  void put(uint8_t type, uint8_t answer, uint32_t about = 0) {
    plc_record& record = lane.records[lane.head % CAIRN_PLC_QUEUE_RECORDS];
    record = plc_record();
    record.type = type;
    record.answer = answer;
    record.ticket = 77;
    record.channel = about;
    lane.head += type == PLC_COMMAND || type == PLC_RETAIN ? 2 : 1;
  }
  bool wrote_behind() const {
    return !std::all_of(std::begin(shared->behind), std::end(shared->behind),
                        [](uint8_t byte) { return byte == untouched; });
  }
  // A task of a process that is as it should be.
  void check_that_it_goes_on() {
    auto log = zeros<cairn_fb_log_t>();
    auto append = zeros<cairn_fb_append_t>();
    log.Enable = append.Level = append.Execute = 1;
    cairn_fb_log(&log);
    CHECK(log.Valid == 1);
    append.Handle = log.Handle;
    append.Value = 12;
    cairn_fb_append(&append);
    CHECK(controller.pump() == CAIRN_OK);
    cairn_fb_append(&append);
    CHECK(append.Done == 1);
  }
  uint32_t last_error() {
    auto log = zeros<cairn_fb_log_t>();
    auto status = zeros<cairn_fb_status_t>();
    log.Enable = status.Enable = 1;
    log.TaskId = 1;
    cairn_fb_log(&log);
    status.Handle = log.Handle;
    cairn_fb_status(&status);
    return status.LastError;
  }

  const uint32_t channel = 4;
  Controller controller;
  std::unique_ptr<Shared> shared;
  plc_lane& lane;
};

}  // namespace

TEST_CASE("an answer that the area has no place for is given to nobody") {
  const uint8_t answer =
      GENERATE(uint8_t{CAIRN_PLC_ANSWERS}, uint8_t{200}, uint8_t{254}, uint8_t{255});
  const uint8_t type = GENERATE(uint8_t{PLC_SAMPLE}, uint8_t{PLC_SEAL}, uint8_t{PLC_VERIFY},
                                uint8_t{PLC_COMMAND}, uint8_t{PLC_RESTORE});
  CAPTURE(int(answer), int(type));
  Pump pump;
  pump.put(type, answer);
  const plc_lane before = pump.lane;
  CHECK(pump.controller.pump() == CAIRN_OK);
  CHECK(pump.lane.tail == pump.lane.head);
  CHECK_FALSE(pump.wrote_behind());
  CHECK(std::memcmp(before.records, pump.lane.records, sizeof before.records) == 0);
  CHECK(std::memcmp(before.answers, pump.lane.answers, sizeof before.answers) == 0);
  pump.check_that_it_goes_on();
}

TEST_CASE("a queue that says more than it can hold is given up, and a gap record says so") {
  Pump pump;
  pump.put(PLC_SAMPLE, PLC_NO_ANSWER);
  pump.lane.head += 100000;
  const size_t leaves = pump.controller.leaves().size();
  CHECK(pump.controller.pump() == CAIRN_OK);
  CHECK(pump.lane.tail == pump.lane.head);
  CHECK(pump.controller.leaves(Kind::sample).empty());
  CHECK(pump.controller.leaves().size() <= leaves + 2);
  const auto gaps = pump.controller.leaves(Kind::gap);
  REQUIRE(gaps.size() == 1);
  const Gap gap = plc::decoded<Gap>(gaps[0], decode_gap);
  CHECK((gap.count == 0 && gap.reason == GapReason::unknown));
  CHECK(pump.last_error() == CAIRN_PLC_E_CORRUPT);
  pump.check_that_it_goes_on();
}

TEST_CASE("no retained value becomes a set-point, and no request of an unknown type anything") {
  Pump pump;
  pump.put(PLC_RETAIN, 0, 0x80000000u | pump.channel);
  pump.put(200, 1);
  CHECK(pump.controller.pump() == CAIRN_OK);
  CHECK(pump.lane.answers[0].error_id == CAIRN_PLC_E_NOT_KEPT);
  CHECK(pump.lane.answers[1].error_id == CAIRN_PLC_E_CORRUPT);
  auto log = zeros<cairn_fb_log_t>();
  auto command = zeros<cairn_fb_command_t>();
  log.Enable = 1;
  cairn_fb_log(&log);
  command.Handle = log.Handle;
  command.Channel = pump.channel;
  cairn_fb_command(&command);
  CHECK(command.InForce == 0);
}

TEST_CASE("noise in the area: nothing is written behind it, and the pump goes on") {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Pump pump;
    fake::Random random(seed);
    for (int round = 0; round < 5; ++round) {
      for (plc_lane& lane : plc_area_of(&pump.shared->area)->lanes) {
        auto* const bytes = reinterpret_cast<uint8_t*>(&lane);
        for (size_t i = 0; i < sizeof lane; ++i)
          if (random() % 3 == 0) bytes[i] = uint8_t(random());
        lane.head = lane.tail + uint32_t(random() % (CAIRN_PLC_QUEUE_RECORDS + 20));
        for (plc_record& record : lane.records)
          record.type = uint8_t(random() % (PLC_RESTORE + 3));
      }
      pump.controller.pump(20);
    }
    INFO(seed);
    REQUIRE_FALSE(pump.wrote_behind());
  }
}
