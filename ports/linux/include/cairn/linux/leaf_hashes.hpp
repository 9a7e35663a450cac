// Where hashes of leaves come from that are not kept in memory.
#pragma once

#include <cairn/log.hpp>
#include <functional>

namespace cairn::host {

/// Gives the hashes of the leaves [first, first + count), all of them or a status that says why
/// not.
using LeafHashes = std::function<Status(uint64_t first, size_t count, Digest* out)>;

/// Reads the leaves of a log and hashes them together. Keeps the address of `log`. Its copies share
/// a buffer: not for two threads at once.
///
/// ok       all are there
/// corrupt  one of them is lost
/// pruned   one of them was retired
/// other    what the log answered
LeafHashes leaf_hashes_of(const Log& log);

}  // namespace cairn::host
