// The gateway's side of MQTT, by libmosquitto: reports come in at QoS 1, and the broker is told
// that one has arrived (PUBACK) only after what it brought is durable.
//
// libmosquitto queues the PUBACK before it hands a message over, and writes its queue when it is
// asked to. So this client reads many messages, has the worker pool handle all of them, waits, and
// only then lets libmosquitto write. What a gateway had not finished when it died, the broker sends
// again; that is harmless, since reports say what a log is, not what to add to it.
#pragma once

#include <mosquitto.h>

#include <atomic>
#include <thread>

#include "config.hpp"
#include "mqtt_message.hpp"
#include "worker_pool.hpp"

namespace service {

struct MqttCounts {
  uint64_t received = 0;
  uint64_t published = 0;
  uint64_t dropped = 0;  ///< answers that the broker did not take in time; devices ask again
  uint64_t connects = 0;
};

class MqttClient {
 public:
  /// `handle` is called by threads of the pool.
  MqttClient(const MqttConfig& config, size_t payload_bytes_max, WorkerPool& pool,
             MqttHandler handle);
  /// Stops.
  ~MqttClient();
  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  /// Reads secrets and certificates; connects to nobody yet.
  ///
  /// bad_argument  certificates that cannot be used
  /// bad_state     a secret that others may read
  Error open();
  /// Begins to connect, and goes on for as long as it takes. Subscribes to PREFIX/+/NAME for each
  /// of `names`.
  void start(const std::vector<std::string>& names);
  /// Finishes what it has read, and says goodbye to the broker, which keeps the session.
  void stop();

  bool is_connected() const { return connected_; }
  MqttCounts counts() const;

 private:
  struct Arrived {
    std::string topic;
    std::string payload;
    MqttOutcome outcome;
  };
  static constexpr size_t batch_bytes_max = 64 << 20;

  Error set_secrets();
  void run();
  bool connect();
  bool serve();
  bool read();
  bool handle_batch();
  void publish(const MqttPublication& publication);
  void wait_until_next_try();

  static void on_connect(mosquitto*, void* self, int reason, int flags, const mosquitto_property*);
  static void on_disconnect(mosquitto*, void* self, int reason, const mosquitto_property*);
  static void on_subscribe(mosquitto*, void* self, int, int count, const int* granted,
                           const mosquitto_property*);
  static void on_message(mosquitto*, void* self, const mosquitto_message* message,
                         const mosquitto_property*);
  static void on_publish(mosquitto*, void* self, int, int, const mosquitto_property*);

  const MqttConfig config_;
  const size_t payload_bytes_max_;
  WorkerPool& pool_;
  const MqttHandler handle_;
  std::vector<std::string> topics_;
  mosquitto* client_ = nullptr;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> connected_{false};
  unsigned failures_ = 0;       ///< connects in a row
  std::vector<Arrived> batch_;  ///< read, not yet acknowledged
  size_t batch_bytes_ = 0;
  size_t events_ = 0;       ///< callbacks so far: how read() knows that it read something
  size_t outstanding_ = 0;  ///< published, not yet acknowledged by the broker
  std::atomic<uint64_t> received_{0};
  std::atomic<uint64_t> published_{0};
  std::atomic<uint64_t> dropped_{0};
  std::atomic<uint64_t> connects_{0};
};

}  // namespace service
