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

struct Task {
  uint16_t number;
  std::chrono::milliseconds period;
  double accepted = 0, refused = 0;
  uint32_t lost = 0;

  // Appends the numbers from 1 on, in channel `number`, at every level; and looks at the status.
  void run(const std::atomic<bool>& stop) {
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
  REQUIRE(controller.start() == CAIRN_OK);
  std::atomic<bool> stop{false}, stop_pump{false};
  Task tasks[] = {{0, std::chrono::milliseconds(1)}, {1, std::chrono::milliseconds(10)}};
  std::thread pump([&] {
    for (int round = 0; !stop_pump; ++round) {
      uint32_t used = 0;
      cairn_plc_pump(0, 50, &used);
      // A pump that is late at times, so that a queue fills up.
      std::this_thread::sleep_for(std::chrono::milliseconds(round == 20 ? 100 : 1));
    }
  });
  std::thread fast([&] { tasks[0].run(stop); });
  std::thread slow([&] { tasks[1].run(stop); });
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
  }
  CHECK(controller.lost(GapReason::queue_full) == tasks[0].lost + tasks[1].lost);
}
