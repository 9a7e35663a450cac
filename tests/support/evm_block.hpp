// A block of an EVM chain, made by the rules of the Yellow Paper and of QBFT, and the receipt that
// goes into evidence of it.
#pragma once

#include <cairn/gateway/evm_key.hpp>
#include <cairn/linux/evm_receipt.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <cairn/linux/merkle_trie.hpp>
#include <cairn/linux/rlp.hpp>

#include "support/host.hpp"

namespace evm_tests {

using namespace cairn;
using namespace cairn::host;
using gateway::EvmKey;

inline const Digest digest = sha256(literal("checkpoint text\n"));

inline std::string text(const EvmAddress& address) {
  return {address.begin(), address.end()};
}

/// A block with our event in one of three transactions, sealed by some of four validators.
struct Block {
  host_tests::TemporaryFolder folder;
  EvmKey validators[4];
  EvmTrust trust;
  uint64_t round = 2;
  uint64_t status = 1;
  std::string submitter, contract, vanity = std::string(32, '\0');
  std::string other_event = receipt({}).substr(1);  ///< beside ours: it is of no interest
  std::vector<std::string> receipts;                ///< of all transactions; made by body()
  std::vector<std::string> nodes;                   ///< so are these
  std::string header;

  explicit Block(EvmProfile profile = EvmProfile::qbft) {
    trust.chain_id = 1337;
    trust.profile = profile;
    trust.contract.fill(0xC0);
    trust.submitter.fill(0x5B);
    submitter = text(trust.submitter);
    contract = text(trust.contract);
    for (int i = 0; i < 4; ++i) {
      REQUIRE(validators[i].generate(folder / ("key" + std::to_string(i))).ok());
      trust.validators.push_back(validators[i].address());
    }
  }

  std::string event() const {
    const std::string size = std::string(31, '\0') + '\5';
    return rlp::list({rlp::string(bytes_of(contract)),
                      rlp::list({rlp::string(evm_event_topic()),
                                 rlp::string(bytes_of(std::string(12, '\0') + submitter)),
                                 rlp::string(sha256(literal("example.com/gateway")))}),
                      rlp::string(bytes_of(size + string_of(digest)))});
  }
  std::string receipt(const std::vector<std::string>& logs) const {
    return '\2' + rlp::list({rlp::number(status), rlp::number(21000),
                             rlp::string(bytes_of(std::string(256, '\0'))), rlp::list(logs)});
  }
  std::string header_with(const Digest& root, const std::string& extra) const {
    std::vector<std::string> fields;
    for (int i = 0; i < 5; ++i)
      fields.push_back(rlp::string(bytes_of(std::string(i == 2 ? 20 : 32, 'h'))));
    fields.push_back(rlp::string(root));
    fields.push_back(rlp::string(bytes_of(std::string(256, '\0'))));
    for (uint64_t number : {1u, 77u, 30000000u, 21000u, 1795000000u})
      fields.push_back(rlp::number(number));
    fields.push_back(rlp::string(bytes_of(extra)));
    fields.push_back(rlp::string(bytes_of(std::string(32, 'm'))));
    fields.push_back(rlp::string(bytes_of(std::string(8, '\0'))));
    return rlp::list(fields);
  }
  std::string extra(uint64_t with_round, const std::vector<std::string>& seals) const {
    std::vector<std::string> names, encoded;
    for (const EvmKey& key : validators)
      names.push_back(rlp::string(bytes_of(text(key.address()))));
    for (const std::string& seal : seals)
      encoded.push_back(rlp::string(bytes_of(seal)));
    return rlp::list({rlp::string(bytes_of(vanity)), rlp::list(names), rlp::list({}),
                      rlp::number(with_round), rlp::list(encoded)});
  }
  /// Makes the body, sealed by these validators.
  std::string body(const std::vector<int>& sealers) {
    receipts = {receipt({}), receipt({other_event, event()}), receipt({})};
    const TrieEntries entries{{rlp::number(0), receipts[0]},
                              {rlp::number(1), receipts[1]},
                              {rlp::number(2), receipts[2]}};
    Digest root;
    REQUIRE(prove_trie(entries, bytes_of(rlp::number(1)), root, nodes) == Status::ok);
    const Digest sealed = keccak256(bytes_of(header_with(root, extra(round, {}))));
    std::vector<std::string> seals;
    for (const int sealer : sealers) {
      std::array<uint8_t, 65> seal;
      REQUIRE(validators[sealer].sign(sealed, seal).ok());
      seals.emplace_back(seal.begin(), seal.end());
    }
    header = header_with(root, extra(round, seals));
    EvmReceipt out{trust.chain_id, bytes_of(header), 1, {}};
    for (const std::string& node : nodes)
      out.nodes.push_back(bytes_of(node));
    return format_evm_receipt(out);
  }
  Status verify(const std::string& body, const Digest& of = digest) const {
    EvmFact fact;
    const Error error = verify_evm_receipt(bytes_of(body), of, trust, fact);
    if (error.ok()) {
      CHECK(fact.block == 77);
      CHECK(fact.time_s == 1795000000);
    }
    return error.status;
  }
};

}  // namespace evm_tests
