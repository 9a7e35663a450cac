// Bounded work: what a recorder does, a budget at a time. For a scan cycle or a main loop that must
// never be late. docs/porting.md, "Bounded work", has what units cost.
//
// One unit is at most one of these:
// - one program call of at most the frame memory, with its read-back; or one sync;
// - one read of at most the frame memory, with the check value of what was read, or a search in it
//   (where the medium answers uncorrectable errors, or holds what no log wrote: a few such reads);
// - two blocks of SHA-256;
// - one erase call, which takes what the driver's takes. maintain() at a quiet time keeps it out of
//   all other operations;
// - one call of the signer. One that signs in pieces, or elsewhere, answers CAIRN_PENDING.
//
// With tile frames (LogTiles), the leaf that completes a tile takes one unit more for all of the
// tile, and so does what the first write behind a start, or into a new segment, finds missing.
//
// Recorder::open(), append(), append_gap(), seal() and Log::maintain() are the same steps without a
// budget: there is no second implementation.
#pragma once

#include "recorder.hpp"

#if CAIRN_BOUNDED_WORK  // config.hpp; on Cortex-M it must be asked for

namespace cairn {

/// One operation of a recorder at a time: begun, then advanced by step(). The caller owns it, one
/// for each recorder that works in steps; it stays where it is while an operation is under way.
///
/// Until the operation is done the recorder answers bad_state to everything that would change it.
/// What was stored before may be read. An operation that is given up halfway leaves a recorder that
/// has to be opened again.
///
/// Power loss between two steps: what a cut between two calls of the flash driver is without steps.
///
/// begin_...() answer bad_state while an operation is under way, and what Log::writable() says of
/// the recorder's log; they touch no flash.
class Steps {
 public:
  /// Begins Recorder::open(): mounting, recovery, and the signature that a power cut prevented.
  /// Checks and hashes the origin outside of any budget: about a unit, six for the longest.
  /// bad_argument, unsupported: as there.
  Status begin_open(Recorder& recorder, const Flash& flash, const LogMemory& memory,
                    const RecorderOptions& options, const Platform& platform, const Signer& signer);

  /// Begins Recorder::append(): what goes in front of the record, the record, the seal if one is
  /// due. `body` is kept by address until the operation is done.
  Status begin_append(Recorder& recorder, Kind kind, ByteView body);

  /// Begins Recorder::append_gap().
  Status begin_append_gap(Recorder& recorder, uint64_t count, GapReason reason);

  /// Begins Recorder::seal(): close record, signature, head. bad_state also: nothing to seal.
  Status begin_seal(Recorder& recorder);

  /// Begins Log::maintain() of the recorder's log.
  Status begin_maintain(Recorder& recorder);

  /// Does at most `budget` units of what was begun. `used` becomes how many: never more than
  /// `budget`, which may be 0.
  ///
  /// true          work is left
  /// false         done, or nothing was begun
  /// other status  the operation has ended so, as the call without steps would have
  Result<bool> step(uint32_t budget, uint32_t& used);

  /// Whether an operation is under way.
  bool busy() const { return operation_ != Operation::none; }
  /// Index of the record that was appended last.
  uint64_t index() const { return index_; }

 private:
  enum class Operation : uint8_t { none, open, append, gap, seal, maintain };
  struct Work;

  Status begin(Recorder& recorder, Operation operation);
  bool run(Work& work);
  Work& work();

  Recorder* recorder_ = nullptr;
  uint64_t index_ = 0;
  uint64_t count_ = 0;
  ByteView body_;
  Operation operation_ = Operation::none;
  Kind kind_{};
  GapReason reason_{};
  uint64_t work_[129 + 13 * sizeof(void*) / 4];  // what the operation has at hand
};

}  // namespace cairn

#endif
