// The newest cosigned head of a device, and how it moves on: what every way into the intake shares.
#pragma once

#include <atomic>
#include <cairn/gateway/intake.hpp>
#include <memory>

#include "change_queue.hpp"

namespace cairn::gateway {

/// The newest head of a device, as the store has it.
struct Head {
  std::string note;       ///< cosigned; empty when there is none yet
  Checkpoint checkpoint;  ///< views into `note`; size 0 and the empty root when there is none
  uint64_t version = 0;   ///< of its entry

  Head() = default;
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;
};

/// A signed checkpoint, taken apart; views into the caller's bytes.
struct SignedCheckpoint {
  ByteView bytes;
  Note note;
  Checkpoint checkpoint;
};

/// A device with the key that signs for a size.
struct Signatory {
  Device device;
  host::VerifierKey key;
};

/// The gateway's first cosignature of a head, and its time.
struct Cosignature {
  std::string line;
  uint64_t time_s = 0;
};

/// Reads, judges and replaces heads.
class Heads {
 public:
  Heads(Store& store, Registry& registry, AggregateLog& log, const host::KeyFile& witness_key,
        IntakeOptions options)
      : options_(std::move(options)),
        store_(store),
        registry_(registry),
        log_(log),
        witness_key_(witness_key),
        changes_(store) {}

  const IntakeOptions& options() const { return options_; }
  Registry& registry() const { return registry_; }
  AggregateLog& log() const { return log_; }
  Store& store() const { return store_; }
  const host::KeyFile& witness_key() const { return witness_key_; }
  const ChangeQueue& changes() const { return changes_; }
  uint64_t forks() const { return forks_; }
  uint64_t now_s() const;

  /// The head of an origin. corrupt: the store holds something else.
  Error load(const std::string& origin, Head& out) const;

  /// The device of an origin and its head, with one question to the store.
  /// not_found: no such device. corrupt as load().
  Error load(const std::string& origin, Device& device, Head& out) const;

  /// Checks a device's state and chooses the key for a size.
  /// not_found: unknown or pending. signature_invalid: no key of it is trusted.
  static Error choose_key(const Device& device, uint64_t size, host::VerifierKey& out);

  /// Looks whether a checkpoint that the device signed contradicts what it signed before, and
  /// freezes the device when it does. `consistency` may be empty.
  void look_for_fork(const Signatory& by, const Head& head, const SignedCheckpoint& candidate,
                     ProofView consistency);

  /// Cosigns `next` and makes it the head, after it was found to extend `head`. `more` is written
  /// with it.
  ///
  /// ok         durable, queued for the aggregate log; `out` is the cosignature
  /// bad_state  somebody else was faster; load() again
  /// full       the aggregate log's queue is; nothing was stored
  /// io, others of the store, or of the key
  Error advance(const Signatory& by, const Head& head, const SignedCheckpoint& next,
                std::vector<Write> more, Cosignature& out);

  /// Signs a checkpoint's text as the witness, now.
  Error cosign(ByteView text, Cosignature& out) const;

  /// Adds newest heads that are in no leaf to the aggregate log; see Intake::queue_heads().
  Error queue_heads();

 private:
  Error queue(DeviceCheckpoint leaf);
  Error queue_overdue();
  Error queue_page(const std::vector<Entry>& page);

  IntakeOptions options_;
  Store& store_;
  Registry& registry_;
  AggregateLog& log_;
  const host::KeyFile& witness_key_;
  ChangeQueue changes_;
  std::atomic<uint64_t> forks_{0};
  std::mutex mutex_;                       ///< guards what follows
  std::vector<DeviceCheckpoint> overdue_;  ///< durable heads for which the log had no room
  std::string queued_up_to_;               ///< where queue_heads() goes on
};

std::string head_key(const std::string& origin);
std::string cosigned_key(const std::string& origin, uint64_t size);

}  // namespace cairn::gateway
