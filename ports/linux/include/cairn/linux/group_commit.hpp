// One log, many threads: each append returns when its records are durable, and those that wait at
// the same time share one write and one flush of the disk.
//
// While the disk is busy with one commit, the next is hashed, framed and signed. Nobody waits for a
// timer: a commit begins as soon as the one before it has ended. An append thus waits for the flush
// that it finds under way and for its own, and for the hashing of what came in front of it.
#pragma once

#include <cairn/linux/file_flash.hpp>
#include <cairn/recorder.hpp>
#include <condition_variable>
#include <mutex>

namespace cairn::host {

class GroupCommit {
 public:
  /// Takes over an open recorder and the file below it, until destroyed. Nobody else may call
  /// either meanwhile, but through with(). Both must outlive.
  GroupCommit(Recorder& recorder, FileFlash& flash);
  /// Makes durable what was staged.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  /// Appends leaves (kind byte and body each, kinds from 0x40) that become durable together, and
  /// returns the index of the first. May be called by any number of threads. Batches are closed and
  /// signed where the recorder's policy says so; that shares the commit.
  ///
  /// Power loss: a prefix of them is present, all of them once this has returned.
  /// Cost: one write and one flush for everybody who waits at that time.
  ///
  /// ok, bad_argument, full, damaged  as Recorder::append_batch()
  /// io         the disk failed; what reached it is unknown. All who wait get this answer
  /// bad_state  the disk failed earlier: open the log again
  Result<uint64_t> append(const ByteView* leaves, size_t count);

  /// Closes and signs the batch that is open, and makes that durable.
  /// ok, bad_state (also when there is nothing to sign), io, damaged, full
  Status seal();

  /// Calls `use(recorder)` while nobody stages, with everything that was staged durable: for
  /// reading, checkpoints, proofs, and maintain() in idle time.
  /// ok, or io and bad_state as append(); `use` is then not called.
  template <typename Use>
  Status with(const Use& use) {
    std::unique_lock<std::mutex> lock(mutex_);
    do {
      CAIRN_TRY(make_durable(lock));
    } while (durable_ != staged_);  // others may have staged meanwhile
    use(recorder_);
    return make_durable(lock);
  }

 private:
  Status make_durable(std::unique_lock<std::mutex>& lock);

  Recorder& recorder_;
  FileFlash& flash_;
  std::mutex mutex_;  ///< held while somebody stages; not while the disk is flushed
  std::condition_variable flushed_;
  uint64_t staged_ = 0;   ///< calls that have staged
  uint64_t durable_ = 0;  ///< of those, made durable
  Status failure_ = Status::ok;
};

}  // namespace cairn::host
