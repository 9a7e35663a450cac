#ifndef CAIRN_TEST_FREERTOS_SEMPHR_H
#define CAIRN_TEST_FREERTOS_SEMPHR_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct QueueDefinition* SemaphoreHandle_t;
#define pdTRUE ((BaseType_t)1)
/* Macros over functions of queues in the kernel. */
BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks);
BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore);

#ifdef __cplusplus
}
#endif

#endif
