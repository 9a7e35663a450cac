// The configuration of cairn-gateway: what it means, and the file that it comes from. Every option,
// its default and its range are in docs/gateway.md.
#pragma once

#include <cairn/gateway/evm_anchor.hpp>
#include <cairn/gateway/outbox.hpp>
#include <cairn/gateway/witnesses.hpp>
#include <cairn/linux/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "secret.hpp"

namespace service {

/// An address to listen on. IPv6 stands in brackets; port 0 takes a free one.
struct Endpoint {
  std::string host;
  uint16_t port = 0;
};

struct TlsServerConfig {
  std::string certificate;  ///< PEM, with its chain
  SecretPath key;           ///< PEM
  std::string client_ca;    ///< PEM; empty: clients need no certificate
};

/// One address, and what is to be had there.
struct ListenConfig {
  Endpoint endpoint;
  std::vector<std::string> serve;  ///< of listen_groups()
  std::optional<TlsServerConfig> tls;
};

/// "devices", "log", "query", "metrics".
const std::vector<std::string>& listen_groups();

struct HttpLimits {
  unsigned threads = 2;
  unsigned connections_max = 1024;
  unsigned connections_per_address_max = 256;
  unsigned request_seconds = 30;  ///< for a whole request to arrive, and for its answer to leave
};

struct MqttConfig {
  std::string host;
  uint16_t port = 1883;
  bool tls = false;
  std::string client_id;         ///< empty: one that follows from the name of the gateway's log
  std::string prefix = "cairn";  ///< of all topics
  std::string username;
  SecretPath password;
  std::string ca;           ///< PEM; empty: the system's authorities
  std::string certificate;  ///< of this client, PEM
  SecretPath key;
  unsigned inflight_max = 256;        ///< reports that are taken before any is acknowledged
  unsigned session_seconds = 604800;  ///< how long the broker keeps what arrives while we are away
};

struct StoreConfig {
  std::string kind;        ///< "sqlite" or "postgresql"
  std::string path;        ///< of SQLite's file
  std::string connection;  ///< libpq's connection string, without passwords
  SecretPath password;     ///< of PostgreSQL's user
  bool single = false;     ///< a server without a synchronous standby will do
};

struct LogOutputConfig {
  std::string level = "info";   ///< "debug", "info", "warning", "error"
  std::string format = "text";  ///< "text": key=value; "json"
};

/// An outside ledger that the heads of the gateway's own log are anchored in.
struct AnchorConfig {
  std::string type;                      ///< of anchor_types()
  cairn::gateway::OutboxOptions outbox;  ///< without its log
  std::string url;
  std::string https_ca;  ///< PEM; empty: the system's authorities
  unsigned timeout_s = 10;
  std::string certificates;              ///< rfc3161: PEM, the authority's root
  std::string policy;                    ///< rfc3161: object identifier, or empty
  cairn::gateway::EvmAnchorOptions evm;  ///< without what stands above
  SecretPath key;                        ///< evm: of the account
};

/// "rfc3161", "evm", "opentimestamps".
const std::vector<std::string>& anchor_types();

/// Further witnesses of the gateway's own log; without its tiles' folder.
using WitnessesConfig = cairn::gateway::WitnessesOptions;

struct Config {
  std::string state_folder;
  SecretPath log_key;      ///< of the aggregate log
  SecretPath witness_key;  ///< cosigns devices' checkpoints
  StoreConfig store;
  std::vector<ListenConfig> listeners;
  HttpLimits http;
  std::optional<MqttConfig> mqtt;
  std::vector<AnchorConfig> anchors;
  std::optional<WitnessesConfig> witnesses;
  LogOutputConfig log;
  size_t body_bytes_max = 1 << 20;
  unsigned worker_threads = 64;
  unsigned worker_queue_max = 4096;
  unsigned publish_interval_ms = 1000;  ///< between two heads of the aggregate log
  unsigned aggregate_queue_max = 65536;
};

/// Who reads a configuration.
enum class ConfigUse {
  service,   ///< secrets, certificates and folders must be there and readable
  store,     ///< only the store is used, by an operator who may read no keys
  contract,  ///< a contract is to be created, whose address nobody knows yet
};

/// Reads and checks a configuration file. Keys are not loaded yet.
///
/// ok            `out` holds it
/// bad_argument  faults, one a line: file, line, what is wrong, what to do
/// not_found, io the file itself
Error read_config(const std::string& path, ConfigUse use, Config& out);

/// As read_config(), of a text that came from the file `path` in `folder`.
Error parse_config(const std::string& text, const std::string& path, const std::string& folder,
                   ConfigUse use, Config& out);

/// "HOST:PORT" or "[IPv6]:PORT"; false for anything else.
bool parse_endpoint(const std::string& text, Endpoint& out);
std::string endpoint_text(const Endpoint& endpoint);

}  // namespace service
