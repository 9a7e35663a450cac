// What a batch comes to, worked out from the versions that are stored, so that a database is told
// only the outcome: each entry once, however many changes of the batch touch it.
#pragma once

#include <cairn/gateway/store.hpp>
#include <map>
#include <string_view>

namespace cairn::gateway {

struct PlannedEntry {
  uint64_t stored = 0;                 ///< version before the batch; 0: no such entry
  uint64_t version = 0;                ///< version behind it
  const std::string* value = nullptr;  ///< to be stored; null: nothing to write, or to be removed

  bool is_made() const { return stored == 0 && version != 0; }
  bool is_replaced() const { return stored != 0 && value != nullptr; }
  bool is_removed() const { return stored != 0 && version == 0; }
};

/// The entries of a batch in the order of their keys' bytes. Keys and values are those of the
/// changes, which must outlive it.
class BatchPlan {
 public:
  explicit BatchPlan(const std::vector<Change>& changes);

  std::map<std::string_view, PlannedEntry>& entries() { return entries_; }

  /// Applies the changes to the stored versions, and marks which were applied.
  void apply(std::vector<Change>& changes);

 private:
  bool is_expected(const Change& change) const;

  std::map<std::string_view, PlannedEntry> entries_;
};

}  // namespace cairn::gateway
