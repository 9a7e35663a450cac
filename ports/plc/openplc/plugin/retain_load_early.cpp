// retain_load() of the first runtimes that had it, which do not name the program.
#include "exports.hpp"

extern "C" CAIRN_OPENPLC_EXPORT int retain_load(uint8_t* out, uint16_t capacity, uint16_t* size) {
  return cairn::openplc::load_retained("", out, capacity, size);
}
