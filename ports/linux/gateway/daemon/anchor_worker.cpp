#include "anchor_worker.hpp"

#include "clock.hpp"
#include "journal.hpp"

namespace service {

namespace {

namespace gateway = cairn::gateway;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds at_rest(1000);
constexpr std::chrono::milliseconds at_work(50);  // a submission has several steps

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", seconds);
  return text;
}

AnchorConfig of_log(AnchorConfig config, const gateway::AggregateLog& log) {
  config.outbox.log = log.origin();
  config.outbox.archive = &log.archive();
  return config;
}

}  // namespace

AnchorWorker::AnchorWorker(AnchorConfig config, gateway::Store& store, AnchorHeads& heads,
                           const gateway::AggregateLog& log)
    : config_(of_log(std::move(config), log)), store_(store), heads_(heads) {}

Error AnchorWorker::open() {
  CAIRN_HOST_TRY(make_anchor(config_, made_));
  outbox_ = std::make_unique<gateway::Outbox>(store_, *made_.anchor, config_.outbox);
  return {};
}

void AnchorWorker::start() {
  thread_.start([this] { return round(); });
}

std::chrono::milliseconds AnchorWorker::round() {
  const uint64_t now_s = clock_s();
  const Error error = is_resumed_ ? step(now_s) : resume(now_s);
  if (thread_.is_stopping()) return at_rest;
  // What goes on failing is said once.
  if (!error.ok() && error.message != store_error_)
    report_error("anchor.store_failed", error, {{"anchor", config_.outbox.name}});
  store_error_ = error.message;
  const gateway::OutboxState state = outbox_->state();
  return error.ok() && state.pending_size != 0 && state.next_s <= now_s ? at_work : at_rest;
}

/// Reads what is stored; what a process before this one began is as old as it says.
Error AnchorWorker::resume(uint64_t now_s) {
  CAIRN_HOST_TRY(outbox_->open());
  is_resumed_ = true;
  const gateway::OutboxState state = outbox_->state();
  if (state.pending_size != 0 && state.pending_since_s < now_s)
    begun_ = Clock::now() - std::chrono::seconds(now_s - state.pending_since_s);
  return {};
}

Error AnchorWorker::step(uint64_t now_s) {
  const gateway::OutboxState before = outbox_->state();
  if (before.pending_size == 0) begun_ = Clock::now();
  gateway::AnchorHead head;
  if (outbox_->takes_head(now_s)) CAIRN_HOST_TRY(pick(now_s, head));
  const Error error = outbox_->step(head, now_s);
  const gateway::OutboxState after = outbox_->state();
  if (head.size != 0 && after.pending_size == head.size)
    heads_.note_taken(head.size, config_.outbox.interval_s);
  if (!thread_.is_stopping()) note(before, after);  // what was cut off did not fail
  return error;
}

Error AnchorWorker::pick(uint64_t now_s, gateway::AnchorHead& out) {
  const gateway::AggregateHead head =
      heads_.pick(outbox_->state().anchored_size, config_.outbox.interval_s, now_s);
  return head.size == 0 ? Error{} : gateway::anchor_head(config_.outbox.log, head, out);
}

void AnchorWorker::note(const gateway::OutboxState& before, const gateway::OutboxState& after) {
  if (after.anchored_size > before.anchored_size) note_receipt(after);
  if (after.failures > before.failures) note_failure(after);
  if (after.is_capped && !before.is_capped)
    report(Severity::warning, "anchor.capped",
           {{"anchor", config_.outbox.name},
            {"spent", std::to_string(after.spent)},
            {"unit", made_.anchor->cost_unit()},
            {"until", std::to_string(after.next_s)}});
}

void AnchorWorker::note_receipt(const gateway::OutboxState& after) {
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  report(Severity::info, "anchor.receipt",
         {{"anchor", config_.outbox.name},
          {"size", std::to_string(after.anchored_size)},
          {"not_after", std::to_string(after.not_after_s)},
          {"seconds", seconds_text(seconds)}});
  const std::lock_guard<std::mutex> lock(mutex_);
  ++receipts_;
  latencies_.push_back({std::time(nullptr), seconds});
  if (latencies_.size() > latencies_max) latencies_.pop_front();
}

void AnchorWorker::note_failure(const gateway::OutboxState& after) {
  report(Severity::warning, "anchor.failed",
         {{"anchor", config_.outbox.name},
          {"failures", std::to_string(after.failures)},
          {"again", std::to_string(after.next_s)},
          {"message", without_url(after.error, config_.url)}});
  const std::lock_guard<std::mutex> lock(mutex_);
  ++failures_;
}

AnchorStatus AnchorWorker::status() const {
  AnchorStatus out;
  out.name = config_.outbox.name;
  out.type = config_.type;
  out.site = site_of(config_.url);
  out.account = made_.account;
  if (!made_.account.empty()) out.contract = cairn::host::evm_address_text(config_.evm.contract);
  out.cost_unit = made_.anchor->cost_unit();
  out.cost_max = config_.outbox.cost_max;
  out.outbox = outbox_->state();
  out.outbox.error = without_url(out.outbox.error, config_.url);
  const std::lock_guard<std::mutex> lock(mutex_);
  out.receipts = receipts_;
  out.failures = failures_;
  out.latencies = latencies_;
  return out;
}

}  // namespace service
