#include "evm_block.hpp"

#include <cairn/linux/file.hpp>
#include <cairn/linux/rlp.hpp>

namespace cairn::gateway {
namespace {

using host::bytes_of;
namespace rlp = host::rlp;

bool has(const Json& object, const char* field) {
  return object.contains(field) && !object[field].is_null();
}

std::string data(const Json& object, const char* field) {
  return rlp::string(bytes_of(bytes_of_data(object.at(field).get<std::string>())));
}

// Any size: difficulties are longer than 64 bits on some chains.
std::string quantity(const Json& object, const char* field) {
  std::string hex = object.at(field).get<std::string>();
  if (hex.size() % 2 != 0) hex.insert(2, "0");
  const std::string bytes = bytes_of_data(hex);
  const size_t first = bytes.find_first_not_of('\0');
  return rlp::string(first == std::string::npos ? ByteView() : bytes_of(bytes).part(first));
}

}  // namespace

std::string header_rlp(const Json& block) {
  std::vector<std::string> fields;
  for (const char* field : {"parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot",
                            "receiptsRoot", "logsBloom"})
    fields.push_back(data(block, field));
  for (const char* field : {"difficulty", "number", "gasLimit", "gasUsed", "timestamp"})
    fields.push_back(quantity(block, field));
  for (const char* field : {"extraData", "mixHash", "nonce"})
    fields.push_back(data(block, field));
  if (has(block, "baseFeePerGas")) fields.push_back(quantity(block, "baseFeePerGas"));
  if (has(block, "withdrawalsRoot")) fields.push_back(data(block, "withdrawalsRoot"));
  if (has(block, "blobGasUsed")) {
    fields.push_back(quantity(block, "blobGasUsed"));
    fields.push_back(quantity(block, "excessBlobGas"));
  }
  if (has(block, "parentBeaconBlockRoot")) fields.push_back(data(block, "parentBeaconBlockRoot"));
  if (has(block, "requestsHash")) fields.push_back(data(block, "requestsHash"));
  return rlp::list(fields);
}

std::string receipt_rlp(const Json& receipt) {
  std::vector<std::string> logs;
  for (const Json& log : receipt.at("logs")) {
    std::vector<std::string> topics;
    for (const Json& topic : log.at("topics"))
      topics.push_back(rlp::string(bytes_of(bytes_of_data(topic.get<std::string>()))));
    logs.push_back(rlp::list({data(log, "address"), rlp::list(topics), data(log, "data")}));
  }
  const std::string fields = rlp::list(
      {has(receipt, "status") ? quantity(receipt, "status") : data(receipt, "root"),
       quantity(receipt, "cumulativeGasUsed"), data(receipt, "logsBloom"), rlp::list(logs)});
  const uint64_t type =
      has(receipt, "type") ? number_of_quantity(receipt["type"].get<std::string>()) : 0;
  return type == 0 ? fields : static_cast<char>(type) + fields;
}

}  // namespace cairn::gateway
