// The records of devices, as tiles: a folder for each, named by the SHA-256 of its origin.
#pragma once

#include <cairn/linux/error.hpp>
#include <string>

namespace cairn::gateway {

/// Lower-case hexadecimal of SHA-256(origin): the folder of a device's records.
std::string records_folder_of(const std::string& folder, const std::string& origin);

/// Appends leaves behind the first `size`, and publishes them. Processes that share the folder wait
/// for each other. What is there already is compared.
/// Statuses of host::TileWriter.
host::Error append_records(const std::string& folder, const std::string& origin, uint64_t size,
                           const std::string* leaves, size_t count);

}  // namespace cairn::gateway
