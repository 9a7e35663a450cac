// The four functions that the core imports. Declared here because a freestanding build need not
// have <cstring>.
#pragma once

#include <cstddef>

extern "C" {
void* memcpy(void* to, const void* from, size_t size) noexcept;
void* memmove(void* to, const void* from, size_t size) noexcept;
void* memset(void* to, int value, size_t size) noexcept;
int memcmp(const void* a, const void* b, size_t size) noexcept;
}

namespace cairn {

// A memcpy that may be given no bytes at a null address.
inline void copy(void* to, const void* from, size_t size) {
  if (size != 0) memcpy(to, from, size);
}

}  // namespace cairn
