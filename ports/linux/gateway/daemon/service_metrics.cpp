// What /metrics shows.
#include <unistd.h>

#include <cairn/gateway/postgres_store.hpp>
#include <fstream>

#include "service.hpp"

namespace service {

namespace {

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double size = 0;
  double resident = 0;
  in >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void write_intake(MetricPage& page, const cairn::gateway::IntakeCounts& counts) {
  for (size_t i = 0; i < std::size(cairn::gateway::intake_answers); ++i)
    page.counter("device_answers_total", "Answers to devices, by status and over all transports.",
                 counts.answers[i],
                 {{"status", std::to_string(cairn::gateway::intake_answers[i])}});
  page.counter("records_total", "Records that devices reported.", counts.records);
  page.counter("records_unkept_total",
               "Heads whose records are not kept, since some before them are missing.",
               counts.unkept);
  page.counter("records_failed_total",
               "Heads that were not taken, since their records cannot be kept.",
               counts.records_failed);
  page.gauge("reports_held", "Devices whose reports no cosigned head covers yet.",
             static_cast<double>(counts.reports_held));
  page.counter("forks_total", "Devices that this process has frozen.", counts.forks);
  page.counter("store_commits_total", "Commits of heads.", counts.commits);
  page.counter("heads_total", "Heads that these commits made durable.", counts.heads);
}

/// What the store has of it, whichever gateway froze them; left out while it does not answer.
void write_frozen(MetricPage& page, const cairn::gateway::Registry& registry) {
  uint64_t frozen = 0;
  if (registry.count_frozen(frozen).ok())
    page.gauge("devices_frozen", "Devices that signed two histories.", static_cast<double>(frozen));
}

/// A store that gateways share; it is asked, so this may take as long as its other calls.
void write_store(MetricPage& page, cairn::gateway::PostgresStore& store) {
  cairn::gateway::Replication replication;
  const bool answers = store.replication(replication).ok();
  page.gauge("store_up", "1 when PostgreSQL answers.", answers ? 1 : 0);
  page.gauge("store_synchronous", "1 while commits wait for a standby.",
             replication.synchronous ? 1 : 0);
  page.gauge("store_standbys", "Standbys that commits wait for.",
             static_cast<double>(replication.standbys));
}

void write_mqtt(MetricPage& page, const MqttClient& mqtt) {
  const MqttCounts counts = mqtt.counts();
  page.gauge("mqtt_connected", "1 while the broker is connected.", mqtt.is_connected() ? 1 : 0);
  page.counter("mqtt_connects_total", "Times that the broker was connected.", counts.connects);
  page.counter("mqtt_received_total", "Messages received.", counts.received);
  page.counter("mqtt_published_total", "Messages published.", counts.published);
  page.counter("mqtt_dropped_total", "Answers that the broker did not take.", counts.dropped);
}

}  // namespace

std::string Service::metrics() const {
  MetricPage page;
  page.gauge("start_time_seconds", "When the service started, POSIX time.",
             static_cast<double>(started_s_));
  page.gauge("ready", "1 when /readyz answers 200.", is_ready() ? 1 : 0);
  page.gauge("resident_bytes", "Memory of the process.", resident_bytes());
  page.gauge("workers_queued", "Jobs that wait for a worker.",
             static_cast<double>(pool_->queued()));
  write_intake(page, core_.intake->counts());
  write_frozen(page, *core_.registry);
  if (auto* const shared = dynamic_cast<cairn::gateway::PostgresStore*>(core_.store.get()))
    write_store(page, *shared);
  page.gauge("log_leaves", "Size of the gateway's own log.",
             static_cast<double>(core_.log.head().size));
  page.gauge("log_waiting", "Checkpoints that are in no leaf yet.",
             static_cast<double>(core_.log.queued()));
  page.counter("sequencer_rounds_total", "Rounds of the sequencer.", sequencer_->rounds());
  page.counter("sequencer_failures_total", "Rounds that failed.", sequencer_->failures());
  page.gauge("sequencer_idle_seconds", "Time since a round ended.", sequencer_->idle_seconds());
  anchoring()->write(page);
  http_stats_.write(page);
  const std::lock_guard<std::mutex> lock(transports_mutex_);
  size_t connections = 0;
  uint64_t expired = 0;
  for (const Listener& listener : listeners_) {
    connections += listener.server->connections();
    expired += listener.server->expired();
  }
  page.gauge("http_connections", "Open connections.", static_cast<double>(connections));
  page.counter("http_expired_total", "Connections ended because their request took too long.",
               expired);
  if (mqtt_) write_mqtt(page, *mqtt_);
  return page.text();
}

}  // namespace service
