#include "link.h"

#include <cairn/cairn.h>
#include <string.h>

enum { check_bytes = 4 };
enum { slip_end = 0xC0, slip_escape = 0xDB, slip_escaped_end = 0xDC, slip_escaped_escape = 0xDD };

/* Size of the frame without its check value; 0 when that is wrong. */
static size_t sound_size(const link_reader* reader) {
  cairn_digest digest;
  if (reader->too_long || reader->size <= check_bytes) return 0;
  const size_t size = reader->size - check_bytes;
  cairn_sha256(reader->bytes, size, &digest);
  return memcmp(reader->bytes + size, digest.bytes, check_bytes) == 0 ? size : 0;
}

size_t link_take(link_reader* reader, uint8_t byte) {
  if (byte == slip_end) {
    const size_t size = sound_size(reader);
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
  cairn_sha256_state state;
  cairn_digest digest;
  cairn_sha256_start(&state);
  cairn_sha256_update(&state, &letter, 1);
  cairn_sha256_update(&state, body, size);
  cairn_sha256_update(&state, more, more_size);
  cairn_sha256_finish(&state, &digest);
  put(slip_end); /* ends what a cut may have left on the line */
  write_bytes(put, &letter, 1);
  write_bytes(put, body, size);
  write_bytes(put, more, more_size);
  write_bytes(put, digest.bytes, check_bytes);
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
