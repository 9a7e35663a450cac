#include <cairn/report.hpp>
#include <cstring>
#include <string>

#include "support/vectors.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::hex;
using vectors::to_hex;

namespace {

ReportAnswer answer_of(ReportCode code) {
  ReportAnswer answer;
  answer.code = code;
  return answer;
}

ReportAnswer cosigned() {
  ReportAnswer answer = answer_of(ReportCode::cosigned);
  answer.size = 300;
  answer.has_cosignature = true;
  answer.key_id = 0x723486b4;
  answer.time = 1;
  std::memset(answer.cosignature.bytes, 0xBB, signature_bytes);
  return answer;
}

ReportAnswer largest() {
  ReportAnswer answer = cosigned();
  answer.code = ReportCode::conflict;
  answer.size = answer.held = tree_size_max;
  answer.offset = leaf_bytes_max;
  answer.time = tree_size_max;
  answer.has_root = answer.has_beacon = true;
  std::memset(answer.root.bytes, 0xAA, digest_bytes);
  std::memset(answer.beacon.bytes, 0xCC, digest_bytes);
  return answer;
}

Bytes encoded(const ReportAnswer& answer) {
  Bytes out(report_answer_bytes_max);
  const Result<size_t> size = encode_report_answer(answer, {out.data(), out.size()});
  REQUIRE(size.status == Status::ok);
  out.resize(size.value);
  return out;
}

std::string text(const ReportAnswer& answer) {
  return to_hex(vectors::view(encoded(answer)));
}

bool refused(const ReportAnswer& answer) {
  Bytes out(200);
  return encode_report_answer(answer, {out.data(), out.size()}).status == Status::bad_argument;
}

// Accepted bytes are encoded to themselves.
bool accepted(const std::string& digits) {
  const Bytes bytes = hex(digits);
  ReportAnswer answer;
  if (decode_report_answer(vectors::view(bytes), answer) != Status::ok) return false;
  REQUIRE(encoded(answer) == bytes);
  return true;
}

}  // namespace

TEST_CASE("answer to a report: its bytes") {
  const std::string signature = "4240" + std::string(128, 'b');
  CHECK(text(answer_of(ReportCode::malformed)) == "089003");
  CHECK(text(cosigned()) ==
        "08c801"
        "10ac02"
        "35b4863472"
        "3801" +
            signature);
  ReportAnswer accepted_part = answer_of(ReportCode::accepted);
  accepted_part.size = 256;
  accepted_part.held = 300;
  accepted_part.offset = 12;
  CHECK(text(accepted_part) ==
        "08ca01"
        "108002"
        "18ac02"
        "200c");
  ReportAnswer conflict = answer_of(ReportCode::conflict);
  CHECK(text(conflict) == "089903");
  conflict.size = conflict.held = 5;
  conflict.has_root = true;
  std::memset(conflict.root.bytes, 0xAA, digest_bytes);
  CHECK(text(conflict) ==
        "089903"
        "1005"
        "1805"
        "2a20" +
            std::string(64, 'a'));
  CHECK(encoded(largest()).size() == report_answer_bytes_max);
}

TEST_CASE("answer to a report: everything comes back") {
  const Bytes bytes = encoded(largest());
  ReportAnswer back;
  REQUIRE(decode_report_answer(vectors::view(bytes), back) == Status::ok);
  CHECK(back.code == ReportCode::conflict);
  CHECK(back.size == tree_size_max);
  CHECK(back.held == tree_size_max);
  CHECK(back.offset == leaf_bytes_max);
  CHECK(back.root == largest().root);
  CHECK(back.key_id == largest().key_id);
  CHECK(back.time == tree_size_max);
  CHECK(std::memcmp(back.cosignature.bytes, largest().cosignature.bytes, signature_bytes) == 0);
  CHECK(back.beacon == largest().beacon);
  for (size_t room = 0; room < bytes.size(); ++room) {
    Bytes out(room + 1);
    CHECK(encode_report_answer(largest(), {out.data(), room}).status == Status::full);
  }
}

TEST_CASE("answer to a report: fields that do not go together") {
  const auto changed = [](ReportAnswer answer, auto change) {
    change(answer);
    return answer;
  };
  REQUIRE_FALSE(refused(cosigned()));
  CHECK(refused(answer_of(static_cast<ReportCode>(201))));
  CHECK(refused(answer_of(static_cast<ReportCode>(0))));
  CHECK(refused(answer_of(ReportCode::cosigned)));
  CHECK(refused(changed(cosigned(), [](ReportAnswer& a) { a.time = 0; })));
  CHECK(refused(changed(cosigned(), [](ReportAnswer& a) { a.time = uint64_t{1} << 63; })));
  CHECK(refused(changed(cosigned(), [](ReportAnswer& a) { a.size = uint64_t{1} << 63; })));
  CHECK(refused(changed(cosigned(), [](ReportAnswer& a) { a.held = 1; })));
  CHECK(refused(changed(cosigned(), [](ReportAnswer& a) { a.offset = 1; })));
  CHECK(refused(changed(largest(), [](ReportAnswer& a) { a.offset = leaf_bytes_max + 1; })));
  CHECK(refused(changed(largest(), [](ReportAnswer& a) { a.held = uint64_t{1} << 63; })));
  CHECK(refused(changed(largest(), [](ReportAnswer& a) { a.has_cosignature = false; })));
  CHECK(refused(changed(answer_of(ReportCode::busy), [](ReportAnswer& a) { a.key_id = 1; })));
  CHECK(refused(changed(answer_of(ReportCode::busy), [](ReportAnswer& a) { a.time = 1; })));
  CHECK(refused(changed(answer_of(ReportCode::busy), [](ReportAnswer& a) { a.held = 1; })));
}

TEST_CASE("answer to a report: other encodings are refused") {
  REQUIRE(
      accepted("08ca01"
               "108002"
               "18ac02"));
  CHECK_FALSE(accepted(""));
  CHECK_FALSE(
      accepted("108002"
               "08ca01"
               "18ac02"));
  CHECK_FALSE(
      accepted("08ca01"
               "1000"
               "18ac02"));
  CHECK_FALSE(
      accepted("08ca01"
               "10808200"
               "18ac02"));
  CHECK_FALSE(
      accepted("08ca8100"
               "108002"
               "18ac02"));
  CHECK_FALSE(
      accepted("08ca01"
               "108002"
               "18ac02"
               "18ac02"));
  CHECK_FALSE(
      accepted("08ca01"
               "108002"
               "18ac02"
               "5001"));
  CHECK_FALSE(
      accepted("08ca01"
               "108002"
               "18ac"));
  CHECK_FALSE(
      accepted("08c901"
               "108002"));
  CHECK_FALSE(
      accepted("088480"
               "04"));  // 65540
  CHECK_FALSE(
      accepted("08ca01"
               "2a1f" +
               std::string(62, 'a')));
  CHECK_FALSE(
      accepted("08ca01"
               "3801"));
}

TEST_CASE("a cosignature line is rebuilt as the witness wrote it") {
  NoteKey witness{literal("gateway.example/w"), NoteType::cosignature, {}};
  witness.key.algorithm = CAIRN_ED25519;
  ReportAnswer answer = cosigned();
  answer.key_id = key_id(witness);
  uint8_t line[200], expected[200];
  const Result<size_t> size = rebuild_cosignature(answer, witness, line);
  REQUIRE(size.status == Status::ok);
  const Result<size_t> size_expected =
      format_signature_line(witness, answer.cosignature, answer.time, expected);
  CHECK(equal({line, size.value}, {expected, size_expected.value}));
  CHECK(rebuild_cosignature(answer, witness, {line, size.value - 1}).status == Status::full);

  answer.key_id ^= 1;
  CHECK(rebuild_cosignature(answer, witness, line).status == Status::bad_argument);
  answer.key_id ^= 1;
  answer.has_cosignature = false;
  CHECK(rebuild_cosignature(answer, witness, line).status == Status::bad_argument);
  answer.has_cosignature = true;
  witness.type = NoteType::ed25519;
  answer.key_id = key_id(witness);
  CHECK(rebuild_cosignature(answer, witness, line).status == Status::bad_argument);
}
