#include "store_checks.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

// No UTF-8 has this byte, so it sorts behind everything that a key goes on with.
constexpr char never_in_utf8 = '\xff';

Error refused(const std::string& what) {
  return {Status::bad_argument, what};
}

Error check_write(const Write& write) {
  if (write.key.empty()) return refused("the key of an entry is empty.");
  if (write.key.size() > key_bytes_max) {
    return refused("the key '" + write.key.substr(0, 40) + "…' has " +
                   std::to_string(write.key.size()) + " bytes; at most " +
                   std::to_string(key_bytes_max) + " are stored.");
  }
  if (write.key.find(never_in_utf8) != std::string::npos) {
    return refused("a key is not UTF-8: it has a byte ff.");
  }
  if (write.value.has_value() && write.value->size() > value_bytes_max) {
    return refused("the value of '" + write.key + "' has " + std::to_string(write.value->size()) +
                   " bytes; at most " + std::to_string(value_bytes_max) + " are stored.");
  }
  return {};
}

// The key that two writes of a change have in common; null when there is none.
const std::string* repeated_key(const Change& change) {
  std::vector<const std::string*> keys;
  for (const Write& write : change.writes)
    keys.push_back(&write.key);
  std::sort(keys.begin(), keys.end(), [](auto* a, auto* b) { return *a < *b; });
  const auto found =
      std::adjacent_find(keys.begin(), keys.end(), [](auto* a, auto* b) { return *a == *b; });
  return found == keys.end() ? nullptr : *found;
}

}  // namespace

Error check_batch(std::vector<Change>& changes) {
  for (Change& change : changes) {
    change.applied = false;
    for (const Write& write : change.writes)
      CAIRN_HOST_TRY(check_write(write));
    if (const std::string* key = repeated_key(change)) {
      return refused("one change writes the entry '" + *key + "' twice.");
    }
  }
  return {};
}

KeyRange range_of(const std::string& prefix, const std::string& after) {
  // The least key that is greater than `after` has one byte more, a zero.
  return {std::max(prefix, after + '\0'), prefix + never_in_utf8};
}

}  // namespace cairn::gateway
