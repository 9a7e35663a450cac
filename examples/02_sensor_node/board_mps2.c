/* QEMU's boards mps2-an385, -an386 and -an500: UART 0, SysTick, and 16 MiB of memory at 0x21000000.
 * The emulator keeps that memory in a file, so what was stored when its power went is still there;
 * the first of it plays a flash, byte by byte, slowly enough for the power to go in the middle. */
#include "board.h"

#include <cairn/cortex_m/entropy.h>
#include <cairn/cortex_m/internal_flash.h>
#include <cairn/cortex_m/systick.h>

enum { clock_hz = 25000000, unit_bytes = 4, segment_bytes = 4096, segment_count = 8 };
enum { steps_a_byte = 15000, steps_an_erased_byte = 250 }; /* of a waiting loop */

#define MEMORY 0x21000000u
/* The part's random number generator: 32 bytes that whoever starts the emulator puts there. */
#define RANDOM_BYTES (MEMORY + 0x00F00000u)

#define UART_DATA (*(volatile uint32_t*)0x40004000u)
#define UART_STATE (*(volatile uint32_t*)0x40004004u)
#define UART_CONTROL (*(volatile uint32_t*)0x40004008u)
#define UART_DIVIDER (*(volatile uint32_t*)0x40004010u)
enum { uart_sending = 1, uart_received = 2, uart_both_ways = 3 };

static cairn_flash flash;
static cairn_platform platform;

static void wait_steps(uint32_t steps) {
  for (volatile uint32_t left = steps; left != 0; --left) {
  }
}

/* Bits only go from 1 to 0, and not all at once. */
static int program_unit(void* user, uintptr_t address, const void* data) {
  (void)user;
  volatile uint8_t* to = (volatile uint8_t*)address;
  const uint8_t* from = data;
  for (uint32_t i = 0; i < unit_bytes; ++i) {
    to[i] = to[i] & (from[i] | 0x5A);
    wait_steps(steps_a_byte);
    to[i] = to[i] & from[i];
  }
  return 0;
}

static int erase(void* user, uintptr_t address) {
  (void)user;
  volatile uint8_t* at = (volatile uint8_t*)address;
  for (uint32_t i = 0; i < segment_bytes; ++i) {
    at[i] = at[i] | 0xA5;
    wait_steps(steps_an_erased_byte);
    at[i] = 0xFF;
  }
  return 0;
}

void SysTick_Handler(void);
void SysTick_Handler(void) {
  cairn_systick_tick();
}

int board_start(void) {
  static cairn_internal_flash memory = CAIRN_INTERNAL_FLASH_INIT;
  UART_DIVIDER = 16;
  UART_CONTROL = uart_both_ways;
  memory.address = MEMORY;
  memory.unit_bytes = unit_bytes;
  memory.segment_bytes = segment_bytes;
  memory.segment_count = segment_count;
  memory.kind = CAIRN_FLASH_NOR;
  memory.program_unit = program_unit;
  memory.erase = erase;
  const int status = cairn_systick_start(clock_hz, &platform);
  return status < 0 ? status : cairn_internal_flash_open(&memory, &flash);
}

const cairn_flash* board_flash(void) {
  return &flash;
}
const cairn_platform* board_platform(void) {
  return &platform;
}

/* Simulated: a press that strokes once in 256 readings, and warms up a little with each. */
static uint16_t reading_number;

uint16_t board_pressure(void) {
  const uint32_t phase = ++reading_number % 256u;
  return (uint16_t)(phase < 128 ? 10 + phase * 16 : 10 + (256 - phase) * 16);
}
uint16_t board_temperature(void) {
  return (uint16_t)(2150 + reading_number / 64u);
}

void board_uart_write(uint8_t byte) {
  while ((UART_STATE & uart_sending) != 0) {
  }
  UART_DATA = byte;
}
int board_uart_read(void) {
  return (UART_STATE & uart_received) != 0 ? (int)(UART_DATA & 0xFF) : -1;
}

/* Each call hashes those bytes with a number of its own. */
int cairn_cortex_m_entropy(void* out, size_t size) {
  static uint32_t calls;
  uint8_t* to = out;
  while (size != 0) {
    cairn_sha256_state state;
    cairn_digest digest;
    ++calls;
    cairn_sha256_start(&state);
    cairn_sha256_update(&state, (const void*)RANDOM_BYTES, 32);
    cairn_sha256_update(&state, &calls, sizeof calls);
    cairn_sha256_finish(&state, &digest);
    for (size_t i = 0; i < sizeof digest.bytes && size != 0; ++i, --size)
      *to++ = digest.bytes[i];
  }
  return 0;
}
