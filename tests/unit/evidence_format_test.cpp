// The .cairn container: what is written, and that nothing else is read.
#include <cairn/evidence.hpp>
#include <memory>
#include <string>

#include "support/vectors.hpp"

using namespace cairn;
using vectors::Bytes;

namespace {

// One message of protobuf, by hand.
struct Raw {
  Bytes bytes;

  Raw& varint(uint64_t v) {
    for (; v > 0x7F; v >>= 7)
      bytes.push_back(static_cast<uint8_t>(v | 0x80));
    bytes.push_back(static_cast<uint8_t>(v));
    return *this;
  }
  Raw& number(unsigned field, uint64_t value) { return varint(field << 3).varint(value); }
  Raw& block(unsigned field, const Bytes& payload) {
    varint(field << 3 | 2).varint(payload.size());
    return more(payload);
  }
  Raw& block(unsigned field, const std::string& payload) {
    return block(field, Bytes(payload.begin(), payload.end()));
  }
  Raw& more(const Bytes& payload) {
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return *this;
  }
};

Raw head(uint64_t version = 1) {
  return Raw().block(1, "cairn").number(2, version);
}
Bytes sealed(const Raw& raw) {
  const Digest digest = sha256(vectors::view(raw.bytes));
  return Raw(raw).block(15, Bytes(digest.bytes, digest.bytes + 32)).bytes;
}

const Bytes hash(32, 0xAB);

Raw run(uint64_t first, const std::vector<std::string>& leaves, size_t hashes) {
  Raw out;
  if (first != 0) out.number(1, first);
  for (const std::string& leaf : leaves)
    out.block(2, leaf);
  Bytes proof;
  for (size_t i = 0; i < hashes; ++i)
    proof.insert(proof.end(), hash.begin(), hash.end());
  if (hashes != 0) out.block(3, proof);
  return out;
}
Raw level(const std::vector<Raw>& runs, const std::string& note = "note") {
  Raw out;
  for (const Raw& r : runs)
    out.block(1, r.bytes);
  return out.block(2, note);
}
Raw file(const std::vector<Raw>& levels) {
  Raw out = head();
  for (const Raw& l : levels)
    out.block(3, l.bytes);
  return out;
}

struct Parsed {
  std::unique_ptr<Evidence> evidence = std::make_unique<Evidence>();
  Fault fault;
  Status status;
  explicit Parsed(const Bytes& bytes)
      : status(parse_evidence(vectors::view(bytes), *evidence, &fault)) {}
};

Status parsed(const Raw& raw) {
  return Parsed(sealed(raw)).status;
}

const Raw plain = level({run(5, {"\x40one"}, 3)});

// Writes one small file by the calls that `plain` stands for.
Result<size_t> write_plain(MutableBytes out) {
  Digest hashes[3];
  for (Digest& h : hashes)
    std::copy(hash.begin(), hash.end(), h.bytes);
  EvidenceWriter writer(out);
  CAIRN_TRY(writer.begin_level());
  CAIRN_TRY(writer.begin_run(5));
  CAIRN_TRY(writer.leaf(literal("\x40one")));
  CAIRN_TRY(writer.proof({hashes, 3}));
  CAIRN_TRY(writer.checkpoint(literal("note")));
  return writer.finish();
}

}  // namespace

TEST_CASE("evidence: the writer's bytes are the messages of cairn.proto") {
  uint8_t out[512];
  const Result<size_t> size = write_plain(MutableBytes(out));
  REQUIRE(size.status == Status::ok);
  CHECK(Bytes(out, out + size.value) == sealed(file({plain})));

  EvidenceWriter writer{MutableBytes(out)};
  REQUIRE(writer.begin_level() == Status::ok);
  REQUIRE(writer.begin_run(0) == Status::ok);
  REQUIRE(writer.leaf(literal("\x01")) == Status::ok);
  REQUIRE(writer.leaf(literal("\x02 two")) == Status::ok);
  REQUIRE(writer.proof({}) == Status::ok);
  REQUIRE(writer.begin_run(300) == Status::ok);
  REQUIRE(writer.leaf(literal("\x40three")) == Status::ok);
  REQUIRE(writer.proof({}) == Status::ok);
  REQUIRE(writer.checkpoint(literal("lower")) == Status::ok);
  REQUIRE(writer.begin_level() == Status::ok);
  REQUIRE(writer.begin_run(7) == Status::ok);
  REQUIRE(writer.proof({}) == Status::ok);
  REQUIRE(writer.checkpoint(literal("upper")) == Status::ok);
  const Result<size_t> two_levels = writer.finish();
  REQUIRE(two_levels.status == Status::ok);
  CHECK(Bytes(out, out + two_levels.value) ==
        sealed(file({level({run(0, {"\x01", "\x02 two"}, 0), run(300, {"\x40three"}, 0)}, "lower"),
                     level({run(7, {}, 0)}, "upper")})));
}

TEST_CASE("evidence: what was written is parsed") {
  const Bytes bytes = sealed(file({level({run(5, {"\x40one", "\x40two"}, 2), run(9, {"\x02"}, 0)}),
                                   level({run(0, {}, 1)}, "upper")}));
  const Parsed p(bytes);
  REQUIRE(p.status == Status::ok);
  REQUIRE(p.evidence->level_count == 2);
  const EvidenceLevel& lower = p.evidence->levels[0];
  REQUIRE(lower.run_count == 2);
  CHECK(lower.runs[0].first == 5);
  CHECK(lower.runs[0].count == 2);
  CHECK(lower.runs[0].proof.count == 2);
  CHECK(equal(lower.runs[0].proof.hashes[1], vectors::view(hash)));
  CHECK(equal(lower.checkpoint, literal("note")));
  CHECK(lower.checkpoint.data > bytes.data());
  CHECK(lower.checkpoint.data < bytes.data() + bytes.size());
  LeafReader reader(lower.runs[0].leaves);
  ByteView leaf;
  REQUIRE(reader.next(leaf) == Status::ok);
  CHECK(equal(leaf, literal("\x40one")));
  REQUIRE(reader.next(leaf) == Status::ok);
  CHECK(equal(leaf, literal("\x40two")));
  CHECK(reader.next(leaf) == Status::end);
  CHECK(reader.next(leaf) == Status::end);
  CHECK(lower.runs[1].first == 9);
  CHECK(lower.runs[1].count == 1);

  const EvidenceLevel& upper = p.evidence->levels[1];
  REQUIRE(upper.run_count == 1);
  CHECK(upper.runs[0].count == 1);
  CHECK(upper.runs[0].leaves.empty());
  CHECK(equal(upper.checkpoint, literal("upper")));
}

TEST_CASE("evidence: every flipped bit, truncation and appended byte is found") {
  const Bytes good = sealed(file({plain}));
  REQUIRE(Parsed(good).status == Status::ok);
  Bytes bad = good;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << bit % 8));
    const Parsed p(bad);
    CAPTURE(bit);
    REQUIRE(p.status == Status::corrupt);
    REQUIRE(p.fault.field != Field::none);
    bad = good;
  }
  for (size_t size = 0; size < good.size(); ++size)
    REQUIRE(Parsed(Bytes(good.begin(), good.begin() + static_cast<long>(size))).status ==
            Status::corrupt);
  for (unsigned last = 0; last < 256; ++last) {
    bad = good;
    bad.push_back(static_cast<uint8_t>(last));
    REQUIRE(Parsed(bad).status == Status::corrupt);
  }
}

TEST_CASE("evidence: a later version is told from a damaged file") {
  CHECK(parsed(head(2).block(3, plain.bytes)) == Status::wrong_version);
  CHECK(parsed(head(2).block(9, "anything")) == Status::wrong_version);
  Bytes changed = sealed(head(2).block(3, plain.bytes));
  changed[20] = static_cast<uint8_t>(changed[20] ^ 1);
  CHECK(Parsed(changed).status == Status::corrupt);
  CHECK(parsed(Raw().block(1, "cairn").block(3, plain.bytes)) == Status::corrupt);
  CHECK(parsed(Raw().block(1, "Cairn").number(2, 1).block(3, plain.bytes)) == Status::corrupt);
  CHECK(parsed(Raw().number(2, 1).block(3, plain.bytes)) == Status::corrupt);
  CHECK(Parsed({}).status == Status::corrupt);
  CHECK(Parsed({}).fault.field == Field::header);
}

// All of these carry a right digest: only the form is wrong.
TEST_CASE("evidence: one encoding only") {
  REQUIRE(parsed(file({plain})) == Status::ok);
  const std::string one = "\x40one";
  const auto one_level = [](const Raw& l) { return parsed(file({l})); };
  const auto one_run = [&](const Raw& r) { return one_level(level({r})); };
  REQUIRE(one_run(Raw().block(2, one)) == Status::ok);

  SECTION("the file's fields") {
    CHECK(parsed(head()) == Status::corrupt);
    CHECK(parsed(Raw(file({plain})).number(4, 1)) == Status::corrupt);
    CHECK(parsed(Raw(file({plain})).number(14, 1)) == Status::corrupt);
    CHECK(parsed(Raw(file({plain})).block(15, hash)) == Status::corrupt);
    CHECK(parsed(head().number(2, 1).block(3, plain.bytes)) == Status::corrupt);
    CHECK(parsed(Raw().number(2, 1).block(1, "cairn").block(3, plain.bytes)) == Status::corrupt);
    CHECK(parsed(Raw().block(1, "cairn").block(3, plain.bytes).number(2, 1)) == Status::corrupt);
    CHECK(parsed(Raw().block(1, "cairn").more(vectors::hex("108100")).block(3, plain.bytes)) ==
          Status::corrupt);
    CHECK(parsed(head().more(vectors::hex("9a00")).varint(plain.bytes.size()).more(plain.bytes)) ==
          Status::corrupt);
    CHECK(parsed(head().block(3, Bytes{})) == Status::corrupt);
  }
  SECTION("a level's fields") {
    CHECK(one_level(Raw().block(1, run(0, {one}, 0).bytes)) == Status::corrupt);
    CHECK(one_level(Raw().block(2, "note")) == Status::corrupt);
    CHECK(one_level(level({run(0, {one}, 0)}, "")) == Status::corrupt);
    CHECK(one_level(Raw().block(2, "note").block(1, run(0, {one}, 0).bytes)) == Status::corrupt);
    CHECK(one_level(level({run(0, {one}, 0)}).block(2, "note")) == Status::corrupt);
    CHECK(one_level(level({run(0, {one}, 0)}).number(3, 1)) == Status::corrupt);
  }
  SECTION("a run's fields") {
    CHECK(one_run(Raw().number(1, 0).block(2, one)) == Status::corrupt);
    CHECK(one_run(Raw().more(vectors::hex("088500")).block(2, one)) == Status::corrupt);
    CHECK(one_run(Raw().block(2, one).number(1, 5)) == Status::corrupt);
    CHECK(one_run(Raw().number(1, 5)) == Status::corrupt);
    CHECK(one_run(Raw().block(2, "")) == Status::corrupt);
    CHECK(one_run(Raw().block(2, one).block(3, "")) == Status::corrupt);
    CHECK(one_run(Raw().block(3, hash).block(2, one)) == Status::corrupt);
    CHECK(one_run(Raw().block(2, one).block(3, hash).block(3, hash)) == Status::corrupt);
    CHECK(one_run(Raw().block(2, one).block(3, Bytes(33, 1))) == Status::corrupt);
    CHECK(one_run(Raw().block(2, one).block(3, Bytes(31, 1))) == Status::corrupt);
    CHECK(one_run(Raw().block(2, one).number(4, 1)) == Status::corrupt);
    CHECK(one_run(Raw().more(vectors::hex("1284004061626300"))) == Status::corrupt);
    CHECK(one_run(run(0, {one}, 128)) == Status::ok);
    CHECK(one_run(run(0, {one}, 129)) == Status::corrupt);
  }
  SECTION("leaves above the first level") {
    CHECK(parsed(file({plain, level({run(1, {}, 2)})})) == Status::ok);
    CHECK(parsed(file({plain, level({run(1, {one}, 2)})})) == Status::corrupt);
    CHECK(parsed(file({level({run(1, {}, 2)})})) == Status::corrupt);
  }
}

TEST_CASE("evidence: more than this build holds") {
  const Raw upper = level({run(1, {}, 2)});
  CHECK(parsed(file({plain, upper, upper, upper})) == Status::ok);
  CHECK(parsed(file({plain, upper, upper, upper, upper})) == Status::unsupported);
  const Raw one = run(0, {"\x40one"}, 0);
  CHECK(parsed(file({level({one, one, one, one})})) == Status::ok);
  CHECK(parsed(file({level({one, one, one, one, one})})) == Status::unsupported);
  CHECK(parsed(file({plain, level({run(1, {}, 2), run(2, {}, 2)})})) == Status::unsupported);
}

namespace {

Raw receipt(uint64_t level, uint64_t kind, const std::string& body) {
  Raw out;
  if (level != 0) out.number(1, level);
  if (kind != 0) out.number(2, kind);
  if (!body.empty()) out.block(3, body);
  return out;
}
Receipt receipt_of(uint8_t level, uint8_t kind, const std::string& body) {
  return {level, kind, body.size(), reinterpret_cast<const uint8_t*>(body.data())};
}
Raw with_receipts(const std::vector<Raw>& receipts) {
  Raw out = file({plain, level({run(1, {}, 2)})});
  for (const Raw& r : receipts)
    out.block(4, r.bytes);
  return out;
}

}  // namespace

TEST_CASE("evidence: receipts are what the writer was given") {
  const std::string token = "token", proof(300, 'p');
  uint8_t out[1024];
  EvidenceWriter writer{MutableBytes(out)};
  const Digest hashes[3] = {};
  CHECK(writer.receipt(receipt_of(0, 1, token)) == Status::bad_state);
  REQUIRE(writer.begin_level() == Status::ok);
  REQUIRE(writer.begin_run(5) == Status::ok);
  REQUIRE(writer.leaf(literal("\x40one")) == Status::ok);
  REQUIRE(writer.proof({hashes, 3}) == Status::ok);
  CHECK(writer.receipt(receipt_of(0, 1, token)) == Status::bad_state);
  REQUIRE(writer.checkpoint(literal("note")) == Status::ok);
  CHECK(writer.receipt(receipt_of(1, 1, token)) == Status::bad_argument);
  CHECK(writer.receipt(receipt_of(0, 0, token)) == Status::bad_argument);
  CHECK(writer.receipt(receipt_of(0, 1, "")) == Status::bad_argument);
  REQUIRE(writer.receipt(receipt_of(0, 1, token)) == Status::ok);
  REQUIRE(writer.receipt(receipt_of(0, 255, proof)) == Status::ok);
  CHECK(writer.begin_level() == Status::bad_state);
  CHECK(writer.checkpoint(literal("note")) == Status::bad_state);
  const Result<size_t> size = writer.finish();
  REQUIRE(size.status == Status::ok);
  CHECK(writer.receipt(receipt_of(0, 1, token)) == Status::bad_state);
  Raw by_hand = head();
  by_hand.block(3, level({Raw().number(1, 5).block(2, "\x40one").block(3, Bytes(96, 0))}).bytes);
  by_hand.block(4, receipt(0, 1, token).bytes).block(4, receipt(0, 255, proof).bytes);
  CHECK(Bytes(out, out + size.value) == sealed(by_hand));

  const Bytes file(out, out + size.value);
  const Parsed p(file);
  REQUIRE(p.status == Status::ok);
  REQUIRE(p.evidence->receipt_count == 2);
  ReceiptReader reader(p.evidence->receipts);
  Receipt read;
  REQUIRE(reader.next(read) == Status::ok);
  CHECK(read.level == 0);
  CHECK(read.kind == 1);
  CHECK(equal({read.body, read.body_size}, vectors::view(token)));
  REQUIRE(reader.next(read) == Status::ok);
  CHECK(read.kind == 255);
  CHECK(equal({read.body, read.body_size}, vectors::view(proof)));
  CHECK(reader.next(read) == Status::end);
}

TEST_CASE("evidence: one encoding of receipts only") {
  CHECK(parsed(with_receipts({receipt(0, 1, "x"), receipt(1, 2, "y")})) == Status::ok);
  CHECK(parsed(with_receipts({receipt(2, 1, "x")})) == Status::corrupt);
  CHECK(parsed(with_receipts({receipt(256, 1, "x")})) == Status::corrupt);
  CHECK(parsed(with_receipts({receipt(0, 0, "x")})) == Status::corrupt);
  CHECK(parsed(with_receipts({receipt(0, 256, "x")})) == Status::corrupt);
  CHECK(parsed(with_receipts({receipt(0, 1, "")})) == Status::corrupt);
  CHECK(parsed(with_receipts({Raw().number(1, 0).number(2, 1).block(3, "x")})) == Status::corrupt);
  CHECK(parsed(with_receipts({receipt(0, 1, "x").number(4, 1)})) == Status::corrupt);
  CHECK(parsed(with_receipts({receipt(0, 1, "x")}).block(3, plain.bytes)) == Status::corrupt);
  CHECK(parsed(head().block(4, receipt(0, 1, "x").bytes)) == Status::corrupt);
  CHECK(parsed(head().block(4, receipt(0, 1, "x").bytes).block(3, plain.bytes)) == Status::corrupt);
  std::vector<Raw> many(evidence_receipts_max, receipt(0, 1, "x"));
  CHECK(parsed(with_receipts(many)) == Status::ok);
  many.push_back(many[0]);
  CHECK(parsed(with_receipts(many)) == Status::unsupported);

  const Parsed p(sealed(with_receipts({receipt(0, 1, "x"), receipt(2, 1, "x")})));
  CHECK(p.fault.field == Field::receipt);
  CHECK(p.fault.position == with_receipts({receipt(0, 1, "x")}).bytes.size());
}

TEST_CASE("evidence writer: no more receipts than a reader holds") {
  uint8_t out[1024];
  EvidenceWriter writer{MutableBytes(out)};
  REQUIRE(writer.begin_level() == Status::ok);
  REQUIRE(writer.begin_run(0) == Status::ok);
  REQUIRE(writer.leaf(literal("\x40")) == Status::ok);
  REQUIRE(writer.proof({}) == Status::ok);
  REQUIRE(writer.checkpoint(literal("note")) == Status::ok);
  for (size_t i = 0; i < evidence_receipts_max; ++i)
    REQUIRE(writer.receipt(receipt_of(0, 1, "x")) == Status::ok);
  CHECK(writer.receipt(receipt_of(0, 1, "x")) == Status::bad_state);
  const Result<size_t> size = writer.finish();
  REQUIRE(size.ok());
  CHECK(Parsed(Bytes(out, out + size.value)).evidence->receipt_count == evidence_receipts_max);
}

TEST_CASE("evidence: faults name the place") {
  const Raw bad_run = Raw().number(1, 5).block(2, "\x40one").block(3, Bytes(31, 1));
  const Parsed p(sealed(file({level({bad_run})})));
  REQUIRE(p.status == Status::corrupt);
  CHECK(p.fault.field == Field::proof);
  CHECK(p.fault.position == head().bytes.size() + 2 + 2 + bad_run.bytes.size());
  const Bytes truncated(100, 0);
  CHECK(Parsed(truncated).fault.field == Field::header);
}

TEST_CASE("leaf reader: refuses what is not a run of leaves") {
  ByteView leaf;
  for (const char* text : {"08", "1205", "0a0161", "12", "92000161"}) {
    const Bytes bytes = vectors::hex(text);
    LeafReader reader(vectors::view(bytes));
    CHECK(reader.next(leaf) == Status::corrupt);
  }
}

TEST_CASE("evidence writer: every memory that is too small") {
  const size_t size = sealed(file({plain})).size();
  for (size_t room = 0; room < size; ++room) {
    Bytes out(room);
    REQUIRE(write_plain({out.data(), room}).status == Status::full);
  }
  Bytes out(size);
  CHECK(write_plain({out.data(), size}).value_or(0) == size);
}

TEST_CASE("evidence writer: full stays full") {
  uint8_t out[20];
  EvidenceWriter writer{MutableBytes(out)};
  REQUIRE(writer.begin_level() == Status::ok);
  REQUIRE(writer.begin_run(0) == Status::ok);
  REQUIRE(writer.leaf(literal("longer than the memory")) == Status::full);
  CHECK(writer.leaf(literal("x")) == Status::full);
  CHECK(writer.proof({}) == Status::full);
  CHECK(writer.begin_level() == Status::full);
  CHECK(writer.finish().status == Status::full);
}

TEST_CASE("evidence writer: calls out of turn change nothing") {
  uint8_t out[512];
  EvidenceWriter writer{MutableBytes(out)};
  const Digest hashes[129] = {};
  const auto none_of = [&](bool level, bool run, bool leaf, bool proof, bool checkpoint) {
    if (level) CHECK(writer.begin_level() == Status::bad_state);
    if (run) CHECK(writer.begin_run(1) == Status::bad_state);
    if (leaf) CHECK(writer.leaf(literal("x")) == Status::bad_state);
    if (proof) CHECK(writer.proof({}) == Status::bad_state);
    if (checkpoint) CHECK(writer.checkpoint(literal("n")) == Status::bad_state);
  };
  none_of(false, true, true, true, true);
  CHECK(writer.finish().status == Status::bad_state);
  REQUIRE(writer.begin_level() == Status::ok);
  none_of(true, false, true, true, true);
  CHECK(writer.finish().status == Status::bad_state);
  REQUIRE(writer.begin_run(5) == Status::ok);
  none_of(true, true, false, true, true);
  CHECK(writer.leaf({}) == Status::bad_argument);
  REQUIRE(writer.leaf(literal("\x40one")) == Status::ok);
  none_of(true, true, false, false, true);
  CHECK(writer.proof({hashes, 129}) == Status::bad_argument);
  Digest three[3];
  for (Digest& h : three)
    std::copy(hash.begin(), hash.end(), h.bytes);
  REQUIRE(writer.proof({three, 3}) == Status::ok);
  none_of(true, false, true, true, false);
  CHECK(writer.checkpoint({}) == Status::bad_argument);
  REQUIRE(writer.checkpoint(literal("note")) == Status::ok);
  none_of(false, true, true, true, true);
  const Result<size_t> size = writer.finish();
  REQUIRE(size.status == Status::ok);
  CHECK(Bytes(out, out + size.value) == sealed(file({plain})));
  none_of(true, true, true, true, true);
  CHECK(writer.finish().status == Status::bad_state);
}

TEST_CASE("evidence writer: no more levels and runs than a reader holds") {
  uint8_t out[512];
  EvidenceWriter writer{MutableBytes(out)};
  for (size_t level = 0; level < evidence_levels_max; ++level) {
    REQUIRE(writer.begin_level() == Status::ok);
    for (size_t run = 0; run < (level == 0 ? evidence_runs_max : 1); ++run) {
      REQUIRE(writer.begin_run(run) == Status::ok);
      if (level == 0) REQUIRE(writer.leaf(literal("\x40")) == Status::ok);
      if (level != 0) CHECK(writer.leaf(literal("\x40")) == Status::bad_state);
      REQUIRE(writer.proof({}) == Status::ok);
    }
    CHECK(writer.begin_run(9) == Status::bad_state);
    REQUIRE(writer.checkpoint(literal("note")) == Status::ok);
  }
  CHECK(writer.begin_level() == Status::bad_state);
  const Result<size_t> size = writer.finish();
  REQUIRE(size.status == Status::ok);
  CHECK(Parsed(Bytes(out, out + size.value)).status == Status::ok);
}
