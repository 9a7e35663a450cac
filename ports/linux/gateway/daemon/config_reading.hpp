// What the parts of the configuration share while it is read: files and secrets by their names.
#pragma once

#include "config.hpp"
#include "config_table.hpp"

namespace service {

struct Reading {
  std::string folder;  ///< relative names are relative to the file
  ConfigUse use;
  ConfigFaults& faults;

  /// Whether a file must be there and is not.
  bool lacks(const std::string& path) const;
};

std::string in_folder(const std::string& folder, const std::string& path);

/// The path of a file, or empty; a fault when it cannot be read.
std::string file_of(ConfigTable& table, const std::string& key, const Reading& reading);
std::string required_file(ConfigTable& table, const std::string& key, const std::string& example,
                          const Reading& reading);

/// Where a secret lies, or nothing; a fault when it cannot be read.
SecretPath secret_of(ConfigTable& table, const std::string& key, const Reading& reading);
SecretPath required_secret(ConfigTable& table, const std::string& key, const Reading& reading);

}  // namespace service
