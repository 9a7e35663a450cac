// retain_load() of runtimes that tell which program the values are for (32 hexadecimal digits).
// Values of another program are not restored.
#include "exports.hpp"

extern "C" CAIRN_OPENPLC_EXPORT int retain_load(const char* program, uint16_t program_size,
                                                uint8_t* out, uint16_t capacity, uint16_t* size) {
  if (program == nullptr) return -1;
  return cairn::openplc::load_retained(std::string(program, program_size), out, capacity, size);
}
