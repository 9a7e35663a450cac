// The adapter to FreeRTOS, over the functions of the kernel that it calls.
#include <cairn/freertos.h>

#include "support/catch.hpp"
// clang-format off: task.h needs what FreeRTOS.h declares
#include <FreeRTOS.h>
#include <semphr.h>
#include <task.h>
// clang-format on

namespace {
TimeOut_t now{};
int depth = 0;       // of taking the mutex
int impatience = 0;  // how often taking it is in vain
}  // namespace
struct QueueDefinition {};

BaseType_t xSemaphoreTake(SemaphoreHandle_t, TickType_t ticks) {
  CHECK(ticks == portMAX_DELAY);
  if (impatience-- > 0) return 0;
  ++depth;
  return pdTRUE;
}
BaseType_t xSemaphoreGive(SemaphoreHandle_t) {
  --depth;
  return pdTRUE;
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

TEST_CASE("FreeRTOS: a mutex is a lock") {
  QueueDefinition mutex;
  cairn_lock lock;
  REQUIRE(cairn_freertos_lock(&mutex, &lock) == CAIRN_OK);
  CHECK(lock.user == &mutex);
  impatience = 2;  // without INCLUDE_vTaskSuspend even the longest wait ends
  lock.take(lock.user);
  CHECK(depth == 1);
  CHECK(impatience == -1);
  lock.give(lock.user);
  CHECK(depth == 0);
  CHECK(cairn_freertos_lock(nullptr, &lock) == CAIRN_E_BAD_ARGUMENT);
  CHECK(cairn_freertos_lock(&mutex, nullptr) == CAIRN_E_BAD_ARGUMENT);
}
