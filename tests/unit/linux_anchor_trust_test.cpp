// The file of trusted anchors: what it says, and where it is wrong; and verdicts by it.
#include <cairn/linux/anchor_trust.hpp>
#include <cairn/linux/file.hpp>

#include "support/host.hpp"
#include "support/plant.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace evidence_files;
using host_tests::mentions;

namespace {

const std::string address = "0x" + std::string(39, '0') + "1";
const std::string hash = "0x" + std::string(63, '0') + "1";
const std::string folder = vectors::own("anchors/");

Error parsed(const std::string& text, AnchorTrust& trust) {
  return trust.parse(text, folder + "test.anchors");
}
std::string complaint(const std::string& text) {
  AnchorTrust trust;
  const Error error = parsed(text, trust);
  CHECK(error.status == Status::corrupt);
  return error.message;
}

}  // namespace

TEST_CASE("anchors: a file with everything") {
  AnchorTrust trust;
  const Error error = parsed(
      "# Whom we believe\n\ntsa authority ca.pem\n"
      "chain main 1 " +
          address + " " + address +
          " eth\n"
          "block main " +
          hash +
          "\n"
          "chain\tours 1337 " +
          address + " " + address +
          " qbft\n"
          "validator ours " +
          address + "\nrequire 2",
      trust);
  CAPTURE(error.message);
  REQUIRE(error.ok());
  REQUIRE(trust.authorities().size() == 1);
  CHECK(trust.authorities()[0].name == "authority");
  REQUIRE(trust.chains().size() == 2);
  CHECK(trust.chains()[0].trust.chain_id == 1);
  CHECK(trust.chains()[0].trust.blocks.size() == 1);
  CHECK(trust.chains()[1].trust.profile == EvmProfile::qbft);
  CHECK(trust.chains()[1].trust.validators.size() == 1);
  CHECK(evm_address_text(trust.chains()[1].trust.contract) == address);
  CHECK(trust.required() == 2);
}

TEST_CASE("anchors: mistakes are told with their line") {
  const std::string chain = "chain a 1 " + address + " " + address;
  CHECK(mentions(complaint("\n#\nnotary x"), {"line 3", "notary", "tsa"}));
  CHECK(mentions(complaint("tsa x"), {"line 1", "tsa NAME"}));
  CHECK(mentions(complaint("tsa x ca.pem\ntsa x ca.pem"), {"line 2", "'x'"}));
  CHECK(mentions(complaint(chain), {"line 1", "eth|qbft"}));
  CHECK(mentions(complaint(chain + " ibft"), {"ibft", "qbft"}));
  CHECK(mentions(complaint("chain a 01 " + address + " " + address + " eth"), {"01"}));
  CHECK(mentions(complaint("chain a 1 0x12 " + address + " eth"), {"0x12", "address"}));
  CHECK(mentions(complaint(chain + " eth\nblock b " + hash), {"line 2", "no chain 'b'"}));
  CHECK(mentions(complaint(chain + " eth\nblock a 0x1"), {"line 2", "block hash"}));
  CHECK(mentions(complaint(chain + " eth\nvalidator a " + address), {"line 2", "qbft"}));
  CHECK(mentions(complaint(chain + " qbft\nblock a " + hash), {"line 2", "validators"}));
  CHECK(mentions(complaint(chain + " qbft"), {"no validator"}));
  CHECK(mentions(complaint(chain + " qbft\nvalidator a " + address + "\nvalidator a " + address),
                 {"line 3", "earlier"}));
  CHECK(mentions(complaint("require 1"), {"requires 1", "names 0"}));
  CHECK(mentions(complaint("require 0"), {"line 1", "'0'"}));
  CHECK(mentions(complaint("tsa x ca.pem\nrequire 1\nrequire 1"), {"line 3", "second"}));
  AnchorTrust trust;
  CHECK(parsed("tsa x missing.pem", trust).status == Status::not_found);
  const Error none = parsed("tsa x token.der", trust);
  CHECK(none.status == Status::bad_argument);
  CHECK(mentions(none.message, {"token.der", "line 1", "certificate"}));
}

#ifdef CAIRN_TEST_WITH_SODIUM

namespace {

// A plant's evidence with the token of tests/vectors/anchors, which is of something else.
Bytes with_token(const Plant& plant, uint8_t kind) {
  Maker maker;
  maker.add(plant.device, {{3, 1}}, plant.device.note());
  maker.receipts = {{0, kind, vectors::slurp(folder + "token.der")}};
  return maker.bytes();
}

struct Checked {
  Policy policy;
  std::string policy_text;
  Verdict verdict;
  Status status;
  Checked(const Plant& plant, const Bytes& file, AnchorTrust& trust)
      : policy_text(plant.policy("none")) {
    REQUIRE(parse_policy(vectors::view(policy_text), policy) == Status::ok);
    status = trust.verify(vectors::view(file), policy, signing::verifiers(), nullptr, verdict);
  }
};

}  // namespace

TEST_CASE("anchors: receipts of trusted and of other anchors in a verdict") {
  const Plant plant;
  AnchorTrust trust;
  REQUIRE(parsed("tsa authority ca.pem\nrequire 1", trust).ok());
  const Checked wrong(plant, with_token(plant, CAIRN_RECEIPT_RFC3161), trust);
  CHECK(wrong.status == Status::proof_invalid);
  CHECK(wrong.verdict.anchors == Outcome::failed);
  REQUIRE(trust.findings().size() == 1);
  CHECK(trust.findings()[0].anchor == "authority");

  const Checked unknown(plant, with_token(plant, 200), trust);
  CHECK(unknown.status == Status::not_found);  // one is required
  CHECK(unknown.verdict.anchors == Outcome::failed);
  CHECK_FALSE(unknown.verdict.ok());

  REQUIRE(parsed("tsa other other.pem", trust).ok());
  const Checked other(plant, with_token(plant, CAIRN_RECEIPT_RFC3161), trust);
  CHECK(other.status == Status::ok);
  CHECK(other.verdict.anchors == Outcome::absent);
  CHECK(trust.findings()[0].status == Status::not_found);
  CHECK(trust.findings()[0].anchor.empty());

  AnchorTrust nothing;
  const Checked absent(plant, with_token(plant, CAIRN_RECEIPT_RFC3161), nothing);
  CHECK(absent.status == Status::ok);
  CHECK(absent.verdict.receipt_count == 1);
}

#endif
