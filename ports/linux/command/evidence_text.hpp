// The records in evidence, in words.
#pragma once

#include <cairn/evidence.hpp>

#include "output.hpp"

namespace command {

/// Prints the records of a level, lowest index first, with the names that the channel records among
/// them give to later readings. Those themselves are summed up in one line.
Json print_records(const Output& output, const cairn::EvidenceLevel& level);

}  // namespace command
