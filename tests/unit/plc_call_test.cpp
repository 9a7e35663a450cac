// The blocks for runtimes that hold no C struct: called by scalars, with a number for each
// instance. What OpenPLC's and Beremiz's blocks, STruC++ and CODESYS compile to.
#include <cairn_plc_call.h>

#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;

namespace {

// Outputs that every block with Execute has, and the place of a record.
struct Outputs {
  uint8_t done = 0, busy = 0, error = 0;
  uint32_t error_id = 0;
  uint64_t index = 0;
};

// CAIRN_Log of task 0, called once more; its handle.
uint32_t log_handle(uint32_t& instance) {
  uint8_t valid, busy, error, warn, degraded, stopped;
  uint16_t fill, days, used, most;
  uint32_t error_id, handle, pending, lost;
  uint64_t durable, sealed, anchored;
  REQUIRE(cairn_call_log(&instance, 1, 0, 0, 100, 0, 0, 0, 0, &valid, &busy, &error, &error_id,
                         &handle, &pending, &durable, &sealed, &anchored, &fill, &days, &warn,
                         &degraded, &stopped, &lost, &used, &most) == 0);
  CHECK((error == 0 && used <= 100));
  return handle;
}

Outputs append(uint32_t& instance, uint32_t handle, bool execute, double value, uint8_t level) {
  Outputs out;
  cairn_call_append(&instance, execute, handle, 7, value, 3, 1690000000000, level, &out.done,
                    &out.busy, &out.error, &out.error_id, &out.index);
  return out;
}

}  // namespace

TEST_CASE("blocks by scalars: instances keep their state apart, and values come through") {
  Controller controller;
  REQUIRE(controller.start() == CAIRN_OK);
  uint32_t log = 0, first = 0, second = 0;
  const uint32_t handle = log_handle(log);
  CHECK((log != 0 && handle != 0));
  CHECK(append(first, handle, true, 1.5, 1).busy == 1);
  CHECK(append(second, handle, true, 2.5, 0).done == 1);
  CHECK(first != second);
  // The edge of the first one is over, the second one's is not seen by it.
  CHECK(append(first, handle, true, 9, 1).busy == 1);
  log_handle(log);
  const Outputs done = append(first, handle, true, 9, 1);
  CHECK((done.done == 1 && done.error_id == 0 && done.index != 0));
  CHECK(append(first, handle, false, 9, 1).done == 0);
  log_handle(log);
  const auto leaves = controller.leaves(Kind::sample);
  REQUIRE(leaves.size() == 2);
  const Reading reading = plc::reading_of(leaves[0]);
  CHECK((reading.channel == 7 && reading.real == 1.5 && reading.quality == 3));
  CHECK(plc::reading_of(leaves[1]).real == 2.5);
}

TEST_CASE("blocks by scalars: more instances than there are, and numbers of none, are refused") {
  Controller controller;
  REQUIRE(controller.start() == CAIRN_OK);
  uint32_t numbers[1000] = {};
  uint32_t taken = 0;
  uint8_t valid, busy, error;
  uint32_t error_id, rises, falls;
  uint32_t status = 0;
  while (taken < 1000 && status == 0) {
    status = cairn_call_edge(&numbers[taken], 0, 0, 5, 9, 1, &valid, &busy, &error, &error_id,
                             &rises, &falls);
    ++taken;
  }
  CHECK(taken > 1);
  CHECK(status == CAIRN_PLC_E_INSTANCES);
  CHECK((error == 1 && error_id == CAIRN_PLC_E_INSTANCES && valid == 0));
  CHECK(numbers[taken - 1] == 0);
  uint32_t written_by_somebody = 0xFFFFFFFF;
  CHECK(cairn_call_edge(&written_by_somebody, 1, 0, 5, 9, 1, &valid, &busy, &error, &error_id,
                        &rises, &falls) == CAIRN_PLC_E_INSTANCES);
  CHECK(cairn_call_edge(&numbers[0], 1, 0, 5, 9, 1, &valid, &busy, &error, &error_id, &rises,
                        &falls) == 0);
  CHECK(error_id == CAIRN_PLC_E_NO_HANDLE);
}
