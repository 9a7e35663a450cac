#include "config_reading.hpp"

#include <unistd.h>

namespace service {

bool Reading::lacks(const std::string& path) const {
  return use == ConfigUse::service && !path.empty() && access(path.c_str(), R_OK) != 0;
}

std::string in_folder(const std::string& folder, const std::string& path) {
  return path.empty() || path[0] == '/' ? path : folder + "/" + path;
}

std::string file_of(ConfigTable& table, const std::string& key, const Reading& reading) {
  const std::string path = in_folder(reading.folder, table.text(key, ""));
  if (reading.lacks(path))
    table.fault(key, key + " names " + path + ", which cannot be read",
                "Check the name and who may read it.");
  return path;
}

std::string required_file(ConfigTable& table, const std::string& key, const std::string& example,
                          const Reading& reading) {
  if (table.required_text(key, example).empty()) return "";
  return file_of(table, key, reading);
}

SecretPath secret_of(ConfigTable& table, const std::string& key, const Reading& reading) {
  SecretPath secret;
  const std::string text = table.text(key, "");
  if (text.empty()) return secret;
  const Error error = locate_secret(text, reading.folder, secret);
  if (!error.ok()) {
    table.fault(key, key + ": " + error.message,
                "Name a file, or credential:NAME for what systemd hands over.");
  } else if (reading.lacks(secret.path)) {
    table.fault(key, key + " names " + secret.path + ", which cannot be read",
                "`cairn-gateway init` makes keys; the service's user must own them.");
  }
  return secret;
}

SecretPath required_secret(ConfigTable& table, const std::string& key, const Reading& reading) {
  if (table.required_text(key, "credential:" + key).empty()) return {};
  return secret_of(table, key, reading);
}

}  // namespace service
