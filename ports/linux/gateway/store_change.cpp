#include "store_change.hpp"

namespace cairn::gateway {

Error look_up(Store& store, const Write& write, bool& stored) {
  Entry entry;
  const Error error = store.get(write.key, entry);
  stored = false;
  if (error.status == Status::not_found) {
    stored = !write.value.has_value() && write.expected != 0;
    return {};
  }
  CAIRN_HOST_TRY(error);
  stored = write.value == entry.value && entry.version == write.expected + 1;
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
