#include <algorithm>
#include <cairn/linux/evm_receipt.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <cairn/linux/merkle_trie.hpp>
#include <cairn/linux/rlp.hpp>

namespace cairn::host {
namespace {

// Fields of a receipt of a transaction, and of a log entry in it.
constexpr size_t receipt_fields = 4;
constexpr size_t receipt_status = 0;
constexpr size_t receipt_logs = 3;
constexpr size_t log_fields = 3;

// What our event says; the rest of it is checked here already.
struct Anchored {
  bool of_submitter = false;
  Digest digest{};
};

Status digest_of(ByteView bytes, Digest& out) {
  if (bytes.size != digest_bytes) return Status::corrupt;
  std::copy(bytes.data, bytes.data + digest_bytes, out.bytes);
  return Status::ok;
}

// Topics: the event, the submitter in 32 bytes, the log. Data: size and digest, 32 bytes each.
Status read_event(const rlp::Item& entry, const EvmTrust& trust, Anchored& out) {
  std::vector<rlp::Item> fields, topics;
  CAIRN_TRY(rlp::items_of(entry, fields));
  if (fields.size() != log_fields) return Status::corrupt;
  const ByteView contract{trust.contract.data(), trust.contract.size()};
  if (!equal(fields[0].payload, contract)) return Status::not_found;
  CAIRN_TRY(rlp::items_of(fields[1], topics));
  const ByteView data = fields[2].payload;
  if (topics.size() != 3 || !equal(topics[0].payload, evm_event_topic())) return Status::not_found;
  if (topics[1].payload.size != digest_bytes || data.size != 2 * digest_bytes)
    return Status::corrupt;
  const ByteView submitter{trust.submitter.data(), trust.submitter.size()};
  out.of_submitter = equal(topics[1].payload.part(digest_bytes - submitter.size), submitter);
  return digest_of(data.part(digest_bytes), out.digest);
}

// Looks for the event among the log entries of a transaction that succeeded.
Status find_event(ByteView value, const EvmTrust& trust, const Digest& digest) {
  if (value.empty()) return Status::corrupt;
  const bool typed = value[0] < 0x80;  // EIP-2718
  rlp::Item receipt;
  std::vector<rlp::Item> fields, entries;
  CAIRN_TRY(rlp::parse(typed ? value.part(1) : value, receipt));
  CAIRN_TRY(rlp::items_of(receipt, fields));
  if (fields.size() != receipt_fields) return Status::corrupt;
  const Result<uint64_t> status = rlp::number_of(fields[receipt_status]);
  if (!status.ok() || status.value != 1) return Status::proof_invalid;
  CAIRN_TRY(rlp::items_of(fields[receipt_logs], entries));
  Status found = Status::not_found;
  for (const rlp::Item& entry : entries) {
    Anchored event;
    if (read_event(entry, trust, event) != Status::ok || !event.of_submitter) continue;
    if (event.digest == digest) return Status::ok;
    found = Status::proof_invalid;
  }
  return found;
}

Error check_seals(ByteView header, const EvmTrust& trust) {
  std::vector<EvmAddress> sealers;
  const Status status = qbft_sealers(header, sealers);
  if (status == Status::unsupported)
    return {status, "this cairn was built without libsecp256k1, which the seals of QBFT need"};
  if (status != Status::ok) return {status, "the header is not one of QBFT"};
  size_t known = 0;
  for (const EvmAddress& validator : trust.validators)
    known += std::count(sealers.begin(), sealers.end(), validator) != 0 ? 1 : 0;
  const size_t needed = (2 * trust.validators.size() + 2) / 3;
  if (known >= needed && needed != 0) return {};
  return {Status::signature_invalid,
          std::to_string(known) + " of " + std::to_string(trust.validators.size()) +
              " validators sealed the block, " + std::to_string(needed) + " must"};
}

Error check_block(ByteView header, const EvmTrust& trust, const EvmFact& fact) {
  if (trust.profile == EvmProfile::qbft) return check_seals(header, trust);
  const auto& blocks = trust.blocks;
  if (std::find(blocks.begin(), blocks.end(), fact.block_hash) != blocks.end()) return {};
  return {Status::not_found, "it stands in block " + std::to_string(fact.block) + " with hash " +
                                 evm_hash_text(fact.block_hash) +
                                 ", which is not among the trusted ones: ask a node that you "
                                 "trust whether the block is final, and name its hash"};
}

Status check_event(const EvmReceipt& receipt, const EvmHeader& header, const EvmTrust& trust,
                   const Digest& digest) {
  const std::string key = rlp::number(receipt.transaction_index);
  ByteView value;
  CAIRN_TRY(verify_trie(header.receipts_root, bytes_of(key), receipt.nodes, value));
  return find_event(value, trust, digest);
}

}  // namespace

Status parse_evm_receipt(ByteView body, EvmReceipt& out) {
  rlp::Item whole;
  std::vector<rlp::Item> fields, nodes;
  CAIRN_TRY(rlp::parse(body, whole));
  CAIRN_TRY(rlp::items_of(whole, fields));
  if (fields.size() != 4 || !fields[1].is_list) return Status::corrupt;
  const Result<uint64_t> chain_id = rlp::number_of(fields[0]);
  const Result<uint64_t> index = rlp::number_of(fields[2]);
  if (!chain_id.ok() || !index.ok()) return Status::corrupt;
  CAIRN_TRY(rlp::items_of(fields[3], nodes));
  out = {chain_id.value, fields[1].encoded, index.value, {}};
  for (const rlp::Item& node : nodes) {
    if (node.is_list) return Status::corrupt;
    out.nodes.push_back(node.payload);
  }
  return Status::ok;
}

std::string format_evm_receipt(const EvmReceipt& receipt) {
  std::vector<std::string> nodes;
  for (const ByteView node : receipt.nodes)
    nodes.push_back(rlp::string(node));
  return rlp::list({rlp::number(receipt.chain_id), string_of(receipt.header),
                    rlp::number(receipt.transaction_index), rlp::list(nodes)});
}

Error verify_evm_receipt(ByteView body, const Digest& digest, const EvmTrust& trust,
                         EvmFact& fact) {
  EvmReceipt receipt;
  EvmHeader header;
  Status status = parse_evm_receipt(body, receipt);
  if (status == Status::ok) status = parse_evm_header(receipt.header, header);
  if (status == Status::ok) status = evm_block_hash(receipt.header, trust.profile, fact.block_hash);
  if (status != Status::ok) return {status, "not a receipt of an anchor on an EVM chain"};
  if (receipt.chain_id != trust.chain_id)
    return {Status::not_found, "it is of chain " + std::to_string(receipt.chain_id)};
  fact.block = header.number;
  fact.time_s = header.time_s;
  status = check_event(receipt, header, trust, digest);
  if (status == Status::not_found)
    return {status, "the transaction is of another contract or submitter"};
  if (status != Status::ok)
    return {status, "the receipt does not prove the contract's event about this checkpoint"};
  return check_block(receipt.header, trust, fact);
}

Digest evm_event_topic() {
  static const Digest topic = keccak256(literal("Anchored(address,bytes32,uint64,bytes32)"));
  return topic;
}

}  // namespace cairn::host
