/* Trusted control: a furnace's set-point changes when two of three people have signed it, and not
 * before that is on the log. Everything in one program: the scan with its blocks, the pump that
 * would be another thread, and the three people with their keys.
 */
#include <cairn_plc_port.h>
#include <stdio.h>
#include <string.h>

#define FURNACE 7u /* channel of the set-point */
#define PEOPLE 3
#define SEGMENT_BYTES 4096u
#define SEGMENT_COUNT 16u

static const char origin[] = "plant.example/furnace-1";
static uint64_t now_ms = 1; /* a real port asks a clock */

static uint64_t monotonic(void* user) {
  (void)user;
  return now_ms;
}

/* ---- The people: each signs an order with a key of their own ---- */

static cairn_ed25519_key secrets[PEOPLE + 1]; /* the last is the controller's */
static cairn_signer signers[PEOPLE + 1];

static int make_keys(void) {
  uint8_t seed[32];
  int i;
  for (i = 0; i <= PEOPLE; ++i) {
    memset(seed, 0x30 + i, sizeof seed); /* of an example; real seeds are random */
    if (cairn_ed25519_signer(seed, sizeof seed, &secrets[i], &signers[i]) < 0) return -1;
  }
  return 0;
}

static uint64_t word(const uint8_t* bytes) {
  uint64_t out = 0;
  int i;
  for (i = 0; i < 8; ++i)
    out = out << 8 | bytes[i];
  return out;
}

/* Fills in the block: the order, and `person`'s signature over it. */
static int sign_order(cairn_fb_command_t* block, int person, double value, uint64_t sequence) {
  uint8_t bytes[CAIRN_ORDER_BYTES_MAX];
  cairn_signature signature;
  cairn_order order;
  int size;
  memset(&order, 0, sizeof order);
  order.origin = cairn_text(origin);
  order.channel = block->Channel = FURNACE;
  order.value = block->Value = value;
  order.sequence = block->Sequence = sequence;
  order.not_before_ms = block->NotBeforeMs = 1700000000000u;
  order.not_after_ms = block->NotAfterMs = 1700000060000u;
  size = cairn_encode_order(&order, bytes, sizeof bytes);
  if (size < 0 || cairn_sign(&signers[person], bytes, (size_t)size, &signature) < 0) return -1;
  block->KeyNumber = (uint8_t)person;
  block->S0 = word(signature.bytes);
  block->S1 = word(signature.bytes + 8);
  block->S2 = word(signature.bytes + 16);
  block->S3 = word(signature.bytes + 24);
  block->S4 = word(signature.bytes + 32);
  block->S5 = word(signature.bytes + 40);
  block->S6 = word(signature.bytes + 48);
  block->S7 = word(signature.bytes + 56);
  return 0;
}

/* ---- The controller ---- */

static cairn_fb_log_t log_block;
static cairn_fb_settime_t clock_block;
static cairn_fb_command_t command_block;

/* The pump, which another thread would call, then one scan of 10 ms. */
static void scan(void) {
  uint32_t used;
  while (cairn_plc_pump(0, 100, &used) == 1) {
  }
  now_ms += 10;
  log_block.Enable = 1;
  cairn_fb_log(&log_block);
  clock_block.Handle = command_block.Handle = log_block.Handle;
  cairn_fb_settime(&clock_block);
  cairn_fb_command(&command_block);
}

/* Executes the command block until it is done. */
static void command(const char* what) {
  int scans = 0;
  command_block.Execute = 1;
  do {
    scan();
  } while (command_block.Busy && ++scans < 10);
  printf("%s: %s, %u of %u signatures, furnace at %.0f\n", what,
         command_block.Error     ? cairn_plc_error_text(command_block.ErrorID)
         : command_block.Applied ? "in force"
                                 : "waits",
         command_block.Signatures, command_block.Needed, command_block.Setpoint);
  command_block.Execute = 0;
  scan();
}

static int run(void) {
  scan();
  clock_block.UnixMs = 1700000000000u;
  clock_block.Source = 3;
  clock_block.Execute = 1;
  scan();
  scan();
  if (sign_order(&command_block, 0, 850, 1) < 0) return -1;
  command("Anna signs 850");
  if (sign_order(&command_block, 2, 850, 1) < 0) return -1;
  command("Cem signs 850");
  command("the same again");
  if (sign_order(&command_block, 1, 900, 2) < 0) return -1;
  command_block.Value = 990; /* changed on the way */
  command("Ben signs 900, 990 arrives");
  if (sign_order(&command_block, 1, 900, 2) < 0) return -1;
  now_ms += 120000;
  command("Ben's order arrives two minutes late");
  return 0;
}

/* What is on the log: commands in order, with what became of them. */
static int print_log(const cairn_flash* flash, const cairn_log_memory* memory,
                     const cairn_platform* platform) {
  static const char* const outcomes[] = {"applied",         "out of order", "out of its window",
                                         "bad signature",   "unknown key",  "conflict",
                                         "unknown channel", "no clock"};
  static cairn_log log;
  uint8_t leaf[1024];
  cairn_log_options options = CAIRN_LOG_OPTIONS_INIT;
  cairn_command entry;
  uint64_t i;
  options.log_id = cairn_log_id_of(origin, sizeof origin - 1);
  if (cairn_log_mount(&log, flash, memory, &options, platform) < 0) return -1;
  for (i = 0; i < cairn_log_size(&log); ++i) {
    const int size = cairn_log_read(&log, i, leaf, sizeof leaf);
    if (size < 1 || leaf[0] != CAIRN_KIND_COMMAND) continue;
    if (cairn_decode_command(leaf + 1, (size_t)size - 1, &entry) < 0) return -1;
    printf("record %u: command %u, %.0f, %s, %u signatures\n", (unsigned)i,
           (unsigned)entry.order.sequence, entry.order.value, outcomes[entry.outcome],
           (unsigned)(entry.signatures.size / CAIRN_SIGNATURE_BYTES));
  }
  return 0;
}

int main(void) {
  static uint8_t medium[SEGMENT_BYTES * SEGMENT_COUNT], frame[1024];
  static cairn_plc_area area;
  static cairn_plc_writer writer;
  static const uint32_t channels[] = {FURNACE};
  static cairn_public_key keys[PEOPLE];
  cairn_ram_flash ram;
  cairn_flash geometry = CAIRN_FLASH_INIT, flash = CAIRN_FLASH_INIT;
  cairn_log_memory memory = CAIRN_LOG_MEMORY_INIT;
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  cairn_platform platform = CAIRN_PLATFORM_INIT;
  const cairn_verifier verifier = cairn_ed25519_verifier();
  cairn_plc_log log = CAIRN_PLC_LOG_INIT;
  cairn_plc_port port = CAIRN_PLC_PORT_INIT;
  int i;
  if (make_keys() < 0) return 1;
  for (i = 0; i < PEOPLE; ++i)
    keys[i] = signers[i].public_key;
  geometry.unit_bytes = 1;
  geometry.segment_bytes = SEGMENT_BYTES;
  geometry.segment_count = SEGMENT_COUNT;
  geometry.kind = CAIRN_FLASH_REWRITABLE;
  if (cairn_ram_flash_init(&ram, medium, sizeof medium, &geometry, &flash) < 0) return 1;
  memory.frame = frame;
  memory.frame_bytes = sizeof frame;
  options.origin = cairn_text(origin);
  platform.monotonic_ms = monotonic;
  log.pump = CAIRN_PLC_TASK;
  log.create = log.keeps = 1;
  log.area = &area;
  log.writer = &writer;
  log.flash = &flash;
  log.memory = &memory;
  log.options = &options;
  log.platform = &platform;
  log.signer = &signers[PEOPLE];
  log.verifiers = &verifier;
  log.verifier_count = 1;
  log.keys = keys;
  log.key_count = PEOPLE;
  log.keys_needed = 2;
  log.channels = channels;
  log.channel_count = 1;
  port.logs = &log;
  port.log_count = 1;
  port.monotonic_ms = monotonic;
  if (cairn_plc_start(&port) < 0) return 1;
  return run() < 0 || print_log(&flash, &memory, &platform) < 0;
}
