// Receipts of outside ledgers in a verdict: whom they convince, and what they say of time.
#include <cairn/evidence.hpp>
#include <cstring>
#include <map>
#include <string>

#include "support/plant.hpp"

#ifdef CAIRN_TEST_WITH_SODIUM

using namespace cairn;
using namespace evidence_files;

namespace {

// Ledgers by the kind of their receipts: what each answers, and the time that it tells.
struct Ledgers {
  struct Answer {
    int status;
    uint64_t time;
  };
  std::map<uint8_t, Answer> answers;
  std::vector<std::pair<uint8_t, Digest>> asked;

  ReceiptVerifier verifier() { return {sizeof(ReceiptVerifier), this, verify}; }

 private:
  static int verify(void* user, uint8_t index, const Receipt* receipt, const uint8_t* digest,
                    uint64_t* not_after_s) {
    Ledgers& self = *static_cast<Ledgers*>(user);
    CHECK(index == self.asked.size());
    Digest seen;
    std::memcpy(seen.bytes, digest, sizeof seen.bytes);
    self.asked.emplace_back(receipt->level, seen);
    const Answer& answer = self.answers.at(receipt->kind);
    *not_after_s = answer.time;
    return answer.status;
  }
};

constexpr int untrusted = CAIRN_E_NOT_FOUND;

// Two levels, with these receipts, cosigned below at 1000 by w1.
Bytes anchored(const Plant& plant, const std::vector<Maker::Stamp>& receipts) {
  Maker maker;
  maker.add(plant.device, {{3, 1}}, plant.device.note({{&plant.w1, "w1", 1000}}));
  maker.add(plant.gateway, {{4, 1}}, plant.gateway.note());
  maker.receipts = receipts;
  return maker.bytes();
}

Digest text_digest(const Log& log) {
  return sha256(vectors::view(log.checkpoint_text()));
}

}  // namespace

TEST_CASE("receipts: present, and nobody checks them") {
  const Plant plant;
  const Judged j(anchored(plant, {{1, 1, "a"}, {0, 2, "b"}}), plant.policy("w1"));
  CHECK(j.status == Status::ok);
  CHECK(j.v.anchors == Outcome::absent);
  CHECK(j.v.receipt_count == 2);
  CHECK(j.v.receipts_passed == 0);
  CHECK(j.v.receipts_failed == 0);
  CHECK(j.v.not_after_source == TimeSource::cosignature);
}

TEST_CASE("receipts: each stands over the text of its level's checkpoint") {
  const Plant plant;
  Ledgers ledgers;
  ledgers.answers = {{1, {0, 900}}, {2, {0, 800}}};
  const ReceiptVerifier verifier = ledgers.verifier();
  const Judged j(anchored(plant, {{1, 1, "a"}, {0, 2, "b"}}), plant.policy("w1"), nullptr,
                 &verifier);
  CHECK(j.status == Status::ok);
  CHECK(j.v.anchors == Outcome::passed);
  CHECK(j.v.receipts_passed == 3);
  REQUIRE(ledgers.asked.size() == 2);
  CHECK(ledgers.asked[0].first == 1);
  CHECK(ledgers.asked[0].second == text_digest(plant.gateway));
  CHECK(ledgers.asked[1].first == 0);
  CHECK(ledgers.asked[1].second == text_digest(plant.device));
  CHECK(j.v.not_after_source == TimeSource::anchor);
  CHECK(j.v.not_after_s == 800);
  CHECK(j.v.not_after_receipt == 1);
}

TEST_CASE("receipts: the earliest bound counts, whoever sets it") {
  const Plant plant;
  struct Case {
    std::string quorum;
    uint64_t anchor;
    TimeSource source;
    uint64_t time;
  };
  for (const Case& c :
       {Case{"w1", 900, TimeSource::anchor, 900}, Case{"w1", 1000, TimeSource::anchor, 1000},
        Case{"w1", 1100, TimeSource::cosignature, 1000},
        Case{"w1", 0, TimeSource::cosignature, 1000}, Case{"none", 900, TimeSource::anchor, 900},
        Case{"none", 0, TimeSource::cosignature, 1000}}) {
    Ledgers ledgers;
    ledgers.answers = {{1, {0, c.anchor}}};
    const ReceiptVerifier verifier = ledgers.verifier();
    const Judged j(anchored(plant, {{1, 1, "a"}}), plant.policy(c.quorum), nullptr, &verifier);
    CAPTURE(c.quorum, c.anchor);
    CHECK(j.v.not_after_source == c.source);
    CHECK(j.v.not_after_s == c.time);
  }
}

TEST_CASE("receipts: those of ledgers that are not trusted prove nothing") {
  const Plant plant;
  Ledgers ledgers;
  ledgers.answers = {{1, {untrusted, 1}}, {2, {0, 900}}, {3, {untrusted, 2}}};
  const ReceiptVerifier verifier = ledgers.verifier();
  const Judged none(anchored(plant, {{1, 1, "a"}}), plant.policy("none"), nullptr, &verifier);
  CHECK(none.status == Status::ok);
  CHECK(none.v.anchors == Outcome::absent);
  CHECK(none.v.not_after_s == 1000);
  ledgers.asked.clear();
  const Judged one(anchored(plant, {{1, 1, "a"}, {1, 2, "b"}, {1, 3, "c"}}), plant.policy("none"),
                   nullptr, &verifier);
  CHECK(one.v.anchors == Outcome::passed);
  CHECK(one.v.receipts_passed == 2);
  CHECK(one.v.receipts_failed == 0);
  CHECK(one.v.not_after_s == 900);
}

TEST_CASE("receipts: one that is wrong fails the whole, with its reason and its level") {
  const Plant plant;
  for (const auto& [answer, reason] :
       std::map<int, Status>{{CAIRN_E_SIGNATURE_INVALID, Status::signature_invalid},
                             {CAIRN_E_PROOF_INVALID, Status::proof_invalid},
                             {CAIRN_E_CORRUPT, Status::corrupt},
                             {-99, Status::io},
                             {7, Status::io}}) {
    Ledgers ledgers;
    ledgers.answers = {{1, {0, 900}}, {2, {answer, 1}}};
    const ReceiptVerifier verifier = ledgers.verifier();
    const Judged j(anchored(plant, {{0, 1, "a"}, {1, 2, "b"}}), plant.policy("none"), nullptr,
                   &verifier);
    CAPTURE(answer);
    CHECK(j.status == reason);
    CHECK(j.v.anchors == Outcome::failed);
    CHECK(j.v.level == 1);
    CHECK(j.v.receipts_passed == 1);
    CHECK(j.v.receipts_failed == 2);
    CHECK(j.v.integrity == Outcome::passed);
    CHECK(j.v.not_after_s == 900);
  }
}

TEST_CASE("receipts: no times of evidence that is not proven") {
  const Plant plant;
  Maker maker;
  maker.add(plant.device, {{3, 1}}, plant.device.note());
  maker.levels[0].runs[0].leaves[0] += "0";
  maker.receipts = {{0, 1, "a"}};
  Ledgers ledgers;
  ledgers.answers = {{1, {0, 900}}};
  const ReceiptVerifier verifier = ledgers.verifier();
  const Judged j(maker.bytes(), plant.policy("none"), nullptr, &verifier);
  CHECK(j.status == Status::proof_invalid);
  CHECK(j.v.anchors == Outcome::passed);
  CHECK(j.v.not_after_source == TimeSource::none);
}

#endif
