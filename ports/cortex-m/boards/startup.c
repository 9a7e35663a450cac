/* Start-up of any Armv6-M, Armv7-M or Armv8-M core: vectors, memory, constructors, main().
 *
 * The stack is painted before main() and its lowest part watched: the emulated boards have memory,
 * or nothing that faults, below it. A fault says where it was and what the core knows of it (CFSR,
 * which Armv6-M has not), and ends the run with status 98; a stack that ran over, with 97. To be
 * compiled into each program: nothing refers to the vectors, so a linker would leave them in a
 * library.
 */
#include <stdint.h>

#include "board.h"
#include "semihosting.h"

#define STACK_PAINT 0xC5C5C5C5u
#define STACK_GUARD_WORDS 16
enum { status_stack = 97, status_fault = 98 };

extern uint32_t cairn_data_load, cairn_data_start, cairn_data_end, cairn_bss_start, cairn_bss_end;
extern uint32_t cairn_stack_bottom, cairn_stack_top;
extern void (*cairn_init_start[])(void);
extern void (*cairn_init_end[])(void);
extern int main(void);

void Reset_Handler(void) __attribute__((noreturn));

static void print_hex(const char* before, uint32_t number) {
  char text[11] = "0x";
  for (int i = 0; i < 8; ++i)
    text[2 + i] = "0123456789abcdef"[number >> (28 - 4 * i) & 0xFu];
  text[10] = 0;
  semihosting_print(before);
  semihosting_print(text);
}

enum { stacked_pc = 6 }; /* r0 to r3, r12, lr, pc, xpsr */

__attribute__((used, noreturn)) static void report_fault(const uint32_t* frame) {
  print_hex("fault at ", frame[stacked_pc]);
#if !defined(__ARM_ARCH_6M__)
  print_hex(", CFSR ", *(const volatile uint32_t*)0xE000ED28u);
#endif
  semihosting_print("\n");
  semihosting_exit(status_fault);
}
/* These programs have one stack: what the core has put there is where it now ends. */
__attribute__((naked)) static void fault(void) {
  __asm__ volatile("mov r0, sp\n bl report_fault");
}
static void ignore(void) {}
void SysTick_Handler(void) __attribute__((weak));
void SysTick_Handler(void) {}

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
    (void (*)(void))(uintptr_t)&cairn_stack_top,
    Reset_Handler,
    ignore, /* NMI */
    fault,  /* HardFault, MemManage, BusFault, UsageFault, SecureFault */
    fault,
    fault,
    fault,
    fault,
    0,
    0,
    0,
    ignore, /* SVCall, DebugMonitor, PendSV */
    ignore,
    0,
    ignore,
    SysTick_Handler,
};

void board_paint_stack(void) {
  volatile uint32_t here = 0;
  volatile uint32_t* word = &cairn_stack_bottom;
  while (word + 8 < &here)
    *word++ = STACK_PAINT;
}

uint32_t board_stack_unused(void) {
  const volatile uint32_t* word = &cairn_stack_bottom;
  while (word < &cairn_stack_top && *word == STACK_PAINT)
    ++word;
  return (uint32_t)((uintptr_t)word - (uintptr_t)&cairn_stack_bottom);
}

void Reset_Handler(void) {
  const uint32_t* from = &cairn_data_load;
  for (uint32_t* to = &cairn_data_start; to < &cairn_data_end;)
    *to++ = *from++;
  for (volatile uint32_t* to = &cairn_bss_start; to < &cairn_bss_end;)
    *to++ = 0;
#if defined(__ARM_FP)
  *(volatile uint32_t*)0xE000ED88u |= 0xFu << 20; /* CPACR: CP10 and CP11 */
  __asm__ volatile("dsb\n isb");
#endif
  board_paint_stack();
  for (void (**constructor)(void) = cairn_init_start; constructor < cairn_init_end; ++constructor)
    (*constructor)();
  const int status = main();
  if (board_stack_unused() < STACK_GUARD_WORDS * sizeof(uint32_t)) {
    semihosting_print("the stack ran over\n");
    semihosting_exit(status_stack);
  }
  semihosting_exit(status);
}
