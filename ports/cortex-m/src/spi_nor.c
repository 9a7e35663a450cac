/* SPI NOR (JESD216: the commands that practically all chips share). */
#include <cairn/cortex_m/spi_nor.h>

enum {
  command_write_enable = 0x06,
  command_read_status = 0x05,
  command_read_id = 0x9F,
  command_wake = 0xAB,
  /* With addresses of three bytes, and of four. */
  command_read = 0x03,
  command_read_far = 0x13,
  command_program = 0x02,
  command_program_far = 0x12,
  command_erase_4k = 0x20,
  command_erase_4k_far = 0x21,
  command_erase_64k = 0xD8,
  command_erase_64k_far = 0xDC
};
enum { status_busy = 0x01, status_enabled = 0x02 };
#define PAGE_BYTES 256u
#define SECTOR_BYTES 4096u
#define BLOCK_BYTES 65536u
#define WAKE_BYTES 1024u      /* 60 us on a bus of 133 MHz: longer than chips take to wake */
#define NEAR_BYTES 0x1000000u /* what three bytes of address reach */

/* One transaction: the command, then `size` bytes out or in. */
static int transact(const cairn_spi_nor* nor, const uint8_t* command, uint32_t command_size,
                    const uint8_t* out, uint8_t* in, uint32_t size) {
  int result;
  nor->select(nor->user, 1);
  result = nor->exchange(nor->user, command, NULL, command_size);
  if (result >= 0 && size != 0) result = nor->exchange(nor->user, out, in, size);
  nor->select(nor->user, 0);
  return result < 0 ? CAIRN_E_IO : CAIRN_OK;
}

static int simple(const cairn_spi_nor* nor, uint8_t command) {
  return transact(nor, &command, 1, NULL, NULL, 0);
}

static int read_status(const cairn_spi_nor* nor, uint8_t* status) {
  const uint8_t command = command_read_status;
  return transact(nor, &command, 1, NULL, status, 1);
}

/* A command with an address, in the form that reaches it. */
static int at(const cairn_spi_nor* nor, uint8_t near, uint8_t far, uint32_t address,
              const uint8_t* out, uint8_t* in, uint32_t size) {
  uint8_t command[5];
  uint32_t count = 0;
  const int is_far = nor->capacity_bytes > NEAR_BYTES;
  command[count++] = is_far ? far : near;
  if (is_far) command[count++] = (uint8_t)(address >> 24);
  command[count++] = (uint8_t)(address >> 16);
  command[count++] = (uint8_t)(address >> 8);
  command[count++] = (uint8_t)address;
  return transact(nor, command, count, out, in, size);
}

/* A bus without a chip reads as all ones, which no chip says of itself. */
static int wait_until_ready(const cairn_spi_nor* nor) {
  for (;;) {
    uint8_t status = 0;
    if (read_status(nor, &status) < 0 || status == 0xFF) return CAIRN_E_IO;
    if ((status & status_busy) == 0) return CAIRN_OK;
    if (nor->wait != NULL && nor->wait(nor->user) < 0) return CAIRN_E_IO;
  }
}

/* A chip that is write-protected does not take the enable. */
static int enable(const cairn_spi_nor* nor) {
  uint8_t status = 0;
  if (wait_until_ready(nor) < 0 || simple(nor, command_write_enable) < 0) return CAIRN_E_IO;
  if (read_status(nor, &status) < 0) return CAIRN_E_IO;
  return (status & status_enabled) != 0 ? CAIRN_OK : CAIRN_E_IO;
}

static uint32_t address_of(const cairn_spi_nor* nor, uint32_t segment, uint32_t offset) {
  return nor->first_byte + segment * nor->segment_bytes + offset;
}

/* The chip may still be busy with what a reset of the controller has interrupted. */
static int on_read(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
  const cairn_spi_nor* nor = (const cairn_spi_nor*)user;
  if (wait_until_ready(nor) < 0) return CAIRN_E_IO;
  return at(nor, command_read, command_read_far, address_of(nor, segment, offset), NULL,
            (uint8_t*)data, size);
}

/* A program command wraps round inside its page: what crosses a page is split. */
static int on_program(void* user, uint32_t segment, uint32_t offset, const void* data,
                      uint32_t size) {
  const cairn_spi_nor* nor = (const cairn_spi_nor*)user;
  const uint8_t* from = (const uint8_t*)data;
  uint32_t address = address_of(nor, segment, offset);
  while (size != 0) {
    const uint32_t room = PAGE_BYTES - address % PAGE_BYTES;
    const uint32_t step = size < room ? size : room;
    if (enable(nor) < 0) return CAIRN_E_IO;
    if (at(nor, command_program, command_program_far, address, from, NULL, step) < 0)
      return CAIRN_E_IO;
    if (wait_until_ready(nor) < 0) return CAIRN_E_IO;
    address += step;
    from += step;
    size -= step;
  }
  return CAIRN_OK;
}

static int on_erase(void* user, uint32_t segment) {
  const cairn_spi_nor* nor = (const cairn_spi_nor*)user;
  const int by_block = nor->segment_bytes % BLOCK_BYTES == 0 && nor->first_byte % BLOCK_BYTES == 0;
  const uint32_t step = by_block ? BLOCK_BYTES : SECTOR_BYTES;
  uint32_t done;
  for (done = 0; done < nor->segment_bytes; done += step) {
    const uint32_t address = address_of(nor, segment, done);
    if (enable(nor) < 0) return CAIRN_E_IO;
    if (at(nor, by_block ? command_erase_64k : command_erase_4k,
           by_block ? command_erase_64k_far : command_erase_4k_far, address, NULL, NULL, 0) < 0)
      return CAIRN_E_IO;
    if (wait_until_ready(nor) < 0) return CAIRN_E_IO;
  }
  return CAIRN_OK;
}

/* A chip in deep power-down drives nothing, and must not be selected until it is awake, up to 35 us
 * later. There is no clock here but the bus: bytes for nobody let the time pass. */
static int wake(const cairn_spi_nor* nor) {
  static const uint8_t idle[32] = {0};
  uint32_t sent;
  if (simple(nor, command_wake) < 0) return CAIRN_E_IO;
  for (sent = 0; sent < WAKE_BYTES; sent += sizeof idle)
    if (nor->exchange(nor->user, idle, NULL, sizeof idle) < 0) return CAIRN_E_IO;
  return CAIRN_OK;
}

/* The third byte of the id is log2 of the size in bytes; from 0x20 on some count in another way. */
static int find_capacity(cairn_spi_nor* nor) {
  const uint8_t command = command_read_id;
  uint8_t id[3] = {0, 0, 0};
  uint32_t exponent;
  if (wake(nor) < 0 || wait_until_ready(nor) < 0) return CAIRN_E_IO;
  if (transact(nor, &command, 1, NULL, id, sizeof id) < 0) return CAIRN_E_IO;
  if (id[0] == id[1] && id[1] == id[2] && (id[0] == 0x00 || id[0] == 0xFF)) return CAIRN_E_IO;
  exponent = id[2] >= 0x20 && id[2] <= 0x25 ? id[2] - 6u : id[2];
  if (exponent < 16 || exponent > 31) return CAIRN_E_UNSUPPORTED;
  nor->capacity_bytes = (uint32_t)1 << exponent;
  return CAIRN_OK;
}

int cairn_spi_nor_open(cairn_spi_nor* nor, cairn_flash* out) {
  const cairn_flash empty = CAIRN_FLASH_INIT;
  uint64_t end;
  int status;
  if (nor == NULL || out == NULL || nor->struct_size != sizeof *nor || nor->select == NULL ||
      nor->exchange == NULL)
    return CAIRN_E_BAD_ARGUMENT;
  status = find_capacity(nor);
  if (status < 0) return status;
  end = nor->first_byte + (uint64_t)nor->segment_bytes * nor->segment_count;
  if (nor->segment_bytes == 0 || nor->segment_bytes % SECTOR_BYTES != 0 ||
      nor->first_byte % SECTOR_BYTES != 0 || nor->segment_count < 2 || end > nor->capacity_bytes)
    return CAIRN_E_BAD_ARGUMENT;
  *out = empty;
  out->unit_bytes = 1;
  out->segment_bytes = nor->segment_bytes;
  out->segment_count = nor->segment_count;
  out->kind = CAIRN_FLASH_NOR;
  out->user = nor;
  out->read = on_read;
  out->program = on_program;
  out->erase = on_erase;
  return CAIRN_OK;
}
