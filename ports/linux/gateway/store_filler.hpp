// Writes many entries into a store that nobody else writes to.
#pragma once

#include <cairn/gateway/store.hpp>

namespace cairn::gateway {

class StoreFiller {
 public:
  explicit StoreFiller(Store& store) : store_(store) {}

  /// Writes an entry, at the latest by flush(). `version` is that of the entry that it replaces.
  /// bad_state: another process writes to the store. Others of cas_batch().
  Error put(const std::string& key, const std::string& value, uint64_t version = 0);
  /// The same, unless there is one of this key in the store.
  Error put_new(const std::string& key, const std::string& value);
  Error flush();
  Store& store() const { return store_; }

 private:
  Store& store_;
  std::vector<Change> changes_;
};

}  // namespace cairn::gateway
