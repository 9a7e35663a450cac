#include "evm_request.hpp"

#include <cairn/linux/file.hpp>
#include <cairn/linux/rlp.hpp>

namespace cairn::gateway {

namespace rlp = host::rlp;

std::string format_request(const EvmRequest& request) {
  std::vector<std::string> fields{rlp::number(request.made_s), rlp::number(request.nonce),
                                  rlp::number(request.fee_wei)};
  for (const std::string& raw : request.transactions)
    fields.push_back(rlp::string(host::bytes_of(raw)));
  return rlp::list(fields);
}

Status parse_request(const std::string& bytes, EvmRequest& out) {
  rlp::Item list;
  std::vector<rlp::Item> fields;
  CAIRN_TRY(rlp::parse(host::bytes_of(bytes), list));
  CAIRN_TRY(rlp::items_of(list, fields));
  if (fields.size() < 4) return Status::corrupt;
  const Result<uint64_t> made = rlp::number_of(fields[0]), nonce = rlp::number_of(fields[1]),
                         fee = rlp::number_of(fields[2]);
  if (!made.ok() || !nonce.ok() || !fee.ok()) return Status::corrupt;
  out = {made.value, nonce.value, fee.value, {}};
  for (size_t i = 3; i < fields.size(); ++i)
    out.transactions.push_back(host::string_of(fields[i].payload));
  return Status::ok;
}

}  // namespace cairn::gateway
