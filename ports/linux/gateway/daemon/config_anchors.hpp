// The parts of the configuration about outside parties: [[anchor]] and [witnesses].
#pragma once

#include "config_reading.hpp"

namespace service {

constexpr size_t anchors_max = 16;  ///< evidence holds no more receipts

void read_anchors(ConfigTable& file, const Reading& reading, std::vector<AnchorConfig>& out);
void read_witnesses(ConfigTable table, const Reading& reading, WitnessesConfig& out);

}  // namespace service
