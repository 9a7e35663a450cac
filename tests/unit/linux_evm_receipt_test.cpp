// Receipts of EVM chains, made here by the rules of the Yellow Paper and of QBFT, and every way in
// which they can be wrong; a header of a Besu network. Real chains are in tests/interop.
#include <algorithm>
#include <cairn/linux/evm_receipt.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <cairn/linux/merkle_trie.hpp>
#include <cairn/linux/rlp.hpp>

#include "support/host.hpp"
#include "support/json_vectors.hpp"

#if defined(CAIRN_TEST_WITH_GATEWAY) && CAIRN_GATEWAY_WITH_EVM
#include <cairn/gateway/evm_key.hpp>

using namespace cairn;
using namespace cairn::host;
using gateway::EvmKey;

namespace {

const Digest digest = sha256(literal("checkpoint text\n"));

std::string text(const EvmAddress& address) {
  return {address.begin(), address.end()};
}

// A block with our event in one of three transactions, sealed by some of four validators.
struct Block {
  host_tests::TemporaryFolder folder;
  EvmKey validators[4];
  EvmTrust trust;
  uint64_t round = 2;
  uint64_t status = 1;
  std::string submitter, contract, vanity = std::string(32, '\0');
  std::vector<std::string> nodes;
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
  // Makes the body, sealed by these validators.
  std::string body(const std::vector<int>& sealers) {
    const TrieEntries entries{{rlp::number(0), receipt({})},
                              {rlp::number(1), receipt({receipt({}).substr(1), event()})},
                              {rlp::number(2), receipt({})}};
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

}  // namespace

TEST_CASE("evm receipt: qbft needs the seals of two thirds of the validators") {
  Block block;
  CHECK(block.verify(block.body({0, 1, 2, 3})) == Status::ok);
  CHECK(block.verify(block.body({3, 1, 0})) == Status::ok);
  CHECK(block.verify(block.body({0, 1})) == Status::signature_invalid);
  CHECK(block.verify(block.body({0, 1, 1, 1})) == Status::signature_invalid);
  CHECK(block.verify(block.body({})) == Status::signature_invalid);
  const std::string good = block.body({0, 1, 2});
  block.trust.validators.pop_back();
  CHECK(block.verify(good) == Status::ok);
  block.trust.validators[0].fill(1);
  CHECK(block.verify(good) == Status::ok);  // 2 of 3
  block.trust.validators[1].fill(2);
  CHECK(block.verify(good) == Status::signature_invalid);
  block.trust.validators.clear();
  CHECK(block.verify(good) == Status::signature_invalid);
}

TEST_CASE("evm receipt: the seals cover the round, the block's hash does not") {
  Block block;
  Digest first, second;
  (void)block.body({0, 1, 2});
  REQUIRE(evm_block_hash(bytes_of(block.header), EvmProfile::qbft, first) == Status::ok);
  block.round = 5;
  (void)block.body({1, 2, 3});
  REQUIRE(evm_block_hash(bytes_of(block.header), EvmProfile::qbft, second) == Status::ok);
  CHECK(first == second);
  std::vector<EvmAddress> sealers;
  REQUIRE(qbft_sealers(bytes_of(block.header), sealers) == Status::ok);
  CHECK(sealers == std::vector<EvmAddress>{block.validators[1].address(),
                                           block.validators[2].address(),
                                           block.validators[3].address()});
}

namespace {

// How many of these sealed the block.
size_t sealed_by(const std::vector<EvmAddress>& validators, const std::string& header) {
  std::vector<EvmAddress> sealers;
  (void)qbft_sealers(bytes_of(header), sealers);
  return static_cast<size_t>(
      std::count_if(validators.begin(), validators.end(), [&sealers](const EvmAddress& one) {
        return std::count(sealers.begin(), sealers.end(), one) == 1;
      }));
}

}  // namespace

TEST_CASE("evm receipt: the validators of a Besu network sealed its block") {
  const auto known = vectors::json(vectors::own("values/qbft_header.json"));
  const vectors::Bytes bytes = vectors::hex(known["header"]);
  std::string header(bytes.begin(), bytes.end());
  std::vector<EvmAddress> validators(4), sealers;
  for (size_t i = 0; i < 4; ++i)
    REQUIRE(parse_evm_address("0x" + std::string(known["validators"][i]), validators[i]) ==
            Status::ok);
  EvmHeader parsed;
  REQUIRE(parse_evm_header(bytes_of(header), parsed) == Status::ok);
  CHECK(parsed.number == known["number"]);
  CHECK(parsed.time_s == known["time"]);
  REQUIRE(qbft_sealers(bytes_of(header), sealers) == Status::ok);
  CHECK(sealers.size() == 3);
  REQUIRE(sealed_by(validators, header) == 3);
  for (char& byte : header) {
    CAPTURE(&byte - header.data());
    byte = static_cast<char>(byte ^ 1);
    REQUIRE(sealed_by(validators, header) < 3);
    byte = static_cast<char>(byte ^ 1);
  }
}

TEST_CASE("evm receipt: eth believes the blocks that it was told") {
  Block block(EvmProfile::eth);
  const std::string body = block.body({});
  EvmFact fact;
  const Error error = verify_evm_receipt(bytes_of(body), digest, block.trust, fact);
  CHECK(error.status == Status::not_found);
  CHECK(host_tests::mentions(error.message, {evm_hash_text(keccak256(bytes_of(block.header)))}));
  block.trust.blocks.push_back(fact.block_hash);
  CHECK(block.verify(body) == Status::ok);
}

TEST_CASE("evm receipt: of something else") {
  Block block;
  const std::string good = block.body({0, 1, 2});
  CHECK(block.verify(good, sha256(literal("other"))) == Status::proof_invalid);
  block.trust.chain_id = 1;
  CHECK(block.verify(good) == Status::not_found);
  block.trust.chain_id = 1337;
  block.submitter[0] ^= 1;
  CHECK(block.verify(block.body({0, 1, 2})) == Status::not_found);
  block.submitter[0] ^= 1;
  block.contract[0] ^= 1;
  CHECK(block.verify(block.body({0, 1, 2})) == Status::not_found);
  block.contract[0] ^= 1;
  block.status = 0;
  CHECK(block.verify(block.body({0, 1, 2})) == Status::proof_invalid);
}

TEST_CASE("evm receipt: every flipped bit is found") {
  Block block;
  const std::string good = block.body({0, 1, 2});
  REQUIRE(block.verify(good) == Status::ok);
  std::string bad = good;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    bad[bit / 8] = static_cast<char>(good[bit / 8] ^ 1 << bit % 8);
    CAPTURE(bit);
    REQUIRE(block.verify(bad) != Status::ok);
    bad[bit / 8] = good[bit / 8];
  }
  for (size_t size = 0; size < good.size(); ++size)
    REQUIRE(block.verify(good.substr(0, size)) == Status::corrupt);
  CHECK(block.verify(good + '\0') == Status::corrupt);
}

#endif
