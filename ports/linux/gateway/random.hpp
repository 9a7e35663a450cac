// Unpredictable numbers of the operating system.
#pragma once

#include <cstdint>

namespace cairn::gateway {

uint64_t random_number();

}  // namespace cairn::gateway
