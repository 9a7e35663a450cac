// What every function block but CAIRN_Log shows scan by scan: a table for those with Execute, one
// for those with Enable; and how each ends when its log goes away under it.
#include <functional>

#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;
using plc::zeros;

namespace {

constexpr uint32_t channel = 4;

// A controller of which all blocks may be used, and the log of its task 0, valid.
struct Plant {
  explicit Plant(uint8_t pump) : controller(pump) {
    if (pump == CAIRN_PLC_TASK) controller.keep(&channel, 1);
    REQUIRE(controller.start() == CAIRN_OK);
    log.Enable = 1;
    scan(true);
    scan(true);
    REQUIRE(log.Valid == 1);
  }
  // The next scan; the log works before it, or not.
  void scan(bool pumps) {
    controller.now_ms += 10;
    log.Budget = pumps ? 100 : 0;
    if (pumps && controller.log.pump == CAIRN_PLC_TASK) controller.pump();
    cairn_fb_log(&log);
  }

  Controller controller;
  cairn_fb_log_t log = zeros<cairn_fb_log_t>();
};

// ---- Execute ----

// What a block shows after a call: idle, Busy, Done or Error.
template <typename Block>
char shown(const Block& block) {
  const int on = block.Done + block.Busy + block.Error;
  if (on > 1 || (block.Error != 0) != (block.ErrorID != 0)) return '?';
  return block.Done ? 'D' : block.Busy ? 'B' : block.Error ? 'E' : '.';
}

// Any block with Execute.
struct Request {
  const char* name;
  uint8_t pump;
  // A new block of the plant, as a function that calls it.
  std::function<std::function<char(uint32_t handle, bool execute)>(Plant&)> make;
};

uint32_t last_error;  // the ErrorID that the newest of these calls has shown

template <typename Block>
Request request(const char* name, uint8_t pump, void (*call)(Block*),
                void (*prepare)(const Controller&, Block&)) {
  return {name, pump, [=](Plant& plant) {
            auto block = std::make_shared<Block>(zeros<Block>());
            prepare(plant.controller, *block);
            return [=](uint32_t handle, bool execute) {
              block->Handle = handle;
              block->Execute = execute;
              call(block.get());
              last_error = block->ErrorID;
              return shown(*block);
            };
          }};
}

std::vector<Request> requests() {
  const uint8_t in_scan = CAIRN_PLC_INLINE, in_task = CAIRN_PLC_TASK;
  std::vector<Request> out;
  for (const uint8_t pump : {in_scan, in_task}) {
    out.push_back(
        request<cairn_fb_append_t>("append", pump, cairn_fb_append,
                                   [](const Controller&, cairn_fb_append_t& b) { b.Level = 1; }));
    out.push_back(
        request<cairn_fb_event_t>("event", pump, cairn_fb_event,
                                  [](const Controller&, cairn_fb_event_t& b) { b.Level = 1; }));
    out.push_back(
        request<cairn_fb_correct_t>("correct", pump, cairn_fb_correct,
                                    [](const Controller&, cairn_fb_correct_t& b) { b.Level = 1; }));
    out.push_back(request<cairn_fb_seal_t>("seal", pump, cairn_fb_seal,
                                           [](const Controller&, cairn_fb_seal_t&) {}));
    out.push_back(request<cairn_fb_settime_t>(
        "settime", pump, cairn_fb_settime,
        [](const Controller&, cairn_fb_settime_t& b) { b.UnixMs = 1800000000000; }));
  }
  out.push_back(request<cairn_fb_verify_t>("verify", in_task, cairn_fb_verify,
                                           [](const Controller&, cairn_fb_verify_t&) {}));
  // Another number each time: a repeated one is out of order. Here one request is Done at most.
  out.push_back(request<cairn_fb_command_t>("command", in_task, cairn_fb_command,
                                            [](const Controller& c, cairn_fb_command_t& b) {
                                              b.Channel = channel;
                                              b.Sequence = 1;
                                              b.NotAfterMs = uint64_t(INT64_MAX);
                                              plc::sign_order(c, b);
                                            }));
  return out;
}

struct Row {
  const char* execute;
  const char* pumps;
  const char* shown;
};

// The answer of a request is there in the scan after the one in which the pump did it.
const Row once_rows[] = {
    {"1111", "0111", "BDDD"},     // held: Done stays
    {"10000", "01111", "BD..."},  // a pulse of one scan: Done for one call
    {"1110", "0111", "BDD."},     // Done falls with Execute
    {"10000", "00011", "BBBD."},  // Execute fell long before
    {"10100", "00011", "BBE.."},  // again while busy: refused, and not followed any more
    {"10111", "00011", "BBEEE"},  // and stays while held
    {"0000", "1111", "...."},
};
const Row again_rows[] = {
    {"1010", "0111", "BDBD"},  // one after the other
    {"11001100", "01110111", "BD..BD.."},
    {"1010011", "0001111", "BBE..BD"},  // refused, then a new one
};

std::string run(const Request& request, const Row& row) {
  Plant plant(request.pump);
  const auto call = request.make(plant);
  std::string out;
  for (size_t i = 0; row.execute[i] != 0; ++i) {
    plant.scan(row.pumps[i] == '1');
    out += call(plant.log.Handle, row.execute[i] == '1');
  }
  return out;
}

// ---- Enable ----

struct Watcher {
  const char* name;
  std::function<std::function<char(uint32_t handle, bool enable)>()> make;
};

template <typename Block>
Watcher watcher(const char* name, void (*call)(Block*)) {
  return {name, [=] {
            auto block = std::make_shared<Block>(zeros<Block>());
            return [=](uint32_t handle, bool enable) {
              block->Handle = handle;
              block->Enable = enable;
              call(block.get());
              last_error = block->ErrorID;
              if (block->Valid + block->Error > 1 || block->Busy != 0) return '?';
              return block->Valid ? 'V' : block->Error ? 'E' : '.';
            };
          }};
}

const Watcher watchers[] = {
    watcher("sample", cairn_fb_sample),   watcher("edge", cairn_fb_edge),
    watcher("anchor", cairn_fb_anchor),   watcher("status", cairn_fb_status),
    watcher("retain8", cairn_fb_retain8),
};

}  // namespace

TEST_CASE("Execute, scan by scan: a pulse, held, again while busy, one after the other") {
  for (const Request& request : requests()) {
    for (const Row& row : once_rows) {
      INFO(request.name << " " << int(request.pump) << " " << row.execute << " " << row.pumps);
      CHECK(run(request, row) == row.shown);
    }
    if (std::string(request.name) == "command") continue;
    for (const Row& row : again_rows) {
      INFO(request.name << " " << int(request.pump) << " " << row.execute << " " << row.pumps);
      CHECK(run(request, row) == row.shown);
    }
  }
}

TEST_CASE("Execute: a log that is closed or taken over ends each request that waits for it") {
  for (const Request& request : requests()) {
    for (const bool taken_over : {false, true}) {
      INFO(request.name << " " << int(request.pump) << " " << taken_over);
      Plant plant(request.pump);
      const auto call = request.make(plant);
      const uint32_t handle = plant.log.Handle;
      plant.scan(false);
      REQUIRE(call(handle, true) == 'B');
      auto other = zeros<cairn_fb_log_t>();
      if (taken_over) {
        other.Enable = 1;
        cairn_fb_log(&other);
      } else {
        plant.log.Enable = 0;
        plant.scan(false);
      }
      CHECK(call(handle, true) == 'E');
      CHECK(last_error == CAIRN_PLC_E_CLOSED);
      CHECK(call(handle, true) == 'E');
      CHECK(call(handle, false) == '.');
      CHECK(call(handle, true) == 'E');
      CHECK(last_error == CAIRN_PLC_E_STALE_HANDLE);
      CHECK(call(handle, false) == '.');
      // With the new handle it works again, whatever became of the request before.
      plant.log.Enable = 1;
      if (!taken_over) plant.scan(true);
      const uint32_t now = taken_over ? other.Handle : plant.log.Handle;
      CHECK(call(now, true) == 'B');
      CHECK(call(now, false) == 'B');
    }
  }
}

TEST_CASE("Execute: without a handle, or room in the queue, each is refused at the edge") {
  for (const Request& request : requests()) {
    INFO(request.name << " " << int(request.pump));
    Plant plant(request.pump);
    const auto call = request.make(plant);
    CHECK(call(0, true) == 'E');
    CHECK(last_error == CAIRN_PLC_E_NO_HANDLE);
    CHECK(call(0, true) == 'E');
    CHECK(call(0, false) == '.');
    auto append = zeros<cairn_fb_append_t>();
    append.Handle = plant.log.Handle;
    for (int i = 0; i < 2 * CAIRN_PLC_QUEUE_RECORDS; ++i) {
      append.Execute = uint8_t(1 - append.Execute);
      cairn_fb_append(&append);
    }
    CHECK(call(plant.log.Handle, true) == 'E');
    CHECK(last_error == CAIRN_PLC_E_QUEUE_FULL);
    CHECK(call(plant.log.Handle, false) == '.');
    for (int i = 0; i < 50; ++i)
      plant.scan(true);
    CHECK(call(plant.log.Handle, true) == 'B');
  }
}

TEST_CASE("Enable: on, off, without a handle, and a log that is closed") {
  for (const Watcher& watcher : watchers) {
    INFO(watcher.name);
    Plant plant(CAIRN_PLC_TASK);
    const auto call = watcher.make();
    const uint32_t handle = plant.log.Handle;
    CHECK(call(handle, false) == '.');
    CHECK(call(handle, true) == 'V');  // for one scan
    CHECK(call(handle, false) == '.');
    CHECK(call(handle, true) == 'V');  // held
    plant.scan(true);
    CHECK(call(handle, true) == 'V');
    CHECK(call(0, true) == 'E');  // an error comes and goes by itself
    CHECK(last_error == CAIRN_PLC_E_NO_HANDLE);
    CHECK(call(handle, true) == 'V');
    CHECK(last_error == 0);
    plant.log.Enable = 0;
    plant.scan(false);
    CHECK(call(handle, true) == 'E');
    CHECK(last_error == CAIRN_PLC_E_STALE_HANDLE);
    CHECK(call(handle, false) == '.');
    CHECK(last_error == 0);
  }
}
