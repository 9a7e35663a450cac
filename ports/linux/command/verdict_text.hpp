// A verdict in words: every question with its outcome and the reason.
#pragma once

#include <cairn/evidence.hpp>

#include "output.hpp"

namespace command {

/// Prints the verdict about `file`.
void print_verdict(const Output& output, const std::string& file, const cairn::Verdict& verdict,
                   const cairn::Policy& policy);

/// The same as an object.
Json verdict_json(const std::string& file, const cairn::Verdict& verdict,
                  const cairn::Policy& policy);

}  // namespace command
