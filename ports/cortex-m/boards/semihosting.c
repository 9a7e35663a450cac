/* Arm semihosting for M-profile cores ("Semihosting for AArch32 and AArch64", release 2.0). */
#include "semihosting.h"

enum {
  sys_open = 0x01,
  sys_close = 0x02,
  sys_write0 = 0x04,
  sys_write = 0x05,
  sys_read = 0x06,
  sys_seek = 0x0A,
  sys_get_cmdline = 0x15,
  sys_exit_extended = 0x20
};
#define APPLICATION_EXIT 0x20026u /* ADP_Stopped_ApplicationExit */

static int call(int operation, const void* argument) {
  register int r0 __asm__("r0") = operation;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory", "cc");
  return r0;
}

static uint32_t address(const void* pointer) {
  return (uint32_t)(uintptr_t)pointer;
}

void semihosting_print(const char* text) {
  (void)call(sys_write0, text);
}

void semihosting_exit(int status) {
  const uint32_t block[2] = {APPLICATION_EXIT, (uint32_t)status};
  for (;;)
    (void)call(sys_exit_extended, block);
}

int semihosting_arguments(char* out, size_t capacity) {
  const uint32_t block[2] = {address(out), (uint32_t)capacity};
  return call(sys_get_cmdline, block) == 0 ? 0 : -1;
}

int semihosting_open(const char* path, int mode) {
  size_t length = 0;
  while (path[length] != 0)
    ++length;
  const uint32_t block[3] = {address(path), (uint32_t)mode, (uint32_t)length};
  return call(sys_open, block);
}

int semihosting_close(int handle) {
  const uint32_t block[1] = {(uint32_t)handle};
  return call(sys_close, block);
}

/* Both answer with the number of bytes that are left. */
int semihosting_read(int handle, void* data, size_t size) {
  const uint32_t block[3] = {(uint32_t)handle, address(data), (uint32_t)size};
  return call(sys_read, block) == 0 ? 0 : -1;
}

int semihosting_write(int handle, const void* data, size_t size) {
  const uint32_t block[3] = {(uint32_t)handle, address(data), (uint32_t)size};
  return call(sys_write, block) == 0 ? 0 : -1;
}

int semihosting_seek(int handle, uint32_t position) {
  const uint32_t block[2] = {(uint32_t)handle, position};
  return call(sys_seek, block) == 0 ? 0 : -1;
}
