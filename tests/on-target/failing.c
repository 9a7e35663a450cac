/* Programs that fail, one for each FAILS_BY_: failing.py has what is expected of them. */
#include <stdint.h>

#if defined(FAILS_BY_STATUS)
int main(void) {
  return 37;
}
#elif defined(FAILS_BY_FAULT)
__attribute__((noinline)) void undefined_instruction(void);
void undefined_instruction(void) {
  __asm__ volatile("udf #0");
}
int main(void) {
  undefined_instruction();
  return 0;
}
#elif defined(FAILS_BY_STACK)
/* Leaves a mark where a stack that runs over does. */
int main(void) {
  extern uint32_t cairn_stack_bottom;
  *(volatile uint32_t*)&cairn_stack_bottom = 0;
  return 0;
}
#elif defined(FAILS_BY_HANGING)
int main(void) {
  for (volatile uint32_t i = 0;;)
    i = i + 1;
}
#endif
