// The adapter to FreeRTOS, over the two functions of the kernel that it calls.
#include <cairn/freertos.h>

#include "support/catch.hpp"
// clang-format off: task.h needs what FreeRTOS.h declares
#include <FreeRTOS.h>
#include <task.h>
// clang-format on

namespace {
TimeOut_t now{};
}
void vTaskSetTimeOutState(TimeOut_t* out) {
  *out = now;
}
void vTaskDelay(TickType_t ticks) {
  now.xTimeOnEntering = static_cast<TickType_t>(now.xTimeOnEntering + ticks);
}

TEST_CASE("FreeRTOS: milliseconds of any tick, over its overflows") {
  cairn_platform platform;
  REQUIRE(cairn_freertos_platform(&platform) == CAIRN_OK);
  CHECK(platform.wall_clock == nullptr);
  CHECK(platform.entropy == nullptr);
  const auto ms = [&](BaseType_t overflows, TickType_t ticks) {
    now = {overflows, ticks};
    return platform.monotonic_ms(platform.user);
  };
  const uint64_t one_round = uint64_t{portMAX_DELAY} + 1;  // 0: of 64 bits, never round
  CHECK(ms(0, 0) == 0);
  CHECK(ms(0, 1) == 3);
  CHECK(ms(0, 300) == 1000);
  CHECK(ms(0, 65535) == 218450);
  if (one_round != 0) {
    CHECK(ms(1, 0) == one_round * 1000 / 300);
    CHECK(ms(1, 0) >= ms(0, portMAX_DELAY));
    CHECK(ms(7, 299) == (one_round * 7 + 299) * 1000 / 300);
  }
  CHECK(cairn_freertos_platform(nullptr) == CAIRN_E_BAD_ARGUMENT);
}

TEST_CASE("FreeRTOS: waiting for flash sleeps a tick") {
  now = {0, 5};
  CHECK(cairn_freertos_wait(nullptr) == 0);
  CHECK(now.xTimeOnEntering == 6);
}
