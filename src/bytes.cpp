#include "cairn/bytes.hpp"

#include "mem.hpp"

namespace cairn {

bool equal(ByteView a, ByteView b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool equal_constant_time(ByteView a, ByteView b) {
  if (a.size != b.size) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.size; ++i)
    difference |= static_cast<unsigned>(a.data[i] ^ b.data[i]);
  return difference == 0;
}

void wipe(void* secret, size_t size_bytes) {
  volatile uint8_t* p = static_cast<uint8_t*>(secret);
  for (size_t i = 0; i < size_bytes; ++i)
    p[i] = 0;
}

}  // namespace cairn
