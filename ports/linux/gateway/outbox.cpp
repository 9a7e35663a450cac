#include <algorithm>
#include <cairn/gateway/outbox.hpp>

#include "outbox_entries.hpp"
#include "random.hpp"

namespace cairn::gateway {

Outbox::Outbox(Store& store, Anchor& anchor, OutboxOptions options,
               std::function<uint64_t()> random)
    : store_(store),
      anchor_(anchor),
      options_(std::move(options)),
      random_(random ? std::move(random) : random_number) {}

Error Outbox::open() {
  OutboxEntry pending;
  CAIRN_HOST_TRY(
      read_entry(store_, {"outbox", options_.log, options_.name}, pending, pending_version_));
  PeriodEntry period;
  CAIRN_HOST_TRY(
      read_entry(store_, {"outbox-spent", options_.log, options_.name}, period, spent_version_));
  DoneEntry done;
  CAIRN_HOST_TRY(
      read_entry(store_, {"outbox-done", options_.log, options_.name}, done, done_version_));
  pending_ = std::move(pending);
  period_ = period;
  receipt_ = {};
  const std::lock_guard<std::mutex> guard(mutex_);
  state_ = {};
  state_.anchored_size = done.size;
  state_.anchored_at_s = done.time_s;
  state_.not_after_s = done.not_after_s;
  state_.pending_size = pending_.head.size;
  state_.pending_since_s = pending_.since_s;
  state_.spent = period_.spent;
  return {};
}

OutboxState Outbox::state() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return state_;
}

Error Outbox::step(const AnchorHead& head, uint64_t now_s) {
  if (now_s < last_step_s_) wait_until(now_s);  // the clock was set back
  last_step_s_ = now_s;
  if (now_s < state().next_s) return {};
  if (receipt_.size != 0) return store_receipt(now_s);
  if (takes_head(now_s)) return take(head, now_s);
  if (pending_.head.size == 0) return {};
  return pending_.is_submitted ? ask(now_s) : send(now_s);
}

bool Outbox::takes_head(uint64_t now_s) const {
  const OutboxState now = state();
  if (now_s < now.next_s) return false;
  if (pending_.head.size != 0) return pending_.is_refused;
  return now.anchored_at_s == 0 || now_s - now.anchored_at_s >= options_.interval_s;
}

Error Outbox::take(const AnchorHead& head, uint64_t now_s) {
  if (head.size > std::max(state().anchored_size, pending_.head.size)) return prepare(head, now_s);
  return pending_.is_refused ? prepare(pending_.head, now_s) : Error{};
}

// Stores a submission and what it costs; it is sent by the next step.
Error Outbox::prepare(const AnchorHead& head, uint64_t now_s) {
  AnchorRequest request;
  const Error error = anchor_.prepare(head, pending_.request, request);
  if (!error.ok()) return fail(error, now_s);
  PeriodEntry period = period_;
  if (now_s < period.start_s || period.spent == 0) period.start_s = now_s;
  if (now_s - period.start_s >= options_.period_s) period = {now_s, 0};
  if (request.cost > options_.cost_max - std::min(period.spent, options_.cost_max))
    return wait_for_period(period.start_s + options_.period_s);
  period.spent += request.cost;
  OutboxEntry pending{head, std::move(request.bytes), now_s, false, false};
  CAIRN_HOST_TRY(store(pending, &period));
  pending_ = std::move(pending);
  period_ = period;
  const std::lock_guard<std::mutex> guard(mutex_);
  state_.pending_size = pending_.head.size;
  state_.pending_since_s = now_s;
  state_.spent = period_.spent;
  state_.is_capped = false;
  return {};
}

Error Outbox::send(uint64_t now_s) {
  std::string receipt;
  const Error error = anchor_.submit(pending_.head, pending_.request, receipt);
  if (error.status == Status::bad_state) return give_up(error, now_s);
  if (!error.ok()) return fail(error, now_s);
  if (!receipt.empty()) return settle(receipt, now_s);
  OutboxEntry pending = pending_;
  pending.is_submitted = true;
  CAIRN_HOST_TRY(store(pending, nullptr));
  pending_ = std::move(pending);
  wait_until(now_s + options_.poll_s);
  return {};
}

Error Outbox::ask(uint64_t now_s) {
  std::string receipt;
  const Error error = anchor_.poll(pending_.head, pending_.request, receipt);
  if (error.ok()) return settle(receipt, now_s);
  if (error.status == Status::bad_state) return give_up(error, now_s);
  if (error.status != Status::not_found) return fail(error, now_s);
  wait_until(now_s + options_.poll_s);
  return {};
}

// Its bytes stay: the next submission is made from them.
Error Outbox::give_up(const Error& error, uint64_t now_s) {
  OutboxEntry pending = pending_;
  pending.is_refused = true;
  CAIRN_HOST_TRY(store(pending, nullptr));
  pending_ = std::move(pending);
  return fail(error, now_s);
}

// A receipt that does not convince is as good as none: the submission is made anew.
Error Outbox::settle(const std::string& receipt, uint64_t now_s) {
  uint64_t not_after_s = 0;
  const Error error = anchor_.verify(pending_.head.digest, receipt, not_after_s);
  if (!error.ok()) return give_up(error, now_s);
  StoredReceipt kept{options_.name, pending_.head.size, anchor_.kind(),
                     not_after_s,   pending_.head.note, receipt};
  if (options_.archive != nullptr)
    CAIRN_HOST_TRY(options_.archive->keep(ArchiveKind::receipt, text_of(kept)));
  receipt_ = std::move(kept);
  return store_receipt(now_s);
}

// Where the store fails, the next step tries again with the receipt that is in the archive.
Error Outbox::store_receipt(uint64_t now_s) {
  const DoneEntry done{receipt_.size, now_s, receipt_.not_after_s};
  std::vector<Change> changes{
      {{{key_of({"receipt", pending_.head.log, key_number(receipt_.size), options_.name}), 0,
         text_of(receipt_)},
        {key_of({"outbox-done", options_.log, options_.name}), done_version_, text_of(done)},
        {key_of({"outbox", options_.log, options_.name}), pending_version_, std::nullopt}}}};
  CAIRN_HOST_TRY(store_.cas_batch(changes));
  if (!changes[0].applied) return another_process();
  ++done_version_;
  pending_version_ = 0;
  pending_ = {};
  receipt_ = {};
  const std::lock_guard<std::mutex> guard(mutex_);
  state_.failures = 0;
  state_.error.clear();
  state_.next_s = now_s;
  state_.anchored_size = done.size;
  state_.anchored_at_s = now_s;
  state_.not_after_s = done.not_after_s;
  state_.pending_size = 0;
  state_.pending_since_s = 0;
  return {};
}

Error Outbox::store(const OutboxEntry& pending, const PeriodEntry* period) {
  std::vector<Change> changes{
      {{{key_of({"outbox", options_.log, options_.name}), pending_version_, text_of(pending)}}}};
  if (period != nullptr)
    changes[0].writes.push_back(
        {key_of({"outbox-spent", options_.log, options_.name}), spent_version_, text_of(*period)});
  CAIRN_HOST_TRY(store_.cas_batch(changes));
  if (!changes[0].applied) return another_process();
  ++pending_version_;
  if (period != nullptr) ++spent_version_;
  return {};
}

// What was stored in between is read; the next step goes on from there.
Error Outbox::another_process() {
  return open();
}

// Failures count from one receipt to the next: so a ledger that takes every submission and keeps
// none is asked ever more rarely.
void Outbox::wait_until(uint64_t next_s) {
  const std::lock_guard<std::mutex> guard(mutex_);
  state_.next_s = next_s;
}

Error Outbox::wait_for_period(uint64_t next_s) {
  const std::lock_guard<std::mutex> guard(mutex_);
  state_.is_capped = true;
  state_.next_s = next_s;
  return {};
}

Error Outbox::fail(const Error& error, uint64_t now_s) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const uint64_t doublings = std::min<uint64_t>(state_.failures, 32);
  const uint64_t most = std::min(options_.retry_max_s, options_.retry_min_s << doublings);
  ++state_.failures;
  state_.error = error.message;
  state_.next_s = now_s + most - random_() % (most / 2 + 1);
  return {};
}

}  // namespace cairn::gateway
