// C API: options of a recorder in both languages.
#pragma once

#include "c_api_log.hpp"
#include "cairn/recorder.hpp"

namespace cairn::c_api {

bool usable(const cairn_recorder_options* options);
RecorderOptions from_c(const cairn_recorder_options& options);

}  // namespace cairn::c_api
