// The signature lines of witnesses, one file for each tree size.
#pragma once

#include <cairn/linux/file.hpp>
#include <vector>

namespace cairn::host {

/// The lines that are kept for a size; empty when there are none.
Error read_cosignatures(const std::string& folder, uint64_t size, std::string& lines);

/// The sizes that lines are kept for, smallest first.
std::vector<uint64_t> sizes_with_cosignatures(const std::string& folder);

/// Adds lines for a size. A line replaces an older one with the same name and key id.
/// corrupt: not signature lines; nothing is kept.
Error merge_cosignatures(const std::string& folder, uint64_t size, const std::string& lines);

}  // namespace cairn::host
