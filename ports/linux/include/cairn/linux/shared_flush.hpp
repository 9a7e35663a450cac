// Many writers of files on one file system, one flush: those who ask at the same time share it.
//
// While one flush is under way, whoever asks waits for the next, which covers what they wrote.
// Nobody waits for a timer.
#pragma once

#include <unistd.h>

#include <cairn/linux/file.hpp>
#include <condition_variable>
#include <mutex>

namespace cairn::host {

class SharedFlush {
 public:
  /// For the file system in which `folder` lies. Where it cannot be opened, each flush() says so.
  explicit SharedFlush(const std::string& folder, int (*sync)(int) = ::syncfs);
  SharedFlush(const SharedFlush&) = delete;
  SharedFlush& operator=(const SharedFlush&) = delete;

  /// How many flushes have failed. Ask before the first write: the system tells of what it could
  /// not write once, maybe in the flush of somebody else.
  uint64_t failures() const;

  /// Makes durable what the caller wrote to the file system: contents, names and folders. May be
  /// called by any number of threads.
  ///
  /// Cost: the rest of the flush that is under way, and one that everybody shares who waits by
  /// then.
  ///
  /// ok     durable
  /// other  system_error(), of this flush or of one since failures() was `failures_before`: what
  /// was
  ///        written meanwhile may not be on the disk, and has to be written again
  Error flush(uint64_t failures_before);

 private:
  void flush_for_all(std::unique_lock<std::mutex>& lock);

  const std::string folder_name_;
  int (*const sync_)(int);
  Descriptor folder_;                     ///< open all the time: it is told what failed in between
  mutable std::mutex mutex_;              ///< guards what follows
  std::condition_variable ended_one_[2];  ///< for who waits for an even flush, and for an odd one
  uint64_t begun_ = 0;                    ///< flushes
  uint64_t ended_ = 0;
  uint64_t failures_ = 0;
  Error failure_;  ///< the newest
};

}  // namespace cairn::host
