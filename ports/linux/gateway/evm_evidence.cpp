#include "evm_evidence.hpp"

#include <cairn/linux/file.hpp>
#include <cairn/linux/merkle_trie.hpp>
#include <cairn/linux/rlp.hpp>

#include "evm_block.hpp"

namespace cairn::gateway {
namespace {

using host::bytes_of;

// Those of all transactions of a block: in one call, where the node has it, or one by one.
Error block_receipts(const EvmRpc& rpc, const Json& block, Json& receipts) {
  const Error error = rpc.call("eth_getBlockReceipts", Json::array({block.at("number")}), receipts);
  if (error.ok() && receipts.is_array() && receipts.size() == block.at("transactions").size())
    return {};
  receipts = Json::array();
  for (const Json& hash : block.at("transactions")) {
    Json receipt;
    CAIRN_HOST_TRY(rpc.call("eth_getTransactionReceipt", Json::array({hash}), receipt));
    receipts.push_back(receipt);
  }
  return {};
}

Error contradicts(const EvmRpc& rpc, const Json& block, const std::string& what) {
  return {Status::io, rpc.url() + ": block " + block.at("number").get<std::string>() + ": " + what +
                          ". The chain hashes its blocks in another way than this profile, or was "
                          "reorganised in between."};
}

Error prove_receipt(const EvmRpc& rpc, const Json& mined, const Json& block, uint64_t chain_id,
                    host::EvmProfile profile, std::string& receipt) {
  const std::string header = header_rlp(block);
  host::EvmHeader fields;
  Digest hash, root;
  Status status = host::parse_evm_header(bytes_of(header), fields);
  if (status == Status::ok) status = host::evm_block_hash(bytes_of(header), profile, hash);
  const Json name = host::evm_hash_text(hash);
  if (status != Status::ok || name != block.at("hash") || name != mined.at("blockHash"))
    return contradicts(rpc, block, "its header does not lead to its hash");
  Json receipts;
  CAIRN_HOST_TRY(block_receipts(rpc, block, receipts));
  host::TrieEntries entries;
  for (size_t i = 0; i < receipts.size(); ++i)
    entries.emplace_back(host::rlp::number(i), receipt_rlp(receipts[i]));
  host::EvmReceipt out;
  out.chain_id = chain_id;
  out.header = bytes_of(header);
  out.transaction_index = number_of_quantity(mined.at("transactionIndex").get<std::string>());
  std::vector<std::string> nodes;
  status =
      host::prove_trie(entries, bytes_of(host::rlp::number(out.transaction_index)), root, nodes);
  if (status != Status::ok || root != fields.receipts_root)
    return contradicts(rpc, block, "its receipts do not lead to its receipts root");
  for (const std::string& node : nodes)
    out.nodes.push_back(bytes_of(node));
  receipt = host::format_evm_receipt(out);
  return {};
}

Error collect(const EvmRpc& rpc, const Json& mined, uint64_t confirmations, uint64_t chain_id,
              host::EvmProfile profile, std::string& receipt) {
  const uint64_t number = number_of_quantity(mined.at("blockNumber").get<std::string>());
  Json newest, block;
  CAIRN_HOST_TRY(rpc.call("eth_getBlockByNumber", Json::array({"latest", false}), newest));
  const uint64_t newest_number = number_of_quantity(newest.at("number").get<std::string>());
  if (newest_number < number || newest_number - number + 1 < confirmations)
    return {Status::not_found, "too few blocks behind it yet"};
  if (mined.at("status") != "0x1")
    return {Status::bad_state,
            "the contract refused the head: it has a newer one of this log, or "
            "another of the same size, from this account"};
  CAIRN_HOST_TRY(
      rpc.call("eth_getBlockByNumber", Json::array({mined.at("blockNumber"), false}), block));
  return prove_receipt(rpc, mined, block, chain_id, profile, receipt);
}

}  // namespace

Error collect_evidence(const EvmRpc& rpc, const Json& mined, uint64_t confirmations,
                       uint64_t chain_id, host::EvmProfile profile, std::string& receipt) {
  try {
    return collect(rpc, mined, confirmations, chain_id, profile, receipt);
  } catch (const std::exception& problem) {
    return {Status::io,
            rpc.url() + " answers with a field missing or malformed: " + problem.what()};
  }
}

}  // namespace cairn::gateway
