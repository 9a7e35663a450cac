#ifndef CAIRN_TEST_FREERTOS_TASK_H
#define CAIRN_TEST_FREERTOS_TASK_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct xTIME_OUT {
  BaseType_t xOverflowCount;
  TickType_t xTimeOnEntering;
} TimeOut_t;

void vTaskSetTimeOutState(TimeOut_t* const pxTimeOut);
void vTaskDelay(const TickType_t xTicksToDelay);

#ifdef __cplusplus
}
#endif

#endif
