#include "service.hpp"

#include <unistd.h>

#include <algorithm>
#include <cairn/gateway/rebuild.hpp>

#include "mqtt_handler.hpp"
#include "routes.hpp"
#include "verbs.hpp"

namespace service {

namespace {

constexpr double hung_seconds = 60;

bool same_endpoint(const Endpoint& a, const Endpoint& b) {
  return a.host == b.host && a.port == b.port;
}

/// What must stay as it was at the start; empty when it did.
std::string changed_for_good(const Config& before, const Config& after) {
  if (before.state_folder != after.state_folder) return "state_folder";
  if (before.log_key.path != after.log_key.path) return "log_key";
  if (before.witness_key.path != after.witness_key.path) return "witness_key";
  const StoreConfig &old = before.store, &next = after.store;
  if (old.kind != next.kind || old.path != next.path || old.connection != next.connection ||
      old.password.path != next.password.path || old.single != next.single)
    return "store";
  return "";
}

/// No other gateway's: of two clients of one name the broker ends the one that came first.
std::string client_id_of(const std::string& log) {
  constexpr size_t digits = 16;
  return "cairn-gateway-" + cairn::gateway::origin_hash(log).substr(0, digits);
}

void report_frozen(const std::string& origin) {
  report(Severity::error, "device.frozen",
         {{"origin", origin},
          {"message", "signed two heads that contradict each other; /v1/fork has the proof"}});
}

}  // namespace

std::string tiles_folder(const Config& config) {
  return config.state_folder + "/log";
}

std::string records_folder(const Config& config) {
  return config.state_folder + "/records";
}

Service::~Service() {
  stop();
}

Error Service::start(const std::string& config_path) {
  config_path_ = config_path;
  started_s_ = std::time(nullptr);
  CAIRN_HOST_TRY(read_config(config_path, ConfigUse::service, config_));
  set_journal(config_.log.level, config_.log.format);
  CAIRN_HOST_TRY(open_core());
  pool_ = std::make_unique<WorkerPool>(config_.worker_threads, config_.worker_queue_max);
  sequencer_ = std::make_unique<Sequencer>([this] { return integrate(); });
  sequencer_->start(std::chrono::milliseconds(config_.publish_interval_ms));
  archive_worker_ = std::make_unique<ArchiveWorker>(*core_.store, core_.log);
  archive_worker_->start();
  std::shared_ptr<Anchoring> anchoring;
  CAIRN_HOST_TRY(open_anchoring(config_, anchoring));
  replace_anchoring(anchoring);
  CAIRN_HOST_TRY(start_transports(config_));
  tick();
  report(Severity::info, "service.ready",
         {{"log", core_.log.origin()}, {"leaves", std::to_string(core_.log.head().size)}});
  return {};
}

/// One round of the gateway's own log. Heads that are durable and wait for no leaf are looked for
/// after the start, and after commits whose answer was lost: a look reads all heads.
Error Service::integrate() {
  const cairn::gateway::IntakeCounts counts = core_.intake->counts();
  const uint64_t failed = counts.answers[std::size(counts.answers) - 1];  // 503
  Error queued;
  if (!looked_ || failed != failed_before_) queued = core_.intake->queue_heads();
  looked_ = queued.ok();
  failed_before_ = failed;
  if (counts.unkept != unkept_before_)
    report(Severity::warning, "records.unkept", {{"heads", std::to_string(counts.unkept)}});
  unkept_before_ = counts.unkept;
  if (counts.records_failed != records_failed_before_)
    report_error("records.failed", core_.intake->records_failure(),
                 {{"heads", std::to_string(counts.records_failed)}});
  records_failed_before_ = counts.records_failed;
  CAIRN_HOST_TRY(core_.log.integrate());
  return queued.status == Status::full ? Error{} : queued;
}

Error Service::open_core() {
  CAIRN_HOST_TRY(load_key(config_.log_key, core_.log_key));
  CAIRN_HOST_TRY(load_key(config_.witness_key, core_.witness_key));
  CAIRN_HOST_TRY(open_store(config_.store, core_.store));
  CAIRN_HOST_TRY(
      cairn::gateway::check_witness_key(*core_.store, core_.witness_key.cosigner_key().value));
  core_.registry = std::make_unique<cairn::gateway::Registry>(*core_.store);
  CAIRN_HOST_TRY(make_folder(tiles_folder(config_), 0755));
  CAIRN_HOST_TRY(make_folder(records_folder(config_), 0755));
  CAIRN_HOST_TRY(core_.log.open({tiles_folder(config_), config_.aggregate_queue_max}, *core_.store,
                                core_.log_key));
  cairn::gateway::IntakeOptions options;
  options.body_bytes_max = SIZE_MAX;  // the transports' matter: a reload may change it
  options.records_folder = records_folder(config_);
  options.frozen = report_frozen;
  core_.intake = std::make_unique<cairn::gateway::Intake>(*core_.store, *core_.registry, core_.log,
                                                          core_.witness_key, options);
  core_.evidence = std::make_unique<cairn::gateway::EvidenceBuilder>(*core_.store, core_.log,
                                                                     options.records_folder);
  return {};
}

Error Service::open_anchoring(const Config& config, std::shared_ptr<Anchoring>& out) {
  out = std::make_shared<Anchoring>(*core_.store, core_.log);
  return out->open(config);
}

/// What the old one has begun is stored, and the new one goes on with it.
void Service::replace_anchoring(std::shared_ptr<Anchoring> next) {
  {
    const std::lock_guard<std::mutex> lock(transports_mutex_);
    std::swap(anchoring_, next);
  }
  if (next) next->stop();
  anchoring_->start();
}

std::shared_ptr<const Anchoring> Service::anchoring() const {
  const std::lock_guard<std::mutex> lock(transports_mutex_);
  return anchoring_;
}

/// Starts the new transports first and stops the old ones then, so that no connection is refused.
/// The broker ends one of two clients of one name, so there it is the other way round.
Error Service::start_transports(const Config& config) {
  std::vector<Listener> listeners;
  for (const ListenConfig& listen : config.listeners)
    CAIRN_HOST_TRY(start_listener(listen, config, listeners));
  std::unique_ptr<MqttClient> mqtt;
  if (config.mqtt) {
    MqttConfig wanted = *config.mqtt;
    if (wanted.client_id.empty()) wanted.client_id = client_id_of(core_.log.origin());
    mqtt = std::make_unique<MqttClient>(wanted, config.body_bytes_max, *pool_,
                                        make_mqtt_handler(core_, wanted.prefix));
    CAIRN_HOST_TRY(mqtt->open());
  }
  {
    const std::lock_guard<std::mutex> lock(transports_mutex_);
    std::swap(listeners_, listeners);
    std::swap(mqtt_, mqtt);
  }
  mqtt.reset();
  if (mqtt_) mqtt_->start({"checkpoint", "report", "enrol"});
  return {};
}

Error Service::start_listener(const ListenConfig& listen, const Config& config,
                              std::vector<Listener>& out) {
  Listener listener;
  listener.wanted = listen.endpoint;
  ListenConfig actual = listen;
  // Of several that take any free port, each goes on with its own.
  size_t before = 0;
  for (const Listener& started : out)
    before += same_endpoint(started.wanted, listen.endpoint) ? 1 : 0;
  int socket = -1;
  for (const Listener& running : listeners_)
    if (same_endpoint(running.wanted, listen.endpoint) && before-- == 0)
      socket = running.socket.number();
  if (socket >= 0) {
    listener.socket = cairn::host::Descriptor(dup(socket));
  } else {
    CAIRN_HOST_TRY(open_listening_socket(actual.endpoint, listener.socket));
    report(Severity::info, "http.listening",
           {{"address", endpoint_text(actual.endpoint)}, {"tls", listen.tls ? "yes" : "no"}});
  }
  listener.server = std::make_unique<HttpServer>(*pool_, http_stats_);
  CAIRN_HOST_TRY(listener.server->start(actual, config.http, listener.socket.number(),
                                        make_routes(*this, config.body_bytes_max)));
  out.push_back(std::move(listener));
  return {};
}

Error Service::reload() {
  Config next;
  CAIRN_HOST_TRY(read_config(config_path_, ConfigUse::service, next));
  const std::string changed = changed_for_good(config_, next);
  if (!changed.empty())
    return {Status::bad_argument,
            changed + " cannot change while the gateway runs. Restart it, or put it back."};
  std::shared_ptr<Anchoring> anchoring;
  CAIRN_HOST_TRY(open_anchoring(next, anchoring));
  CAIRN_HOST_TRY(start_transports(next));
  replace_anchoring(anchoring);
  set_journal(next.log.level, next.log.format);
  sequencer_->set_interval(std::chrono::milliseconds(next.publish_interval_ms));
  const std::lock_guard<std::mutex> lock(transports_mutex_);
  config_ = next;
  report(Severity::info, "service.reloaded");
  return {};
}

void Service::stop() {
  if (stopping_.exchange(true)) return;
  std::vector<Listener> listeners;
  std::unique_ptr<MqttClient> mqtt;
  {
    const std::lock_guard<std::mutex> lock(transports_mutex_);
    std::swap(listeners_, listeners);
    std::swap(mqtt_, mqtt);
  }
  listeners.clear();
  mqtt.reset();
  if (anchoring_) anchoring_->stop();
  if (archive_worker_) archive_worker_->stop();
  if (pool_) pool_->stop();
  if (sequencer_) sequencer_->stop();
  if (core_.intake)
    report(Severity::info, "service.stopped",
           {{"leaves", std::to_string(core_.log.head().size)},
            {"waiting", std::to_string(core_.log.queued())}});
}

bool Service::is_alive() const {
  const std::chrono::duration<double> interval = sequencer_->interval();
  return sequencer_->idle_seconds() < hung_seconds + 2 * interval.count();
}

bool Service::is_ready() const {
  if (stopping_ || sequencer_->rounds() == 0 || !sequencer_->last().ok()) return false;
  const std::lock_guard<std::mutex> lock(transports_mutex_);
  return !config_.mqtt || (mqtt_ && mqtt_->is_connected());
}

void Service::tick() {
  const std::time_t now_s = std::time(nullptr);
  // A clock that was set back is no reason to wait for it.
  if (now_s >= sampled_s_ && now_s - sampled_s_ < History::interval_s) return;
  sampled_s_ = now_s;
  const cairn::gateway::IntakeCounts counts = core_.intake->counts();
  history_.add(
      {now_s, counts.answers[0], counts.records, core_.log.head().size, core_.log.queued()});
}

}  // namespace service
