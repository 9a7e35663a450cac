// Ending what anchors and witnesses are asked, from another thread: a ledger that hangs must not
// hold up the end of a program.
#pragma once

#include <atomic>

namespace cairn::gateway {

/// While it lives, requests over HTTP of the thread that made it end with io, within about a
/// second, once `stop` is true; those that begin afterwards end at once. `stop` must outlive it.
class StoppableRequests {
 public:
  explicit StoppableRequests(const std::atomic<bool>& stop);
  ~StoppableRequests();
  StoppableRequests(const StoppableRequests&) = delete;
  StoppableRequests& operator=(const StoppableRequests&) = delete;
};

}  // namespace cairn::gateway
