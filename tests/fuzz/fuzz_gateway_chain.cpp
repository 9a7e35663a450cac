// Answers of a node of an EVM chain, of any bytes, one a line: no exception gets out, and a receipt
// that is made of them leads from the header of its block to a receipt of a transaction.
#include <cairn/linux/evm_receipt.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/merkle_trie.hpp>
#include <cairn/linux/rlp.hpp>

#include "evm_evidence.hpp"
#include "fuzz.hpp"

using namespace cairn;
using namespace cairn::gateway;
using host::bytes_of;

namespace {

/// A node that gives its answers in turn, and nothing after them.
class Node {
 public:
  Node(const uint8_t* data, size_t size) : answers_(reinterpret_cast<const char*>(data), size) {}

  EvmRpc rpc() {
    return {"node", 1, "", [this](const HttpRequest&, HttpAnswer& answer) {
              const size_t end = std::min(answers_.find('\n', at_), answers_.size());
              answer = {200, "application/json", answers_.substr(at_, end - at_)};
              at_ = std::min(end + 1, answers_.size());
              return Error{};
            }};
  }

 private:
  const std::string answers_;
  size_t at_ = 0;
};

unsigned depth_of(const Json& value) {
  unsigned deepest = 0;
  for (const Json& part : value)
    if (part.is_structured()) deepest = std::max(deepest, depth_of(part));
  return value.is_structured() ? deepest + 1 : 0;
}

void check_receipt(const std::string& body, host::EvmProfile profile) {
  host::EvmReceipt receipt;
  host::EvmHeader header;
  Digest hash;
  ByteView value;
  fuzz::check(host::parse_evm_receipt(bytes_of(body), receipt) == Status::ok);
  fuzz::check(host::format_evm_receipt(receipt) == body);
  fuzz::check(host::parse_evm_header(receipt.header, header) == Status::ok);
  fuzz::check(host::evm_block_hash(receipt.header, profile, hash) == Status::ok);
  const std::string key = host::rlp::number(receipt.transaction_index);
  fuzz::check(host::verify_trie(header.receipts_root, bytes_of(key), receipt.nodes, value) ==
              Status::ok);
}

void collect(const uint8_t* data, size_t size, host::EvmProfile profile, uint64_t confirmations) {
  Node node(data, size);
  const EvmRpc rpc = node.rpc();
  Json mined;
  const Error asked = rpc.call("eth_getTransactionReceipt", Json::array(), mined);
  fuzz::check(asked.ok() == asked.message.empty());
  if (!asked.ok()) return;
  fuzz::check(depth_of(mined) <= 64);
  std::string receipt;
  const Error error = collect_evidence(rpc, mined, confirmations, 1337, profile, receipt);
  fuzz::check(error.ok() == error.message.empty() && error.ok() != receipt.empty());
  fuzz::check(!error.ok() || confirmations != UINT64_MAX);  // no chain is so long
  if (error.ok()) check_receipt(receipt, profile);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  uint64_t number = 0;
  Node node(data, size);
  const Error error = node.rpc().quantity("eth_chainId", Json::array(), number);
  fuzz::check(error.ok() == error.message.empty());
  collect(data, size, host::EvmProfile::eth, 1);
  collect(data, size, host::EvmProfile::eth, UINT64_MAX);
  collect(data, size, host::EvmProfile::qbft, 1);
  return 0;
}
