// Raw transactions of EVM chains: EIP-155 (legacy) and EIP-1559.
#pragma once

#include <cairn/gateway/evm_key.hpp>

namespace cairn::gateway {

struct EvmTransaction {
  uint64_t chain_id = 0;
  uint64_t nonce = 0;
  bool is_legacy = false;
  uint64_t fee_wei = 0;       ///< for each unit of gas, at most; legacy: exactly
  uint64_t priority_wei = 0;  ///< EIP-1559: of it for whoever makes the block
  uint64_t gas = 0;
  std::string to;  ///< 20 bytes, or none to create a contract
  std::string data;
};

/// Signs a transaction; `raw` is what eth_sendRawTransaction takes. As EvmKey::sign().
Error sign_transaction(const EvmTransaction& transaction, const EvmKey& key, std::string& raw);

}  // namespace cairn::gateway
