// Receipts of outside ledgers, for people: what each is, and what it says and does not say.
#pragma once

#include <cairn/evidence.hpp>

#include "output.hpp"

namespace command {

/// Prints every receipt of evidence: with a verdict what each came to, without one what it is.
/// Returns them as an array.
Json print_receipts(const Output& output, const cairn::Evidence& evidence,
                    const cairn::Verdict* verdict);

}  // namespace command
