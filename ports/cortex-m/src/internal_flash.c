/* Memory-mapped flash (Armv7-M Architecture Reference Manual, B1.5.14: BFHFNMIGN and FAULTMASK). */
#include <cairn/cortex_m/internal_flash.h>

#define UNIT_BYTES_MAX 32u
#define READ_STEP_BYTES 32u /* while interrupts wait */

static void copy(uint8_t* to, const volatile uint8_t* from, uint32_t size) {
  uint32_t i;
  for (i = 0; i < size; ++i)
    to[i] = from[i];
}

#if defined(__ARM_ARCH_7M__) || defined(__ARM_ARCH_7EM__) || defined(__ARM_ARCH_8M_MAIN__)
#define CCR (*(volatile uint32_t*)0xE000ED14u)
#define CFSR (*(volatile uint32_t*)0xE000ED28u)
#define CCR_BFHFNMIGN 0x100u /* data bus faults are ignored at the priority of FAULTMASK */
#define CFSR_BUS 0xFF00u     /* written as ones, the bus faults are forgotten */

/* 1 when the bus answered an error. */
static int copy_masked(uint8_t* to, const volatile uint8_t* from, uint32_t size) {
  const uint32_t control = CCR;
  uint32_t mask, faults;
  __asm__ volatile("mrs %0, faultmask\n cpsid f" : "=r"(mask)::"memory");
  CCR = control | CCR_BFHFNMIGN;
  CFSR = CFSR_BUS;
  __asm__ volatile("dsb\n isb" ::: "memory");
  copy(to, from, size);
  __asm__ volatile("dsb\n isb" ::: "memory");
  faults = CFSR & CFSR_BUS;
  CFSR = CFSR_BUS;
  CCR = control;
  __asm__ volatile("dsb\n isb\n msr faultmask, %0" ::"r"(mask) : "memory");
  return faults != 0;
}
#else
static int copy_masked(uint8_t* to, const volatile uint8_t* from, uint32_t size) {
  copy(to, from, size);
  return 0;
}
#endif

static uintptr_t address_of(const cairn_internal_flash* flash, uint32_t segment, uint32_t offset) {
  return flash->address + (uintptr_t)segment * flash->segment_bytes + offset;
}

static int on_read(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
  const cairn_internal_flash* flash = (const cairn_internal_flash*)user;
  const volatile uint8_t* from = (const volatile uint8_t*)address_of(flash, segment, offset);
  uint8_t* to = (uint8_t*)data;
  int failed = 0;
  if (flash->read_failed != NULL) (void)flash->read_failed(flash->user); /* what was before */
  while (size != 0) {
    const uint32_t step = size < READ_STEP_BYTES ? size : READ_STEP_BYTES;
    failed |= copy_masked(to, from, step);
    to += step;
    from += step;
    size -= step;
  }
  if (flash->read_failed != NULL) failed |= flash->read_failed(flash->user);
  return failed != 0 ? CAIRN_E_UNREADABLE : CAIRN_OK;
}

static int on_program(void* user, uint32_t segment, uint32_t offset, const void* data,
                      uint32_t size) {
  const cairn_internal_flash* flash = (const cairn_internal_flash*)user;
  uint32_t unit[UNIT_BYTES_MAX / 4]; /* the log's bytes may lie anywhere */
  uint32_t done;
  for (done = 0; done < size; done += flash->unit_bytes) {
    const uintptr_t address = address_of(flash, segment, offset + done);
    copy((uint8_t*)unit, (const uint8_t*)data + done, flash->unit_bytes);
    if (flash->program_unit(flash->user, address, unit) < 0) return CAIRN_E_IO;
  }
  return CAIRN_OK;
}

static int on_erase(void* user, uint32_t segment) {
  const cairn_internal_flash* flash = (const cairn_internal_flash*)user;
  return flash->erase(flash->user, address_of(flash, segment, 0)) < 0 ? CAIRN_E_IO : CAIRN_OK;
}

int cairn_internal_flash_open(cairn_internal_flash* flash, cairn_flash* out) {
  const cairn_flash empty = CAIRN_FLASH_INIT;
  uint32_t unit;
  if (flash == NULL || out == NULL || flash->struct_size != sizeof *flash ||
      flash->program_unit == NULL || flash->erase == NULL)
    return CAIRN_E_BAD_ARGUMENT;
  unit = flash->unit_bytes;
  if ((unit != 4 && unit != 8 && unit != 16 && unit != 32) || flash->address % unit != 0)
    return CAIRN_E_BAD_ARGUMENT;
  *out = empty;
  out->unit_bytes = unit;
  out->segment_bytes = flash->segment_bytes;
  out->segment_count = flash->segment_count;
  out->kind = flash->kind;
  out->erased = flash->erased;
  out->user = flash;
  out->read = on_read;
  out->program = on_program;
  out->erase = on_erase;
  return CAIRN_OK;
}
