// The thread that brings the archive up to a store from before there was one, and has nothing to do
// after that.
#pragma once

#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/gateway/archive_fill.hpp>

#include "round_thread.hpp"

namespace service {

class ArchiveWorker {
 public:
  /// `store` and `log` must outlive it.
  ArchiveWorker(cairn::gateway::Store& store, const cairn::gateway::AggregateLog& log)
      : store_(store), log_(log) {}

  void start();
  /// After the file that it is at.
  void stop() { thread_.stop(); }

 private:
  std::chrono::milliseconds round();

  cairn::gateway::Store& store_;
  const cairn::gateway::AggregateLog& log_;
  bool is_whole_ = false;
  uint64_t files_ = 0;  ///< that this process has written
  std::string error_;   ///< of the last round
  RoundThread thread_;  ///< the last: it uses all others
};

}  // namespace service
