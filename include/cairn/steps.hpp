// Bounded work: what a recorder does, in pieces. For a scan cycle or a main loop that must never be
// late. Here one unit is one operation as a whole.
#pragma once

#include "recorder.hpp"

namespace cairn {

/// One operation of a recorder at a time, advanced by step(). The caller owns it; an application
/// needs one for each recorder, at most. Once begun, it must not be moved or copied.
///
/// While an operation is under way the recorder answers bad_state to everything that would change
/// it; what was stored before may be read. An operation that is given up halfway leaves a recorder
/// that has to be opened again: nothing acknowledged is lost.
///
/// Power loss between two steps: the same as a cut in the operation without steps, between two
/// calls of the flash driver.
class Steps {
 public:
  /// Begins Recorder::open(): mounting, recovery, and the signature that a power cut prevented.
  /// Statuses of the arguments as there; the others come from step().
  Status begin_open(Recorder& recorder, const Flash& flash, const LogMemory& memory,
                    const RecorderOptions& options, const Platform& platform, const Signer& signer);

  /// Begins Recorder::append(): the record, what goes in front of it, and the seal when one is due.
  /// `body` is kept by address until step() says that nothing is left.
  Status begin_append(Recorder& recorder, Kind kind, ByteView body);

  /// Begins Recorder::append_gap().
  Status begin_append_gap(Recorder& recorder, uint64_t count, GapReason reason);

  /// Begins Recorder::seal(). bad_state: nothing to seal since the last head.
  Status begin_seal(Recorder& recorder);

  /// Begins Log::maintain() of the recorder's log.
  Status begin_maintain(Recorder& recorder);

  /// Does at most `budget` units of what was begun, and sets `used` to how many it did: never more
  /// than `budget`, which may be 0.
  ///
  /// true          work is left; always when `budget` is 0 and an operation is under way
  /// false         done, or nothing was begun
  /// other status  the operation has ended with it, as the call without steps would have
  Result<bool> step(uint32_t budget, uint32_t& used);

  /// Whether an operation is under way.
  bool busy() const { return operation_ != Operation::none; }
  /// Index of the record that was appended last.
  uint64_t index() const { return index_; }

 private:
  enum class Operation : uint8_t { none, open, append, gap, seal, maintain };

  Status begin(Recorder& recorder, Operation operation);
  Status run();

  Recorder* recorder_ = nullptr;
  uint64_t index_ = 0;
  uint64_t count_ = 0;
  ByteView body_;
  const Flash* flash_ = nullptr;
  LogMemory memory_;
  RecorderOptions options_;
  const Platform* platform_ = nullptr;
  const Signer* signer_ = nullptr;
  Operation operation_ = Operation::none;
  Kind kind_{};
  GapReason reason_{};
};

}  // namespace cairn
