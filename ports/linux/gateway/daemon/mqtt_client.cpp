#include "mqtt_client.hpp"

#include <mqtt_protocol.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>

#include "journal.hpp"

namespace service {

namespace {

constexpr int keepalive_s = 30;
constexpr int qos = 1;
constexpr unsigned retry_s_max = 30;
constexpr int verify_peer = 1;  // SSL_VERIFY_PEER
constexpr size_t packet_overhead_bytes = 1024;

std::string mosquitto_text(int result) {
  return result == MOSQ_ERR_ERRNO ? std::strerror(errno) : mosquitto_strerror(result);
}

/// Jobs that somebody waits for.
class Pending {
 public:
  void add() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++count_;
  }
  void done() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--count_ == 0) changed_.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t count_ = 0;
};

}  // namespace

MqttClient::MqttClient(const MqttConfig& config, size_t payload_bytes_max, WorkerPool& pool,
                       MqttHandler handle)
    : config_(config),
      payload_bytes_max_(payload_bytes_max),
      pool_(pool),
      handle_(std::move(handle)) {
  mosquitto_lib_init();
}

MqttClient::~MqttClient() {
  stop();
  mosquitto_lib_cleanup();
}

Error MqttClient::open() {
  client_ = mosquitto_new(config_.client_id.c_str(), false, this);
  if (client_ == nullptr) return {Status::io, "no memory for the MQTT client."};
  mosquitto_int_option(client_, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
  mosquitto_int_option(client_, MOSQ_OPT_RECEIVE_MAXIMUM, static_cast<int>(config_.inflight_max));
  mosquitto_int_option(client_, MOSQ_OPT_TCP_NODELAY, 1);
  // Its packets are written when mosquitto_loop_write() is called, and at no other time.
  mosquitto_threaded_set(client_, true);
  mosquitto_connect_v5_callback_set(client_, &on_connect);
  mosquitto_disconnect_v5_callback_set(client_, &on_disconnect);
  mosquitto_subscribe_v5_callback_set(client_, &on_subscribe);
  mosquitto_message_v5_callback_set(client_, &on_message);
  mosquitto_publish_v5_callback_set(client_, &on_publish);
  return set_secrets();
}

void MqttClient::start(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    topics_.push_back(config_.prefix + "/+/" + name);
  thread_ = std::thread([this] { run(); });
}

Error MqttClient::set_secrets() {
  if (!config_.username.empty()) {
    std::string password;
    if (!config_.password.empty()) CAIRN_HOST_TRY(read_secret(config_.password, password));
    mosquitto_username_pw_set(client_, config_.username.c_str(), password.c_str());
    cairn::wipe(&password[0], password.size());
  }
  if (!config_.tls) return {};
  if (!config_.key.empty()) {
    std::string key;  // libmosquitto reads the file itself, and does not mind who else may
    CAIRN_HOST_TRY(read_secret(config_.key, key));
    cairn::wipe(&key[0], key.size());
  }
  const auto path = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
  if (config_.ca.empty()) mosquitto_int_option(client_, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
  int result = mosquitto_tls_opts_set(client_, verify_peer, nullptr, nullptr);
  if (result == MOSQ_ERR_SUCCESS)
    result = mosquitto_tls_set(client_, path(config_.ca),
                               config_.ca.empty() ? "/etc/ssl/certs" : nullptr,
                               path(config_.certificate), path(config_.key.path), nullptr);
  if (result == MOSQ_ERR_SUCCESS) return {};
  return {Status::bad_argument, "the certificates for the MQTT broker cannot be used: " +
                                    mosquitto_text(result) + ". They must be PEM files."};
}

void MqttClient::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  if (client_ != nullptr) mosquitto_destroy(client_);
  client_ = nullptr;
}

MqttCounts MqttClient::counts() const {
  return {received_, published_, dropped_, connects_};
}

void MqttClient::run() {
  while (!stopping_) {
    if (!connect()) {
      wait_until_next_try();
      continue;
    }
    while (!stopping_ && serve()) {
    }
    // Unacknowledged messages come again; those that stop() leaves are handled and acknowledged.
    connected_ = false;
    batch_.clear();
    batch_bytes_ = 0;
    outstanding_ = 0;
    if (!stopping_) wait_until_next_try();
  }
  mosquitto_disconnect(client_);
  mosquitto_loop_write(client_, 1);
}

bool MqttClient::connect() {
  mosquitto_property* properties = nullptr;
  mosquitto_property_add_int32(&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL,
                               config_.session_seconds);
  mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
                               static_cast<uint32_t>(payload_bytes_max_ + packet_overhead_bytes));
  const int result = mosquitto_connect_bind_v5(client_, config_.host.c_str(), config_.port,
                                               keepalive_s, nullptr, properties);
  mosquitto_property_free_all(&properties);
  if (result == MOSQ_ERR_SUCCESS) return true;
  report(failures_ == 0 ? Severity::warning : Severity::debug, "mqtt.unreachable",
         {{"broker", config_.host + ":" + std::to_string(config_.port)},
          {"message", mosquitto_text(result)}});
  ++failures_;
  return false;
}

void MqttClient::wait_until_next_try() {
  const unsigned seconds = std::min(retry_s_max, 1U << std::min(failures_, 5U));
  for (unsigned i = 0; i < seconds * 10 && !stopping_; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

/// One round: read, handle, acknowledge. False when the connection is lost.
bool MqttClient::serve() {
  const int socket = mosquitto_socket(client_);
  if (socket < 0) return false;
  pollfd file = {socket, static_cast<short>(POLLIN | (mosquitto_want_write(client_) ? POLLOUT : 0)),
                 0};
  poll(&file, 1, 200);
  if (!read()) return false;
  if (!handle_batch()) {
    // The store is out: the broker keeps what it has not been told has arrived.
    report(Severity::warning, "mqtt.held_back", {{"messages", std::to_string(batch_.size())}});
    shutdown(socket, SHUT_RDWR);
    ++failures_;
    return false;
  }
  return mosquitto_loop_write(client_, 1) == MOSQ_ERR_SUCCESS &&
         mosquitto_loop_misc(client_) == MOSQ_ERR_SUCCESS;
}

/// Reads what has arrived, as many messages as are acknowledged together.
bool MqttClient::read() {
  while (batch_.size() < config_.inflight_max && batch_bytes_ < batch_bytes_max) {
    const size_t before = events_;
    if (mosquitto_loop_read(client_, 1) != MOSQ_ERR_SUCCESS) return false;
    pollfd file = {mosquitto_socket(client_), POLLIN, 0};
    if (events_ == before && poll(&file, 1, 0) <= 0) break;
  }
  return true;
}

bool MqttClient::handle_batch() {
  Pending pending;
  for (Arrived& arrived : batch_) {
    const auto job = [this, &arrived, &pending] {
      arrived.outcome = handle_(arrived.topic, arrived.payload);
      pending.done();
    };
    pending.add();
    if (!pool_.offer(job)) job();
  }
  pending.wait();
  for (const Arrived& arrived : batch_)
    if (!arrived.outcome.taken) return false;
  for (Arrived& arrived : batch_)
    for (MqttPublication& answer : arrived.outcome.answers)
      if (!answer.newest || answer.newest(answer.payload).ok()) publish(answer);
  batch_.clear();
  batch_bytes_ = 0;
  return true;
}

void MqttClient::publish(const MqttPublication& publication) {
  if (outstanding_ >= size_t{4} * config_.inflight_max) {
    ++dropped_;
    return;
  }
  const int result = mosquitto_publish_v5(
      client_, nullptr, publication.topic.c_str(), static_cast<int>(publication.payload.size()),
      publication.payload.data(), qos, publication.retain, nullptr);
  if (result == MOSQ_ERR_SUCCESS) {
    ++outstanding_;
    ++published_;
  } else {
    ++dropped_;
  }
}

void MqttClient::on_connect(mosquitto* client, void* self, int reason, int,
                            const mosquitto_property*) {
  MqttClient& mqtt = *static_cast<MqttClient*>(self);
  ++mqtt.events_;
  if (reason != 0) {
    ++mqtt.failures_;
    report(Severity::error, "mqtt.refused",
           {{"reason", mosquitto_reason_string(reason)},
            {"remedy", "check username, password, certificate and the broker's access list"}});
    return;
  }
  mqtt.failures_ = 0;
  mqtt.connected_ = true;
  ++mqtt.connects_;
  report(Severity::info, "mqtt.connected", {{"broker", mqtt.config_.host}});
  for (const std::string& topic : mqtt.topics_)
    mosquitto_subscribe(client, nullptr, topic.c_str(), qos);
}

void MqttClient::on_disconnect(mosquitto*, void* self, int reason, const mosquitto_property*) {
  MqttClient& mqtt = *static_cast<MqttClient*>(self);
  ++mqtt.events_;
  mqtt.connected_ = false;
  if (!mqtt.stopping_)
    report(Severity::warning, "mqtt.disconnected", {{"reason", mosquitto_strerror(reason)}});
}

void MqttClient::on_subscribe(mosquitto*, void* self, int, int count, const int* granted,
                              const mosquitto_property*) {
  ++static_cast<MqttClient*>(self)->events_;
  for (int i = 0; i < count; ++i)
    if (granted[i] > 2)
      report(Severity::error, "mqtt.not_subscribed",
             {{"remedy", "let the broker's access list give this client its topics"}});
}

void MqttClient::on_message(mosquitto*, void* self, const mosquitto_message* message,
                            const mosquitto_property*) {
  MqttClient& mqtt = *static_cast<MqttClient*>(self);
  ++mqtt.events_;
  ++mqtt.received_;
  const auto size = static_cast<size_t>(message->payloadlen);
  if (size > mqtt.payload_bytes_max_) return;
  mqtt.batch_.push_back(
      {message->topic, std::string(static_cast<const char*>(message->payload), size), {}});
  mqtt.batch_bytes_ += size;
}

void MqttClient::on_publish(mosquitto*, void* self, int, int, const mosquitto_property*) {
  MqttClient& mqtt = *static_cast<MqttClient*>(self);
  ++mqtt.events_;
  if (mqtt.outstanding_ > 0) --mqtt.outstanding_;
}

}  // namespace service
