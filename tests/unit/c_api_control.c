#include <string.h>

#include "c_api_test.h"

static const cairn_wall_time noon = {1700000000000, CAIRN_TIME_SYNCHRONISED};

static int events(void) {
  uint8_t body[128];
  cairn_event event, again;
  int size;
  memset(&event, 0, sizeof event);
  event.time = noon;
  event.category = CAIRN_EVENT_ACCESS_CONTROL;
  event.event_id = 4;
  event.user = 5;
  event.source = 6;
  event.result = CAIRN_EVENT_DENIED;
  event.has_values = 1;
  event.new_value = 2.5;
  size = cairn_encode_event(&event, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_event(body, (size_t)size, &again) == CAIRN_OK);
  EXPECT(again.category == CAIRN_EVENT_ACCESS_CONTROL && again.event_id == 4 && again.user == 5);
  EXPECT(again.source == 6 && again.result == CAIRN_EVENT_DENIED && again.has_values == 1);
  EXPECT(again.new_value >= 2.5 && again.new_value <= 2.5 && again.time.unix_ms == noon.unix_ms);
  EXPECT(cairn_decode_event(body, (size_t)size - 1, &again) == CAIRN_E_CORRUPT);
  EXPECT(cairn_decode_event(body, (size_t)size, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_event(&event, body, (size_t)size - 1) == CAIRN_E_FULL);
  event.category = CAIRN_EVENT_TIME + 1;
  EXPECT(cairn_encode_event(&event, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  event.category = 0;
  event.has_values = 2;
  EXPECT(cairn_encode_event(&event, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  event.has_values = 0;
  event.result = CAIRN_EVENT_DENIED + 1;
  EXPECT(cairn_encode_event(&event, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_event(NULL, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

static int corrections(void) {
  uint8_t body[128];
  cairn_correction correction, again;
  int size;
  memset(&correction, 0, sizeof correction);
  correction.time = noon;
  correction.index = 300;
  correction.channel = 7;
  correction.old_value = 1.5;
  correction.reason = 9;
  size = cairn_encode_correction(&correction, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_correction(body, (size_t)size, &again) == CAIRN_OK);
  EXPECT(again.index == 300 && again.channel == 7 && again.reason == 9 && again.user == 0);
  EXPECT(again.old_value >= 1.5 && again.old_value <= 1.5);
  EXPECT(cairn_decode_correction(NULL, 1, &again) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_decode_correction(body, (size_t)size - 1, &again) == CAIRN_E_CORRUPT);
  correction.time.quality = CAIRN_TIME_RELATIVE + 1;
  EXPECT(cairn_encode_correction(&correction, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

static int retained_values(void) {
  uint8_t body[128];
  cairn_retained retained, again;
  int size;
  memset(&retained, 0, sizeof retained);
  retained.time = noon;
  retained.slot = 3;
  retained.version = 12;
  retained.values[7] = -1;
  size = cairn_encode_retained(&retained, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_retained(body, (size_t)size, &again) == CAIRN_OK);
  EXPECT(again.slot == 3 && again.version == 12);
  EXPECT(memcmp(again.values, retained.values, sizeof again.values) == 0);
  EXPECT(cairn_decode_retained(body, (size_t)size - 1, &again) == CAIRN_E_CORRUPT);
  EXPECT(cairn_encode_retained(NULL, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

static int commands(void) {
  uint8_t body[256], signed_bytes[CAIRN_ORDER_BYTES_MAX], signatures[64] = {7};
  cairn_command command, again;
  int size;
  memset(&command, 0, sizeof command);
  command.time = noon;
  command.order.origin = cairn_text("plant-1");
  command.order.channel = 4;
  command.order.value = 80.5;
  command.order.sequence = 12;
  command.order.not_after_ms = 2000;
  command.signers = 1;
  command.signatures.data = signatures;
  command.signatures.size = sizeof signatures;
  command.outcome = CAIRN_COMMAND_OUT_OF_WINDOW;
  size = cairn_encode_command(&command, body, sizeof body);
  EXPECT(size > 0 && cairn_decode_command(body, (size_t)size, &again) == CAIRN_OK);
  EXPECT(again.order.channel == 4 && again.order.sequence == 12 && again.signers == 1);
  EXPECT(again.order.origin.size == 0 && again.outcome == CAIRN_COMMAND_OUT_OF_WINDOW);
  EXPECT(again.signatures.size == 64 && again.signatures.data[0] == 7);
  EXPECT(cairn_decode_command(body, (size_t)size - 1, &again) == CAIRN_E_CORRUPT);
  command.signers = 3;
  EXPECT(cairn_encode_command(&command, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  command.signers = 1;
  command.outcome = CAIRN_COMMAND_CLOCK_NOT_SET + 1;
  EXPECT(cairn_encode_command(&command, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);

  size = cairn_encode_order(&command.order, signed_bytes, sizeof signed_bytes);
  EXPECT(size > 15 && memcmp(signed_bytes, "cairn order/v1\n", 15) == 0);
  EXPECT(cairn_encode_order(&command.order, signed_bytes, 10) == CAIRN_E_FULL);
  command.order.origin.size = 0;
  EXPECT(cairn_encode_order(&command.order, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_order(NULL, body, sizeof body) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_control(void) {
  int line = events();
  if (line == 0) line = corrections();
  if (line == 0) line = retained_values();
  return line != 0 ? line : commands();
}
