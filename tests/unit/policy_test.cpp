// Policies: their text, and what a note's cosignatures amount to under them.
#include <cairn/policy.hpp>
#include <memory>

#include "support/catch.hpp"
#include "support/signing.hpp"
#include "support/vectors.hpp"

#ifdef CAIRN_TEST_WITH_SODIUM

using cairn::Fault;
using cairn::Field;
using cairn::Note;
using cairn::NoteKey;
using cairn::NoteType;
using cairn::Policy;
using cairn::QuorumResult;
using cairn::Status;
using vectors::view;

namespace {

const std::string text = "log.example\n70\nBAObMt6XsWzhlguTrYgYc0qgjKTEWuKpmTLfPyO+3CE=\n";

std::string str(cairn::ByteView bytes) {
  return {bytes.text(), bytes.size};
}

// Witness number n signs as "wN" with a key of its own.
std::string witness_name(int n) {
  return "w" + std::to_string(n);
}

const signing::Ed25519Pair& pair_of(int n) {
  static std::vector<std::unique_ptr<signing::Ed25519Pair>> pairs;
  while (pairs.size() <= static_cast<size_t>(n))
    pairs.push_back(std::make_unique<signing::Ed25519Pair>(static_cast<uint8_t>(1 + pairs.size())));
  return *pairs[static_cast<size_t>(n)];
}

std::string witness_vkey(int n, NoteType type = NoteType::cosignature) {
  return signing::vkey(pair_of(n), witness_name(n), type);
}

std::string witness_line(int n) {
  return "witness " + witness_name(n) + " " + witness_vkey(n) + "\n";
}

const signing::Ed25519Pair& log_pair() {
  return pair_of(100);
}

std::string log_line(const std::string& name = "log.example", int key = 100) {
  return "log " + signing::vkey(pair_of(key), name, NoteType::ed25519) + "\n";
}

NoteKey log_key() {
  return cairn::note_key(cairn::literal("log.example"), NoteType::ed25519,
                         log_pair().signer.public_key);
}

std::string cosignature(int n, uint64_t time) {
  return signing::line(pair_of(n), text, witness_name(n), NoteType::cosignature, time);
}

std::string log_signature() {
  return signing::line(log_pair(), text, "log.example", NoteType::ed25519);
}

// What check_quorum says about a note with these lines.
Status check(const std::string& policy_text, const std::string& lines, QuorumResult& out) {
  Policy policy;
  Fault fault;
  const Status parsed = cairn::parse_policy(view(policy_text), policy, &fault);
  CAPTURE(policy_text, cairn::field_text(fault.field), fault.position);
  REQUIRE(parsed == Status::ok);
  const std::string note = text + "\n" + lines;
  Note parsed_note;
  REQUIRE(cairn::parse_note(view(note), parsed_note) == Status::ok);
  return cairn::check_quorum(policy, parsed_note, log_key(), signing::verifiers(), out);
}

// Whether exactly these witnesses reach the quorum; witness n signs at time 1000 + n.
bool reached(const std::string& policy_text, const std::vector<int>& signers) {
  std::string lines = log_signature();
  for (int n : signers)
    lines += cosignature(n, 1000 + static_cast<uint64_t>(n));
  QuorumResult result;
  REQUIRE(check(policy_text, lines, result) == Status::ok);
  REQUIRE(result.valid == signers.size());
  return result.reached;
}

}  // namespace

TEST_CASE("a policy is read with its blanks, comments and URLs") {
  const std::string w2 = witness_vkey(2, NoteType::ed25519);
  const std::string source =
      "# a comment\n\n \t \n\t# another\n" + log_line().substr(0, log_line().size() - 1) +
      " https://log.example/\n"
      "witness\tfirst   " +
      witness_vkey(1) + " \thttps://w1.example/  \n" + "  witness \xFF " + w2 +
      "\n"
      "group both all first \xFF\n"
      "group top any both\n"
      "quorum top\t\n"
      "witness later " +
      witness_vkey(3) + "\n";
  Policy policy;
  REQUIRE(cairn::parse_policy(view(source), policy) == Status::ok);
  REQUIRE(policy.log_count == 1);
  CHECK(str(policy.logs[0].key.name) == "log.example");
  CHECK(str(policy.logs[0].url) == "https://log.example/");
  REQUIRE(policy.witness_count == 3);
  CHECK(str(policy.witnesses[0].name) == "first");
  CHECK(str(policy.witnesses[0].key.name) == "w1");
  CHECK(str(policy.witnesses[0].url) == "https://w1.example/");
  CHECK(policy.witnesses[0].parent == 0);
  CHECK(str(policy.witnesses[1].name) == "\xFF");
  CHECK(policy.witnesses[1].url.empty());
  // A plain Ed25519 key is taken as the same key's cosigning form.
  CHECK(policy.witnesses[1].key.type == NoteType::cosignature);
  CHECK(policy.witnesses[2].parent == -1);
  REQUIRE(policy.group_count == 2);
  CHECK((policy.groups[0].threshold == 2 && policy.groups[0].members == 2));
  CHECK(policy.groups[0].parent == 1);
  CHECK((policy.groups[1].threshold == 1 && policy.groups[1].members == 1));
  CHECK(policy.groups[1].parent == -1);
  CHECK(policy.quorum == Policy::Quorum::group);
  CHECK(policy.quorum_index == 1);
}

TEST_CASE("the smallest policies") {
  Policy policy;
  CHECK(cairn::parse_policy(cairn::literal("quorum none\n"), policy) == Status::ok);
  CHECK(policy.quorum == Policy::Quorum::none);
  const std::string one = witness_line(1) + "quorum w1\n";
  REQUIRE(cairn::parse_policy(view(one), policy) == Status::ok);
  CHECK(policy.quorum == Policy::Quorum::witness);
  CHECK(policy.quorum_index == 0);
}

TEST_CASE("a malformed policy is refused with the field and the line") {
  const std::string w1 = witness_line(1);
  const std::string w2 = witness_line(2);
  const std::string both = w1 + w2;
  const std::string end = "quorum none\n";
  const struct {
    const char* what;
    std::string policy;
    Field field;
    uint32_t line;
  } cases[] = {
      {"empty", "", Field::quorum, 1},
      {"no quorum", both, Field::quorum, 2},
      {"two quorums", end + "\n" + end, Field::quorum, 3},
      {"empty quorum", "quorum\n", Field::quorum, 1},
      {"unknown quorum", w1 + "quorum w2\n", Field::quorum, 2},
      {"quorum before its name", "quorum w1\n" + w1, Field::quorum, 1},
      {"two names in a quorum", both + "quorum w1 w2\n", Field::order, 3},
      {"no final line end", "quorum none", Field::encoding, 1},
      {"rest behind the last line end", end + " ", Field::encoding, 2},
      {"carriage return", w1 + "quorum none\r\n", Field::encoding, 2},
      {"zero byte", "quorum none\n" + std::string("#\0\n", 3), Field::encoding, 2},
      {"DEL", "# \x7F\n" + end, Field::encoding, 1},
      {"unknown keyword", end + "\nwitnes w1 x\n", Field::keyword, 3},
      {"keyword in capitals", "Quorum none\n", Field::keyword, 1},
      {"log without a key", "log\n" + end, Field::key_name, 1},
      {"log with half a key", "log a+00000000\n" + end, Field::key_id, 1},
      {"log with a wrong key", "log a+00000000+AQ==\n" + end, Field::public_key, 1},
      {"log with a word too many", "log " + witness_vkey(1) + " url more\n" + end, Field::order, 1},
      {"one log twice", log_line() + log_line() + end, Field::duplicate, 2},
      {"one log key under two names", log_line() + log_line("other") + end, Field::duplicate, 2},
      {"witness without a name", "witness\n" + end, Field::member, 1},
      {"witness without a key", "witness w\n" + end, Field::key_name, 1},
      {"witness named none", "witness none " + witness_vkey(1) + "\n" + end, Field::duplicate, 1},
      {"witness with a word too many", "witness w " + witness_vkey(1) + " url x\n" + end,
       Field::order, 1},
      {"one witness name twice", w1 + "witness w1 " + witness_vkey(2) + "\n" + end,
       Field::duplicate, 2},
      {"one witness key twice", w1 + "witness x " + witness_vkey(1) + "\n" + end, Field::duplicate,
       2},
      {"one witness key in both forms",
       w1 + "witness x " + witness_vkey(1, NoteType::ed25519) + "\n" + end, Field::duplicate, 2},
      {"group without a name", w1 + "group\n" + end, Field::group, 2},
      {"group without a threshold", w1 + "group g\n" + end, Field::member, 2},
      {"group without members", w1 + "group g any\n" + end, Field::member, 2},
      {"group named none", w1 + "group none any w1\n" + end, Field::duplicate, 2},
      {"group named as a witness", w1 + "group w1 any w1\n" + end, Field::duplicate, 2},
      {"group named as a group", both + "group g any w1\ngroup g any w2\n" + end, Field::duplicate,
       4},
      {"threshold 0", w1 + "group g 0 w1\n" + end, Field::group, 2},
      {"threshold above the members", both + "group g 3 w1 w2\n" + end, Field::group, 3},
      {"threshold with a zero", w1 + "group g 01 w1\n" + end, Field::group, 2},
      {"threshold in words", w1 + "group g ALL w1\n" + end, Field::group, 2},
      {"threshold beyond 64 bits", w1 + "group g 18446744073709551617 w1\n" + end, Field::group, 2},
      {"threshold 257", w1 + "group g 257 w1\n" + end, Field::group, 2},
      {"unknown member", w1 + "group g any w2\n" + end, Field::member, 2},
      {"none as a member", w1 + "group g any none\n" + end, Field::member, 2},
      {"later member", "group g any w1\n" + w1 + end, Field::member, 1},
      {"itself as a member", w1 + "group g any g\n" + end, Field::member, 2},
      {"one member twice", w1 + "group g any w1 w1\n" + end, Field::duplicate, 2},
      {"one member of two groups", w1 + "group g any w1\ngroup h any w1\n" + end, Field::duplicate,
       3},
      {"one group in two groups", w1 + "group g any w1\ngroup h any g\ngroup i any g\n" + end,
       Field::duplicate, 4},
  };
  for (const auto& c : cases) {
    CAPTURE(c.what);
    Policy policy;
    Fault fault;
    REQUIRE(cairn::parse_policy(view(c.policy), policy, &fault) == Status::corrupt);
    CHECK(std::string(cairn::field_text(fault.field)) == cairn::field_text(c.field));
    CHECK(fault.position == c.line);
    // Nothing of a refused policy is left to be used.
    CHECK((policy.log_count == 0 && policy.witness_count == 0 && policy.group_count == 0));
    CHECK(cairn::parse_policy(view(c.policy), policy) == Status::corrupt);
  }
}

TEST_CASE("keys that serve another purpose are refused") {
  Policy policy;
  Fault fault;
  NoteKey p256 = {cairn::literal("p"), NoteType::ecdsa, {CAIRN_P256, {}}};
  uint8_t out[256];
  const auto size = cairn::format_vkey(p256, out);
  REQUIRE(size.ok());
  const std::string vkey = str({out, size.value});
  const std::string as_log = "log " + vkey + "\nquorum none\n";
  CHECK(cairn::parse_policy(view(as_log), policy) == Status::ok);
  const std::string as_witness = "\nwitness p " + vkey + "\nquorum p\n";
  REQUIRE(cairn::parse_policy(view(as_witness), policy, &fault) == Status::corrupt);
  CHECK((fault.field == Field::key_type && fault.position == 2));

  const std::string unknown_type = "log a+00000000+Bg==\nquorum none\n";
  REQUIRE(cairn::parse_policy(view(unknown_type), policy, &fault) == Status::unsupported);
  CHECK((fault.field == Field::key_type && fault.position == 1));
}

TEST_CASE("a policy holds 32 logs, 32 witnesses and 32 groups, and no more") {
  std::string logs, witnesses, groups;
  for (int i = 0; i < 32; ++i) {
    logs += log_line("log" + std::to_string(i), 100 + i);
    witnesses += witness_line(i);
    groups += "group g" + std::to_string(i) + " all w" + std::to_string(i) +
              (i > 0 ? " g" + std::to_string(i - 1) : "") + "\n";
  }
  Policy policy;
  Fault fault;
  const std::string full = logs + witnesses + groups + "quorum g31\n";
  REQUIRE(cairn::parse_policy(view(full), policy) == Status::ok);
  CHECK((policy.log_count == 32 && policy.witness_count == 32 && policy.group_count == 32));
  const std::string more[] = {log_line("log", 99), witness_line(50), "group g any w0\n"};
  for (const std::string& line : more) {
    CAPTURE(line);
    const std::string over = full + line;
    REQUIRE(cairn::parse_policy(view(over), policy, &fault) == Status::corrupt);
    CHECK((fault.field == Field::limit && fault.position == 98));
  }
  // 32 groups deep, each needing its witness: all must sign.
  std::vector<int> signers;
  for (int i = 0; i < 32; ++i)
    signers.push_back(i);
  CHECK(reached(full, signers));
  signers.erase(signers.begin());
  CHECK_FALSE(reached(full, signers));
}

TEST_CASE("a group of 63 members counts them all") {
  std::string source;
  for (int i = 0; i < 32; ++i)
    source += witness_line(i);
  for (int i = 0; i < 31; ++i)
    source += "group g" + std::to_string(i) + " any w" + std::to_string(i) + "\n";
  source += "group top all w31";
  for (int i = 0; i < 31; ++i)
    source += " g" + std::to_string(i);
  source += "\nquorum top\n";
  std::vector<int> signers;
  for (int i = 1; i < 32; ++i)
    signers.push_back(i);
  CHECK_FALSE(reached(source, signers));
  signers.push_back(0);
  CHECK(reached(source, signers));
}

TEST_CASE("a quorum is reached as its groups say") {
  const std::string names = witness_line(0) + witness_line(1) + witness_line(2) + witness_line(3) +
                            witness_line(4) + log_line();
  SECTION("none") {
    CHECK(reached(names + "quorum none\n", {}));
    CHECK(reached(names + "quorum none\n", {1}));
  }
  SECTION("one witness") {
    CHECK_FALSE(reached(names + "quorum w2\n", {}));
    CHECK_FALSE(reached(names + "quorum w2\n", {0, 1, 3, 4}));
    CHECK(reached(names + "quorum w2\n", {2}));
  }
  SECTION("thresholds") {
    const std::string any = names + "group g any w0 w1 w2\nquorum g\n";
    CHECK_FALSE(reached(any, {}));
    CHECK_FALSE(reached(any, {3, 4}));
    CHECK(reached(any, {1}));
    const std::string two = names + "group g 2 w0 w1 w2\nquorum g\n";
    CHECK_FALSE(reached(two, {0, 3, 4}));
    CHECK(reached(two, {0, 2}));
    CHECK(reached(two, {0, 1, 2}));
    const std::string all = names + "group g all w0 w1 w2\nquorum g\n";
    CHECK_FALSE(reached(all, {0, 1}));
    CHECK(reached(all, {0, 1, 2}));
  }
  SECTION("nested groups") {
    const std::string nested = names +
                               "group x 2 w0 w1 w2\n"
                               "group y any w3 w4\n"
                               "group top all x y\n"
                               "quorum top\n";
    CHECK(reached(nested, {0, 1, 3}));
    CHECK(reached(nested, {1, 2, 4}));
    CHECK_FALSE(reached(nested, {0, 1, 2}));
    CHECK_FALSE(reached(nested, {0, 3, 4}));
    CHECK_FALSE(reached(nested, {3, 4}));
  }
  SECTION("a group outside the quorum does not count") {
    const std::string apart = names + "group x any w0\ngroup y any w1\nquorum y\n";
    CHECK_FALSE(reached(apart, {0}));
    CHECK(reached(apart, {1}));
  }
}

TEST_CASE("a nested quorum agrees with its definition for every set of witnesses") {
  std::string source = log_line();
  for (int i = 0; i < 6; ++i)
    source += witness_line(i);
  source +=
      "group a 2 w0 w1 w2\n"
      "group b any w3 a\n"
      "group c 2 w4 w5 b\n"
      "quorum c\n";
  for (unsigned set = 0; set < 64; ++set) {
    std::vector<int> signers;
    for (int i = 0; i < 6; ++i) {
      if ((set >> i & 1) != 0) signers.push_back(i);
    }
    const auto bit = [&](unsigned i) { return set >> i & 1; };
    const bool a = bit(0) + bit(1) + bit(2) >= 2;
    const bool b = bit(3) != 0 || a;
    const bool c = bit(4) + bit(5) + (b ? 1u : 0u) >= 2;
    CAPTURE(set);
    CHECK(reached(source, signers) == c);
  }
}

TEST_CASE("cosignatures are counted, with their times") {
  const std::string source = log_line() + witness_line(0) + witness_line(1) + witness_line(2) +
                             "group g 2 w0 w1 w2\nquorum g\n";
  QuorumResult result;
  REQUIRE(check(source, log_signature(), result) == Status::ok);
  CHECK_FALSE(result.reached);
  CHECK((result.valid == 0 && result.invalid == 0 && result.unknown == 0));
  CHECK((result.time_min == 0 && result.time_max == 0 && result.time_quorum == 0));

  // One witness: no quorum, but its time is known.
  REQUIRE(check(source, log_signature() + cosignature(1, 500), result) == Status::ok);
  CHECK_FALSE(result.reached);
  CHECK((result.time_min == 500 && result.time_max == 500 && result.time_quorum == 0));
  CHECK((result.time_min_witness == 1 && result.witnesses == 2));

  // Three in disorder: the quorum stood when the second had signed.
  REQUIRE(check(source,
                cosignature(2, 900) + log_signature() + cosignature(0, 700) + cosignature(1, 800),
                result) == Status::ok);
  CHECK(result.reached);
  CHECK(result.valid == 3);
  CHECK((result.time_min == 700 && result.time_max == 900 && result.time_quorum == 800));
  CHECK((result.time_min_witness == 0 && result.witnesses == 7));

  // Strangers, and another log of the policy.
  const std::string stranger = cosignature(9, 100);
  const std::string second = log_line("second", 101);
  const std::string by_second = signing::line(pair_of(101), text, "second", NoteType::ed25519);
  REQUIRE(check(second + source, by_second + stranger + stranger + log_signature(), result) ==
          Status::ok);
  CHECK(result.unknown == 2);
  CHECK(result.time_min == 0);
}

TEST_CASE("a wrong line of a witness spoils the note, but all are counted") {
  const std::string source =
      log_line() + witness_line(0) + witness_line(1) + "group g any w0 w1\nquorum g\n";
  const std::string other = "other.example" + text.substr(11);
  const std::string wrong =
      signing::line(pair_of(0), other, witness_name(0), NoteType::cosignature, 5);
  QuorumResult result;
  CHECK(check(source, wrong + cosignature(1, 6), result) == Status::signature_invalid);
  CHECK((result.valid == 1 && result.invalid == 1 && result.reached));

  // The first line of a witness counts, whatever follows.
  CHECK(check(source, wrong + cosignature(0, 6), result) == Status::signature_invalid);
  CHECK((result.valid == 0 && result.invalid == 1));
  CHECK(check(source, cosignature(0, 6) + wrong, result) == Status::ok);
  CHECK((result.valid == 1 && result.invalid == 0 && result.unknown == 0));

  // A plain signature by a witness's key is no cosignature: another key id, so a stranger's.
  const std::string plain = signing::line(pair_of(0), text, witness_name(0), NoteType::ed25519);
  CHECK(check(source, plain, result) == Status::ok);
  CHECK((result.valid == 0 && result.unknown == 1));
}

TEST_CASE("without a verifier nothing is said about a quorum") {
  const std::string source = witness_line(0) + "quorum w0\n";
  Policy policy;
  REQUIRE(cairn::parse_policy(view(source), policy) == Status::ok);
  const std::string note = text + "\n" + cosignature(0, 5);
  Note parsed;
  REQUIRE(cairn::parse_note(view(note), parsed) == Status::ok);
  QuorumResult result;
  CHECK(cairn::check_quorum(policy, parsed, log_key(), {}, result) == Status::unsupported);
  CHECK_FALSE(result.reached);
}

TEST_CASE("a log is found by its origin, all its keys in turn") {
  const std::string source =
      log_line("a", 101) + log_line("b", 102) + log_line("a", 103) + "quorum none\n";
  Policy policy;
  REQUIRE(cairn::parse_policy(view(source), policy) == Status::ok);
  const NoteKey* first = cairn::find_log(policy, cairn::literal("a"));
  REQUIRE(first != nullptr);
  CHECK(first->key == pair_of(101).signer.public_key);
  const NoteKey* second = cairn::find_log(policy, cairn::literal("a"), first);
  REQUIRE(second != nullptr);
  CHECK(second->key == pair_of(103).signer.public_key);
  CHECK(cairn::find_log(policy, cairn::literal("a"), second) == nullptr);
  REQUIRE(cairn::find_log(policy, cairn::literal("b")) != nullptr);
  CHECK(cairn::find_log(policy, cairn::literal("c")) == nullptr);
  CHECK(cairn::find_log(policy, {}) == nullptr);
}

#endif
