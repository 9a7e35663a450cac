// Where the public files of somebody's log are read: a folder, or the web server that serves one
// (c2sp.org/tlog-tiles).
#pragma once

#include <cairn/linux/error.hpp>
#include <string>

namespace cairn::gateway {

using host::Error;

class TileSource {
 public:
  /// `place` is a folder, or a URL of http or https; `ca_file` has the certificates to trust for it
  /// instead of the system's.
  explicit TileSource(std::string place, std::string ca_file = {});

  const std::string& place() const { return place_; }

  /// Reads one file, "checkpoint" or "tile/entries/000".
  ///
  /// ok            `bytes` holds it
  /// not_found     there is none
  /// bad_argument  it is longer than bytes_max, or the place is no URL
  /// io            the server does not answer, or with an error
  Error read(const std::string& name, size_t bytes_max, std::string& bytes) const;

 private:
  std::string place_;
  std::string ca_file_;
};

}  // namespace cairn::gateway
