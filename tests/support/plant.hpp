// A plant to test evidence with: two devices, a gateway, two witnesses; and a verdict together with
// all that it points into.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "support/evidence_files.hpp"

#ifdef CAIRN_TEST_WITH_SODIUM

namespace evidence_files {

using namespace cairn;

inline Digest beacon(uint8_t byte) {
  Digest d;
  std::memset(d.bytes, byte, sizeof d.bytes);
  return d;
}

inline Close closing(uint64_t batch, TimeQuality quality) {
  Close close{};
  close.batch = batch;
  close.boot = 1;
  close.time = {1'795'162'000'000, quality};
  close.has_beacon = true;
  close.beacon = beacon(static_cast<uint8_t>(batch + 1));
  return close;
}

// Two devices of a plant, a gateway that logs the first one's checkpoint, and two witnesses.
struct Plant {
  signing::Ed25519Pair device_key{1}, other_key{2}, gateway_key{3}, w1{4}, w2{5}, stranger{6};
  Log device{"plant.example/d1", &device_key, NoteType::ed25519, {}};
  Log other{"plant.example/d2", &other_key, NoteType::ed25519, {}};
  Log gateway{"plant.example/gateway", &gateway_key, NoteType::ed25519, {}};

  Plant() {
    for (int i = 0; i < 15; ++i)
      device.leaves.push_back("\x40reading " + std::to_string(i));
    device.leaves[7] = close_leaf(closing(0, TimeQuality::synchronised));
    device.leaves[14] = close_leaf(closing(1, TimeQuality::unsynchronised));
    other.leaves = device.leaves;
    for (int i = 0; i < 9; ++i)
      gateway.leaves.push_back("someone else's checkpoint " + std::to_string(i));
    gateway.leaves[4] = device.signed_text();
  }

  std::string witness_line(const signing::Pair& key, const std::string& name) const {
    return "witness " + name + " " + signing::vkey(key, name, NoteType::cosignature) + "\n";
  }
  std::string policy(const std::string& quorum) const {
    return "log " + device.vkey() + "\nlog " + gateway.vkey() + "\n" + witness_line(w1, "w1") +
           witness_line(w2, "w2") + "group both all w1 w2\nquorum " + quorum + "\n";
  }
  Bytes one_record(uint64_t index = 3, const std::vector<Cosigner>& cosigners = {}) const {
    return Maker().add(device, {{index, 1}}, device.note(cosigners)).bytes();
  }
};

// The verdict points into the file, the policy into its text.
struct Judged {
  const Bytes file;
  const std::string policy_text;
  Policy policy;
  Verdict v;
  Status status;

  Judged(const Bytes& bytes, const std::string& text, const std::string* record = nullptr,
         const ReceiptVerifier* receipts = nullptr)
      : file(bytes), policy_text(text) {
    REQUIRE(parse_policy(vectors::view(policy_text), policy) == Status::ok);
    const ByteView given = record == nullptr ? ByteView() : vectors::view(*record);
    status = verify_evidence(vectors::view(file), policy, signing::verifiers(),
                             record == nullptr ? nullptr : &given, v, receipts);
    CHECK(v.reason == status);
    CHECK(v.ok() == (status == Status::ok));
  }
  Judged(const Judged&) = delete;
};

}  // namespace evidence_files

#endif
