#include "batch_plan.hpp"

namespace cairn::gateway {

BatchPlan::BatchPlan(const std::vector<Change>& changes) {
  for (const Change& change : changes)
    for (const Write& write : change.writes)
      entries_.emplace(write.key, PlannedEntry());
}

bool BatchPlan::is_expected(const Change& change) const {
  for (const Write& write : change.writes)
    if (entries_.at(write.key).version != write.expected) return false;
  return true;
}

void BatchPlan::apply(std::vector<Change>& changes) {
  for (auto& [key, entry] : entries_) {
    entry.version = entry.stored;
    entry.value = nullptr;
  }
  for (Change& change : changes) {
    change.applied = is_expected(change);
    if (!change.applied) continue;
    for (const Write& write : change.writes) {
      PlannedEntry& entry = entries_.at(write.key);
      entry.version = write.value.has_value() ? write.expected + 1 : 0;
      entry.value = write.value.has_value() ? &*write.value : nullptr;
    }
  }
}

}  // namespace cairn::gateway
