#include "plc_machine.h"

#include <string.h>

#include "semihosting.h"

enum {
  segments_max = 64,
  frame_bytes = 1024,
  inline_frame_bytes = 256,
  pump_units = 100,
  status_not_so = 3
};

machine controller;
cairn_plc_area machine_area;

static uint8_t medium[segments_max][MACHINE_SEGMENT_BYTES], frame[frame_bytes];
static cairn_plc_writer writer;
static cairn_flash flash = CAIRN_FLASH_INIT;
static cairn_log_memory memory = CAIRN_LOG_MEMORY_INIT;
static cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
static cairn_platform platform = CAIRN_PLATFORM_INIT;
static cairn_signer signer = CAIRN_SIGNER_INIT;
static cairn_verifier verifier = CAIRN_VERIFIER_INIT;
static cairn_public_key key = {CAIRN_ED25519, {1}};
static const uint32_t channels[1] = {1};
static cairn_plc_log plc_log = CAIRN_PLC_LOG_INIT;
static cairn_plc_port port = CAIRN_PLC_PORT_INIT;

void machine_expect(int holds, const char* what) {
  if (holds) return;
  semihosting_print("not so: ");
  semihosting_print(what);
  semihosting_exit(status_not_so);
}

static int read_flash(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
  (void)user;
  memcpy(data, medium[segment] + offset, size);
  return controller.is_dead ? CAIRN_E_IO : 0;
}

static int program_flash(void* user, uint32_t segment, uint32_t offset, const void* data,
                         uint32_t size) {
  (void)user;
  if (controller.is_dead) return CAIRN_E_IO;
  if (controller.programs_until_cut != 0 && --controller.programs_until_cut == 0) {
    controller.is_dead = 1;
    size /= 2u;
  } else if (controller.programs_to_fail != 0) {
    controller.programs_to_fail -= 1u;
    return CAIRN_E_IO;
  }
  memcpy(medium[segment] + offset, data, size);
  return controller.is_dead ? CAIRN_E_IO : 0;
}

static int erase_flash(void* user, uint32_t segment) {
  (void)user;
  if (controller.is_dead) return CAIRN_E_IO;
  memset(medium[segment], 0xFF, MACHINE_SEGMENT_BYTES);
  return 0;
}

static uint64_t monotonic(void* user) {
  (void)user;
  return controller.now_ms;
}

static int wall_clock(void* user, int64_t* unix_ms, uint8_t* quality) {
  (void)user;
  *unix_ms = controller.unix_ms + (int64_t)controller.now_ms;
  *quality = CAIRN_TIME_SYNCHRONISED;
  return 0;
}

static int sign(void* user, const uint8_t* message, size_t size, uint8_t* signature) {
  size_t i;
  (void)user;
  if (!controller.has_key) return CAIRN_E_IO;
  for (i = 0; i < CAIRN_SIGNATURE_BYTES; ++i)
    signature[i] = message[i % size];
  return 0;
}

static int accept(void* user, const cairn_public_key* by, const uint8_t* message, size_t size,
                  const uint8_t* signature) {
  (void)user;
  (void)by;
  (void)message;
  (void)size;
  (void)signature;
  return 0;
}

static void connect(uint8_t pump, uint32_t segments, uint8_t recycles) {
  flash.unit_bytes = 1;
  flash.segment_bytes = MACHINE_SEGMENT_BYTES;
  flash.segment_count = segments;
  flash.erased = 0xFF;
  flash.kind = CAIRN_FLASH_NOR;
  flash.read = read_flash;
  flash.program = program_flash;
  flash.erase = erase_flash;
  memory.frame = frame;
  memory.frame_bytes = pump == CAIRN_PLC_INLINE ? inline_frame_bytes : frame_bytes;
  options.origin = cairn_text("plant.example/line-1");
  options.batch.leaves = 16;
  options.log.recycle = recycles;
  options.log.keep_from = UINT64_MAX;
  platform.monotonic_ms = monotonic;
  platform.wall_clock = wall_clock;
  signer.public_key = key;
  signer.sign = sign;
  verifier.algorithm = CAIRN_ED25519;
  verifier.verify = accept;
  plc_log.pump = pump;
  plc_log.area = &machine_area;
  plc_log.writer = &writer;
  plc_log.flash = &flash;
  plc_log.memory = &memory;
  plc_log.options = &options;
  plc_log.platform = &platform;
  plc_log.signer = &signer;
  plc_log.verifiers = &verifier;
  plc_log.verifier_count = 1;
  plc_log.keys = &key;
  plc_log.key_count = 1;
  plc_log.channels = channels;
  plc_log.channel_count = 1;
  plc_log.keeps = plc_log.keys_needed = (uint8_t)(pump == CAIRN_PLC_TASK);
  port.log_count = 1;
  port.logs = &plc_log;
  port.monotonic_ms = monotonic;
}

static void start(uint8_t create) {
  plc_log.create = create;
  controller.is_dead = 0;
  controller.has_key = 1;
  memset(&machine_area, 0, sizeof machine_area);
  MACHINE_EXPECT(cairn_plc_start(&port) == CAIRN_OK);
}

void machine_new(uint8_t pump, uint32_t segments, uint8_t recycles) {
  memset(&controller, 0, sizeof controller);
  controller.now_ms = 1000;
  controller.unix_ms = INT64_C(1700000000000);
  memset(medium, 0xFF, sizeof medium);
  connect(pump, segments, recycles);
  start(1);
}

void machine_start(void) {
  start(0);
}

void machine_pump(void) {
  uint32_t used;
  while (cairn_plc_pump(0, pump_units, &used) > 0) {
  }
}
