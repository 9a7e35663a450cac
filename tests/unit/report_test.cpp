#include <cairn/report.hpp>
#include <cstring>
#include <string>

#include "support/tree.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::hex;
using vectors::to_hex;

namespace {

constexpr uint32_t key = 0x723486b4;
const std::string key_text = "0db4863472";
const std::string signature_text = "2240" + std::string(128, 'b');

Report with(ReportContent content, const Bytes& bytes, uint64_t first = 0, uint32_t offset = 0) {
  Report report;
  report.checkpoint.key_id = key;
  report.first = first;
  report.offset = offset;
  report.content = content;
  report.bytes = vectors::view(bytes);
  return report;
}

Report sized(Report report, uint64_t size) {
  report.checkpoint.size = size;
  return report;
}

Report sealed(Report report, uint64_t size, bool has_root = false) {
  report.checkpoint.size = size;
  report.checkpoint.has_root = has_root;
  std::memset(report.checkpoint.root.bytes, 0xAA, digest_bytes);
  report.checkpoint.has_signature = true;
  report.checkpoint.algorithm = CAIRN_ED25519;
  std::memset(report.checkpoint.signature.bytes, 0xBB, signature_bytes);
  return report;
}

Bytes encoded(const Report& report) {
  Bytes out(20000);
  const Result<size_t> size = encode_report(report, {out.data(), out.size()});
  REQUIRE(size.status == Status::ok);
  out.resize(size.value);
  return out;
}

std::string text(const Report& report) {
  return to_hex(vectors::view(encoded(report)));
}

Status refusal(const Report& report) {
  Bytes out(20000);
  return encode_report(report, {out.data(), out.size()}).status;
}

// Accepted bytes are encoded to themselves.
bool accepted(const std::string& digits) {
  const Bytes bytes = hex(digits);
  Report report;
  if (decode_report(vectors::view(bytes), report) != Status::ok) return false;
  REQUIRE(encoded(report) == bytes);
  return true;
}

Bytes packed(const std::vector<Bytes>& records, size_t offset = 0, size_t room = 20000) {
  Bytes out(room);
  RecordPacker packer({out.data(), out.size()});
  for (const Bytes& record : records) {
    if (packer.put(vectors::view(record), offset) < record.size() - offset) break;
    offset = 0;
  }
  out.resize(packer.size_bytes());
  return out;
}

const Bytes two_hashes(64, 0xCC);
const std::string two_hashes_text = "40" + std::string(128, 'c');

}  // namespace

TEST_CASE("report: its bytes") {
  CHECK(text(with(ReportContent::none, {})) == "0a05" + key_text);
  CHECK(text(sized(with(ReportContent::none, {}), 300)) == "0a08" + key_text + "10ac02");
  CHECK(text(sealed(with(ReportContent::none, {}), 5)) ==
        "0a49" + key_text + "1005" + signature_text);
  CHECK(text(sealed(with(ReportContent::none, {}), 5, true)) ==
        "0a6b" + key_text + "10051a20" + std::string(64, 'a') + signature_text);
  const Bytes records = packed({{0x40, 1}, {0x40, 2}, {0x40, 3}, {0x41}});
  CHECK(text(with(ReportContent::records, records, 70)) ==
        "0a05" + key_text + "1046" + "220a" + "05014001400240030241");
  CHECK(text(sealed(with(ReportContent::records, records, 70), 74)) ==
        "0a49" + key_text + "104a" + signature_text + "1046" + "220a" + "05014001400240030241");
  CHECK(text(with(ReportContent::records, {0x0A, 3, 4}, 0, 2)) ==
        "0a05" + key_text + "1802" + "22030a0304");
  CHECK(text(with(ReportContent::hashes, two_hashes, 1)) ==
        "0a05" + key_text + "1001" + "2a" + two_hashes_text);
  CHECK(text(sized(with(ReportContent::subtrees, two_hashes, 1), 8)) ==
        "0a07" + key_text + "1008" + "1001" + "32" + two_hashes_text);
  CHECK(text(sized(with(ReportContent::head, two_hashes, 0, 32), 8)) ==
        "0a07" + key_text + "1008" + "1820" + "3a" + two_hashes_text);
}

TEST_CASE("report: everything comes back") {
  const Bytes records = packed({{0x40, 1}, {0x40, 2}});
  const Bytes bytes = encoded(sealed(with(ReportContent::records, records, 70), 72, true));
  Report back;
  REQUIRE(decode_report(vectors::view(bytes), back) == Status::ok);
  CHECK(back.checkpoint.key_id == key);
  CHECK(back.checkpoint.size == 72);
  CHECK(back.checkpoint.has_root);
  CHECK(back.checkpoint.has_signature);
  CHECK(back.checkpoint.algorithm == CAIRN_ED25519);
  CHECK(back.first == 70);
  CHECK(back.offset == 0);
  CHECK(back.content == ReportContent::records);
  CHECK(equal(back.bytes, vectors::view(records)));
}

TEST_CASE("report: a buffer that is too small") {
  const Report report = sealed(with(ReportContent::hashes, two_hashes, 70), 72, true);
  const size_t size = encoded(report).size();
  for (size_t room = 0; room < size; ++room) {
    Bytes out(room + 1);
    CHECK(encode_report(report, {out.data(), room}).status == Status::full);
  }
}

TEST_CASE("report: fields that do not go together") {
  const Bytes one = packed({{0x40}});
  const auto refused = [](const Report& report) { return refusal(report) == Status::bad_argument; };
  CHECK(refused(with(ReportContent::none, {}, 1)));
  CHECK(refused(with(ReportContent::none, {}, 0, 1)));
  CHECK(refused(with(ReportContent::none, {1})));
  CHECK(refused(sealed(with(ReportContent::none, {}), 0)));
  Report root_only = sized(with(ReportContent::none, {}), 7);
  root_only.checkpoint.has_root = true;
  CHECK(refused(root_only));
  CHECK(refused(sized(with(ReportContent::records, one, 7), 8)));
  CHECK(refused(sealed(with(ReportContent::records, one, 7), 9)));
  CHECK(refused(sealed(with(ReportContent::records, one, 8), 8)));
  CHECK(refused(sealed(with(ReportContent::records, {0x04, 1}, 7), 8)));  // cut
  CHECK(refused(with(ReportContent::records, {})));
  CHECK(refused(with(ReportContent::records, one, 7, 1)));
  CHECK(refused(with(ReportContent::records, one, tree_size_max)));
  CHECK(refusal(with(ReportContent::records, one, tree_size_max - 1)) == Status::ok);
  CHECK(refused(with(ReportContent::hashes, {})));
  CHECK(refused(with(ReportContent::hashes, Bytes(33))));
  CHECK(refused(with(ReportContent::hashes, two_hashes, 0, 1)));
  CHECK(refused(with(ReportContent::hashes, two_hashes, tree_size_max - 1)));
  CHECK(refusal(with(ReportContent::hashes, two_hashes, tree_size_max - 2)) == Status::ok);
  CHECK(refused(sealed(with(ReportContent::hashes, two_hashes, 7), 8)));
  CHECK(refused(with(ReportContent::subtrees, two_hashes)));
  CHECK(refused(sized(with(ReportContent::subtrees, two_hashes, 8), 8)));
  CHECK(refused(sized(with(ReportContent::subtrees, two_hashes, 0), 8)));   // one covers it
  CHECK(refused(sealed(with(ReportContent::subtrees, two_hashes, 1), 8)));  // three do
  CHECK(refusal(sized(with(ReportContent::subtrees, two_hashes, 1), 8)) == Status::ok);
  CHECK(refusal(sealed(with(ReportContent::subtrees, two_hashes, 1), 4)) == Status::ok);
  CHECK(refused(with(ReportContent::head, two_hashes)));
  CHECK(refused(sized(with(ReportContent::head, {}), 8)));
  CHECK(refused(sized(with(ReportContent::head, two_hashes, 1), 8)));
  CHECK(refused(sized(with(ReportContent::head, two_hashes, 0, 33), 8)));
  CHECK(refused(sized(with(ReportContent::head, {}, 0, 96), 8)));
  CHECK(refused(sealed(with(ReportContent::head, two_hashes), 8)));
  Report future = with(ReportContent::none, {});
  future.content = static_cast<ReportContent>(5);
  CHECK(refused(future));
}

TEST_CASE("report: other encodings are refused") {
  const std::string checkpoint = "0a05" + key_text;
  REQUIRE(accepted(checkpoint + "1046" + "22020240"));
  CHECK(accepted("0a00"));  // key id 0
  CHECK_FALSE(accepted(""));
  CHECK_FALSE(accepted("1046" + std::string("22020240")));
  CHECK_FALSE(accepted("1046" + checkpoint + "22020240"));
  CHECK_FALSE(accepted(checkpoint + "22020240" + "1046"));
  CHECK_FALSE(accepted(checkpoint + "1000" + "22020240"));
  CHECK_FALSE(accepted(checkpoint + "10c600" + "22020240"));
  CHECK_FALSE(accepted("0a8500" + key_text + "1046" + "22020240"));
  CHECK_FALSE(accepted(checkpoint + "1046" + "22020240" + "22020240"));
  CHECK_FALSE(accepted(checkpoint + "1046" + "22020240" + "2a" + two_hashes_text));
  CHECK_FALSE(accepted(checkpoint + "1046" + "22020240" + "4001"));
  CHECK_FALSE(accepted(checkpoint + "1046" + "2202024000"));
  CHECK_FALSE(accepted(checkpoint + "1046" + "22030240"));
  CHECK_FALSE(accepted("0a070d000000001001"));  // key id 0 is left out
  CHECK_FALSE(accepted(checkpoint + "2200"));
  CHECK_FALSE(accepted(checkpoint + "1046"));
}

TEST_CASE("packed records: one encoding") {
  const std::string front = "0a05" + key_text + "22";
  REQUIRE(accepted(front + "04" + "03004041"));      // two records of one byte
  CHECK_FALSE(accepted(front + "04" + "02400241"));  // runs of equal size
  CHECK_FALSE(accepted(front + "04" + "03804041"));  // more than are there
  CHECK_FALSE(accepted(front + "03" + "030040"));
  CHECK_FALSE(accepted(front + "04" + "82004041"));  // long varint
  CHECK_FALSE(accepted(front + "05" + "0380004041"));
  CHECK_FALSE(accepted(front + "03" + "004041"));  // a record of no bytes
  CHECK_FALSE(accepted(front + "01" + "02"));      // none of its bytes
  CHECK_FALSE(accepted(front + "02" + "0300"));
  CHECK_FALSE(accepted(front + "03" + "024002"));      // none of the second one's
  CHECK(accepted(front + "04" + "02400440"));          // the second one cut
  CHECK(accepted(front + "03" + "fc7f40"));            // 8190 bytes,
  CHECK_FALSE(accepted(front + "03" + "fe7f40"));      // and 8191
  CHECK_FALSE(accepted(front + "05" + "ffffffffff"));  // without end
}

TEST_CASE("records come back from their packing, wherever it is cut") {
  const std::vector<size_t> sizes = {1, 1, 1, 5, 5, 70, 70, 70, 70, 3, 200, 200, 8190, 2, 2};
  std::vector<Bytes> records;
  for (const size_t size : sizes)
    records.push_back(Bytes(size, static_cast<uint8_t>(0x40 + records.size())));
  for (size_t i = 0; i < 300; ++i)
    records.push_back({0x40, static_cast<uint8_t>(i), static_cast<uint8_t>(i >> 8)});
  for (const size_t room : {3u, 4u, 5u, 7u, 30u, 100u, 1000u, 20000u}) {
    CAPTURE(room);
    std::vector<Bytes> back(records.size());
    size_t at = 0, offset = 0, messages = 0;
    for (; at < records.size(); ++messages) {
      const std::vector<Bytes> rest(records.begin() + static_cast<long>(at), records.end());
      const Bytes bytes = packed(rest, offset, room);
      const Report report = with(ReportContent::records, bytes, at, static_cast<uint32_t>(offset));
      REQUIRE(refusal(report) == Status::ok);
      PackedRecords reader(report);
      ReportRecord record;
      Status status = reader.next(record);
      for (; status == Status::ok; status = reader.next(record)) {
        REQUIRE(record.index == at);
        REQUIRE(record.offset == offset);
        REQUIRE(record.size_bytes == records[at].size());
        back[at].insert(back[at].end(), record.bytes.begin(), record.bytes.end());
        offset = record.ends() ? 0 : offset + record.bytes.size;
        if (record.ends()) ++at;
      }
      REQUIRE(status == Status::end);
    }
    CHECK(back == records);
    if (room == 20000) CHECK(messages == 1);
  }
}

TEST_CASE("packed records take a byte or two for each run") {
  CHECK(packed(std::vector<Bytes>(256, Bytes(33, 0x40))).size() == 256 * 33 + 3);
  CHECK(packed(std::vector<Bytes>(129, Bytes(33, 0x40))).size() == 129 * 33 + 2);
  CHECK(packed(std::vector<Bytes>(256, Bytes(64, 0x40))).size() == 256 * 64 + 4);
  CHECK(packed({Bytes(10), Bytes(11), Bytes(10)}).size() == 31 + 3);
}

TEST_CASE("hashes and subtrees extend a frontier as leaves do") {
  const auto leaves = tree::numbered_leaves(0, 80);
  const auto frontier_of = [&](uint64_t size) {
    Frontier out;
    for (uint64_t i = 0; i < size; ++i)
      REQUIRE(out.append(leaves[i]) == Status::ok);
    return out;
  };
  const auto bytes_of = [](const Digest* hashes, size_t count) {
    const uint8_t* bytes = reinterpret_cast<const uint8_t*>(hashes);
    return Bytes(bytes, bytes + count * digest_bytes);
  };
  for (uint64_t from = 0; from < 80; ++from) {
    for (uint64_t to = from + 1; to <= 80; ++to) {
      std::vector<Digest> roots;
      for (uint64_t at = from; at < to;) {
        const uint64_t width = uint64_t{1} << cover_level(at, to);
        Frontier part;
        for (uint64_t i = at; i < at + width; ++i)
          REQUIRE(part.append(leaves[i]) == Status::ok);
        roots.push_back(part.root());
        at += width;
      }
      REQUIRE(cover_count(from, to) == roots.size());
      Frontier frontier = frontier_of(from);
      const Bytes subtrees = bytes_of(roots.data(), roots.size());
      const Report report = sized(with(ReportContent::subtrees, subtrees, from), to);
      REQUIRE(extend_frontier(report, frontier) == Status::ok);
      CHECK(frontier.size() == to);
      CHECK(frontier.root() == frontier_of(to).root());
      CHECK(extend_frontier(report, frontier) == Status::not_found);
    }
  }
  const Bytes hashes = bytes_of(leaves.data() + 5, 20);
  const Report report = with(ReportContent::hashes, hashes, 5);
  for (const uint64_t held : {5u, 6u, 24u, 25u, 40u}) {
    Frontier frontier = frontier_of(held);
    REQUIRE(extend_frontier(report, frontier) == Status::ok);
    CHECK(frontier.root() == frontier_of(held < 25 ? 25 : held).root());
  }
  Frontier early = frontier_of(4);
  CHECK(extend_frontier(report, early) == Status::not_found);
  CHECK(early.size() == 4);
  CHECK(extend_frontier(with(ReportContent::none, {}), early) == Status::bad_argument);
  CHECK(cover_count(5, 5) == 0);
  CHECK(cover_count(6, 5) == 0);
}
