// Verification of evidence about one log: records, ranges, times, keys.
#include <cairn/evidence.hpp>
#include <string>

#include "support/plant.hpp"

#ifdef CAIRN_TEST_WITH_SODIUM

using namespace cairn;
using evidence_files::beacon;
using evidence_files::Cosigner;
using evidence_files::Judged;
using evidence_files::Log;
using evidence_files::Maker;
using evidence_files::Plant;
using vectors::Bytes;

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

  // The nearest one counts, in whichever order they come.
  const Judged falling = with_closes({{3, 1}, {14, 1}, {7, 1}});
  REQUIRE(falling.v.has_close);
  CHECK(falling.v.close.batch == 0);
  const Judged rising = with_closes({{3, 1}, {7, 1}, {14, 1}});
  REQUIRE(rising.v.has_close);
  CHECK(rising.v.close.batch == 0);

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

TEST_CASE("evidence with two close records in front: the nearer beacon counts") {
  Plant plant;
  plant.device.leaves.push_back("\x40late");
  for (const std::vector<evidence_files::Run>& runs :
       {std::vector<evidence_files::Run>{{15, 1}, {7, 1}, {14, 1}},
        std::vector<evidence_files::Run>{{15, 1}, {14, 1}, {7, 1}}}) {
    const Judged j(Maker().add(plant.device, runs, plant.device.note()).bytes(),
                   plant.policy("none"));
    REQUIRE(j.status == Status::ok);
    CHECK(j.v.not_before_beacon == beacon(2));
    CHECK_FALSE(j.v.has_close);
  }
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

#endif
