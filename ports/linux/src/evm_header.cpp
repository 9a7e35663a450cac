// Headers of EVM blocks: their fields, their hashes, and the seals of QBFT.
#include <algorithm>
#include <cairn/linux/evm_receipt.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <cairn/linux/rlp.hpp>

#include "evm_recover.hpp"

namespace cairn::host {
namespace {

// Fields of a header, in their order.
constexpr size_t header_receipts_root = 5;
constexpr size_t header_number = 8;
constexpr size_t header_time = 11;
constexpr size_t header_extra_data = 12;
constexpr size_t header_fields_min = 15;

// Fields of QBFT's extra data: vanity, validators, vote, round, seals.
constexpr size_t extra_round = 3;
constexpr size_t extra_seals = 4;
constexpr size_t extra_fields = 5;

Status fields_of(ByteView bytes, size_t fields_min, std::vector<rlp::Item>& out) {
  rlp::Item item;
  CAIRN_TRY(rlp::parse(bytes, item));
  CAIRN_TRY(rlp::items_of(item, out));
  return out.size() >= fields_min ? Status::ok : Status::corrupt;
}

std::vector<std::string> encoded(const std::vector<rlp::Item>& items) {
  std::vector<std::string> out;
  for (const rlp::Item& item : items)
    out.push_back(string_of(item.encoded));
  return out;
}

// QBFT's hashes leave the seals out, and that of the block takes the round for 0 as well.
Status qbft_hash(ByteView header, bool with_round, Digest& out) {
  std::vector<rlp::Item> fields, extra;
  CAIRN_TRY(fields_of(header, header_fields_min, fields));
  CAIRN_TRY(fields_of(fields[header_extra_data].payload, extra_fields, extra));
  const bool of_right_types = !fields[header_extra_data].is_list && extra[extra_seals].is_list;
  if (extra.size() != extra_fields || !of_right_types) return Status::corrupt;
  std::vector<std::string> extra_items = encoded(extra);
  extra_items[extra_seals] = rlp::list({});
  if (!with_round) extra_items[extra_round] = rlp::number(0);
  std::vector<std::string> items = encoded(fields);
  items[header_extra_data] = rlp::string(bytes_of(rlp::list(extra_items)));
  out = keccak256(bytes_of(rlp::list(items)));
  return Status::ok;
}

}  // namespace

Status parse_evm_header(ByteView header, EvmHeader& out) {
  std::vector<rlp::Item> fields;
  CAIRN_TRY(fields_of(header, header_fields_min, fields));
  const ByteView root = fields[header_receipts_root].payload;
  const Result<uint64_t> number = rlp::number_of(fields[header_number]);
  const Result<uint64_t> time = rlp::number_of(fields[header_time]);
  if (root.size != digest_bytes || !number.ok() || !time.ok()) return Status::corrupt;
  std::copy(root.data, root.data + digest_bytes, out.receipts_root.bytes);
  out.number = number.value;
  out.time_s = time.value;
  out.extra_data = fields[header_extra_data].payload;
  return Status::ok;
}

Status evm_block_hash(ByteView header, EvmProfile profile, Digest& out) {
  if (profile == EvmProfile::qbft) return qbft_hash(header, false, out);
  out = keccak256(header);
  return Status::ok;
}

Status qbft_sealers(ByteView header, std::vector<EvmAddress>& out) {
  out.clear();
  Digest sealed;
  EvmHeader parsed;
  std::vector<rlp::Item> extra, seals;
  CAIRN_TRY(qbft_hash(header, true, sealed));
  CAIRN_TRY(parse_evm_header(header, parsed));
  CAIRN_TRY(fields_of(parsed.extra_data, extra_fields, extra));
  CAIRN_TRY(rlp::items_of(extra[extra_seals], seals));
  for (const rlp::Item& seal : seals) {
    if (seal.is_list) return Status::corrupt;
    EvmAddress sealer;
    const Status status = recover_evm_address(sealed, seal.payload, sealer);
    if (status == Status::unsupported) return status;
    const bool is_new = std::find(out.begin(), out.end(), sealer) == out.end();
    if (status == Status::ok && is_new) out.push_back(sealer);
  }
  return Status::ok;
}

}  // namespace cairn::host
