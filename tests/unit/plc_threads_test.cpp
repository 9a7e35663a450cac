// A 1 ms task, a 10 ms task and the pump, each a thread: run under the thread sanitizer by the
// suite's configuration of that name.
#include <atomic>
#include <chrono>
#include <map>
#include <thread>

#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;
using plc::zeros;

namespace {

using Clock = std::chrono::steady_clock;

uint64_t steady_ms(void*) {
  const auto now = Clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

constexpr uint32_t channels[] = {4, 5};

// The blocks besides Log, Append and Status, each as often as it can be.
struct Others {
  cairn_fb_settime_t time = zeros<cairn_fb_settime_t>();
  cairn_fb_seal_t seal = zeros<cairn_fb_seal_t>();
  cairn_fb_verify_t verify = zeros<cairn_fb_verify_t>();
  cairn_fb_anchor_t anchor = zeros<cairn_fb_anchor_t>();
  cairn_fb_retain8_t retain = zeros<cairn_fb_retain8_t>();
  cairn_fb_command_t command = zeros<cairn_fb_command_t>();
  int sealed = 0, verified = 0, restored = 0, applied = 0, wrong = 0;

  void scan(const Controller& controller, uint32_t handle, uint16_t task) {
    time.Handle = seal.Handle = verify.Handle = anchor.Handle = handle;
    retain.Handle = command.Handle = handle;
    time.Source = 3;
    time.UnixMs = 1700000000000;
    time.Execute = 1;
    cairn_fb_settime(&time);
    request(seal, cairn_fb_seal);
    sealed += seal.Done;
    request(verify, cairn_fb_verify);
    verified += verify.Done;
    wrong += verify.Done && !verify.Intact;
    anchor.Enable = anchor.LinkUp = 1;
    anchor.FrameAck = uint8_t(1 - anchor.FrameAck);
    cairn_fb_anchor(&anchor);
    keep(task);
    order(controller, channels[task]);
  }
  template <typename Block>
  static void request(Block& block, void (*call)(Block*)) {
    block.Execute = !block.Busy && !block.Execute;
    call(&block);
  }
  // Eight values that belong together.
  void keep(uint16_t task) {
    retain.Enable = 1;
    retain.Slot = task;
    retain.Restore = uint8_t(1 - retain.Restore);
    if (!retain.Busy) retain.V7 = -++retain.V0;
    cairn_fb_retain8(&retain);
    restored += retain.Restored;
    wrong += retain.Restored && retain.R7 != -retain.R0;
  }
  // A set-point whose value follows from the number of its command.
  void order(const Controller& controller, uint32_t channel) {
    if (!command.Busy && !command.Execute) {
      ++command.Sequence;
      command.Channel = channel;
      command.Value = 1.5 * double(command.Sequence);
      command.NotAfterMs = 1800000000000;
      plc::sign_order(controller, command);
    }
    request(command, cairn_fb_command);
    applied += command.Applied;
    wrong += command.Setpoint != 1.5 * double(command.InForce);
  }
};

struct Task {
  uint16_t number;
  std::chrono::milliseconds period;
  double accepted = 0, refused = 0;
  uint32_t lost = 0;
  Others others = {};

  // Appends the numbers from 1 on, in channel `number`, at every level; and calls all other blocks.
  void run(const Controller& controller, const std::atomic<bool>& stop) {
    auto log = zeros<cairn_fb_log_t>();
    auto append = zeros<cairn_fb_append_t>();
    auto durable = zeros<cairn_fb_append_t>();
    auto status = zeros<cairn_fb_status_t>();
    log.Enable = status.Enable = durable.Level = 1;
    log.TaskId = number;
    append.Channel = number;
    durable.Channel = 100;
    auto next = Clock::now();
    while (!stop) {
      cairn_fb_log(&log);
      append.Handle = durable.Handle = status.Handle = log.Handle;
      for (int burst = 0; burst < 8; ++burst) {
        append.Value = accepted + 1;
        append.Execute = 1;
        cairn_fb_append(&append);
        accepted += append.Done;
        refused += append.Error;
        append.Execute = 0;
        cairn_fb_append(&append);
      }
      durable.Execute = !durable.Busy && !durable.Execute;
      cairn_fb_append(&durable);
      cairn_fb_status(&status);
      others.scan(controller, log.Handle, number);
      lost = log.Lost;
      next += period;
      std::this_thread::sleep_until(next);
    }
    cairn_fb_log(&log);
    lost = log.Lost;
  }
};

}  // namespace

TEST_CASE("two tasks and the pump: every record once, in order, and every loss counted") {
  Controller controller(CAIRN_PLC_TASK, {1, 65536, 64, CAIRN_FLASH_NOR, 0xFF});
  controller.monotonic = steady_ms;
  controller.has_wall_clock = false;
  controller.keep(channels, 2);
  REQUIRE(controller.start() == CAIRN_OK);
  std::atomic<bool> stop{false}, stop_pump{false};
  Task tasks[] = {{0, std::chrono::milliseconds(1)}, {1, std::chrono::milliseconds(10)}};
  std::thread pump([&] {
    for (int round = 0; !stop_pump; ++round) {
      uint32_t used = 0;
      cairn_plc_pump(0, 2000, &used);
      // A pump that is late at times, so that a queue fills up.
      std::this_thread::sleep_for(std::chrono::milliseconds(round == 20 ? 100 : 1));
    }
  });
  std::thread fast([&] { tasks[0].run(controller, stop); });
  std::thread slow([&] { tasks[1].run(controller, stop); });
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  stop = true;
  fast.join();
  slow.join();
  stop_pump = true;
  pump.join();
  controller.pump(100000);

  std::map<uint32_t, double> newest;
  for (const std::vector<uint8_t>& leaf : controller.leaves(Kind::sample)) {
    const Reading reading = plc::reading_of(leaf);
    if (reading.channel == 100) continue;
    REQUIRE(reading.real == newest[reading.channel] + 1);
    newest[reading.channel] = reading.real;
  }
  for (const Task& task : tasks) {
    CHECK(task.accepted > 0);
    CHECK(newest[task.number] == task.accepted);
    CHECK(task.refused <= task.lost);
    CHECK(task.others.sealed > 0);
    CHECK(task.others.anchor.AckSize > 0);
    CHECK(task.others.restored > 0);
    CHECK(task.others.applied > 0);
    CHECK(task.others.wrong == 0);
  }
  CHECK(tasks[0].others.verified + tasks[1].others.verified > 0);
  CHECK(controller.lost(GapReason::queue_full) == tasks[0].lost + tasks[1].lost);
}
