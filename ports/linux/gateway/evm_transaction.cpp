#include "evm_transaction.hpp"

#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <cairn/linux/rlp.hpp>

namespace cairn::gateway {
namespace {

using host::bytes_of;
namespace rlp = host::rlp;

constexpr char eip1559_type = 2;

std::string number_of_bytes(const uint8_t* bytes, size_t size) {
  while (size != 0 && *bytes == 0) {
    ++bytes;
    --size;
  }
  return rlp::string({bytes, size});
}

}  // namespace

Error sign_transaction(const EvmTransaction& t, const EvmKey& key, std::string& raw) {
  const std::string type = t.is_legacy ? "" : std::string(1, eip1559_type);
  std::vector<std::string> fields;
  if (t.is_legacy) {
    fields = {rlp::number(t.nonce), rlp::number(t.fee_wei)};
  } else {
    fields = {rlp::number(t.chain_id), rlp::number(t.nonce), rlp::number(t.priority_wei),
              rlp::number(t.fee_wei)};
  }
  for (const std::string& field : {rlp::number(t.gas), rlp::string(bytes_of(t.to)), rlp::number(0),
                                   rlp::string(bytes_of(t.data))})
    fields.push_back(field);
  if (!t.is_legacy) fields.push_back(rlp::list({}));  // no access list

  std::vector<std::string> signed_fields = fields;
  if (t.is_legacy)
    signed_fields.insert(signed_fields.end(),
                         {rlp::number(t.chain_id), rlp::number(0), rlp::number(0)});
  std::array<uint8_t, 65> signature;
  CAIRN_HOST_TRY(key.sign(host::keccak256(bytes_of(type + rlp::list(signed_fields))), signature));
  const uint64_t recovery_id = signature[64];
  fields.push_back(rlp::number(t.is_legacy ? 35 + 2 * t.chain_id + recovery_id : recovery_id));
  fields.push_back(number_of_bytes(signature.data(), 32));
  fields.push_back(number_of_bytes(signature.data() + 32, 32));
  raw = type + rlp::list(fields);
  return {};
}

}  // namespace cairn::gateway
