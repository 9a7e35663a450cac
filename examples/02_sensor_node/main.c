/* A sensor node: takes readings, keeps them in a ring of flash, signs them in batches, and sends
 * records and signed heads to a gateway. Its power may go at any time. */
#include <cairn/cairn.h>

#include "board.h"
#include "link.h"

#define ORIGIN "example.com/press-7"

enum { period_ms = 2, records_a_batch = 64, leaf_bytes_max = 64, frame_bytes = 256 };
enum { channel_pressure = 1, channel_temperature = 2 };

static cairn_recorder recorder;
static cairn_signer signer;
static uint8_t frame[frame_bytes];
static uint64_t lost; /* readings that the log could not take */

static void send(uint8_t letter, const void* body, size_t size, const void* more,
                 size_t more_size) {
  link_write(board_uart_write, letter, body, size, more, more_size);
}

static void send_head(void) {
  cairn_air_checkpoint head;
  uint8_t message[CAIRN_AIR_CHECKPOINT_BYTES_MAX];
  if (cairn_recorder_air_checkpoint(&recorder, &head) < 0) return; /* nothing signed yet */
  const int size = cairn_encode_air_checkpoint(&head, message, sizeof message);
  if (size > 0) send('H', message, (size_t)size, NULL, 0);
}

/* Appends a record, and hands it over when it is durable. */
static int store(uint8_t kind, const uint8_t* body, size_t size) {
  uint64_t index;
  uint8_t number[8 + 1];
  const int status = cairn_recorder_append(&recorder, kind, body, size, &index);
  if (status < 0) return status;
  link_put_number(number, index);
  number[8] = kind;
  send('R', number, sizeof number, body, size);
  if (cairn_recorder_pending(&recorder) == 0) send_head();
  return status;
}

static int store_channel(uint32_t number, const char* name, const char* unit) {
  const cairn_channel channel = {cairn_text(name), cairn_text(unit), number};
  uint8_t body[leaf_bytes_max];
  const int size = cairn_encode_channel(&channel, body, sizeof body);
  return size < 0 ? size : store(CAIRN_KIND_CHANNEL, body, (size_t)size);
}

static int store_readings(void) {
  cairn_reading readings[2] = {CAIRN_READING_INIT, CAIRN_READING_INIT};
  readings[0].channel = channel_pressure; /* in steps of 0.1 bar */
  readings[0].decimal = board_pressure();
  readings[0].places = 1;
  readings[1].channel = channel_temperature; /* in steps of 0.01 degrees */
  readings[1].decimal = board_temperature();
  readings[1].places = 2;
  uint8_t body[leaf_bytes_max];
  const int size =
      cairn_encode_sample(cairn_wall_clock(board_platform()), readings, 2, body, sizeof body);
  return size < 0 ? size : store(CAIRN_KIND_SAMPLE, body, (size_t)size);
}

/* Finds the log that the power left, or makes one. */
static int open_log(void) {
  cairn_log_memory memory = CAIRN_LOG_MEMORY_INIT;
  memory.frame = frame;
  memory.frame_bytes = sizeof frame;
  cairn_recorder_options options = CAIRN_RECORDER_OPTIONS_INIT;
  options.origin = cairn_text(ORIGIN);
  options.batch.leaves = records_a_batch;
  options.log.recycle = 1; /* what the gateway has may be overwritten, and nothing else */
  int status =
      cairn_recorder_open(&recorder, board_flash(), &memory, &options, board_platform(), &signer);
  if (status == CAIRN_E_NOT_FORMATTED)
    status = cairn_recorder_create(&recorder, board_flash(), &memory, &options, board_platform(),
                                   &signer, NULL);
  /* What the channels mean stands in the log itself, anew after each start. */
  if (status >= 0) status = store_channel(channel_pressure, "pressure", "bar");
  if (status >= 0) status = store_channel(channel_temperature, "temperature", "Cel");
  return status == CAIRN_E_FULL ? CAIRN_OK : status;
}

/* An acknowledgement must be of the head that this node has signed last. */
static void take_acknowledgement(const uint8_t* body, size_t size) {
  cairn_log* log = cairn_recorder_log(&recorder);
  cairn_signed_head head;
  if (size != 8 + CAIRN_DIGEST_BYTES || cairn_log_head(log, &head) < 0) return;
  if (link_number(body) == head.size &&
      cairn_equal_constant_time(body + 8, head.root.bytes, CAIRN_DIGEST_BYTES))
    cairn_log_keep_from(log, head.size);
}

static void take_input(void) {
  static link_reader reader;
  for (int byte; (byte = board_uart_read()) >= 0;) {
    const size_t size = link_take(&reader, (uint8_t)byte);
    if (size != 0 && reader.bytes[0] == 'A') take_acknowledgement(reader.bytes + 1, size - 1);
  }
}

/* A full log takes no reading until the gateway has acknowledged; it is told how many were lost. */
static int store_or_count(void) {
  int status = CAIRN_OK;
  if (lost != 0) {
    status = cairn_recorder_append_gap(&recorder, lost, CAIRN_GAP_STORAGE_FULL, NULL);
    if (status >= 0) lost = 0;
  }
  if (status >= 0) status = store_readings();
  if (status != CAIRN_E_FULL) return status;
  ++lost;
  send_head(); /* the gateway may not have heard it */
  return CAIRN_OK;
}

/* Between readings: does what the next append at a segment's end would have to wait for. */
static int idle(void) {
  const int status = cairn_log_maintain(cairn_recorder_log(&recorder));
  take_input();
  return status == CAIRN_E_FULL ? CAIRN_OK : status; /* the gateway lacks the oldest records */
}

int main(void) {
  int status = board_start();
  if (status >= 0) status = node_signer(&signer);
  if (status >= 0) status = open_log();
  send_head(); /* the gateway may not have heard the last one */
  uint64_t next_ms = cairn_monotonic_ms(board_platform());
  while (status >= 0) {
    status = store_or_count();
    next_ms += period_ms;
    while (status >= 0 && cairn_monotonic_ms(board_platform()) < next_ms)
      status = idle();
  }
  for (;;) {
    const uint8_t code = (uint8_t)status;
    send('E', &code, 1, NULL, 0);
    for (volatile uint32_t wait = 0; wait < 1000000; ++wait) {
    }
  }
}
