// The durable outbox between the gateway's log and one anchor. It never holds up the log: it
// takes a head when the anchor is free, so heads that came in between are skipped, and the newer
// one vouches for all before it.
#pragma once

#include <cairn/gateway/anchor.hpp>
#include <cairn/gateway/archive.hpp>
#include <functional>
#include <mutex>

namespace cairn::gateway {

struct OutboxOptions {
  std::string name;                ///< of the anchor in the configuration: a word
  std::string log;                 ///< origin of the log whose heads are anchored
  uint64_t interval_s = 3600;      ///< a new head at most so often
  uint64_t poll_s = 15;            ///< between questions for a receipt
  uint64_t retry_min_s = 5;        ///< after the first failure; doubles with each one,
  uint64_t retry_max_s = 3600;     ///< up to this; then half of it to all of it, by chance
  uint64_t cost_max = UINT64_MAX;  ///< for each period, in the anchor's unit
  uint64_t period_s = 86400;
  Archive* archive =
      nullptr;  ///< where receipts are kept as files before they count; null: nowhere
};

/// What a status page and metrics show of an anchor.
struct OutboxState {
  uint64_t anchored_size = 0;  ///< of the newest head with a receipt
  uint64_t anchored_at_s = 0;  ///< when that receipt came; 0: never
  uint64_t not_after_s = 0;    ///< what it proves
  uint64_t pending_size = 0;   ///< of the head that is being anchored; 0: none
  uint64_t pending_since_s = 0;
  uint64_t failures = 0;   ///< since the last receipt
  uint64_t next_s = 0;     ///< nothing happens before
  uint64_t spent = 0;      ///< in the current period
  bool is_capped = false;  ///< waits for the next period: the cost cap is reached
  std::string error;       ///< of the last failure, empty when there is none
};

/// A receipt as it is kept.
struct StoredReceipt {
  std::string anchor;
  uint64_t size = 0;
  uint8_t kind = 0;
  uint64_t not_after_s = 0;
  std::string note;  ///< the signed checkpoint that it is about
  std::string body;
};

/// What is being sent, as it is stored.
struct OutboxEntry {
  AnchorHead head;
  std::string request;
  uint64_t since_s = 0;
  bool is_submitted = false;
  bool is_refused = false;  ///< will never be taken: to be prepared anew, from these bytes
};

/// The costs of the current period, as they are stored.
struct PeriodEntry {
  uint64_t start_s = 0;
  uint64_t spent = 0;
};

/// One anchor's outbox. step() and takes_head() are called by one thread, state() by any.
///
/// Entries: "outbox LOG ANCHOR", what is being sent; "outbox-spent LOG ANCHOR", the costs of the
/// period; "outbox-done LOG ANCHOR", the newest receipt's head; "receipt LOG SIZE ANCHOR". So
/// gateways that share a store may call their anchors alike; each has an account of its own.
class Outbox {
 public:
  /// `random` gives numbers for the jitter of retries; the system's when it is empty.
  Outbox(Store& store, Anchor& anchor, OutboxOptions options,
         std::function<uint64_t()> random = {});

  /// Reads what is stored. io.
  Error open();

  /// Whether step() takes a head now: nothing is being sent and the interval has passed, or what
  /// was sent is refused. While that lasts it is asked again and again, so it costs nothing.
  bool takes_head(uint64_t now_s) const;

  /// Does the next thing that is due, at most one exchange with the ledger, and returns; `head` is
  /// what to anchor where takes_head() says so, and of size 0 where there is none. Call it again at
  /// state().next_s, or earlier.
  ///
  /// Power loss, kill -9: a submission is stored before it is sent, and sent again as it is; a
  /// receipt is in the archive first, and then stored together with the removal of its submission.
  /// Cost: one commit of the store a step; two flushes a receipt.
  ///
  /// ok  also when the ledger failed: state() says so, and the outbox tries again
  /// io  the store or the archive does not answer
  Error step(const AnchorHead& head, uint64_t now_s);

  OutboxState state() const;
  const OutboxOptions& options() const { return options_; }

 private:
  Error take(const AnchorHead& head, uint64_t now_s);
  Error prepare(const AnchorHead& head, uint64_t now_s);
  Error send(uint64_t now_s);
  Error ask(uint64_t now_s);
  Error settle(const std::string& receipt, uint64_t now_s);
  Error store_receipt(uint64_t now_s);
  Error give_up(const Error& error, uint64_t now_s);
  Error store(const OutboxEntry& pending, const PeriodEntry* period);
  Error another_process();
  Error fail(const Error& error, uint64_t now_s);
  Error wait_for_period(uint64_t next_s);
  void wait_until(uint64_t next_s);

  Store& store_;
  Anchor& anchor_;
  const OutboxOptions options_;
  const std::function<uint64_t()> random_;
  OutboxEntry pending_;  ///< head.size 0: none
  PeriodEntry period_;
  StoredReceipt receipt_;  ///< in the archive, and not stored yet; size 0: none
  uint64_t pending_version_ = 0;
  uint64_t spent_version_ = 0;
  uint64_t done_version_ = 0;
  uint64_t last_step_s_ = 0;
  mutable std::mutex mutex_;  ///< guards what follows
  OutboxState state_;
};

/// The receipts of the smallest anchored head of a log with at least `size_min` leaves; none: an
/// empty list.
///
/// ok, io; corrupt: an entry that no cairn wrote
Error find_receipts(Store& store, const std::string& log, uint64_t size_min,
                    std::vector<StoredReceipt>& out);

/// The first `limit` receipts of heads with at least `size_min` leaves, in the order of sizes.
/// Statuses of find_receipts().
Error list_receipts(Store& store, const std::string& log, uint64_t size_min, size_t limit,
                    std::vector<StoredReceipt>& out);

}  // namespace cairn::gateway
