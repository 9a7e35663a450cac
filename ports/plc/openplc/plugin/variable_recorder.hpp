// Records variables of the program on a log: the scan puts their values into a queue, the writer's
// thread turns them into samples.
#pragma once

#include <cairn/linux/log_directory.hpp>
#include <vector>

#include "runtime_v4.h"
#include "scan_queue.hpp"
#include "settings.hpp"

namespace cairn::openplc {

/// A value as the scan saw it.
struct Observation {
  int64_t unix_ms;
  uint64_t bits;  ///< the variable's bytes, the lowest first
  uint32_t variable;
  uint32_t scan;
};

class VariableRecorder {
 public:
  /// Checks the variables against the runtime's tables.
  /// bad_argument: an address that the runtime does not have; the message names it.
  host::Error bind(const Settings& settings, const openplc_runtime& runtime);

  /// Puts what is due into the queue. For the thread of the scan alone: no lock, no allocation, no
  /// system call. Cost: a load and a comparison for each variable, a copy for each that is due.
  void scan();

  // For the writer's thread:

  /// Opens the log. Statuses as host::LogDirectory::open_writer().
  host::Error open();
  /// Appends what is in the queue, with one commit. Readings that did not fit into the queue, and
  /// what the disk did not take, become gap records as soon as they can.
  /// ok, or why the log takes nothing.
  host::Error write();
  /// Appends the version of the retain values, with `quality` 0 for what was saved or restored, 1
  /// for a set that was restored beside one that was cut short or refused, 2 for one that was
  /// refused now.
  host::Error write_version(uint64_t version, uint16_t quality);
  /// Closes and signs the batch, and closes the log.
  host::Error close();

 private:
  struct State {
    uint64_t bits = 0;
    bool seen = false;
  };

  bool read(const Variable& variable, uint64_t& bits) const;
  void gather();
  void add_sample(const std::vector<Reading>& readings, int64_t unix_ms);
  host::Error append();
  host::Error append_leaves();
  host::Error append_gap(uint64_t& lost, GapReason reason);
  host::Error append_gaps();

  static constexpr size_t queue_entries = 16384;
  static constexpr size_t readings_max = 64;  ///< in one sample

  openplc_runtime runtime_{};
  Settings settings_;
  std::vector<State> states_;
  uint32_t scan_ = 0;
  uint32_t until_all_ = 0;  ///< scans before all variables are due
  ScanQueue<Observation, queue_entries> queue_;

  host::LogDirectory log_;
  std::vector<std::vector<uint8_t>> leaves_;
  uint64_t readings_ = 0;  ///< in them
  // Readings that no gap record counts yet:
  uint64_t lost_in_queue_ = 0;
  uint64_t lost_in_storage_ = 0;
  bool lost_unknown_ = false;  ///< and of some leaves the log took a part
};

}  // namespace cairn::openplc
