#include "store_change.hpp"

namespace cairn::gateway {

Error look_up(Store& store, const Write& write, bool& stored) {
  Entry entry;
  const Error error = store.get(write.key, entry);
  if (!error.ok() && error.status != Status::not_found) return error;
  stored = write.value.has_value()
               ? error.ok() && entry.version == write.expected + 1 && entry.value == *write.value
               : !error.ok();
  return {};
}

Error apply_change(Store& store, std::vector<Write> writes, bool& applied) {
  std::vector<Change> changes(1);
  changes[0].writes = std::move(writes);
  const Error error = store.cas_batch(changes);
  applied = error.ok() && changes[0].applied;
  if (error.status != Status::io) return error;
  bool stored = false;
  if (look_up(store, changes[0].writes.front(), stored).ok() && stored) {
    applied = true;
    return {};
  }
  return error;
}

}  // namespace cairn::gateway
