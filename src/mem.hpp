// The four functions that the core imports, and the placement form of operator new. Declared here
// because a freestanding build need not have <cstring> and <new>.
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

// Where an object is made; see operator new below.
struct Place {
  void* memory;
};

}  // namespace cairn

inline void* operator new(size_t, cairn::Place place) noexcept {
  return place.memory;
}

namespace cairn {

// Makes an object anew where it stands, without a second one on the stack.
template <class Object>
void reset(Object& object) {
  new (Place{&object}) Object();
}

}  // namespace cairn
