// JSON as the gateway writes it: members stay in the order in which they were put.
#pragma once

#include <nlohmann/json.hpp>

namespace cairn::gateway {

using Json = nlohmann::ordered_json;

}  // namespace cairn::gateway
