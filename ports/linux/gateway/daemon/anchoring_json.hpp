// Anchors and further witnesses as JSON, for /v1/status.
#pragma once

#include "anchoring.hpp"
#include "device_json.hpp"

namespace service {

/// `size` is that of the gateway's log: what is beyond an anchor's newest head is its lag.
Json json_of(const std::vector<AnchorStatus>& anchors, uint64_t size);
/// null: there are no further witnesses.
Json json_of(const std::optional<WitnessesStatus>& witnesses, uint64_t size);

}  // namespace service
