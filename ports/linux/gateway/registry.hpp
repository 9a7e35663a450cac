// What the files of the registry share.
#pragma once

#include <cairn/gateway/device.hpp>

namespace cairn::gateway {

/// Why a device is frozen.
constexpr char fork_reason[] = "signed two heads that contradict each other";

/// Whether a key can be that of a device's log. corrupt, unsupported, bad_argument.
Error check_device_key(const std::string& origin, const std::string& vkey);

/// not_found, in words.
Error not_enrolled(const std::string& origin);

}  // namespace cairn::gateway
