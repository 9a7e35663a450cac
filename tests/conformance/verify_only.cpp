// The smallest program that verifies a proof: hash, proof, checkpoint and one verifier. It is
// linked without nanopb, and a test reads its symbols: nothing of the log, the recorder or the
// messages may have come along.
#include <cairn/checkpoint.hpp>
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <cstdio>
#include <cstring>

namespace {

// Record 1 of the two-record log in tests/vectors/gomod/tlog_proofs.json, made by sumdb/tlog.
constexpr uint8_t record[] = {0xd8, 0x53, 0x35, 0xa1, 0x17, 0x85, 0xeb, 0x84, 0x13,
                              0x95, 0x9f, 0x01, 0xd8, 0xdc, 0x1a, 0x63, 0x52, 0x3c,
                              0x7c, 0xb3, 0x3f, 0xd5, 0xd6, 0x6d, 0x4d, 0xd3};
constexpr char sibling[] = "A+aX5oIPwTsuiWKXUY1T6ffy4iHpOcktWIuiCjjoRBE=";
constexpr char log_key[] =
    "dev-b3b2eb.plant.example/line1+723486b4+Ad85ORVok5W/XSsr3AU0LriWI5ivJCxnRyfIxhMuQFDB";
constexpr char signed_head[] =
    "dev-b3b2eb.plant.example/line1\n2\n0Xyt0IMFEa1xejJbUDmVRBFnoS/OKnwXOmfpHBOw5h4=\n\n"
    "\u2014 dev-b3b2eb.plant.example/line1 cjSGtECSei1+RXq4jVx4urtmoKWbh2xCaT8560hEDIghEHzo433rd6c"
    "wGEqoiTMDDMwjKAAvOBlf2ky9pJ2cBJxrNgY=\n";

cairn::ByteView bytes(const char* text) {
  return {text, std::strlen(text)};
}

cairn::Status verify(cairn::ByteView leaf) {
  const cairn::Verifier verifier = cairn::ed25519_verifier();
  cairn::NoteKey key;
  cairn::Checkpoint head;
  cairn::Digest hash;
  CAIRN_TRY(cairn::parse_vkey(bytes(log_key), key));
  CAIRN_TRY(cairn::open_checkpoint(bytes(signed_head), key, {&verifier, 1}, head));
  CAIRN_TRY(cairn::decode_base64(bytes(sibling), {hash.bytes, sizeof hash.bytes}).status);
  return cairn::verify_inclusion(1, head.size, cairn::leaf_hash(leaf), {&hash, 1}, head.root);
}

}  // namespace

int main() {
  uint8_t forged[sizeof record];
  std::memcpy(forged, record, sizeof record);
  forged[3] ^= 1;
  const bool accepts = verify({record, sizeof record}) == cairn::Status::ok;
  const bool refuses = verify({forged, sizeof forged}) == cairn::Status::proof_invalid;
  std::printf("record %s, forged record %s\n", accepts ? "accepted" : "refused",
              refuses ? "refused" : "accepted");
  return accepts && refuses ? 0 : 1;
}
