// C API: words for numbers. An object of its own: firmware that never asks does not pay.
#include "c_api.hpp"

using namespace cairn;

const char* cairn_status_text(int status) {
  if (status > 0) return status_text(Status::ok);
  return status_text(static_cast<Status>(status < INT8_MIN ? INT8_MIN : status));
}

const char* cairn_field_text(uint32_t field) {
  return field_text(static_cast<Field>(field > UINT8_MAX ? UINT8_MAX : field));
}
