// Every function block: what it shows in each scan, and what comes on the log.
#include <cstring>

#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;
using plc::zeros;

namespace {

// What a block with Execute shows after a call: idle, Busy, Done or Error.
template <typename Block>
char shown(const Block& block) {
  const int on = block.Done + block.Busy + block.Error;
  if (on > 1 || (block.Error != 0) != (block.ErrorID != 0)) return '?';
  return block.Done ? 'D' : block.Busy ? 'B' : block.Error ? 'E' : '.';
}

// The log of task 0, valid.
cairn_fb_log_t log_block(Controller& controller) {
  auto block = zeros<cairn_fb_log_t>();
  block.Enable = 1;
  block.Budget = 100;
  REQUIRE(controller.start() == CAIRN_OK);
  if (controller.log.pump == CAIRN_PLC_TASK) controller.pump();
  cairn_fb_log(&block);
  REQUIRE(block.Valid == 1);
  return block;
}

// Calls a block scan by scan with an Execute of `execute`, '1' or '0', and gives what it shows.
// The log works between the scans where `pumps` has a '1'.
template <typename Block>
std::string scans(Controller& controller, cairn_fb_log_t& log, Block& block, void (*call)(Block*),
                  const char* execute, const char* pumps) {
  std::string out;
  for (; *execute != 0; ++execute, ++pumps) {
    controller.now_ms += 10;
    log.Budget = *pumps == '1' ? 100 : 0;
    cairn_fb_log(&log);
    block.Handle = log.Handle;
    block.Execute = *execute == '1';
    call(&block);
    out += shown(block);
  }
  return out;
}

}  // namespace

TEST_CASE("Execute: a queued record is done at once, and shown for one call at least") {
  Controller controller;
  cairn_fb_log_t log = log_block(controller);
  auto block = zeros<cairn_fb_append_t>();
  CHECK(scans(controller, log, block, cairn_fb_append, "1101011", "0000000") == "DD.D.DD");
  CHECK(log.Pending == 3);
}

TEST_CASE("CAIRN_Log: one that was taken over says so until Enable falls") {
  Controller controller;
  cairn_fb_log_t log = log_block(controller);
  auto other = zeros<cairn_fb_log_t>();
  other.Enable = 1;
  cairn_fb_log(&other);
  CHECK(other.Handle != log.Handle);
  for (int scan = 0; scan < 2; ++scan) {
    cairn_fb_log(&log);
    CHECK(log.ErrorID == CAIRN_PLC_E_TAKEN_OVER);
    CHECK(log.Handle == 0);
  }
  log.Enable = 0;
  cairn_fb_log(&log);
  CHECK((log.Error == 0 && log.Handle == 0));
}

TEST_CASE("levels: durable, under a signed head, confirmed") {
  Controller controller;
  cairn_fb_log_t log = log_block(controller);
  cairn_fb_append_t levels[4] = {};
  const auto scan = [&] {
    cairn_fb_log(&log);
    for (cairn_fb_append_t& block : levels)
      cairn_fb_append(&block);
  };
  for (uint8_t level = 0; level < 4; ++level) {
    levels[level].Handle = log.Handle;
    levels[level].Level = level;
    levels[level].Execute = 1;
  }
  cairn_fb_log(&log);
  for (cairn_fb_append_t& block : levels)
    cairn_fb_append(&block);
  CHECK((shown(levels[0]) == 'D' && shown(levels[1]) == 'B'));
  scan();
  CHECK((shown(levels[1]) == 'D' && shown(levels[2]) == 'B' && shown(levels[3]) == 'B'));
  CHECK(levels[1].Index != 0);
  auto seal = zeros<cairn_fb_seal_t>();
  seal.Handle = log.Handle;
  seal.Execute = 1;
  cairn_fb_seal(&seal);
  scan();
  cairn_fb_seal(&seal);
  CHECK(shown(seal) == 'D');
  CHECK(seal.Size == log.Sealed);
  CHECK((shown(levels[2]) == 'D' && shown(levels[3]) == 'B'));
  auto anchor = zeros<cairn_fb_anchor_t>();
  anchor.Handle = log.Handle;
  anchor.Enable = anchor.LinkUp = 1;
  std::vector<uint8_t> message;
  for (int part = 1; part <= 3; ++part) {
    anchor.FrameAck = 0;
    cairn_fb_anchor(&anchor);
    REQUIRE(anchor.FrameReady == 1);
    CHECK(anchor.Part == part);
    CHECK(anchor.Parts == 3);
    const uint32_t words[12] = {anchor.W0, anchor.W1, anchor.W2, anchor.W3, anchor.W4,  anchor.W5,
                                anchor.W6, anchor.W7, anchor.W8, anchor.W9, anchor.W10, anchor.W11};
    CHECK(words[0] >> 24 == (uint32_t(part) << 4 | 3));
    const uint32_t bytes = words[0] >> 16 & 0xFF;
    for (uint32_t i = 0; i < bytes; ++i)
      message.push_back(uint8_t(words[1 + i / 4] >> (24 - 8 * (i % 4))));
    anchor.FrameAck = 1;
    cairn_fb_anchor(&anchor);
  }
  CHECK(anchor.AckSize == log.Sealed);
  CHECK(anchor.Outstanding == 0);
  AirCheckpoint air{};
  REQUIRE(decode_air_checkpoint({message.data(), message.size()}, air) == Status::ok);
  CHECK(air.size == log.Sealed);
  CHECK(air.has_signature);
  scan();
  scan();
  CHECK(log.Anchored == seal.Size);
  CHECK(shown(levels[3]) == 'D');
}

TEST_CASE("CAIRN_Anchor: no more frames in an hour than asked for, none without a link") {
  Controller controller;
  cairn_fb_log_t log = log_block(controller);
  auto seal = zeros<cairn_fb_seal_t>();
  REQUIRE(scans(controller, log, seal, cairn_fb_seal, "11", "01") == "BD");
  auto anchor = zeros<cairn_fb_anchor_t>();
  anchor.Handle = log.Handle;
  anchor.Enable = 1;
  anchor.MaxPerHour = 60;
  cairn_fb_anchor(&anchor);
  CHECK(anchor.FrameReady == 0);
  CHECK(anchor.Outstanding == log.Sealed);
  anchor.LinkUp = 1;
  cairn_fb_anchor(&anchor);
  CHECK(anchor.FrameReady == 1);
  anchor.FrameAck = 1;
  cairn_fb_anchor(&anchor);
  CHECK(anchor.FrameReady == 0);
  anchor.FrameAck = 0;
  controller.now_ms += 59999;
  cairn_fb_log(&log);
  cairn_fb_anchor(&anchor);
  CHECK(anchor.FrameReady == 0);
  controller.now_ms += 1;
  cairn_fb_log(&log);
  cairn_fb_anchor(&anchor);
  CHECK(anchor.FrameReady == 1);
  CHECK(anchor.Part == 2);
}

TEST_CASE("CAIRN_Sample: interval, deadband, heartbeat, trigger, quality") {
  Controller controller;
  cairn_fb_log_t log = log_block(controller);
  auto sample = zeros<cairn_fb_sample_t>();
  sample.Enable = 1;
  sample.Channel = 7;
  const auto after = [&](uint64_t ms, double value) {
    controller.now_ms += ms;
    cairn_fb_log(&log);
    sample.Handle = log.Handle;
    sample.Value = value;
    cairn_fb_sample(&sample);
    return sample.Count;
  };
  CHECK(after(0, 1) == 1);  // the first call
  SECTION("every call") {
    CHECK(after(10, 1) == 2);
    CHECK(after(10, 1) == 3);
  }
  SECTION("an interval") {
    sample.IntervalMs = 100;
    CHECK(after(99, 5) == 1);
    CHECK(after(1, 5) == 2);
    CHECK(after(99, 5) == 2);
  }
  SECTION("a deadband") {
    sample.Deadband = 0.5;
    CHECK(after(10, 1.5) == 1);
    CHECK(after(10, 0.4) == 2);
    CHECK(after(10, 0.9) == 2);
    CHECK(after(10, std::numeric_limits<double>::quiet_NaN()) == 3);
    CHECK(after(10, 0.9) == 4);
  }
  SECTION("a heartbeat") {
    sample.Deadband = 10;
    sample.HeartbeatMs = 1000;
    CHECK(after(999, 1) == 1);
    CHECK(after(1, 1) == 2);
    CHECK(after(999, 1) == 2);
  }
  SECTION("a trigger, and a change of quality") {
    sample.Deadband = 10;
    sample.Trigger = 1;
    CHECK(after(1, 1) == 2);
    CHECK(after(1, 1) == 2);
    sample.Quality = 3;
    CHECK(after(1, 1) == 3);
    cairn_fb_log(&log);
    const auto leaves = controller.leaves(Kind::sample);
    REQUIRE(leaves.size() == 3);
    CHECK(plc::reading_of(leaves[2]).quality == 3);
    CHECK(plc::reading_of(leaves[2]).channel == 7);
  }
  SECTION("a queue that is full: an error that goes by itself, and a gap record") {
    log.Budget = 0;
    for (int i = 0; i < CAIRN_PLC_QUEUE_RECORDS; ++i)
      after(1, i);
    CHECK(sample.ErrorID == CAIRN_PLC_E_QUEUE_FULL);
    CHECK(after(1, 1) == CAIRN_PLC_QUEUE_RECORDS);
    CHECK(log.Degraded == 1);
    CHECK(log.Lost == 1);
    log.Budget = 60000;
    after(1, 1);
    CHECK(sample.Valid == 1);
    log.Budget = 60000;
    cairn_fb_log(&log);
    cairn_fb_log(&log);
    CHECK(log.Lost == 2);
    CHECK(log.Degraded == 0);
    CHECK(controller.lost(GapReason::queue_full) == 2);
    CHECK(controller.leaves(Kind::sample).size() == CAIRN_PLC_QUEUE_RECORDS + 1);
  }
}

TEST_CASE("CAIRN_Edge: the state at first, then every edge") {
  Controller controller;
  cairn_fb_log_t log = log_block(controller);
  auto edge = zeros<cairn_fb_edge_t>();
  edge.Enable = 1;
  edge.EventId = 5;
  edge.Source = 9;
  for (const char* signal = "1100101"; *signal != 0; ++signal) {
    cairn_fb_log(&log);
    edge.Handle = log.Handle;
    edge.Signal = *signal == '1' ? 7 : 0;  // any number but 0 is TRUE
    cairn_fb_edge(&edge);
    CHECK(edge.Valid == 1);
  }
  CHECK(edge.Rises == 2);
  CHECK(edge.Falls == 2);
  cairn_fb_log(&log);
  const auto leaves = controller.leaves(Kind::event);
  REQUIRE(leaves.size() == 5);
  const Event first = plc::decoded<Event>(leaves[0], decode_event);
  CHECK((first.old_value == 1 && first.new_value == 1 && first.event_id == 5));
  const Event second = plc::decoded<Event>(leaves[1], decode_event);
  CHECK((second.old_value == 1 && second.new_value == 0 && second.source == 9));
}

TEST_CASE("CAIRN_Event and CAIRN_Correct: every field is on the log") {
  Controller controller;
  cairn_fb_log_t log = log_block(controller);
  auto event = zeros<cairn_fb_event_t>();
  event.Category = 5;
  event.EventId = 17;
  event.UserId = 3;
  event.Source = 8;
  event.Result = 2;
  event.OldValue = 40;
  event.NewValue = 45.5;
  event.UnixMs = 1690000000000;
  CHECK(scans(controller, log, event, cairn_fb_event, "10", "00") == "D.");
  auto correct = zeros<cairn_fb_correct_t>();
  correct.Corrects = 1;
  correct.Channel = 4;
  correct.OldValue = 1.5;
  correct.NewValue = 2.5;
  correct.UserId = 3;
  correct.Reason = 6;
  CHECK(scans(controller, log, correct, cairn_fb_correct, "100", "001") == "D..");
  const auto events = controller.leaves(Kind::event);
  REQUIRE(events.size() == 1);
  const Event recorded = plc::decoded<Event>(events[0], decode_event);
  CHECK(recorded.time.unix_ms == 1690000000000);
  CHECK(recorded.category == EventCategory::configuration_change);
  CHECK((recorded.event_id == 17 && recorded.user == 3 && recorded.source == 8));
  CHECK(recorded.result == EventResult::denied);
  CHECK((recorded.old_value == 40 && recorded.new_value == 45.5));
  const auto corrections = controller.leaves(Kind::correction);
  REQUIRE(corrections.size() == 1);
  const Correction made = plc::decoded<Correction>(corrections[0], decode_correction);
  CHECK((made.index == 1 && made.channel == 4 && made.user == 3 && made.reason == 6));
  CHECK((made.old_value == 1.5 && made.new_value == 2.5));
  CHECK(made.time.quality == TimeQuality::synchronised);
  event.Category = 8;
  CHECK(scans(controller, log, event, cairn_fb_event, "1", "0") == "E");
  CHECK(event.ErrorID == CAIRN_PLC_E_RANGE);
}

TEST_CASE("a struct of another version is refused by every block, and left alone") {
  const auto refuses = [](auto block, auto call) {
    std::memset(&block, 0, sizeof block);
    block.struct_size = 8;
    call(&block);
    CHECK(block.ErrorID == CAIRN_PLC_E_STRUCT_SIZE);
    CHECK(block.Error == 1);
    CHECK(block.struct_size == 8);
  };
  refuses(cairn_fb_log_t(), cairn_fb_log);
  refuses(cairn_fb_append_t(), cairn_fb_append);
  refuses(cairn_fb_sample_t(), cairn_fb_sample);
  refuses(cairn_fb_event_t(), cairn_fb_event);
  refuses(cairn_fb_correct_t(), cairn_fb_correct);
  refuses(cairn_fb_edge_t(), cairn_fb_edge);
  refuses(cairn_fb_seal_t(), cairn_fb_seal);
  refuses(cairn_fb_verify_t(), cairn_fb_verify);
  refuses(cairn_fb_anchor_t(), cairn_fb_anchor);
  refuses(cairn_fb_settime_t(), cairn_fb_settime);
  refuses(cairn_fb_status_t(), cairn_fb_status);
  refuses(cairn_fb_retain8_t(), cairn_fb_retain8);
  refuses(cairn_fb_command_t(), cairn_fb_command);
  CHECK(cairn_plc_abi() == CAIRN_PLC_ABI);
  CHECK(std::string(cairn_plc_error_text(CAIRN_PLC_E_STORAGE_FULL)) == "the log has no room");
}
