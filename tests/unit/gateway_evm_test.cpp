// Receipts of chains with qbft, collected from a node over JSON-RPC: what the node says of a block
// leads to the block's hash and becomes evidence that verifies. Nodes of profile eth run in
// tests/interop.
#include <cairn/gateway/evm_anchor.hpp>

#if CAIRN_GATEWAY_WITH_EVM
#include "evm_evidence.hpp"
#include "support/evm_block.hpp"

using namespace cairn;
using namespace cairn::gateway;
using evm_tests::Block;
using evm_tests::digest;
namespace rlp = cairn::host::rlp;

namespace {

std::vector<rlp::Item> items_of(ByteView bytes) {
  rlp::Item list;
  std::vector<rlp::Item> items;
  REQUIRE(rlp::parse(bytes, list) == Status::ok);
  REQUIRE(rlp::items_of(list, items) == Status::ok);
  return items;
}
Json data(const rlp::Item& item) {
  return hex_data(host::string_of(item.payload));
}
Json quantity(const rlp::Item& item) {
  return hex_quantity(rlp::number_of(item).value);
}

// A node as Besu: its block, and the receipts of that. A call that it does not have is an error.
struct Node {
  const Block& block;
  uint64_t newest = 77;
  bool has_block_receipts = true;
  std::vector<std::string> asked;

  explicit Node(const Block& of) : block(of) {}

  Json hash() const {
    Digest hash;
    REQUIRE(host::evm_block_hash(host::bytes_of(block.header), host::EvmProfile::qbft, hash) ==
            Status::ok);
    return host::evm_hash_text(hash);
  }
  Json json_of_block() const {
    const char* names[] = {"parentHash",       "sha3Uncles",   "miner",     "stateRoot",
                           "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty",
                           "number",           "gasLimit",     "gasUsed",   "timestamp",
                           "extraData",        "mixHash",      "nonce"};
    const auto items = items_of(host::bytes_of(block.header));
    REQUIRE(items.size() == std::size(names));
    Json out{{"hash", hash()}, {"transactions", {"0x00", "0x01", "0x02"}}};
    for (size_t i = 0; i < items.size(); ++i)
      out[names[i]] = i >= 7 && i < 12 ? quantity(items[i]) : data(items[i]);
    return out;
  }
  Json json_of_receipt(size_t index) const {
    const auto items = items_of(host::bytes_of(block.receipts[index]).part(1));
    Json logs = Json::array();
    for (const rlp::Item& log : items_of(items[3].encoded)) {
      const auto parts = items_of(log.encoded);
      Json topics = Json::array();
      for (const rlp::Item& topic : items_of(parts[1].encoded))
        topics.push_back(data(topic));
      logs.push_back({{"address", data(parts[0])}, {"topics", topics}, {"data", data(parts[2])}});
    }
    return {{"blockHash", hash()},
            {"blockNumber", "0x4d"},
            {"transactionIndex", hex_quantity(index)},
            {"type", "0x2"},
            {"status", quantity(items[0])},
            {"cumulativeGasUsed", quantity(items[1])},
            {"logsBloom", data(items[2])},
            {"logs", logs}};
  }
  Json answer(const std::string& method, const Json& parameters) {
    asked.push_back(method);
    if (method == "eth_getBlockByNumber" && parameters[0] == "latest")
      return {{"result", {{"number", hex_quantity(newest)}}}};
    if (method == "eth_getBlockByNumber" && parameters[0] == "0x4d")
      return {{"result", json_of_block()}};
    if (method == "eth_getTransactionReceipt")
      return {{"result", json_of_receipt(number_of_quantity(parameters[0]))}};
    if (method == "eth_getBlockReceipts" && has_block_receipts)
      return {{"result", {json_of_receipt(0), json_of_receipt(1), json_of_receipt(2)}}};
    return {{"error", {{"code", -32601}, {"message", "Method not found"}}}};
  }
  EvmRpc rpc() {
    return {"node", 1, "", [this](const HttpRequest& request, HttpAnswer& out) {
              const Json call = Json::parse(request.body);
              out = {200, "application/json", answer(call["method"], call["params"]).dump()};
              return Error{};
            }};
  }
  Error collect(std::string& receipt, uint64_t confirmations = 1,
                host::EvmProfile profile = host::EvmProfile::qbft) {
    return collect_evidence(rpc(), json_of_receipt(1), confirmations, 1337, profile, receipt);
  }
};

// Our account, and a block that four validators may seal, with its event beside another one.
struct World {
  Block block;
  EvmKey account;

  World() {
    REQUIRE(account.generate(block.folder / "account").ok());
    block.submitter = evm_tests::text(account.address());
    block.other_event = rlp::list({rlp::string(host::bytes_of(std::string(20, 'o'))),
                                   rlp::list({rlp::string(digest)}), rlp::string(ByteView())});
  }
  Error verified(const std::string& receipt) const {
    EvmAnchorOptions options;
    options.chain_id = block.trust.chain_id;
    options.contract = block.trust.contract;
    options.profile = host::EvmProfile::qbft;
    options.validators = block.trust.validators;
    uint64_t not_after_s = 0;
    const Error error = EvmAnchor(options, account).verify(digest, receipt, not_after_s);
    CHECK((!error.ok() || not_after_s == 1795000000));
    return error;
  }
};

}  // namespace

TEST_CASE("evm: what a node of qbft says becomes evidence that its validators vouch for") {
  World world;
  const std::string body = world.block.body({0, 2, 3});
  Node node(world.block);
  std::string receipt;
  SECTION("all receipts of the block at once") {
    CHECK_OK(node.collect(receipt));
    CHECK(node.asked.back() == "eth_getBlockReceipts");
  }
  SECTION("one by one") {
    node.has_block_receipts = false;
    CHECK_OK(node.collect(receipt));
    CHECK(std::count(node.asked.begin(), node.asked.end(), "eth_getTransactionReceipt") == 3);
  }
  SECTION("after enough blocks") {
    CHECK(node.collect(receipt, 3).status == Status::not_found);
    node.newest += 2;
    CHECK_OK(node.collect(receipt, 3));
  }
  CHECK(receipt == body);
  CHECK_OK(world.verified(receipt));
}

TEST_CASE("evm: a block of qbft that too few sealed, or that is hashed as one of eth, is none") {
  World world;
  std::string receipt;
  (void)world.block.body({0, 2});
  CHECK_OK(Node(world.block).collect(receipt));
  CHECK(world.verified(receipt).status == Status::signature_invalid);

  (void)world.block.body({0, 1, 2});
  receipt.clear();
  const Error error = Node(world.block).collect(receipt, 1, host::EvmProfile::eth);
  CHECK(error.status == Status::io);
  CHECK(host_tests::mentions(error.message, {"0x4d", "does not lead to its hash"}));
  CHECK(receipt.empty());
}

TEST_CASE("evm: a head that the contract of a chain of qbft refused") {
  World world;
  world.block.status = 0;
  (void)world.block.body({0, 1, 2});
  std::string receipt;
  CHECK(Node(world.block).collect(receipt).status == Status::bad_state);
}

#endif
