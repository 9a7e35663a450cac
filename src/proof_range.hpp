// verify_range() in two halves, for callers that meet the leaves one by one: begin_range(), append
// the hash of every leaf of the range to the frontier, end_range() with the same proof.
#pragma once

#include "cairn/merkle.hpp"
#include "cairn/proof.hpp"

namespace cairn {

/// Gives the frontier in front of the range. Statuses of verify_range().
Status begin_range(uint64_t first, uint64_t count, uint64_t size, ProofView proof, Frontier& out);

/// Climbs from the frontier behind the range to the root. Statuses of verify_range(); also
/// proof_invalid when the frontier took more or fewer than `count` leaves.
Status end_range(uint64_t first, uint64_t count, uint64_t size, ProofView proof,
                 const Frontier& frontier, const Digest& root);

}  // namespace cairn
