// Blocks and receipts as a node tells them in JSON, made into the bytes that the chain hashes.
#pragma once

#include "evm_rpc.hpp"

namespace cairn::gateway {

// Both throw an exception of nlohmann-json, or std::invalid_argument, when a field is missing or is
// none.

/// The header of a block, RLP. The fields that later forks added are there when the node tells
/// them.
std::string header_rlp(const Json& block);
/// A receipt as it stands in the receipts trie: RLP, behind its type (EIP-2718).
std::string receipt_rlp(const Json& receipt);

}  // namespace cairn::gateway
