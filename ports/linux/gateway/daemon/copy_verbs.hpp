// `cairn-gateway mirror` and `cairn-gateway rebuild`: copies of logs, and what is restored from
// them.
#pragma once

#include "verbs.hpp"

namespace service {

struct MirrorArguments {
  std::string source;  ///< URL or folder of the log's tiles
  std::string folder;
  std::string log;       ///< verifier key, or the file that holds it
  std::string key;       ///< the mirror's own private key; empty: it does not cosign
  std::string ca;        ///< certificates to trust for the source
  unsigned seconds = 0;  ///< between two looks; 0: once
};

/// Copies what is new, and cosigns it; again and again until SIGTERM or SIGINT where that is asked
/// for: then a source that does not answer is reported and asked again, one that lies ends it.
Error mirror(const MirrorArguments& arguments);

struct RebuildArguments {
  std::string config = "/etc/cairn-gateway/gateway.toml";
  std::vector<std::string> witnesses;    ///< verifier keys, or files that hold them
  std::vector<std::string> mirrors;      ///< URLs or folders
  std::vector<std::string> known;        ///< files that hold heads of the log
  std::vector<std::string> device_logs;  ///< log folders of devices
  std::string ca;
};

/// Fills the empty store that the configuration names.
Error rebuild(const RebuildArguments& arguments);

}  // namespace service
