// What lies in the archive of a gateway's log.
#pragma once

#include <cairn/gateway/archive.hpp>

#include "support/host.hpp"

namespace test {

/// The files of a kind, in order.
inline std::vector<std::string> archive_files(const std::string& folder,
                                              cairn::gateway::ArchiveKind kind) {
  std::vector<std::string> files;
  CHECK_OK(cairn::gateway::read_archive(cairn::gateway::TileSource(folder), kind,
                                        [&](const std::string& bytes) {
                                          files.push_back(bytes);
                                          return cairn::host::Error{};
                                        }));
  return files;
}

}  // namespace test
