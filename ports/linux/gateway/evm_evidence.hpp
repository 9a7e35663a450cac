// The receipt that goes into evidence: a header, and the proof that a transaction's event is under
// it, collected from a node and checked against the header.
#pragma once

#include <cairn/linux/evm_receipt.hpp>

#include "evm_rpc.hpp"

namespace cairn::gateway {

/// `mined` is the node's receipt of the transaction.
///
/// ok         `receipt` is complete: docs/format.md, "Receipts", kind 2
/// not_found  fewer blocks than `confirmations` up to the newest
/// bad_state  the transaction failed: the contract refused the head
/// io         the node does not answer, or tells what its own block contradicts
Error collect_evidence(const EvmRpc& rpc, const Json& mined, uint64_t confirmations,
                       uint64_t chain_id, host::EvmProfile profile, std::string& receipt);

}  // namespace cairn::gateway
