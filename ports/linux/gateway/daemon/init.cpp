// The verbs `check` and `init`.
#include <sys/stat.h>
#include <unistd.h>

#include <cairn/linux/file.hpp>
#include <cerrno>
#include <cstdio>

#include "anchor_factory.hpp"
#include "verbs.hpp"

namespace service {

namespace {

constexpr char config_text[] =
    R"(# The configuration of cairn-gateway. Every option stands in
# /usr/share/doc/cairn-gateway/gateway.md with its range.
# What is commented out shows the default or an example; `cairn-gateway check` checks this file.

[gateway]
# Everything that must not be lost lies here. Never restore an old copy of it: a gateway that
# forgets what it cosigned could cosign a fork.
state_folder = "@STATE@"
# Keys: files, or "credential:NAME" for what systemd hands over (LoadCredential= in the unit),
# which without systemd is the file NAME beside this one.
log_key = "credential:log.key"
witness_key = "credential:witness.key"
# body_bytes_max = 1048576        # of one request or message
# worker_threads = 64
# worker_queue_max = 4096         # beyond it 503 is answered
# publish_interval_ms = 1000      # between two heads of the gateway's own log
# aggregate_queue_max = 65536

[store]
kind = "sqlite"
# path = "store.sqlite"           # in state_folder
# Gateways that share their state: kind "postgresql" and a connection like
# "host=db1,db2 dbname=cairn user=cairn", with password = "credential:database.password".

# One table for each address. What an address serves can be chosen: "devices" (add-checkpoint,
# report, enrol), "log" (tiles and checkpoints), "query" (evidence, devices, the status page),
# "metrics".
[[listen]]
address = "127.0.0.1:8080"
serve = ["devices", "log", "query", "metrics"]

# [[listen]]
# address = "0.0.0.0:8443"
# serve = ["devices"]
# tls_certificate = "server.pem"
# tls_key = "credential:tls.key"
# tls_client_ca = "devices-ca.pem"  # clients must show a certificate of this authority

[http]
# threads = 2
# connections_max = 1024
# connections_per_address_max = 256
# request_seconds = 30            # for a whole request to arrive

# [mqtt]
# broker = "mqtts://broker.example:8883"
# client_id = "gateway-north"     # of its own at the broker, which keeps the session under it
# prefix = "cairn"                # topics are PREFIX/<hash of origin>/report, answer, head
# username = "gateway"
# password = "credential:mqtt.password"
# ca = "broker-ca.pem"
# certificate = "gateway.pem"
# key = "credential:mqtt.key"
# inflight_max = 256
# session_seconds = 604800

# Outside ledgers that the heads of the gateway's log are anchored in, one table each.
# [[anchor]]
# type = "rfc3161"                # a time-stamping authority
# name = "authority"
# url = "https://tsa.example/"
# certificates = "authority.pem"  # its root, and what its chain needs
# interval_seconds = 3600

# [[anchor]]
# type = "evm"                    # the contract CairnAnchor; `cairn-gateway contract deploy`
# name = "chain"
# url = "http://127.0.0.1:8545/"
# chain_id = 1337
# contract = "0x0000000000000000000000000000000000000001"
# key = "credential:account.key"  # `cairn-gateway contract account` makes one
# cost_max = 20000000             # gwei that a period may cost
# period_seconds = 86400
# interval_seconds = 86400
# fee_max_gwei = 100
# confirmations = 1

# [[anchor]]
# type = "opentimestamps"
# name = "calendar"
# url = "https://calendar.example/"

# Further witnesses that cosign the gateway's log: those of a c2sp.org/tlog-policy with a URL.
# [witnesses]
# policy = "witnesses.policy"
# interval_seconds = 60
# timeout_seconds = 10

[log]
# level = "info"                  # debug, info, warning, error
# format = "text"                 # text: key=value; json
)";

bool is_there(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

Error make_key(const std::string& path, const std::string& name) {
  if (is_there(path)) {
    std::printf("kept     %s\n", path.c_str());
    return {};
  }
  cairn::host::KeyFile key;
  CAIRN_HOST_TRY(key.generate(path, name, cairn::Algorithm::ed25519));
  std::printf("made     %s, and %s.vkey for those who verify\n", path.c_str(), path.c_str());
  return {};
}

std::string commented_config(const std::string& state_folder) {
  std::string text = config_text;
  const std::string place = "@STATE@";
  return text.replace(text.find(place), place.size(), state_folder);
}

}  // namespace

Error make_folder(const std::string& path, mode_t mode) {
  if (mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return {};
  return cairn::host::system_error("make the folder", path, errno);
}

Error init(const InitArguments& arguments) {
  if (arguments.print) {
    std::fputs(commented_config(arguments.state_folder).c_str(), stdout);
    return {};
  }
  CAIRN_HOST_TRY(make_folder(arguments.folder, 0755));
  CAIRN_HOST_TRY(make_folder(arguments.state_folder, 0700));
  const std::string config = arguments.folder + "/gateway.toml";
  if (is_there(config)) {
    std::printf("kept     %s\n", config.c_str());
  } else {
    const std::string text = commented_config(arguments.state_folder);
    CAIRN_HOST_TRY(cairn::host::create_file(config, cairn::host::bytes_of(text), 0644));
    std::printf("wrote    %s\n", config.c_str());
  }
  CAIRN_HOST_TRY(make_key(arguments.folder + "/log.key", arguments.name));
  CAIRN_HOST_TRY(make_key(arguments.folder + "/witness.key", arguments.name + "/witness"));
  std::printf("Keep both keys secret, and a copy of them in a safe place.\n");
  return {};
}

Error check(const std::string& config_path) {
  Config config;
  CAIRN_HOST_TRY(read_config(config_path, ConfigUse::service, config));
  cairn::host::KeyFile log_key;
  cairn::host::KeyFile witness_key;
  CAIRN_HOST_TRY(load_key(config.log_key, log_key));
  CAIRN_HOST_TRY(load_key(config.witness_key, witness_key));
  const auto cosigner = witness_key.cosigner_key();
  if (!cosigner.ok())
    return {Status::unsupported, config.witness_key.path +
                                     " cannot cosign: a witness's key is of type Ed25519. Make "
                                     "one with `cairn-gateway init`."};
  std::string password;
  if (!config.store.password.empty()) CAIRN_HOST_TRY(read_secret(config.store.password, password));
  cairn::wipe(password.data(), password.size());
  std::vector<MadeAnchor> anchors(config.anchors.size());
  for (size_t i = 0; i < anchors.size(); ++i)
    CAIRN_HOST_TRY(make_anchor(config.anchors[i], anchors[i]));
  std::printf("%s is good.\n", config_path.c_str());
  std::printf("log      %s\n", cairn::host::vkey_text(log_key.log_key()).c_str());
  std::printf("witness  %s\n", cairn::host::vkey_text(cosigner.value).c_str());
  for (const ListenConfig& listener : config.listeners)
    std::printf("listens  %s%s\n", endpoint_text(listener.endpoint).c_str(),
                listener.tls ? " (TLS)" : "");
  for (size_t i = 0; i < anchors.size(); ++i)
    std::printf("anchor   %s, %s%s%s\n", config.anchors[i].outbox.name.c_str(),
                config.anchors[i].type.c_str(), anchors[i].account.empty() ? "" : ", account ",
                anchors[i].account.c_str());
  return {};
}

}  // namespace service
