// Receipts of EVM chains, made here by the rules of the Yellow Paper and of QBFT, and every way in
// which they can be wrong; a header of a Besu network. Real chains are in tests/interop.
#include <algorithm>

#include "support/json_vectors.hpp"

#if defined(CAIRN_TEST_WITH_GATEWAY) && CAIRN_GATEWAY_WITH_EVM
#include "support/evm_block.hpp"

using namespace cairn;
using namespace cairn::host;
using evm_tests::Block;
using evm_tests::digest;

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
