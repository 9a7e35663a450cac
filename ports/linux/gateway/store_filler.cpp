#include "store_filler.hpp"

namespace cairn::gateway {
namespace {

constexpr size_t changes_at_once = 1024;

}  // namespace

Error StoreFiller::put(const std::string& key, const std::string& value, uint64_t version) {
  changes_.push_back({{{key, version, value}}});
  return changes_.size() < changes_at_once ? Error{} : flush();
}

Error StoreFiller::put_new(const std::string& key, const std::string& value) {
  Entry entry;
  const Error error = store_.get(key, entry);
  if (error.status == Status::not_found) return put(key, value);
  return error;
}

Error StoreFiller::flush() {
  CAIRN_HOST_TRY(store_.cas_batch(changes_));
  for (const Change& change : changes_)
    if (!change.applied)
      return {Status::bad_state,
              "another process writes to the store. Stop it, and rebuild into a new store."};
  changes_.clear();
  return {};
}

}  // namespace cairn::gateway
