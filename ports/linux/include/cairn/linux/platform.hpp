// Clocks and entropy of Linux as a cairn::Platform.
#pragma once

#include <cairn/platform.hpp>

namespace cairn::host {

/// monotonic_ms  CLOCK_BOOTTIME (it counts while the machine sleeps)
/// wall_clock    CLOCK_REALTIME; `synchronised` when the kernel says that a time service
///               disciplines it (adjtimex without STA_UNSYNC; asked ten times a second at most),
///               else `unsynchronised`
/// entropy       getrandom(2)
/// Lives for the whole program.
const Platform& linux_platform();

}  // namespace cairn::host
