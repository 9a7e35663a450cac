// Verification of evidence under a policy.
#include <cairn/evidence.hpp>
#include <cstring>
#include <string>

#include "support/evidence_files.hpp"

#ifdef CAIRN_TEST_WITH_SODIUM

using namespace cairn;
using evidence_files::close_leaf;
using evidence_files::Cosigner;
using evidence_files::Log;
using evidence_files::Maker;
using vectors::Bytes;

namespace {

Digest beacon(uint8_t byte) {
  Digest d;
  std::memset(d.bytes, byte, sizeof d.bytes);
  return d;
}

Close closing(uint64_t batch, TimeQuality quality) {
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

  Judged(const Bytes& bytes, const std::string& text, const std::string* record = nullptr)
      : file(bytes), policy_text(text) {
    REQUIRE(parse_policy(vectors::view(policy_text), policy) == Status::ok);
    const ByteView given = record == nullptr ? ByteView() : vectors::view(*record);
    status = verify_evidence(vectors::view(file), policy, signing::verifiers(),
                             record == nullptr ? nullptr : &given, v);
    CHECK(v.reason == status);
    CHECK(v.ok() == (status == Status::ok));
  }
  Judged(const Judged&) = delete;
};

}  // namespace

TEST_CASE("evidence of a single record") {
  const Plant plant;
  for (uint64_t index = 0; index < plant.device.size(); ++index) {
    const Judged j(plant.one_record(index), plant.policy("none"));
    CAPTURE(index);
    REQUIRE(j.status == Status::ok);
    CHECK(j.v.integrity == Outcome::passed);
    CHECK(j.v.position == Outcome::passed);
    CHECK(j.v.log_key == Outcome::passed);
    CHECK(j.v.completeness == Outcome::absent);
    CHECK(j.v.quorum == Outcome::absent);
    CHECK(j.v.anchors == Outcome::absent);
    CHECK(j.v.first == index);
    CHECK(j.v.count == 1);
    CHECK(j.v.size == 15);
    CHECK(evidence_files::text_of(j.v.origin) == "plant.example/d1");
    CHECK(j.v.not_after_source == TimeSource::none);
    CHECK(j.v.not_before_source == TimeSource::none);
    CHECK(j.v.has_close == (index == 7 || index == 14));
  }
}

TEST_CASE("evidence: the auditor's record must be the one") {
  const Plant plant;
  const Bytes file = plant.one_record(3);
  const auto judged = [&](const std::string& record) {
    return Judged(file, plant.policy("none"), &record).status;
  };
  CHECK(judged("\x40reading 3") == Status::ok);
  CHECK(judged("reading 3") == Status::ok);
  CHECK(judged("reading 4") == Status::proof_invalid);
  CHECK(judged("eading 3") == Status::proof_invalid);
  CHECK(judged("\x41reading 3") == Status::proof_invalid);
  CHECK(judged("reading 3\n") == Status::proof_invalid);
  CHECK(judged("") == Status::proof_invalid);
  const std::string record = "reading 3";
  const Bytes range = Maker().add(plant.device, {{3, 2}}, plant.device.note()).bytes();
  const Judged j(range, plant.policy("none"), &record);
  CHECK(j.status == Status::proof_invalid);
  CHECK(j.v.integrity == Outcome::failed);
  CHECK(j.v.completeness == Outcome::passed);
}

TEST_CASE("evidence with the close record behind: the device's claim, whatever it thinks of it") {
  const Plant plant;
  const auto with_closes = [&](const std::vector<evidence_files::Run>& runs) {
    return Judged(Maker().add(plant.device, runs, plant.device.note()).bytes(),
                  plant.policy("none"));
  };
  const Judged unsynchronised = with_closes({{9, 1}, {14, 1}});
  REQUIRE(unsynchronised.status == Status::ok);
  REQUIRE(unsynchronised.v.has_close);
  CHECK(unsynchronised.v.close.batch == 1);
  CHECK(unsynchronised.v.close.time.quality == TimeQuality::unsynchronised);
  CHECK(unsynchronised.v.not_after_source == TimeSource::none);
  CHECK(unsynchronised.v.not_before_source == TimeSource::none);

  const Judged nearest = with_closes({{3, 1}, {14, 1}, {7, 1}});
  REQUIRE(nearest.v.has_close);
  CHECK(nearest.v.close.batch == 0);

  const Judged range = with_closes({{4, 4}});
  REQUIRE(range.v.has_close);
  CHECK(range.v.close.batch == 0);

  const Judged inside = with_closes({{4, 6}});
  REQUIRE(inside.status == Status::ok);
  CHECK_FALSE(inside.v.has_close);
}

TEST_CASE("evidence with the close record in front: its beacon is a not-before") {
  const Plant plant;
  const Judged j(Maker().add(plant.device, {{9, 1}, {7, 1}, {14, 1}}, plant.device.note()).bytes(),
                 plant.policy("none"));
  REQUIRE(j.status == Status::ok);
  CHECK(j.v.not_before_source == TimeSource::beacon);
  CHECK(j.v.not_before_beacon == beacon(1));
  REQUIRE(j.v.has_close);
  CHECK(j.v.close.batch == 1);
}

TEST_CASE("evidence of every range") {
  const Plant plant;
  for (uint64_t first = 0; first < 15; ++first) {
    for (uint64_t count = 2; first + count <= 15; ++count) {
      const Judged j(Maker().add(plant.device, {{first, count}}, plant.device.note()).bytes(),
                     plant.policy("none"));
      CAPTURE(first, count);
      REQUIRE(j.status == Status::ok);
      CHECK(j.v.integrity == Outcome::passed);
      CHECK(j.v.completeness == Outcome::passed);
      CHECK(j.v.first == first);
      CHECK(j.v.count == count);
    }
  }
}

TEST_CASE("evidence of a range with a record missing, added, changed or moved") {
  const Plant plant;
  Maker maker;
  maker.add(plant.device, {{4, 5}}, plant.device.note());
  Maker::Piece& run = maker.levels[0].runs[0];
  SECTION("missing at the start") {
    run.leaves.erase(run.leaves.begin());
  }
  SECTION("missing in the middle") {
    run.leaves.erase(run.leaves.begin() + 2);
  }
  SECTION("missing at the end") {
    run.leaves.pop_back();
  }
  SECTION("added") {
    run.leaves.insert(run.leaves.begin() + 2, "\x40more");
  }
  SECTION("changed") {
    run.leaves[2] += "0";
  }
  SECTION("moved") {
    std::swap(run.leaves[1], run.leaves[2]);
  }
  SECTION("elsewhere") {
    run.first = 5;
  }
  SECTION("at the very end of numbers") {
    run.first = UINT64_MAX;
  }
  SECTION("another proof") {
    run.proof[0].bytes[0] ^= 1;
  }
  SECTION("a shorter proof") {
    run.proof.pop_back();
  }
  const Judged j(maker.bytes(), plant.policy("none"));
  CHECK(j.status == Status::proof_invalid);
  CHECK(j.v.integrity == Outcome::failed);
  CHECK(j.v.position == Outcome::failed);
  CHECK(j.v.completeness == Outcome::failed);
  CHECK(j.v.log_key == Outcome::passed);
}

TEST_CASE("evidence of a record that is not so") {
  const Plant plant;
  Maker maker;
  maker.add(plant.device, {{3, 1}, {7, 1}}, plant.device.note({{&plant.w1, "w1", 1000}}));
  Maker::Piece& run = maker.levels[0].runs[0];
  SECTION("changed") {
    run.leaves[0] += "0";
  }
  SECTION("another kind") {
    run.leaves[0][0] = 0x41;
  }
  SECTION("another index") {
    run.first = 2;
  }
  SECTION("an index beyond the tree") {
    run.first = 15;
  }
  SECTION("another proof") {
    run.proof[3].bytes[31] ^= 1;
  }
  SECTION("a shorter proof") {
    run.proof.pop_back();
  }
  SECTION("a longer proof") {
    run.proof.push_back(run.proof[0]);
  }
  SECTION("another close record") {
    maker.levels[0].runs[1].leaves[0].back() ^= 1;
  }
  const Judged j(maker.bytes(), plant.policy("none"));
  CHECK(j.status == Status::proof_invalid);
  CHECK(j.v.integrity == Outcome::failed);
  CHECK(j.v.position == Outcome::failed);
  CHECK(j.v.log_key == Outcome::passed);
  CHECK(j.v.not_after_source == TimeSource::none);
  CHECK_FALSE(j.v.has_close);
}

TEST_CASE("evidence of a log that the policy does not know") {
  const Plant plant;
  const Judged j(Maker().add(plant.other, {{3, 1}}, plant.other.note()).bytes(),
                 plant.policy("none"));
  CHECK(j.status == Status::not_found);
  CHECK(j.v.log_key == Outcome::failed);
  CHECK(j.v.integrity == Outcome::passed);
  CHECK(j.v.position == Outcome::failed);
}

TEST_CASE("evidence signed by another key under the log's name") {
  Plant plant;
  plant.device.key = &plant.stranger;
  const Bytes file = plant.one_record();
  plant.device.key = &plant.device_key;
  const Judged j(file, plant.policy("none"));
  CHECK(j.status == Status::not_found);
  CHECK(j.v.log_key == Outcome::failed);
}

TEST_CASE("evidence with a wrong signature of the log") {
  const Plant plant;
  std::string note = plant.device.note();
  note[note.size() - 20] = note[note.size() - 20] == 'A' ? 'B' : 'A';
  const Judged j(Maker().add(plant.device, {{3, 1}}, note).bytes(), plant.policy("none"));
  CHECK(j.status == Status::signature_invalid);
  CHECK(j.v.log_key == Outcome::failed);
  CHECK(j.v.integrity == Outcome::passed);
}

TEST_CASE("evidence whose checkpoint is none") {
  const Plant plant;
  for (const std::string& note :
       {std::string("x"), plant.device.checkpoint_text(),
        "not a checkpoint\n\n" + signing::line(plant.device_key, "not a checkpoint\n",
                                               "plant.example/d1", NoteType::ed25519)}) {
    Maker maker;
    maker.add(plant.device, {{3, 1}}, note);
    const Bytes file = maker.bytes();
    const Judged j(file, plant.policy("none"));
    CHECK(j.status == Status::corrupt);
    CHECK(j.v.integrity == Outcome::failed);
    CHECK(j.v.fault.field != Field::none);
    CHECK(std::string(file.begin() + j.v.fault.position, file.end()).substr(0, note.size()) ==
          note);
  }
}

TEST_CASE("evidence of a log that changes its key") {
  Plant plant;
  const std::string note =
      plant.device.note() + signing::line(plant.stranger, plant.device.checkpoint_text(),
                                          "plant.example/d1", NoteType::ed25519);
  const std::string new_key =
      "log " + signing::vkey(plant.stranger, "plant.example/d1", NoteType::ed25519) + "\n";
  const auto judged = [&](const std::string& signed_note) {
    return Judged(Maker().add(plant.device, {{3, 1}}, signed_note).bytes(),
                  new_key + plant.policy("none"))
        .status;
  };
  CHECK(judged(note) == Status::ok);
  CHECK(judged(plant.device.note()) == Status::ok);
  std::string bad = note;
  bad[bad.size() - 20] = bad[bad.size() - 20] == 'A' ? 'B' : 'A';
  CHECK(judged(bad) == Status::signature_invalid);
}

#ifdef CAIRN_TEST_WITH_PSA
TEST_CASE("evidence of a log with a P-256 key") {
  const Plant plant;
  const signing::P256Pair key(7);
  const Log log{"plant.example/tpm", &key, NoteType::ecdsa, plant.device.leaves};
  const Judged j(Maker().add(log, {{3, 1}}, log.note()).bytes(),
                 "log " + log.vkey() + "\nquorum none\n");
  CHECK(j.status == Status::ok);
}
#endif

TEST_CASE("evidence under a quorum") {
  const Plant plant;
  const auto judged = [&](const std::vector<Cosigner>& cosigners, const std::string& quorum) {
    return Judged(plant.one_record(3, cosigners), plant.policy(quorum));
  };
  const Cosigner first{&plant.w1, "w1", 2000};
  const Cosigner second{&plant.w2, "w2", 1000};

  const Judged both = judged({first, second}, "both");
  REQUIRE(both.status == Status::ok);
  CHECK(both.v.quorum == Outcome::passed);
  CHECK(both.v.witnesses.valid == 2);
  CHECK(both.v.not_after_source == TimeSource::cosignature);
  CHECK(both.v.not_after_s == 2000);

  const Judged one = judged({second}, "both");
  CHECK(one.status == Status::not_found);
  CHECK(one.v.quorum == Outcome::failed);
  CHECK(one.v.integrity == Outcome::passed);
  CHECK(one.v.witnesses.valid == 1);
  CHECK(one.v.not_after_s == 1000);

  const Judged none = judged({}, "w1");
  CHECK(none.status == Status::not_found);
  CHECK(none.v.quorum == Outcome::failed);
  CHECK(none.v.not_after_source == TimeSource::none);

  const Judged named = judged({first, second}, "w1");
  REQUIRE(named.status == Status::ok);
  CHECK(named.v.not_after_s == 2000);

  const Judged not_asked = judged({first, second}, "none");
  REQUIRE(not_asked.status == Status::ok);
  CHECK(not_asked.v.quorum == Outcome::absent);
  CHECK(not_asked.v.not_after_s == 1000);
}

TEST_CASE("evidence with a wrong cosignature, and with a stranger's") {
  const Plant plant;
  const Cosigner witness{&plant.w1, "w1", 2000};
  std::string note = plant.device.note({witness});
  note[note.size() - 20] = note[note.size() - 20] == 'A' ? 'B' : 'A';
  const Judged wrong(Maker().add(plant.device, {{3, 1}}, note).bytes(), plant.policy("none"));
  CHECK(wrong.status == Status::signature_invalid);
  CHECK(wrong.v.quorum == Outcome::failed);
  CHECK(wrong.v.witnesses.invalid == 1);
  CHECK(wrong.v.log_key == Outcome::passed);
  CHECK(wrong.v.not_after_source == TimeSource::none);

  const Judged strange(plant.one_record(3, {witness, {&plant.stranger, "who", 1}}),
                       plant.policy("w1"));
  CHECK(strange.status == Status::ok);
  CHECK(strange.v.witnesses.unknown == 1);
  CHECK(strange.v.not_after_s == 2000);
}

TEST_CASE("evidence through a gateway") {
  const Plant plant;
  const auto through = [&](const std::string& device_note, const std::string& gateway_note) {
    return Maker()
        .add(plant.device, {{3, 1}}, device_note)
        .add(plant.gateway, {{4, 1}}, gateway_note);
  };
  const std::vector<Cosigner> both = {{&plant.w1, "w1", 2000}, {&plant.w2, "w2", 3000}};

  SECTION("a quorum on top vouches for what is below") {
    const Judged j(through(plant.device.note(), plant.gateway.note(both)).bytes(),
                   plant.policy("both"));
    REQUIRE(j.status == Status::ok);
    CHECK(j.v.quorum == Outcome::passed);
    CHECK(j.v.quorum_level == 1);
    CHECK(j.v.witnesses.valid == 2);
    CHECK(j.v.not_after_s == 3000);
    CHECK(evidence_files::text_of(j.v.origin) == "plant.example/d1");
    CHECK(j.v.size == 15);
    CHECK(j.v.completeness == Outcome::absent);
  }
  SECTION("the device's cosignatures are no part of the gateway's leaf") {
    const Judged j(
        through(plant.device.note({{&plant.w1, "w1", 500}}), plant.gateway.note(both)).bytes(),
        plant.policy("w1"));
    REQUIRE(j.status == Status::ok);
    CHECK(j.v.quorum_level == 0);
    CHECK(j.v.not_after_s == 500);
  }
  SECTION("another signature line of the log in front does not matter") {
    const std::string text = plant.device.checkpoint_text();
    const std::string more =
        text + "\n" + signing::line(plant.stranger, text, "plant.example/d1", NoteType::ed25519) +
        signing::line(plant.device_key, text, "plant.example/d1", NoteType::ed25519);
    CHECK(Judged(through(more, plant.gateway.note()).bytes(), plant.policy("none")).status ==
          Status::ok);
  }
  SECTION("the gateway's log is unknown") {
    const std::string policy = "log " + plant.device.vkey() + "\nquorum none\n";
    const Judged j(through(plant.device.note(), plant.gateway.note()).bytes(), policy);
    CHECK(j.status == Status::not_found);
    CHECK(j.v.log_key == Outcome::failed);
    CHECK(j.v.level == 1);
  }
  SECTION("the gateway holds another checkpoint of the device") {
    Plant later;
    later.device.leaves.push_back("\x40more");
    Maker maker = through(plant.device.note(), plant.gateway.note());
    maker.levels[0] = Maker().add(later.device, {{3, 1}}, later.device.note()).levels[0];
    const Judged j(maker.bytes(), plant.policy("none"));
    CHECK(j.status == Status::proof_invalid);
    CHECK(j.v.level == 1);
    CHECK(j.v.integrity == Outcome::failed);
  }
  SECTION("the gateway's proof is another leaf's") {
    Maker maker = through(plant.device.note(), plant.gateway.note());
    maker.levels[1].runs[0].first = 5;
    CHECK(Judged(maker.bytes(), plant.policy("none")).status == Status::proof_invalid);
  }
  SECTION("the gateway's signature is wrong") {
    std::string note = plant.gateway.note();
    note[note.size() - 20] = note[note.size() - 20] == 'A' ? 'B' : 'A';
    const Judged j(through(plant.device.note(), note).bytes(), plant.policy("none"));
    CHECK(j.status == Status::signature_invalid);
    CHECK(j.v.level == 1);
  }
}

TEST_CASE("evidence through four levels") {
  const Plant plant;
  const signing::Ed25519Pair third_key(10), fourth_key(11);
  const Log third{"region.example", &third_key, NoteType::ed25519, {plant.gateway.signed_text()}};
  const Log fourth{"world.example", &fourth_key, NoteType::ed25519, {"x", third.signed_text()}};
  const Bytes file = Maker()
                         .add(plant.device, {{3, 1}}, plant.device.note())
                         .add(plant.gateway, {{4, 1}}, plant.gateway.note())
                         .add(third, {{0, 1}}, third.note())
                         .add(fourth, {{1, 1}}, fourth.note({{&plant.w1, "w1", 77}}))
                         .bytes();
  const Judged j(file,
                 "log " + third.vkey() + "\nlog " + fourth.vkey() + "\n" + plant.policy("w1"));
  CHECK(j.status == Status::ok);
  CHECK(j.v.quorum_level == 3);
  CHECK(j.v.not_after_s == 77);
}

TEST_CASE("evidence: no flipped bit, truncation or appended byte is verified") {
  const Plant plant;
  const Bytes good =
      Maker()
          .add(plant.device, {{3, 1}, {7, 1}}, plant.device.note({{&plant.stranger, "who", 1}}))
          .bytes();
  const std::string policy = plant.policy("none");
  REQUIRE(Judged(good, policy).status == Status::ok);
  Bytes bad = good;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << bit % 8));
    CAPTURE(bit);
    const Judged j(bad, policy);
    REQUIRE(j.status == Status::corrupt);
    REQUIRE(j.v.integrity == Outcome::failed);
    bad = good;
  }
  for (size_t size = 0; size < good.size(); ++size)
    REQUIRE(Judged(Bytes(good.begin(), good.begin() + static_cast<long>(size)), policy).status ==
            Status::corrupt);
  bad.push_back(0);
  CHECK(Judged(bad, policy).status == Status::corrupt);
}

// A forger makes the digest anew. What it covers must then stand on its own; only lines by keys
// that the policy does not know say nothing.
TEST_CASE("evidence: no flipped bit is verified with a new digest either") {
  const Plant plant;
  const Bytes good = plant.one_record(3, {{&plant.w1, "w1", 2000}});
  const std::string policy = plant.policy("w1");
  Bytes bad = evidence_files::without_digest(good);
  REQUIRE(Judged(evidence_files::with_digest(bad), policy).status == Status::ok);
  for (size_t bit = 0; bit < bad.size() * 8; ++bit) {
    bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << bit % 8));
    CAPTURE(bit);
    REQUIRE(Judged(evidence_files::with_digest(bad), policy).status != Status::ok);
    bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << bit % 8));
  }
}

TEST_CASE("evidence: a later version and too many levels are not called corrupt") {
  const Plant plant;
  Bytes file = evidence_files::without_digest(plant.one_record());
  REQUIRE(file[8] == 1);
  file[8] = 2;
  const Judged j(evidence_files::with_digest(file), plant.policy("none"));
  CHECK(j.status == Status::wrong_version);
  CHECK(j.v.integrity == Outcome::failed);
}

TEST_CASE("evidence without a verifier of the algorithm") {
  const Plant plant;
  Policy policy;
  const std::string text = plant.policy("none");
  REQUIRE(parse_policy(vectors::view(text), policy) == Status::ok);
  Verdict verdict;
  const Bytes file = plant.one_record();
  CHECK(verify_evidence(vectors::view(file), policy, {}, nullptr, verdict) == Status::unsupported);
  CHECK(verdict.log_key == Outcome::failed);
}

#endif
