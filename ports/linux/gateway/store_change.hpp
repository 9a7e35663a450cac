// One change of a store, with what became of it when the store's answer was lost.
#pragma once

#include <cairn/gateway/store.hpp>

namespace cairn::gateway {

/// Applies one change. After io the first of its writes is looked up: where the store holds exactly
/// that, the change was applied.
///
/// ok  `applied` says whether it was; others as cas_batch(), and then nothing is known
Error apply_change(Store& store, std::vector<Write> writes, bool& applied);

/// Whether the store holds what `write` asks for, though the answer was an error. ok; io as get().
Error look_up(Store& store, const Write& write, bool& stored);

}  // namespace cairn::gateway
