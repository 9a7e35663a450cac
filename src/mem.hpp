// The four functions that the core imports, and the placement form of operator new: a freestanding
// build need not have <cstring> and <new>. By way of the compiler's own ones, which also expand
// copies of few bytes in place.
#pragma once

#include <cstddef>

namespace cairn {

inline void* memcpy(void* to, const void* from, size_t size) {
  return __builtin_memcpy(to, from, size);
}
inline void* memmove(void* to, const void* from, size_t size) {
  return __builtin_memmove(to, from, size);
}
inline void* memset(void* to, int value, size_t size) {
  return __builtin_memset(to, value, size);
}
inline int memcmp(const void* a, const void* b, size_t size) {
  return __builtin_memcmp(a, b, size);
}

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
