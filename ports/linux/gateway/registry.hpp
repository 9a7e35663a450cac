// What the files of the registry share.
#pragma once

#include <cairn/gateway/device.hpp>

namespace cairn::gateway {

/// Why a device is frozen.
constexpr char fork_reason[] = "signed two heads that contradict each other";

/// Whether a key can be that of a device's log. corrupt, unsupported, bad_argument.
Error check_device_key(const std::string& origin, const std::string& vkey);

/// Lets the device be found by the ids of its keys. One that waits for approval is not: anybody may
/// ask for that, under a name that makes an id the same as another device's.
void add_key_ids(const Device& device, std::vector<Write>& out);

/// not_found, in words.
Error not_enrolled(const std::string& origin);

}  // namespace cairn::gateway
