// The records of devices, as tiles: a folder for each, named by the SHA-256 of its origin.
#pragma once

#include <cairn/hash.hpp>
#include <cairn/linux/file.hpp>
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

  /// Appends leaves behind the first `size` of a device, whose tree has the root `root`, and
  /// publishes them. Processes that share the folder wait for each other. What is there already is
  /// compared.
  ///
  /// ok         durable, or there already
  /// not_found  that tree is not here: it never was, or was lost or damaged
  /// corrupt    other leaves lie behind it
  /// others     of host::TileWriter
  host::Error append(const std::string& origin, uint64_t size, const Digest& root,
                     const std::vector<std::string>& leaves);

 private:
  const std::string folder_;
  host::SharedFlush flush_;
};

}  // namespace cairn::gateway
