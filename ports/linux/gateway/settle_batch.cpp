#include <algorithm>
#include <cairn/gateway/store.hpp>
#include <chrono>
#include <thread>

#include "store_change.hpp"

namespace cairn::gateway {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds pause_min{10};
constexpr milliseconds pause_max{500};

Error mark_if_stored(Store& store, Change& change) {
  bool stored = true;
  for (const Write& write : change.writes) {
    CAIRN_HOST_TRY(look_up(store, write, stored));
    if (!stored) return {};
  }
  change.applied = true;
  return {};
}

// Applying again first, then looking: what an earlier try has still under way either wins now, and
// is seen, or can no longer be applied.
Error apply_again(Store& store, std::vector<Change>& changes) {
  CAIRN_HOST_TRY(store.cas_batch(changes));
  for (Change& change : changes)
    if (!change.applied) CAIRN_HOST_TRY(mark_if_stored(store, change));
  return {};
}

}  // namespace

Error settle_batch(Store& store, std::vector<Change>& changes, unsigned patience_ms) {
  const Clock::time_point end = Clock::now() + milliseconds(patience_ms);
  Error error = store.cas_batch(changes);
  milliseconds pause = pause_min;
  while (error.status == Status::io && Clock::now() + pause < end) {
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, pause_max);
    error = apply_again(store, changes);
    // Nothing was written now, but perhaps by the try before.
    if (!error.ok()) error.status = Status::io;
  }
  if (!error.ok())
    for (Change& change : changes)
      change.applied = false;
  return error;
}

}  // namespace cairn::gateway
