// Configurations of cairn-gateway, of any bytes: what is taken keeps to the ranges that
// docs/gateway.md names, and what is not has its faults, each on a line with its file.
#include <algorithm>
#include <sstream>

#include "config.hpp"
#include "fuzz.hpp"

using namespace service;

namespace {

const char file[] = "fuzz.toml";

void check_listener(const ListenConfig& listener) {
  Endpoint again;
  fuzz::check(parse_endpoint(endpoint_text(listener.endpoint), again));
  fuzz::check(again.port == listener.endpoint.port && again.host == listener.endpoint.host);
  const auto& groups = listen_groups();
  fuzz::check(!listener.serve.empty());
  for (const std::string& group : listener.serve)
    fuzz::check(std::find(groups.begin(), groups.end(), group) != groups.end());
}

void check_anchor(const AnchorConfig& anchor) {
  const auto& types = anchor_types();
  fuzz::check(std::find(types.begin(), types.end(), anchor.type) != types.end());
  fuzz::check(!anchor.outbox.name.empty() && anchor.url.rfind("http", 0) == 0);
  fuzz::check(anchor.outbox.interval_s >= 1 && anchor.timeout_s >= 1 && anchor.timeout_s <= 300);
  fuzz::check(anchor.outbox.retry_min_s >= 1);
  fuzz::check(anchor.outbox.retry_max_s >= anchor.outbox.retry_min_s);
  if (anchor.type == "evm")
    fuzz::check(anchor.evm.chain_id >= 1 && anchor.outbox.cost_max <= INT64_MAX);
}

void check_config(const Config& config) {
  fuzz::check(!config.state_folder.empty() && !config.log_key.empty());
  fuzz::check(config.log_key.path != config.witness_key.path);
  fuzz::check(config.body_bytes_max >= 1024 && config.body_bytes_max <= (64 << 20));
  fuzz::check(config.worker_threads >= 1 && config.worker_threads <= 256);
  fuzz::check(!config.listeners.empty() || config.mqtt);
  for (const ListenConfig& listener : config.listeners)
    check_listener(listener);
  if (config.mqtt)
    fuzz::check(!config.mqtt->host.empty() && config.mqtt->port != 0 &&
                config.mqtt->inflight_max >= 1 && !config.mqtt->prefix.empty());
  fuzz::check(config.anchors.size() <= 16);
  for (const AnchorConfig& anchor : config.anchors)
    check_anchor(anchor);
}

void check_faults(const std::string& message) {
  std::istringstream lines(message);
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    fuzz::check(line.compare(0, sizeof file - 1, file) == 0);
  fuzz::check(count != 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  // Neither use opens the files that are named.
  for (const ConfigUse use : {ConfigUse::store, ConfigUse::contract}) {
    Config config;
    const Error error = parse_config(text, file, "/", use, config);
    if (error.ok())
      check_config(config);
    else
      check_faults(error.message);
  }
  return 0;
}
