// What CAIRN_Log shows scan by scan; the other blocks are in plc_execute_test.cpp.
#include "support/catch.hpp"
#include "support/plc.hpp"

using plc::Controller;
using plc::zeros;

namespace {

struct Row {
  const char* enable;
  const char* works;  // whether the log is worked on in that scan
  const char* shown;
};

const Row rows[] = {
    {"1111", "0011", "BBVV"},  // Busy until the log is open
    {"1110", "0111", "BVV."},  // off
    {"1010", "0000", "B.B."},  // off before it was open
    {"1101", "0100", "BV.V"},  // and on again: it is open
    {"0000", "0000", "...."},
};

char shown(const cairn_fb_log_t& log) {
  if (log.Valid + log.Busy + log.Error > 1 || (log.Error != 0) != (log.ErrorID != 0)) return '?';
  if ((log.Handle != 0) != (log.Valid || log.Busy)) return '?';
  return log.Valid ? 'V' : log.Busy ? 'B' : log.Error ? 'E' : '.';
}

// A controller with a log that is there, and not open yet.
void start_unopened(Controller& controller) {
  REQUIRE(controller.start() == CAIRN_OK);
  if (controller.log.pump == CAIRN_PLC_TASK) REQUIRE(controller.pump() == CAIRN_OK);
  controller.log.create = 0;
  REQUIRE(controller.start() == CAIRN_OK);
}

}  // namespace

TEST_CASE("CAIRN_Log, scan by scan: until the log is open, off, on again") {
  for (const uint8_t pump : {uint8_t{CAIRN_PLC_INLINE}, uint8_t{CAIRN_PLC_TASK}}) {
    for (const Row& row : rows) {
      INFO(int(pump) << " " << row.enable << " " << row.works);
      Controller controller(pump);
      start_unopened(controller);
      auto log = zeros<cairn_fb_log_t>();
      std::string out;
      for (size_t i = 0; row.enable[i] != 0; ++i) {
        log.Enable = row.enable[i] == '1';
        log.Budget = row.works[i] == '1' ? 100 : 0;
        if (log.Budget != 0 && pump == CAIRN_PLC_TASK) controller.pump();
        cairn_fb_log(&log);
        out += shown(log);
      }
      CHECK(out == row.shown);
    }
  }
}

TEST_CASE("CAIRN_Log: wrong numbers are an error as long as they are wrong; a task has one") {
  Controller controller(CAIRN_PLC_TASK);
  start_unopened(controller);
  REQUIRE(controller.pump() == CAIRN_OK);
  auto first = zeros<cairn_fb_log_t>();
  first.Enable = 1;
  cairn_fb_log(&first);
  REQUIRE(shown(first) == 'V');
  auto log = zeros<cairn_fb_log_t>();
  const auto call = [&log](uint16_t log_id, uint16_t task, bool enable = true) {
    log.LogId = log_id;
    log.TaskId = task;
    log.Enable = enable;
    cairn_fb_log(&log);
    return shown(log);
  };
  CHECK(call(9, 1) == 'E');
  CHECK(log.ErrorID == CAIRN_PLC_E_LOG_ID);
  CHECK(call(9, 1) == 'E');
  CHECK(call(0, CAIRN_PLC_TASKS) == 'E');
  CHECK(log.ErrorID == CAIRN_PLC_E_TASK);
  CHECK(call(0, 1) == 'V');
  CHECK(call(9, 1) == 'E');
  CHECK(call(9, 1, false) == '.');
  CHECK(call(0, 0) == 'V');  // another one has it
  for (int i = 0; i < 2; ++i) {
    cairn_fb_log(&first);
    CHECK(shown(first) == 'E');
    CHECK(first.ErrorID == CAIRN_PLC_E_TAKEN_OVER);
  }
  first.Enable = 0;
  cairn_fb_log(&first);
  CHECK(shown(first) == '.');
  first.Enable = 1;
  cairn_fb_log(&first);
  CHECK(shown(first) == 'V');
  CHECK(call(0, 0) == 'E');
}
