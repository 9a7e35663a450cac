// What `cairn-gateway` does, apart from its command line, which is in main.cpp. Each returns an
// Error that main() prints.
#pragma once

#include <cairn/gateway/device.hpp>

#include "config.hpp"

namespace service {

/// Reads the configuration, loads the keys, opens nothing.
Error check(const std::string& config_path);

/// Runs the service until SIGTERM or SIGINT; SIGHUP reloads.
Error serve(const std::string& config_path);

struct InitArguments {
  std::string folder = "/etc/cairn-gateway";
  std::string state_folder = "/var/lib/cairn-gateway";
  std::string name;  ///< of the aggregate log; the witness is called NAME/witness
  bool print = false;
};
/// Writes gateway.toml and makes both keys; leaves alone what is there. With `print` it writes the
/// configuration to standard output and makes nothing.
Error init(const InitArguments& arguments);

/// Makes a folder; one that is there is left as it is.
Error make_folder(const std::string& path, mode_t mode);

/// Where the gateway's own log lies, and the records of devices.
std::string tiles_folder(const Config& config);
std::string records_folder(const Config& config);

/// A verifier key that an option gave, as text or by its file.
Error take_key(const std::string& given, const std::string& option, cairn::host::VerifierKey& out);

/// Opens the store that the configuration names.
Error open_store(const StoreConfig& config, std::unique_ptr<cairn::gateway::Store>& out);

}  // namespace service
