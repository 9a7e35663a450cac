// Which records go into evidence: those asked for, and those that explain them.
#pragma once

#include "log_access.hpp"

namespace command {

/// Records that stand together, under one proof.
struct RecordRun {
  uint64_t first;
  uint64_t count;
};

/// The runs of evidence for the records [first, last]: themselves; the close record of their batch,
/// in which the device states its time; the last close record before them that names a beacon; and,
/// with `names`, the channel records that name their readings.
std::vector<RecordRun> plan_evidence(const LogDirectory& log, uint64_t first, uint64_t last,
                                     bool names);

}  // namespace command
