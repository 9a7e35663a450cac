/* Bytes for tests that only look random (xorshift): no product may sign with them. */
#include <cairn/cortex_m/entropy.h>
#include <stdint.h>

static uint32_t state = 0x1234567u;

int cairn_cortex_m_entropy(void* out, size_t size) {
  uint8_t* bytes = out;
  for (size_t i = 0; i < size; ++i) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    bytes[i] = (uint8_t)state;
  }
  return 0;
}
