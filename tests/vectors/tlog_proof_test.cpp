// c2sp.org/tlog-proof@v1 files of an independent implementation.
#include <cairn/evidence.hpp>
#include <cairn/merkle.hpp>
#include <string>

#include "support/json_vectors.hpp"
#include "support/signing.hpp"

using namespace cairn;
using vectors::Bytes;

namespace {

struct Parsed {
  Status status;
  Fault fault;
  TlogProof file;
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};

  explicit Parsed(const std::string& text) {
    status = parse_tlog_proof(vectors::view(text), file, proof, &fault);
  }
};

std::string formatted(const TlogProof& file, ProofView hashes, size_t room) {
  Bytes out(room);
  const Result<size_t> size = format_tlog_proof(file, hashes, {out.data(), out.size()});
  REQUIRE(size.status == Status::ok);
  return {out.begin(), out.begin() + static_cast<long>(size.value)};
}

struct Case {
  std::string name;
  std::string text;
  Bytes entry;
  uint64_t index;
  uint64_t size;
};

std::vector<Case> cases() {
  std::vector<Case> out;
  const auto file = vectors::json(vectors::own("gomod/tlog_proofs.json"));
  for (const auto& c : file["cases"]) {
    const std::string name = "entry-" + c["size"].dump() + "-" + c["index"].dump() + ".bin";
    out.push_back({name, c["tlog_proof"], vectors::hex(c["entry_hex"]), c["index"], c["size"]});
  }
  REQUIRE(out.size() == 10);
  return out;
}

}  // namespace

TEST_CASE("tlog-proof: parsed and rebuilt byte for byte") {
  int with_extra = 0;
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    CHECK(vectors::slurp(vectors::own("gomod/spicy/" + c.name + ".tlog-proof")) == c.text);
    const std::string entry = vectors::slurp(vectors::own("gomod/spicy/" + c.name));
    CHECK(equal(vectors::view(entry), vectors::view(c.entry)));
    const Parsed parsed(c.text);
    REQUIRE(parsed.status == Status::ok);
    CHECK(parsed.file.index == c.index);
    CHECK(parsed.proof.count == inclusion_proof_size(c.index, c.size));
    with_extra += parsed.file.extra.empty() ? 0 : 1;
    CHECK(formatted(parsed.file, parsed.proof, c.text.size()) == c.text);
  }
  CHECK(with_extra == 5);
}

TEST_CASE("tlog-proof: the legacy form is another format") {
  const Parsed parsed(vectors::slurp(vectors::own("gomod/spicy/entry-7-6.bin.spicy")));
  CHECK(parsed.status == Status::corrupt);
  CHECK(parsed.fault.field == Field::header);
  CHECK(parsed.fault.position == 1);
}

#ifdef CAIRN_TEST_WITH_SODIUM

namespace {

// The log's and the witness's keys of the files, with the quorum given.
struct Trust {
  std::string text;
  Policy policy;

  explicit Trust(const std::string& quorum) {
    text = "log " + first_line("log.vkey") + "\nwitness w " + first_line("witness.vkey") +
           "\nquorum " + quorum + "\n";
    REQUIRE(parse_policy(vectors::view(text), policy) == Status::ok);
  }
  static std::string first_line(const std::string& file) {
    const std::string text = vectors::slurp(vectors::own("gomod/spicy/" + file));
    return text.substr(0, text.find('\n'));
  }
};

}  // namespace

TEST_CASE("tlog-proof: verified") {
  for (const char* quorum : {"w", "none"}) {
    const Trust trust(quorum);
    for (const Case& c : cases()) {
      CAPTURE(c.name, quorum);
      Verdict verdict;
      REQUIRE(verify_tlog_proof(vectors::view(c.text), leaf_hash(vectors::view(c.entry)),
                                trust.policy, signing::verifiers(), verdict) == Status::ok);
      CHECK(verdict.ok());
      CHECK(verdict.integrity == Outcome::passed);
      CHECK(verdict.position == Outcome::passed);
      CHECK(verdict.log_key == Outcome::passed);
      CHECK(verdict.completeness == Outcome::absent);
      CHECK(verdict.quorum == (std::string(quorum) == "w" ? Outcome::passed : Outcome::absent));
      CHECK(verdict.first == c.index);
      CHECK(verdict.count == 1);
      CHECK(verdict.size == c.size);
      CHECK(verdict.not_after_source == TimeSource::cosignature);
      CHECK(verdict.not_after_s > 1'700'000'000);
      CHECK_FALSE(verdict.has_close);
    }
  }
}

TEST_CASE("tlog-proof: another entry is refused") {
  const Trust trust("w");
  for (Case& c : cases()) {
    CAPTURE(c.name);
    c.entry[0] ^= 1;
    Verdict verdict;
    CHECK(verify_tlog_proof(vectors::view(c.text), leaf_hash(vectors::view(c.entry)), trust.policy,
                            signing::verifiers(), verdict) == Status::proof_invalid);
    CHECK(verdict.integrity == Outcome::failed);
    CHECK(verdict.log_key == Outcome::passed);
    CHECK_FALSE(verdict.ok());
  }
}

// `extra` is unauthenticated; every other byte counts.
TEST_CASE("tlog-proof: no byte but those of the extra line can change") {
  const Trust trust("w");
  for (const Case& c : cases()) {
    if (c.size > 70) continue;
    CAPTURE(c.name);
    const Digest leaf = leaf_hash(vectors::view(c.entry));
    size_t extra_begin = 0;
    size_t extra_end = 0;
    const size_t extra = c.text.find("\nextra ");
    if (extra != std::string::npos) {
      extra_begin = extra;
      extra_end = c.text.find('\n', extra + 1) + 1;
    }
    for (size_t i = 0; i < c.text.size(); ++i) {
      if (i >= extra_begin && i < extra_end) continue;
      std::string bad = c.text;
      bad[i] = static_cast<char>(bad[i] ^ 1);
      Verdict verdict;
      const Status status =
          verify_tlog_proof(vectors::view(bad), leaf, trust.policy, signing::verifiers(), verdict);
      CAPTURE(i);
      REQUIRE(status != Status::ok);
      CHECK_FALSE(verdict.ok());
    }
    for (size_t size = 0; size < c.text.size(); ++size) {
      Verdict verdict;
      const std::string bad = c.text.substr(0, size);
      REQUIRE(verify_tlog_proof(vectors::view(bad), leaf, trust.policy, signing::verifiers(),
                                verdict) != Status::ok);
    }
  }
}

#endif

TEST_CASE("tlog-proof: malformed in every line") {
  const std::string good = cases()[1].text;  // size 2, with an extra line and one hash
  REQUIRE(Parsed(good).status == Status::ok);
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const auto check = [](const std::string& text, Field field, uint32_t line) {
    const Parsed parsed(text);
    CAPTURE(text);
    CHECK(parsed.status == Status::corrupt);
    CHECK(parsed.fault.field == field);
    CHECK(parsed.fault.position == line);
  };
  check("", Field::header, 1);
  check(changed("c2sp.org", "c3sp.org"), Field::header, 1);
  check("c2sp.org/tlog-proof@v1", Field::header, 1);
  check("c2sp.org/tlog-proof@v1\n", Field::index, 2);
  check(changed("extra 5", "extra *"), Field::extension, 2);
  check(changed("extra 5dVD8paEKuqeaSE=", "extra "), Field::extension, 2);
  check(changed("extra 5dVD8paEKuqeaSE=", "extra 5dVD8paEKuqeaSF="), Field::extension, 2);
  check(changed("extra ", "Extra "), Field::index, 2);
  check(changed("index 1", "index 01"), Field::index, 3);
  check(changed("index 1", "index -1"), Field::index, 3);
  check(changed("index 1", "index"), Field::index, 3);
  check(changed("index 1", "index 9223372036854775808"), Field::index, 3);
  check(changed("index 1\n", "index 1\n\r"), Field::proof, 4);
  check(changed("A+aX5o", "A+aX5"), Field::proof, 4);
  check(changed("oRBE=\n", "oRBE= \n"), Field::proof, 4);
  check(changed("oRBE=\n", "oRBF=\n"), Field::proof, 4);
  check(changed("oRBE=\n\n", "oRBE=\n"), Field::proof, 5);
  check(changed("\n2\n", "\n02\n"), Field::size, 7);
  check(good + "\n", Field::signature_line, 13);
  CHECK(Parsed(changed("@v1", "@v2")).status == Status::wrong_version);
}

TEST_CASE("tlog-proof: the number of hashes is bounded") {
  const std::string good = cases()[1].text;
  const std::string hash = "A+aX5oIPwTsuiWKXUY1T6ffy4iHpOcktWIuiCjjoRBE=\n";
  const auto with_hashes = [&](size_t count) {
    std::string lines;
    for (size_t i = 0; i < count; ++i)
      lines += hash;
    std::string text = good;
    return text.replace(text.find(hash), hash.size(), lines);
  };
  CHECK(Parsed(with_hashes(64)).status == Status::ok);
  const Parsed parsed(with_hashes(65));
  CHECK(parsed.status == Status::corrupt);
  CHECK(parsed.fault.field == Field::limit);

  Digest hashes[2];
  ProofBuffer two{hashes, 2};
  TlogProof file;
  const std::string three = with_hashes(3);
  CHECK(parse_tlog_proof(vectors::view(three), file, two) == Status::full);
}

TEST_CASE("tlog-proof: a buffer that is too small") {
  const std::string good = cases()[1].text;
  const Parsed parsed(good);
  for (size_t room = 0; room < good.size(); ++room) {
    Bytes out(room);
    REQUIRE(format_tlog_proof(parsed.file, parsed.proof, {out.data(), room}).status ==
            Status::full);
  }
}
