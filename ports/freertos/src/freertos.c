#include <cairn/freertos.h>

#include <FreeRTOS.h>
#include <semphr.h>
#include <task.h>

#define MS_A_SECOND 1000u

/* The kernel tells the tick and how often it has overflowed at one instant. portMAX_DELAY is the
 * largest tick; a tick of 64 bits does not overflow, and its product is 0 here. */
static uint64_t monotonic_ms(void* user) {
  TimeOut_t now;
  uint64_t ticks;
  (void)user;
  vTaskSetTimeOutState(&now);
  ticks = (uint64_t)(UBaseType_t)now.xOverflowCount * ((uint64_t)portMAX_DELAY + 1u);
  ticks += now.xTimeOnEntering;
  return ticks / configTICK_RATE_HZ * MS_A_SECOND +
         ticks % configTICK_RATE_HZ * MS_A_SECOND / configTICK_RATE_HZ;
}

int cairn_freertos_platform(cairn_platform* out) {
  static const cairn_platform nothing = CAIRN_PLATFORM_INIT;
  if (out == NULL) return CAIRN_E_BAD_ARGUMENT;
  *out = nothing;
  out->monotonic_ms = monotonic_ms;
  return CAIRN_OK;
}

int cairn_freertos_wait(void* user) {
  (void)user;
  vTaskDelay(1);
  return 0;
}

static void take(void* user) {
  while (xSemaphoreTake((SemaphoreHandle_t)user, portMAX_DELAY) != pdTRUE) {
  }
}
static void give(void* user) {
  (void)xSemaphoreGive((SemaphoreHandle_t)user);
}

int cairn_freertos_lock(void* mutex, cairn_lock* out) {
  static const cairn_lock nothing = CAIRN_LOCK_INIT;
  if (mutex == NULL || out == NULL) return CAIRN_E_BAD_ARGUMENT;
  *out = nothing;
  out->user = mutex;
  out->take = take;
  out->give = give;
  return CAIRN_OK;
}
