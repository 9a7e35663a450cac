#include <string.h>

#include "c_api_test.h"

static const cairn_wall_time noon = {1700000000000, CAIRN_TIME_SYNCHRONISED};
static const cairn_wall_time nonsense = {0, 4};

static int times(void) {
  uint8_t body[CAIRN_LIBRARY_BODY_BYTES_MAX];
  cairn_boot boot, boot_again;
  cairn_gap gap, gap_again;
  cairn_clock_step step, step_again;
  cairn_pruned pruned, pruned_again;
  int size;

  memset(&boot, 0, sizeof boot);
  boot.boot = 3;
  boot.monotonic_ms = 17;
  boot.time = noon;
  boot.torn_bytes = 9;
  size = cairn_encode_boot(&boot, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_boot(body, (size_t)size, &boot_again) == CAIRN_OK);
  EXPECT(boot_again.boot == 3 && boot_again.monotonic_ms == 17 && boot_again.torn_bytes == 9);
  EXPECT(boot_again.time.unix_ms == noon.unix_ms && boot_again.time.quality == noon.quality);
  EXPECT(cairn_decode_boot(body, (size_t)size - 1, &boot_again) == CAIRN_E_CORRUPT);
  EXPECT(cairn_decode_boot(body, (size_t)size, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_boot(&boot, body, (size_t)size - 1) == CAIRN_E_FULL);
  boot.time = nonsense;
  EXPECT(cairn_encode_boot(&boot, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);

  memset(&gap, 0, sizeof gap);
  gap.count = 1000;
  gap.reason = CAIRN_GAP_STORAGE_FULL;
  gap.time = noon;
  size = cairn_encode_gap(&gap, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_gap(body, (size_t)size, &gap_again) == CAIRN_OK);
  EXPECT(gap_again.count == 1000 && gap_again.reason == CAIRN_GAP_STORAGE_FULL);
  EXPECT(cairn_decode_gap(NULL, 1, &gap_again) == CAIRN_E_BAD_ARGUMENT);
  gap.reason = CAIRN_GAP_SWITCHED_OFF + 1;
  EXPECT(cairn_encode_gap(&gap, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);

  memset(&step, 0, sizeof step);
  step.step_ms = -86400000;
  step.monotonic_ms = 5;
  step.time = noon;
  size = cairn_encode_clock(&step, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_clock(body, (size_t)size, &step_again) == CAIRN_OK);
  EXPECT(step_again.step_ms == -86400000 && step_again.monotonic_ms == 5);
  EXPECT(cairn_encode_clock(NULL, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_decode_clock(body, (size_t)size, NULL) == CAIRN_E_BAD_ARGUMENT);

  memset(&pruned, 0, sizeof pruned);
  pruned.index_min = 4711;
  pruned.monotonic_ms = 5;
  pruned.time = noon;
  size = cairn_encode_pruned(&pruned, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_pruned(body, (size_t)size, &pruned_again) == CAIRN_OK);
  EXPECT(pruned_again.index_min == 4711 && pruned_again.monotonic_ms == 5);
  EXPECT(cairn_decode_pruned(body, (size_t)size - 1, &pruned_again) == CAIRN_E_CORRUPT);
  EXPECT(cairn_decode_pruned(body, (size_t)size, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_pruned(&pruned, body, (size_t)size - 1) == CAIRN_E_FULL);
  return 0;
}

int c_api_leaves(void) {
  uint8_t body[CAIRN_LIBRARY_BODY_BYTES_MAX];
  cairn_begin begin = CAIRN_BEGIN_INIT, begin_again;
  cairn_close close, close_again;
  cairn_channel channel, channel_again;
  int size;

  begin.origin = cairn_text(TOY_ORIGIN);
  begin.key.algorithm = CAIRN_ED25519;
  begin.key.bytes[31] = 7;
  begin.previous_origin = cairn_text("example.com/press-6");
  begin.previous_size = 12;
  begin.previous_root.bytes[0] = 1;
  size = cairn_encode_begin(&begin, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_begin(body, (size_t)size, &begin_again) == CAIRN_OK);
  EXPECT(same(begin_again.origin, TOY_ORIGIN) && begin_again.key.bytes[31] == 7);
  EXPECT(same(begin_again.previous_origin, "example.com/press-6"));
  EXPECT(begin_again.previous_size == 12 && begin_again.previous_root.bytes[0] == 1);
  EXPECT(cairn_decode_begin(body, (size_t)size, NULL) == CAIRN_E_BAD_ARGUMENT);
  begin.origin.data = NULL;
  EXPECT(cairn_encode_begin(&begin, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);

  memset(&close, 0, sizeof close);
  close.batch = 4;
  close.boot = 2;
  close.monotonic_ms = 99;
  close.time = noon;
  close.key_epoch = 1;
  close.has_previous = 1;
  close.previous.bytes[5] = 5;
  close.has_beacon = 1;
  close.beacon.bytes[6] = 6;
  size = cairn_encode_close(&close, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_close(body, (size_t)size, &close_again) == CAIRN_OK);
  EXPECT(close_again.batch == 4 && close_again.boot == 2 && close_again.monotonic_ms == 99);
  EXPECT(close_again.key_epoch == 1 && close_again.has_previous == 1 && close_again.has_beacon);
  EXPECT(close_again.previous.bytes[5] == 5 && close_again.beacon.bytes[6] == 6);
  EXPECT(cairn_decode_close(body, (size_t)size, NULL) == CAIRN_E_BAD_ARGUMENT);
  close.has_beacon = 2;
  EXPECT(cairn_encode_close(&close, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);

  channel.number = 3;
  channel.name = cairn_text("ram pressure");
  channel.unit = cairn_text("bar");
  size = cairn_encode_channel(&channel, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_channel(body, (size_t)size, &channel_again) == CAIRN_OK);
  EXPECT(channel_again.number == 3 && same(channel_again.name, "ram pressure"));
  EXPECT(same(channel_again.unit, "bar"));
  EXPECT(cairn_decode_channel(body, (size_t)size, NULL) == CAIRN_E_BAD_ARGUMENT);
  channel.unit.data = NULL;
  EXPECT(cairn_encode_channel(&channel, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  return times();
}

int c_api_samples(void) {
  uint8_t body[256];
  cairn_reading readings[4] = {CAIRN_READING_INIT, CAIRN_READING_INIT, CAIRN_READING_INIT,
                               CAIRN_READING_INIT};
  cairn_sample_reader reader;
  cairn_reading reading;
  cairn_wall_time time;
  int size;

  readings[0].channel = 1;
  readings[0].decimal = -2153;
  readings[0].places = 2;
  readings[1].channel = 2;
  readings[1].type = CAIRN_READING_REAL;
  readings[1].real = 0.25;
  readings[1].quality = 7;
  readings[2].channel = 3;
  readings[2].type = CAIRN_READING_FLAG;
  readings[2].flag = 1;
  readings[3].channel = 4;
  readings[3].type = CAIRN_READING_TEXT;
  readings[3].text = cairn_text("idle");
  size = cairn_encode_sample(noon, readings, 4, body, sizeof body);
  EXPECT(size > 0);
  EXPECT(cairn_encode_sample(noon, readings, 4, body, (size_t)size - 1) == CAIRN_E_FULL);
  size = cairn_encode_sample(noon, readings, 4, body, sizeof body);

  EXPECT(cairn_sample_reader_open(&reader, body, (size_t)size, &time) == CAIRN_OK);
  EXPECT(time.unix_ms == noon.unix_ms && time.quality == noon.quality);
  EXPECT(cairn_sample_reader_next(&reader, &reading) == CAIRN_OK);
  EXPECT(reading.channel == 1 && reading.type == CAIRN_READING_DECIMAL);
  EXPECT(reading.decimal == -2153 && reading.places == 2 && reading.quality == 0);
  EXPECT(cairn_sample_reader_next(&reader, &reading) == CAIRN_OK);
  EXPECT(reading.type == CAIRN_READING_REAL && reading.real >= 0.25 && reading.real <= 0.25);
  EXPECT(reading.quality == 7);
  EXPECT(cairn_sample_reader_next(&reader, &reading) == CAIRN_OK);
  EXPECT(reading.type == CAIRN_READING_FLAG && reading.flag == 1);
  EXPECT(cairn_sample_reader_next(&reader, &reading) == CAIRN_OK);
  EXPECT(reading.type == CAIRN_READING_TEXT && same(reading.text, "idle"));
  EXPECT(cairn_sample_reader_next(&reader, &reading) == CAIRN_E_END);

  EXPECT(cairn_sample_reader_next(&reader, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sample_reader_open(&reader, NULL, 1, &time) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sample_reader_open(&reader, "\xFF\xFF", 2, &time) == CAIRN_E_CORRUPT);
  EXPECT(cairn_encode_sample(nonsense, readings, 4, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_sample(noon, NULL, 4, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  readings[0].places = 19;
  EXPECT(cairn_encode_sample(noon, readings, 4, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  readings[0].places = 0;
  readings[2].flag = 2;
  EXPECT(cairn_encode_sample(noon, readings, 4, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  readings[2].flag = 0;
  readings[1].type = 4;
  EXPECT(cairn_encode_sample(noon, readings, 4, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}
