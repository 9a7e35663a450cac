#include <algorithm>
#include <cairn/gateway/evm_anchor.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <ctime>

#include "evm_evidence.hpp"
#include "evm_request.hpp"
#include "evm_transaction.hpp"

namespace cairn::gateway {
namespace {

using host::bytes_of;

constexpr uint64_t wei_in_gwei = 1'000'000'000;

EvmRpc rpc_of(const EvmAnchorOptions& options) {
  return {options.url, options.timeout_s, options.https_ca_file};
}

uint64_t now_s() {
  return static_cast<uint64_t>(std::time(nullptr));
}

std::string transaction_hash(const std::string& raw) {
  return host::evm_hash_text(host::keccak256(bytes_of(raw)));
}

std::string word(ByteView bytes) {
  return std::string(digest_bytes - bytes.size, '\0') + host::string_of(bytes);
}

// anchor(bytes32 log, uint64 size, bytes32 digest)
std::string call_data(const AnchorHead& head) {
  const Digest selector = host::keccak256(literal("anchor(bytes32,uint64,bytes32)"));
  uint8_t size[8];
  for (unsigned i = 0; i < 8; ++i)
    size[i] = static_cast<uint8_t>(head.size >> (56 - 8 * i));
  return host::string_of({selector.bytes, 4}) + word(sha256(bytes_of(head.log))) +
         word({size, sizeof size}) + word(head.digest);
}

Error require_chain(const EvmRpc& rpc, uint64_t expected) {
  uint64_t chain_id = 0;
  CAIRN_HOST_TRY(rpc.quantity("eth_chainId", Json::array(), chain_id));
  if (chain_id == expected) return {};
  return {Status::bad_argument, rpc.url() + " is a node of chain " + std::to_string(chain_id) +
                                    ", not of " + std::to_string(expected)};
}

// A transaction to an address without code is paid for, and anchors nothing.
Error require_contract(const EvmRpc& rpc, const EvmAddress& contract) {
  const std::string address = host::evm_address_text(contract);
  Json code;
  CAIRN_HOST_TRY(rpc.call("eth_getCode", Json::array({address, "latest"}), code));
  if (code.is_string() && code != "0x") return {};
  return {Status::bad_argument, "there is no contract under " + address + " on the chain of " +
                                    rpc.url() +
                                    ": deploy it, or put the right address into "
                                    "the configuration"};
}

// Transactions of the account that are in a block: the next nonce.
Error mined_count(const EvmRpc& rpc, const EvmKey& key, uint64_t& out) {
  return rpc.quantity("eth_getTransactionCount",
                      Json::array({host::evm_address_text(key.address()), "latest"}), out);
}

// What to offer for a unit of gas: room for the price to double, and at least an eighth more than
// a transaction that is to be replaced, which is what nodes ask for and a little more.
Error choose_fee(const EvmRpc& rpc, const EvmAnchorOptions& options, uint64_t replaced_wei,
                 uint64_t& fee_wei) {
  uint64_t price = 0;
  CAIRN_HOST_TRY(rpc.quantity("eth_gasPrice", Json::array(), price));
  const uint64_t cap = options.fee_max_gwei * wei_in_gwei;
  const uint64_t least = std::max(price, replaced_wei + replaced_wei / 8 + (replaced_wei != 0));
  fee_wei = std::min(cap, std::max(options.is_legacy ? price : 2 * price, least));
  if (least <= cap) return {};
  return {Status::io, "the chain asks " + std::to_string(least / wei_in_gwei + 1) +
                          " gwei a unit of gas, over the cap of " +
                          std::to_string(options.fee_max_gwei)};
}

Error sign_next(const EvmAnchorOptions& options, const EvmKey& key, const std::string& to,
                const std::string& data, uint64_t gas, EvmRequest& request) {
  EvmTransaction transaction;
  transaction.chain_id = options.chain_id;
  transaction.nonce = request.nonce;
  transaction.is_legacy = options.is_legacy;
  transaction.fee_wei = request.fee_wei;
  transaction.priority_wei = std::min(options.priority_gwei * wei_in_gwei, request.fee_wei);
  transaction.gas = gas;
  transaction.to = to;
  transaction.data = data;
  request.made_s = now_s();
  std::string raw;
  CAIRN_HOST_TRY(sign_transaction(transaction, key, raw));
  request.transactions.push_back(raw);
  return {};
}

// The receipt of whichever transaction is in a block; null when none is.
Error find_receipt(const EvmRpc& rpc, const EvmRequest& request, Json& receipt) {
  for (const std::string& raw : request.transactions) {
    CAIRN_HOST_TRY(
        rpc.call("eth_getTransactionReceipt", Json::array({transaction_hash(raw)}), receipt));
    if (receipt.is_object()) return {};
  }
  receipt = nullptr;
  return {};
}

Error send_raw(const EvmRpc& rpc, const EvmKey& key, const EvmRequest& request) {
  const std::string& raw = request.transactions.back();
  Json result;
  const Error error = rpc.call("eth_sendRawTransaction", Json::array({hex_data(raw)}), result);
  if (error.ok()) {
    if (result == transaction_hash(raw)) return {};
    return {Status::io, rpc.url() +
                            " does not name the transaction by its hash: it did not take "
                            "it"};
  }
  if (error.status != Status::unsupported) return error;
  // Nodes refuse what they have: each in its own words.
  uint64_t mined = 0;
  CAIRN_HOST_TRY(mined_count(rpc, key, mined));
  if (mined > request.nonce) return {};
  if (rpc.call("eth_getTransactionByHash", Json::array({transaction_hash(raw)}), result).ok() &&
      result.is_object())
    return {};
  return {Status::io, error.message};
}

// The contract that a transaction created; false when it failed.
bool contract_of(const Json& receipt, EvmAddress& contract) {
  const auto status = receipt.find("status"), address = receipt.find("contractAddress");
  return status != receipt.end() && *status == "0x1" && address != receipt.end() &&
         address->is_string() &&
         host::parse_evm_address(address->get<std::string>(), contract) == Status::ok;
}

Error not_a_request() {
  return {Status::bad_state, "what was stored for the chain is no transaction"};
}

}  // namespace

Error EvmAnchor::prepare(const AnchorHead& head, const std::string& previous, AnchorRequest& out) {
  const EvmRpc rpc = rpc_of(options_);
  CAIRN_HOST_TRY(require_chain(rpc, options_.chain_id));
  CAIRN_HOST_TRY(require_contract(rpc, options_.contract));
  EvmRequest request;
  uint64_t mined = 0;
  CAIRN_HOST_TRY(mined_count(rpc, key_, mined));
  const bool replaces = parse_request(previous, request) == Status::ok && request.nonce == mined;
  if (!replaces) request = {0, mined, 0, {}};
  CAIRN_HOST_TRY(choose_fee(rpc, options_, request.fee_wei, request.fee_wei));
  // Either may be the one that is taken; of one for another head the receipt would not serve.
  const bool same_head = replaces && request.transactions.back().find(
                                         host::string_of(head.digest)) != std::string::npos;
  if (!same_head) request.transactions.clear();
  const std::string contract(options_.contract.begin(), options_.contract.end());
  CAIRN_HOST_TRY(sign_next(options_, key_, contract, call_data(head), options_.gas_max, request));
  const uint64_t fee_gwei = (request.fee_wei + wei_in_gwei - 1) / wei_in_gwei;
  out = {format_request(request), fee_gwei * options_.gas_max};
  return {};
}

Error EvmAnchor::submit(const AnchorHead&, const std::string& request, std::string&) {
  EvmRequest parsed;
  if (parse_request(request, parsed) != Status::ok) return not_a_request();
  return send_raw(rpc_of(options_), key_, parsed);
}

Error EvmAnchor::poll(const AnchorHead& head, const std::string& request, std::string& receipt) {
  EvmRequest parsed;
  if (parse_request(request, parsed) != Status::ok) return not_a_request();
  const EvmRpc rpc = rpc_of(options_);
  Json mined_receipt;
  CAIRN_HOST_TRY(find_receipt(rpc, parsed, mined_receipt));
  if (mined_receipt.is_object())
    return collect_evidence(rpc, mined_receipt, options_.confirmations, options_.chain_id,
                            options_.profile, receipt);
  uint64_t mined = 0;
  CAIRN_HOST_TRY(mined_count(rpc, key_, mined));
  if (mined > parsed.nonce)
    return {Status::bad_state, "another transaction of the account " +
                                   host::evm_address_text(key_.address()) + " took number " +
                                   std::to_string(parsed.nonce)};
  if (now_s() - parsed.made_s > options_.stuck_s)
    return {Status::bad_state, "the transaction for size " + std::to_string(head.size) +
                                   " is in no block yet: its fee is raised"};
  return {Status::not_found, "not in a block yet"};
}

Error EvmAnchor::verify(const Digest& digest, const std::string& receipt,
                        uint64_t& not_after_s) const {
  host::EvmTrust trust{options_.chain_id, options_.contract,   key_.address(),
                       options_.profile,  options_.validators, {}};
  host::EvmReceipt parsed;
  Digest block;
  if (host::parse_evm_receipt(bytes_of(receipt), parsed) == Status::ok &&
      host::evm_block_hash(parsed.header, options_.profile, block) == Status::ok)
    trust.blocks.push_back(block);
  host::EvmFact fact;
  CAIRN_HOST_TRY(host::verify_evm_receipt(bytes_of(receipt), digest, trust, fact));
  not_after_s = fact.time_s;
  return {};
}

Error deploy_anchor_contract(const EvmAnchorOptions& options, const EvmKey& key, uint64_t wait_s,
                             EvmAddress& contract) {
  constexpr uint64_t gas = 1'000'000;
  const EvmRpc rpc = rpc_of(options);
  CAIRN_HOST_TRY(require_chain(rpc, options.chain_id));
  EvmRequest request;
  CAIRN_HOST_TRY(mined_count(rpc, key, request.nonce));
  CAIRN_HOST_TRY(choose_fee(rpc, options, 0, request.fee_wei));
  const std::string code = bytes_of_data(std::string("0x") + anchor_contract_code());
  CAIRN_HOST_TRY(sign_next(options, key, "", code, gas, request));
  CAIRN_HOST_TRY(send_raw(rpc, key, request));
  for (uint64_t waited_ms = 0; waited_ms <= 1000 * wait_s; waited_ms += 100) {
    Json receipt;
    CAIRN_HOST_TRY(find_receipt(rpc, request, receipt));
    if (receipt.is_object()) {
      if (contract_of(receipt, contract)) return {};
      return {Status::unsupported, rpc.url() + ": the chain refuses the contract"};
    }
    const timespec pause{0, 100'000'000};
    (void)nanosleep(&pause, nullptr);
  }
  return {Status::io,
          "transaction " + transaction_hash(request.transactions[0]) + " is in no block yet"};
}

}  // namespace cairn::gateway
