// An EVM chain as anchor: the contract CairnAnchor holds the newest head of the log, and its event
// is proven by the block's header. Any node with JSON-RPC serves; the key stays here.
#pragma once

#include <cairn/gateway/anchor.hpp>
#include <cairn/gateway/evm_key.hpp>

namespace cairn::gateway {

struct EvmAnchorOptions {
  std::string url;  ///< of a node's JSON-RPC
  uint64_t chain_id = 0;
  EvmAddress contract{};
  host::EvmProfile profile = host::EvmProfile::eth;
  std::vector<EvmAddress> validators;  ///< qbft: all of them
  bool is_legacy = false;              ///< EIP-155 transactions, for chains without EIP-1559
  uint64_t fee_max_gwei = 100;         ///< for each unit of gas
  uint64_t priority_gwei = 1;          ///< EIP-1559: for whoever makes the block
  uint64_t gas_max = 120000;           ///< a first head of a log takes 69,000, a later one 36,000
  uint64_t confirmations = 1;          ///< blocks up to the newest, with the transaction's own
  uint64_t stuck_s = 600;              ///< not in a block for so long: its fee is raised
  std::string https_ca_file;
  unsigned timeout_s = 10;
};

/// Costs: the most that a transaction can take, in gwei. A transaction that replaces one has its
/// number (nonce), so only one of them is ever paid.
class EvmAnchor : public Anchor {
 public:
  /// `key` must outlive it.
  EvmAnchor(EvmAnchorOptions options, const EvmKey& key)
      : options_(std::move(options)), key_(key) {}

  uint8_t kind() const override { return CAIRN_RECEIPT_EVM; }
  const char* cost_unit() const override { return "gwei"; }

  /// io: also while the chain's price of gas is over fee_max_gwei; bad_argument: the node is one of
  /// another chain, or there is no contract under the address
  Error prepare(const AnchorHead& head, const std::string& previous, AnchorRequest& out) override;
  Error submit(const AnchorHead& head, const std::string& request, std::string& receipt) override;
  /// bad_state: another transaction of the account took its number; it is not in a block for
  /// stuck_s; the contract refused it
  Error poll(const AnchorHead& head, const std::string& request, std::string& receipt) override;
  /// As verify_evm_receipt(); of profile eth the block is the one that the node named.
  Error verify(const Digest& digest, const std::string& receipt,
               uint64_t& not_after_s) const override;

 private:
  const EvmAnchorOptions options_;
  const EvmKey& key_;
};

/// Creates the contract, pays for it, and waits up to `wait_s` for its address.
///
/// io, unsupported  the node does not answer, or refuses; the message is its
Error deploy_anchor_contract(const EvmAnchorOptions& options, const EvmKey& key, uint64_t wait_s,
                             EvmAddress& contract);

/// The contract's code, to be deployed by other means: hexadecimal.
const char* anchor_contract_code();

}  // namespace cairn::gateway
