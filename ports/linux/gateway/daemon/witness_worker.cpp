#include "witness_worker.hpp"

#include <algorithm>

#include "anchor_factory.hpp"
#include "clock.hpp"
#include "journal.hpp"

namespace service {

namespace {

namespace gateway = cairn::gateway;

constexpr std::chrono::milliseconds pause(1000);

}  // namespace

uint64_t WitnessWorker::patience_s(const WitnessesConfig& config) {
  return 2 * config.interval_s + config.timeout_s;
}

WitnessWorker::WitnessWorker(WitnessesConfig config, gateway::Store& store, AnchorHeads& heads,
                             const std::string& log)
    : heads_(heads),
      log_(log),
      interval_s_(config.interval_s),
      witnesses_(store, std::move(config)) {}

void WitnessWorker::start() {
  thread_.start([this] { return round(); });
}

std::chrono::milliseconds WitnessWorker::round() {
  const uint64_t now_s = clock_s();
  const gateway::AggregateHead newest = heads_.newest();
  const bool is_over = now_s - asked_since_s_ >= interval_s_;  // true also when a clock went back
  if (newest.size > asked_.size && (is_over || asked_.size == 0)) {
    asked_ = newest;
    asked_since_s_ = now_s;
  }
  if (asked_.size != 0 && is_due(now_s)) {
    const auto before = witnesses_.peers();
    cairn::QuorumResult result;
    const Error error = witnesses_.step(log_, asked_, now_s, result);
    if (thread_.is_stopping()) return pause;  // what was cut off did not fail
    note(before);
    if (!error.ok() && error.message != store_error_) report_error("witness.store_failed", error);
    store_error_ = error.message;
    if (result.reached) {
      heads_.take_cosigned(asked_, now_s);
      const std::lock_guard<std::mutex> lock(mutex_);
      cosigned_size_ = asked_.size;
    }
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (cosigned_size_ == newest.size) heads_.note_caught_up(now_s);
  return pause;
}

/// A step reads the store, so there is none when nobody is to be asked.
bool WitnessWorker::is_due(uint64_t now_s) const {
  const auto peers = witnesses_.peers();
  return std::any_of(peers.begin(), peers.end(), [&](const gateway::WitnessPeer& peer) {
    return peer.is_due(asked_.size, now_s);
  });
}

void WitnessWorker::note(const std::vector<gateway::WitnessPeer>& before) {
  const auto after = witnesses_.peers();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (size_t i = 0; i < after.size(); ++i) {
    const gateway::WitnessPeer& peer = after[i];
    if (peer.cosigned_size != before[i].cosigned_size) {
      ++cosignatures_;
      report(Severity::info, "witness.cosigned",
             {{"witness", peer.name}, {"size", std::to_string(peer.cosigned_size)}});
    }
    if (peer.failures > before[i].failures) {
      ++failures_;
      report(Severity::warning, "witness.failed",
             {{"witness", peer.name},
              {"failures", std::to_string(peer.failures)},
              {"again", std::to_string(peer.next_s)},
              {"message", without_url(peer.error, peer.url)}});
    }
  }
}

WitnessesStatus WitnessWorker::status() const {
  WitnessesStatus out;
  out.peers = witnesses_.peers();
  for (gateway::WitnessPeer& peer : out.peers) {
    peer.error = without_url(peer.error, peer.url);
    peer.url = site_of(peer.url);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  out.cosigned_size = cosigned_size_;
  out.cosignatures = cosignatures_;
  out.failures = failures_;
  return out;
}

}  // namespace service
