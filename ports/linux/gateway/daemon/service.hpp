// The gateway as it runs: the parts of cairn::gateway, the transports before them, and the threads
// that move things on.
#pragma once

#include "anchoring.hpp"
#include "archive_worker.hpp"
#include "core.hpp"
#include "history.hpp"
#include "http_server.hpp"
#include "mqtt_client.hpp"
#include "sequencer.hpp"

namespace service {

class Service {
 public:
  Service() = default;
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Opens the store, the log and the keys, and serves.
  Error start(const std::string& config_path);

  /// Reads the configuration again and takes over what can change while running: addresses, TLS
  /// certificates, limits, the broker, anchors and witnesses, the log's level. Connections
  /// in progress are served to their end. With a configuration that has faults nothing changes.
  ///
  /// bad_argument  faults, or a change of what needs a restart: state_folder, keys, store
  Error reload();

  /// Takes no new requests, answers what has arrived, integrates and publishes.
  void stop();

  /// Call it about once a second.
  void tick();

  /// Whether the store answers and the log moves on; systemd's watchdog is fed only then.
  bool is_alive() const;

  // What the routes ask for.
  Core& core() { return core_; }
  const Sequencer& sequencer() const { return *sequencer_; }
  /// Stays usable while a reload puts another in its place.
  std::shared_ptr<const Anchoring> anchoring() const;
  const History& history() const { return history_; }
  bool is_ready() const;
  std::string metrics() const;

 private:
  struct Listener {
    Endpoint wanted;  ///< as configured: port 0 stays 0
    cairn::host::Descriptor socket;
    std::unique_ptr<HttpServer> server;
  };

  Error open_core();
  Error integrate();
  void replace_anchoring(std::shared_ptr<Anchoring> next);
  Error open_anchoring(const Config& config, std::shared_ptr<Anchoring>& out);
  Error start_transports(const Config& config);
  Error start_listener(const ListenConfig& listen, const Config& config,
                       std::vector<Listener>& out);

  std::string config_path_;
  Config config_;
  Core core_;
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<ArchiveWorker> archive_worker_;
  History history_;
  HttpStats http_stats_;
  mutable std::mutex transports_mutex_;  ///< guards the next three
  std::vector<Listener> listeners_;
  std::unique_ptr<MqttClient> mqtt_;
  std::shared_ptr<Anchoring> anchoring_;
  bool looked_ = false;         ///< for heads in no leaf; this and the next three: the sequencer's
  uint64_t failed_before_ = 0;  ///< answers 503 at that time
  uint64_t unkept_before_ = 0;
  uint64_t records_failed_before_ = 0;
  std::time_t started_s_ = 0;
  std::time_t sampled_s_ = 0;
  std::atomic<bool> stopping_{false};
};

}  // namespace service
