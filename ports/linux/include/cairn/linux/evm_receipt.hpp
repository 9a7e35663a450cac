// Receipts of anchors on EVM chains, verified offline: an event of the anchor contract, the proof
// that it stands in a block, and why the block is believed. docs/format.md, "Receipts".
#pragma once

#include <array>
#include <cairn/hash.hpp>
#include <cairn/linux/error.hpp>
#include <vector>

namespace cairn::host {

using EvmAddress = std::array<uint8_t, 20>;

/// How blocks of a chain are hashed, and who vouches for a hash.
enum class EvmProfile : uint8_t {
  eth,   ///< hash of the whole header; the verifier names the block hashes that it trusts
  qbft,  ///< Hyperledger Besu's QBFT: validators seal the header, two thirds of them are enough
};

/// A chain, a contract on it, and who may speak through it.
struct EvmTrust {
  uint64_t chain_id = 0;
  EvmAddress contract{};
  EvmAddress submitter{};
  EvmProfile profile = EvmProfile::eth;
  std::vector<EvmAddress> validators;  ///< qbft: all of them
  std::vector<Digest> blocks;          ///< eth: hashes of blocks that are known to be final
};

/// A receipt, taken apart; views into it.
struct EvmReceipt {
  uint64_t chain_id = 0;
  ByteView header;  ///< RLP
  uint64_t transaction_index = 0;
  std::vector<ByteView> nodes;  ///< from the receipts root to the transaction's receipt
};

/// ok, or corrupt.
Status parse_evm_receipt(ByteView body, EvmReceipt& out);
std::string format_evm_receipt(const EvmReceipt& receipt);

/// The fields of a header that count here.
struct EvmHeader {
  Digest receipts_root{};
  uint64_t number = 0;
  uint64_t time_s = 0;
  ByteView extra_data;
};

/// ok, or corrupt.
Status parse_evm_header(ByteView header, EvmHeader& out);

/// The hash by which the chain knows a header. corrupt: not a header of this profile.
Status evm_block_hash(ByteView header, EvmProfile profile, Digest& out);

/// The validators whose seals stand under a QBFT header, each once, whoever they are.
///
/// corrupt      not a QBFT header
/// unsupported  cairn was built without libsecp256k1
Status qbft_sealers(ByteView header, std::vector<EvmAddress>& out);

/// What a receipt that was verified says.
struct EvmFact {
  uint64_t block = 0;
  Digest block_hash{};
  uint64_t time_s = 0;  ///< of the block, POSIX seconds
};

/// Verifies a receipt over a digest. Asks no node. `fact` is filled as far as it was verified.
///
/// ok                 the contract's event is in a block that is trusted
/// corrupt            malformed
/// not_found          another chain, contract or submitter; eth: a block that is not among the
///                    trusted ones, and the message has its hash
/// proof_invalid      the proof does not lead to the event, or it is about another digest
/// signature_invalid  qbft: fewer than two thirds of the validators sealed the block
/// unsupported        qbft, without libsecp256k1
Error verify_evm_receipt(ByteView body, const Digest& digest, const EvmTrust& trust, EvmFact& fact);

/// The event of the anchor contract, as topic: Anchored(address,bytes32,uint64,bytes32).
Digest evm_event_topic();

/// "0x" and 40 digits. corrupt: something else.
Status parse_evm_address(const std::string& text, EvmAddress& out);
std::string evm_address_text(const EvmAddress& address);
/// "0x" and 64 digits. corrupt: something else.
Status parse_evm_hash(const std::string& text, Digest& out);
std::string evm_hash_text(const Digest& hash);

}  // namespace cairn::host
