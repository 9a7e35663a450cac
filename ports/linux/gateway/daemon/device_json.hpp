// Devices as JSON: for /v1/device, and for `cairn-gateway device ... --json`.
#pragma once

#include <cairn/gateway/intake.hpp>
#include <nlohmann/json.hpp>

namespace service {

using Json = nlohmann::ordered_json;

Json json_of(const cairn::gateway::Device& device);
Json json_of(const std::vector<cairn::gateway::DeviceEvent>& events);

/// Size, root and time of a cosigned note, and the note; null when it is none.
Json json_of_head(const std::string& note);

/// One line; text that is not UTF-8 is replaced, never refused.
std::string dumped(const Json& value);

}  // namespace service
