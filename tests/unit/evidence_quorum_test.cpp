// Verification of evidence: witnesses, higher levels, and files that were tampered with.
#include <cairn/evidence.hpp>
#include <string>

#include "support/plant.hpp"

#ifdef CAIRN_TEST_WITH_SODIUM

using namespace cairn;
using evidence_files::Cosigner;
using evidence_files::Judged;
using evidence_files::Log;
using evidence_files::Maker;
using evidence_files::Plant;
using vectors::Bytes;

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
  SECTION("the gateway holds the checkpoint with a witness's line instead of the log's") {
    Plant odd;
    const std::string text = odd.device.checkpoint_text();
    const std::string line = signing::line(odd.w1, text, "w1", NoteType::cosignature, 500);
    odd.gateway.leaves[4] = text + "\n" + line;
    const Judged j(Maker()
                       .add(odd.device, {{3, 1}}, odd.device.note() + line)
                       .add(odd.gateway, {{4, 1}}, odd.gateway.note())
                       .bytes(),
                   odd.policy("none"));
    CHECK(j.status == Status::proof_invalid);
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
