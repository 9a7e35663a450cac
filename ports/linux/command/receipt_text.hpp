// Receipts of outside ledgers, for people: what each is, and what it says and does not say.
#pragma once

#include <cairn/linux/anchor_trust.hpp>

#include "output.hpp"

namespace command {

/// Prints every receipt of evidence, with what checking it came to, where it was checked: as many
/// findings as receipts, or none. Returns them as an array.
Json print_receipts(const Output& output, const cairn::Evidence& evidence,
                    const std::vector<cairn::host::ReceiptFinding>& findings);

}  // namespace command
