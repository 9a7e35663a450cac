// The records of devices, as tiles: a folder for each, named by the SHA-256 of its origin.
#pragma once

#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/linux/shared_flush.hpp>
#include <string>

namespace cairn::gateway {

/// Lower-case hexadecimal of SHA-256(origin): the folder of a device's records.
std::string records_folder_of(const std::string& folder, const std::string& origin);

/// Writes records. Any number of threads may, and those that do so at the same time share a flush.
class RecordTiles {
 public:
  /// `folder` is there, or empty: then none are kept.
  explicit RecordTiles(const std::string& folder);

  bool are_kept() const { return !folder_.empty(); }

  /// How many leaves of a device are here, as far as they are those of one of its newest
  /// checkpoints in the log: for a store that was rebuilt and does not know. 0: none.
  uint64_t find_end(const std::string& origin, const AggregateLog& log) const;

  /// Appends leaves behind the first `size` of a device, and publishes them. Processes that share
  /// the folder wait for each other. What is there already is compared.
  /// Statuses of host::TileWriter.
  host::Error append(const std::string& origin, uint64_t size, const std::string* leaves,
                     size_t count);

 private:
  const std::string folder_;
  host::SharedFlush flush_;
};

}  // namespace cairn::gateway
