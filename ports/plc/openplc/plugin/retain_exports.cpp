// The retain calls that are the same in all versions of the runtime.
#include <cstring>

#include "exports.hpp"

namespace cairn::openplc {

const bool is_retain_store = true;

int load_retained(const std::string& program, uint8_t* out, uint16_t capacity, uint16_t* size) {
  if (plugin == nullptr || out == nullptr || size == nullptr) return -1;
  std::vector<uint8_t> values;
  *size = 0;
  const host::Error error = plugin->restore(program, values);
  plugin->log_error(error);
  if (!error.ok()) return -1;
  *size = static_cast<uint16_t>(values.size());
  if (values.size() > capacity) return -1;
  if (!values.empty()) std::memcpy(out, values.data(), values.size());
  return 0;
}

}  // namespace cairn::openplc

using cairn::openplc::plugin;

extern "C" {

int retain_save(const uint8_t* values, uint16_t size) {
  if (plugin == nullptr || values == nullptr) return -1;
  return plugin->retain({values, size}) ? 0 : -1;
}

int retain_flush(void) {
  if (plugin == nullptr) return -1;
  const cairn::host::Error error = plugin->save_retained();
  plugin->log_error(error);
  return error.ok() ? 0 : -1;
}

int retain_clear(void) {
  if (plugin == nullptr) return -1;
  const cairn::host::Error error = plugin->clear_retained();
  plugin->log_error(error);
  return error.ok() ? 0 : -1;
}

}  // extern "C"
