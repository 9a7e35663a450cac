// What every store asks of its callers, and how it reads ranges of keys.
#pragma once

#include <cairn/gateway/store.hpp>

namespace cairn::gateway {

constexpr size_t key_bytes_max = 600;
constexpr size_t value_bytes_max = size_t{16} << 20;

/// Refuses a batch that breaks the limits of the contract, and marks no change of it as applied.
Error check_batch(std::vector<Change>& changes);

/// The keys that a scan looks at: `first` <= key < `end`.
struct KeyRange {
  std::string first;
  std::string end;
};
KeyRange range_of(const std::string& prefix, const std::string& after);

}  // namespace cairn::gateway
