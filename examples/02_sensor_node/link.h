/* The line between node and gateway: frames in SLIP (RFC 1055), each a letter, a body, and the
 * first four bytes of SHA-256 over both: what a cut or the line has spoilt is no frame.
 *
 *   node to gateway   R  index (8 bytes), leaf     a record that is durable
 *                     H  checkpoint for the air    a head that was signed
 *                     E  status (1 byte)           the node cannot go on; it says so for ever
 *   gateway to node   A  size (8 bytes), root      this head is kept: records below it may go
 *
 * Numbers are little-endian. A frame may be lost with either side's power: records and heads are in
 * the log, and an acknowledgement counts only when it names the node's own newest head. */
#ifndef SENSOR_NODE_LINK_H
#define SENSOR_NODE_LINK_H

#include <stddef.h>
#include <stdint.h>

#define LINK_FRAME_BYTES_MAX 256

/* Collects a frame byte by byte. Starts as all zeros. */
typedef struct link_reader {
  size_t size;
  uint8_t escaped;
  uint8_t too_long;
  uint8_t bytes[LINK_FRAME_BYTES_MAX];
} link_reader;

/* Takes the next byte. Returns the size of a sound frame that has ended, letter and body; 0 while
 * there is none. Its bytes stand until the next call. */
size_t link_take(link_reader* reader, uint8_t byte);

/* Writes a frame of two parts. */
void link_write(void (*put)(uint8_t byte), uint8_t letter, const void* body, size_t size,
                const void* more, size_t more_size);

void link_put_number(uint8_t out[8], uint64_t number);
uint64_t link_number(const uint8_t bytes[8]);

#endif
