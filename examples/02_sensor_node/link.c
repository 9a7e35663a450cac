#include "link.h"

enum { slip_end = 0xC0, slip_escape = 0xDB, slip_escaped_end = 0xDC, slip_escaped_escape = 0xDD };

size_t link_take(link_reader* reader, uint8_t byte) {
  if (byte == slip_end) {
    const size_t size = reader->too_long ? 0 : reader->size;
    reader->size = 0;
    reader->escaped = 0;
    reader->too_long = 0;
    return size;
  }
  if (byte == slip_escape) {
    reader->escaped = 1;
    return 0;
  }
  if (reader->escaped) byte = byte == slip_escaped_end ? slip_end : slip_escape;
  reader->escaped = 0;
  if (reader->size == LINK_FRAME_BYTES_MAX)
    reader->too_long = 1;
  else
    reader->bytes[reader->size++] = byte;
  return 0;
}

static void write_bytes(void (*put)(uint8_t byte), const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (bytes[i] == slip_end || bytes[i] == slip_escape) {
      put(slip_escape);
      put(bytes[i] == slip_end ? slip_escaped_end : slip_escaped_escape);
    } else {
      put(bytes[i]);
    }
  }
}

void link_write(void (*put)(uint8_t byte), uint8_t letter, const void* body, size_t size,
                const void* more, size_t more_size) {
  put(slip_end); /* ends what a cut may have left on the line */
  write_bytes(put, &letter, 1);
  write_bytes(put, body, size);
  write_bytes(put, more, more_size);
  put(slip_end);
}

void link_put_number(uint8_t out[8], uint64_t number) {
  for (int i = 0; i < 8; ++i)
    out[i] = (uint8_t)(number >> 8 * i);
}

uint64_t link_number(const uint8_t bytes[8]) {
  uint64_t number = 0;
  for (int i = 7; i >= 0; --i)
    number = number << 8 | bytes[i];
  return number;
}
