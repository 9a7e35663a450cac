// What proving takes on the air and in a file: counts of bytes, from real signatures and proofs.
#include <cairn/evidence.hpp>
#include <cairn/linux/timestamp_token.hpp>
#include <cairn/recorder.hpp>
#include <cairn/witness.hpp>

#include "bench/bench.hpp"
#include "support/signing.hpp"
#include "support/timestamp_authority.hpp"
#include "support/tree.hpp"

using namespace cairn;
using bench::require;
using vectors::view;

namespace {

constexpr size_t batch = 256;

std::string text_of(ByteView bytes) {
  return {bytes.text(), bytes.size};
}

// A log in memory: the leaf that is proved, and others that are only hashes.
class ProvenLog {
 public:
  ProvenLog(const signing::Pair& key, const std::string& origin, uint64_t size,
            const std::map<uint64_t, std::string>& leaves)
      : key_(key), origin_(origin), levels_(hashes(size, leaves)) {
    const Status status = build_root(size, levels_.source(), root_);
    require(status == Status::ok);
  }

  std::string checkpoint_text() const {
    uint8_t out[signed_checkpoint_bytes_max];
    const auto size = format_checkpoint({view(origin_), levels_.levels[0].size(), root_, {}}, out);
    require(size.ok());
    return text_of({out, size.value});
  }
  std::string note() const {
    const std::string text = checkpoint_text();
    return text + "\n" + signing::line(key_, text, origin_, NoteType::ed25519);
  }
  std::vector<Digest> proof(uint64_t index) {
    std::vector<Digest> out(proof_hashes_max);
    ProofBuffer buffer = {out.data(), out.size()};
    require(build_inclusion(index, levels_.levels[0].size(), levels_.source(), buffer) ==
            Status::ok);
    out.resize(buffer.count);
    return out;
  }
  std::string vkey() const { return signing::vkey(key_, origin_, NoteType::ed25519); }

 private:
  static std::vector<Digest> hashes(uint64_t size, const std::map<uint64_t, std::string>& leaves) {
    std::vector<Digest> out = tree::numbered_leaves(0, size);
    for (const auto& [index, leaf] : leaves)
      out[index] = leaf_hash(view(leaf));
    return out;
  }

  const signing::Pair& key_;
  std::string origin_;
  tree::Levels levels_;
  Digest root_;
};

// As a recorder closes a batch whose device has heard a beacon and knows the time.
std::string close_leaf() {
  Close close{};
  close.batch = 3906;
  close.boot = 12;
  close.monotonic_ms = 86400000;
  close.time = {1795162000000, TimeQuality::synchronised};
  close.has_previous = true;
  close.has_beacon = true;
  uint8_t body[library_body_bytes_max];
  const auto size = encode_close(close, body);
  require(size.ok());
  return static_cast<char>(Kind::close) + text_of({body, size.value});
}

void add_run(EvidenceWriter& writer, ProvenLog& log, uint64_t index, const std::string* leaf) {
  const std::vector<Digest> proof = log.proof(index);
  require(writer.begin_run(index) == Status::ok);
  if (leaf != nullptr) require(writer.leaf(view(*leaf)) == Status::ok);
  require(writer.proof({proof.data(), proof.size()}) == Status::ok);
}

// Time-stamps, as far as they lead to these certificates.
int check_stamp(void* user, uint8_t, const Receipt* receipt, const uint8_t* digest,
                uint64_t* not_after_s) {
  Digest text;
  std::copy(digest, digest + digest_bytes, text.bytes);
  host::Timestamp stamp;
  const host::Error error = host::verify_timestamp({receipt->body, receipt->body_size}, text,
                                                   *static_cast<std::string*>(user), stamp);
  *not_after_s = stamp.not_after_s;
  return static_cast<int>(error.status);
}

void verify(ByteView file, const std::string& policy_text, std::string certificates, bool stamped) {
  Policy policy;
  Verdict verdict;
  const ReceiptVerifier receipts = {sizeof receipts, &certificates, check_stamp};
  require(parse_policy(view(policy_text), policy) == Status::ok &&
          verify_evidence(file, policy, signing::verifiers(), nullptr, verdict, &receipts) ==
              Status::ok);
  require((verdict.anchors == Outcome::passed) == stamped);
}

// A record in a device's log of a million, the device's checkpoint in a gateway's log of ten
// thousand, and a witness under that; with `stamped` a time-stamp over that, as well.
size_t evidence_bytes(bool stamped) {
  constexpr uint64_t device_size = 1000000, gateway_size = 10000;
  constexpr uint64_t record_at = 543210, close_at = 543231, device_at = 4321;
  const signing::Ed25519Pair device_key(1), gateway_key(2), witness_key(3);
  const std::string record = "\x40" + std::string(32, 'r');
  const std::string close = close_leaf();
  ProvenLog device(device_key, "plant.example/line-1/device-42", device_size,
                   {{record_at, record}, {close_at, close}});
  const std::string device_note = device.note();
  ProvenLog gateway(gateway_key, "plant.example/gateway", gateway_size, {{device_at, device_note}});
  const std::string witness = "witness.example";
  const std::string note =
      gateway.note() + signing::line(witness_key, gateway.checkpoint_text(), witness,
                                     NoteType::cosignature, 1795162000);
  std::vector<uint8_t> file(1 << 14);
  EvidenceWriter writer({file.data(), file.size()});
  require(writer.begin_level() == Status::ok);
  add_run(writer, device, record_at, &record);
  add_run(writer, device, close_at, &close);
  require(writer.checkpoint(view(device_note)) == Status::ok && writer.begin_level() == Status::ok);
  add_run(writer, gateway, device_at, nullptr);
  require(writer.checkpoint(view(note)) == Status::ok);
  const test::TimestampAuthority authority;
  const std::string token = authority.token(sha256(view(gateway.checkpoint_text())));
  if (stamped)
    require(writer.receipt({1, CAIRN_RECEIPT_RFC3161, token.size(), view(token).data}) ==
            Status::ok);
  const auto size = writer.finish();
  require(size.ok());

  const std::string policy_text =
      "log " + device.vkey() + "\nlog " + gateway.vkey() + "\nwitness w " +
      signing::vkey(witness_key, witness, NoteType::cosignature) + "\nquorum w\n";
  verify({file.data(), size.value}, policy_text, authority.certificates(), stamped);
  return size.value;
}

// A signed head whose receiver does not hold the leaves; `with_root` false: it does.
size_t air_bytes(bool with_root) {
  AirCheckpoint air;
  air.key_id = 0xFFFFFFFF;
  air.size = 1000000;
  air.has_root = with_root;
  air.has_signature = true;
  air.algorithm = CAIRN_ED25519;
  uint8_t out[air_checkpoint_bytes_max];
  const auto size = encode_air_checkpoint(air, out);
  require(size.ok());
  return size.value;
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("evidence and air", bench::evidence_lines(), count, arguments);
  report.row("checkpoint on air", static_cast<double>(air_bytes(true)));
  // Who holds the records computes the root, and needs the close record for it.
  report.row("amortised bytes on air per proven record, batch of 256",
             static_cast<double>(close_leaf().size() + air_bytes(false)) / batch);
  const std::string end = ", 1M-record log, 10k-device gateway";
  report.row("evidence: record → device → gateway → RFC 3161" + end,
             static_cast<double>(evidence_bytes(true)));
  report.row("evidence: record → device → gateway" + end,
             static_cast<double>(evidence_bytes(false)));
  report.missing("foreign verifiers", "ctest -L interop and ctest -L vectors show it");
  return report.finish();
}
