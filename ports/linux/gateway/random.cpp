#include "random.hpp"

#include <sys/random.h>

#include <cstdlib>

namespace cairn::gateway {

uint64_t random_number() {
  uint64_t number;
  // Up to 256 bytes are never cut short once the pool is ready.
  if (getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number)) std::abort();
  return number;
}

}  // namespace cairn::gateway
