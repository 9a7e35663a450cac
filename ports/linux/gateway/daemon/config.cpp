#include "config.hpp"

#include <arpa/inet.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cairn/gateway/postgres_store.hpp>
#include <cairn/linux/file.hpp>

#include "config_anchors.hpp"
#include "config_reading.hpp"

namespace service {

namespace {

constexpr size_t config_bytes_max = 1 << 20;

void read_tls(ConfigTable& table, const Reading& reading, ListenConfig& out) {
  const bool wanted = table.has("tls_certificate") || table.has("tls_key");
  if (wanted) {
    table.required_text("tls_certificate", "/etc/cairn-gateway/server.pem");
    table.required_text("tls_key", "credential:tls.key");
    TlsServerConfig tls;
    tls.certificate = file_of(table, "tls_certificate", reading);
    tls.key = secret_of(table, "tls_key", reading);
    tls.client_ca = file_of(table, "tls_client_ca", reading);
    out.tls = tls;
  } else if (!file_of(table, "tls_client_ca", reading).empty()) {
    table.fault("tls_client_ca", "tls_client_ca without TLS checks nobody",
                "Add tls_certificate and tls_key, or remove it.");
  }
}

ListenConfig read_listener(ConfigTable& table, const Reading& reading) {
  ListenConfig out;
  const std::string address = table.required_text("address", "127.0.0.1:8080");
  if (!address.empty() && !parse_endpoint(address, out.endpoint))
    table.fault("address", "'" + address + "' is no address to listen on",
                "Write \"127.0.0.1:8080\", \"0.0.0.0:8080\" or \"[::]:8080\".");
  out.serve = table.texts("serve");
  if (out.serve.empty()) out.serve = listen_groups();
  for (const std::string& group : out.serve) {
    const auto& known = listen_groups();
    if (std::find(known.begin(), known.end(), group) == known.end())
      table.fault("serve", "'" + group + "' is nothing that can be served",
                  "It can be devices, log, query or metrics.");
  }
  read_tls(table, reading, out);
  table.close();
  return out;
}

void read_http(ConfigTable table, HttpLimits& out) {
  out.threads = static_cast<unsigned>(table.number("threads", out.threads, 1, 64));
  out.connections_max =
      static_cast<unsigned>(table.number("connections_max", out.connections_max, 8, 100000));
  out.connections_per_address_max = static_cast<unsigned>(
      table.number("connections_per_address_max", out.connections_per_address_max, 1, 100000));
  out.request_seconds =
      static_cast<unsigned>(table.number("request_seconds", out.request_seconds, 1, 3600));
  table.close();
}

/// Takes "mqtt://HOST:PORT" or "mqtts://HOST:PORT" apart; the port may be left out.
bool parse_broker(const std::string& url, MqttConfig& out) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return false;
  const std::string name = url.substr(0, scheme);
  if (name != "mqtt" && name != "mqtts") return false;
  out.tls = name == "mqtts";
  std::string rest = url.substr(scheme + 3);
  const size_t after_bracket = rest.find(']') == std::string::npos ? 0 : rest.find(']');
  if (rest.find(':', after_bracket) == std::string::npos) rest += out.tls ? ":8883" : ":1883";
  const size_t colon = rest.rfind(':');
  const std::string port = rest.substr(colon + 1);
  out.host = rest.substr(0, colon);
  if (out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']')
    out.host = out.host.substr(1, out.host.size() - 2);
  if (out.host.empty() || out.host.find_first_of("/@? ") != std::string::npos) return false;
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos)
    return false;
  const unsigned long number = std::stoul(port);
  out.port = static_cast<uint16_t>(number);
  return number > 0 && number < 65536;
}

void read_mqtt(ConfigTable table, const Reading& reading, MqttConfig& out) {
  const std::string broker = table.required_text("broker", "mqtt://127.0.0.1:1883");
  if (!broker.empty() && !parse_broker(broker, out))
    table.fault("broker", "'" + broker + "' is no address of a broker",
                "Write \"mqtt://HOST:1883\", or \"mqtts://HOST:8883\" for TLS.");
  out.client_id = table.text("client_id", "");
  out.prefix = table.text("prefix", out.prefix);
  if (out.prefix.empty() || out.prefix.find_first_of("+#$") != std::string::npos ||
      out.prefix.front() == '/' || out.prefix.back() == '/')
    table.fault("prefix", "'" + out.prefix + "' cannot begin the topics",
                "Write words between slashes, without + # and $, like \"plant/cairn\".");
  out.username = table.text("username", "");
  out.password = secret_of(table, "password", reading);
  out.ca = file_of(table, "ca", reading);
  out.certificate = file_of(table, "certificate", reading);
  out.key = secret_of(table, "key", reading);
  if (out.certificate.empty() != out.key.empty())
    table.fault("certificate", "certificate and key belong together", "Name both or none.");
  if (!out.tls && (!out.ca.empty() || !out.certificate.empty()))
    table.fault("broker", "certificates are of no use without TLS", "Write \"mqtts://...\".");
  out.inflight_max =
      static_cast<unsigned>(table.number("inflight_max", out.inflight_max, 1, 65535));
  out.session_seconds = static_cast<unsigned>(
      table.number("session_seconds", out.session_seconds, 60, UINT32_MAX - 1));
  table.close();
}

/// The configuration is for all to read.
void read_postgresql(ConfigTable& table, const Reading& reading, StoreConfig& out) {
  out.connection = table.required_text("connection", "host=db1,db2 dbname=cairn user=cairn");
  const Error error = cairn::gateway::check_connection(out.connection);
  if (error.status == Status::bad_argument)
    table.fault("connection", error.message,
                "Write keywords of libpq and no password: store.password names a file for that.");
  out.password = secret_of(table, "password", reading);
  out.single = table.flag("single", out.single);
}

void read_store(ConfigTable table, const Reading& reading, Config& config) {
  StoreConfig& out = config.store;
  out.kind = table.one_of("kind", {"sqlite", "postgresql"});
  if (out.kind == "postgresql") {
    read_postgresql(table, reading, out);
  } else {
    out.path = in_folder(config.state_folder, table.text("path", "store.sqlite"));
  }
  table.close();
}

void read_log(ConfigTable table, LogOutputConfig& out) {
  out.level = table.one_of("level", {"info", "debug", "warning", "error"});
  out.format = table.one_of("format", {"text", "json"});
  table.close();
}

void read_gateway(ConfigTable table, const Reading& reading, Config& out) {
  out.state_folder =
      in_folder(reading.folder, table.required_text("state_folder", "/var/lib/cairn-gateway"));
  struct stat about {};
  if (table.has("state_folder") &&
      (stat(out.state_folder.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)))
    table.fault("state_folder", out.state_folder + " is no folder",
                "Make it, owned by the service's user and with mode 0700.");
  out.log_key = required_secret(table, "log_key", reading);
  out.witness_key = required_secret(table, "witness_key", reading);
  if (!out.log_key.empty() && out.log_key.path == out.witness_key.path)
    table.fault("witness_key", "the witness's key is the log's",
                "Make another: a key that signs one kind of statement only is worth more.");
  out.body_bytes_max = table.number("body_bytes_max", out.body_bytes_max, 1024, 64 << 20);
  out.worker_threads =
      static_cast<unsigned>(table.number("worker_threads", out.worker_threads, 1, 256));
  out.worker_queue_max =
      static_cast<unsigned>(table.number("worker_queue_max", out.worker_queue_max, 1, 1000000));
  out.publish_interval_ms = static_cast<unsigned>(
      table.number("publish_interval_ms", out.publish_interval_ms, 10, 3600000));
  out.aggregate_queue_max = static_cast<unsigned>(
      table.number("aggregate_queue_max", out.aggregate_queue_max, 1, 100000000));
  table.close();
}

void read_tables(ConfigTable& file, const Reading& reading, Config& out) {
  read_gateway(file.table("gateway"), reading, out);
  read_store(file.table("store"), reading, out);
  for (ConfigTable& listener : file.tables("listen"))
    out.listeners.push_back(read_listener(listener, reading));
  read_http(file.table("http"), out.http);
  if (file.has("mqtt")) read_mqtt(file.table("mqtt"), reading, out.mqtt.emplace());
  read_log(file.table("log"), out.log);
  read_anchors(file, reading, out.anchors);
  if (file.has("witnesses"))
    read_witnesses(file.table("witnesses"), reading, out.witnesses.emplace());
  if (out.listeners.empty() && !out.mqtt)
    reading.faults.add(0, "the gateway listens nowhere",
                       "Add a [[listen]] with an address, or [mqtt] with a broker.");
  file.close();
}

}  // namespace

const std::vector<std::string>& listen_groups() {
  static const std::vector<std::string> groups = {"devices", "log", "query", "metrics"};
  return groups;
}

bool parse_endpoint(const std::string& text, Endpoint& out) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return false;
  std::string host = text.substr(0, colon);
  const std::string port = text.substr(colon + 1);
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  in6_addr address;
  if (inet_pton(brackets ? AF_INET6 : AF_INET, host.c_str(), &address) != 1) return false;
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos)
    return false;
  const unsigned long number = std::stoul(port);
  if (number > 65535) return false;
  out = {host, static_cast<uint16_t>(number)};
  return true;
}

std::string endpoint_text(const Endpoint& endpoint) {
  const bool ipv6 = endpoint.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

Error read_config(const std::string& path, ConfigUse use, Config& out) {
  std::string text, absolute;
  CAIRN_HOST_TRY(cairn::host::read_file(path, config_bytes_max, text));
  CAIRN_HOST_TRY(cairn::host::absolute_path(path, absolute));
  return parse_config(text, path, absolute.substr(0, absolute.rfind('/')), use, out);
}

Error parse_config(const std::string& text, const std::string& path, const std::string& folder,
                   ConfigUse use, Config& out) {
  ConfigFaults faults(path);
  const Reading reading{folder, use, faults};
  ConfigTable file = ConfigTable::parse(text, faults);
  CAIRN_HOST_TRY(faults.error());
  out = {};
  read_tables(file, reading, out);
  return faults.error();
}

}  // namespace service
