#include <cairn/witness.hpp>
#include <functional>
#include <string>

#include "support/evidence_files.hpp"
#include "support/witness_store.hpp"

#ifdef CAIRN_TEST_WITH_SODIUM

using namespace cairn;
using evidence_files::Log;

namespace {

constexpr char name[] = "witness.example/w1";

// A log that grows, and a witness that knows it.
struct Scene {
  signing::Ed25519Pair log_key{1}, witness_key{2}, stranger{3};
  Log log{"plant.example/d1", &log_key, NoteType::ed25519, {}};
  std::string vkey = log.vkey();
  MemoryStore memory;
  uint8_t line[200];
  WitnessReply reply;

  Scene() { memory.add(vkey); }

  Log at(uint64_t size) const {
    Log out = log;
    for (uint64_t i = 0; i < size; ++i)
      out.leaves.push_back("\x40" + std::to_string(i));
    return out;
  }
  static std::string body(uint64_t old_size, const std::vector<Digest>& proof,
                          const std::string& note) {
    vectors::Bytes out(16384);
    const auto size = format_add_checkpoint(old_size, {proof.data(), proof.size()},
                                            vectors::view(note), {out.data(), out.size()});
    REQUIRE(size.ok());
    return {out.begin(), out.begin() + static_cast<long>(size.value)};
  }
  std::string request(uint64_t from, uint64_t to) const {
    const Log grown = at(to);
    const std::vector<Digest> hashes = grown.leaf_digests();
    tree::LeafSource nodes{&hashes, to};
    std::vector<Digest> proof(proof_hashes_max);
    ProofBuffer buffer{proof.data(), proof.size()};
    REQUIRE(build_consistency(from, to, nodes.source(), buffer) == Status::ok);
    proof.resize(buffer.count);
    return body(from, proof, grown.note());
  }
  WitnessAnswer ask(const std::string& body) {
    reply = add_checkpoint(vectors::view(body), memory.store(), signing::verifiers(),
                           witness_key.signer, literal(name), 1'800'000'000, line);
    CHECK((reply.answer == WitnessAnswer::cosigned) == (reply.status == Status::ok));
    CHECK((reply.answer == WitnessAnswer::cosigned) == (reply.size_bytes != 0));
    return reply.answer;
  }
  WitnessState& state() { return memory.logs.begin()->second.state; }
};

}  // namespace

TEST_CASE("witness: cosigns a log as it grows, and the same head again") {
  Scene s;
  uint64_t old_size = 0;
  for (uint64_t size : {1u, 2u, 2u, 7u, 8u, 8u, 33u}) {
    REQUIRE(s.ask(s.request(old_size, size)) == WitnessAnswer::cosigned);
    CHECK(s.state().size == size);
    CHECK(s.reply.state.size == size);
    CHECK(s.reply.checkpoint.size == size);
    CHECK(s.memory.logs.begin()->second.checkpoint == s.at(size).note());
    old_size = size;
  }
  CHECK(s.memory.keys == 7);
  CHECK(s.memory.gets == 7);
  CHECK(s.memory.sets == 7);
}

TEST_CASE("witness: an empty log may be cosigned") {
  Scene s;
  CHECK(s.ask(s.request(0, 0)) == WitnessAnswer::cosigned);
  CHECK(s.state().size == 0);
  CHECK(s.ask(s.request(0, 5)) == WitnessAnswer::cosigned);
}

TEST_CASE("witness: the conditions are looked at in the protocol's order") {
  Scene s;
  REQUIRE(s.ask(s.request(0, 8)) == WitnessAnswer::cosigned);
  const Log fork{"plant.example/d1",
                 &s.log_key,
                 NoteType::ed25519,
                 {"\x40"
                  "fork",
                  "2", "3"}};
  const Log unknown{"other.example/x", &s.stranger, NoteType::ed25519, {"x"}};
  const Log forged{"plant.example/d1", &s.stranger, NoteType::ed25519, {"x"}};

  CHECK(s.ask("old 08\n\n" + unknown.note()) == WitnessAnswer::malformed);
  CHECK(s.ask(Scene::body(9, {}, unknown.note())) == WitnessAnswer::unknown_origin);
  CHECK(s.ask(Scene::body(9, {}, forged.note())) == WitnessAnswer::not_signed);
  CHECK(s.reply.status == Status::not_found);
  std::string wrong = Scene::body(9, {}, fork.note());
  wrong[wrong.size() - 20] = wrong[wrong.size() - 20] == 'A' ? 'B' : 'A';
  CHECK(s.ask(wrong) == WitnessAnswer::not_signed);
  CHECK(s.reply.status == Status::signature_invalid);
  CHECK(s.ask(Scene::body(9, {}, fork.note())) == WitnessAnswer::malformed);
  CHECK(s.reply.status == Status::bad_argument);
  CHECK(s.ask(Scene::body(3, {}, fork.note())) == WitnessAnswer::conflict);
  CHECK(s.reply.state.size == 8);
  Log same_size = fork;
  same_size.leaves = s.at(8).leaves;
  same_size.leaves[3] += "changed";
  CHECK(s.ask(Scene::body(8, {}, same_size.note())) == WitnessAnswer::inconsistent);
  CHECK(s.reply.state.root == s.state().root);
  std::string no_proof = Scene::body(8, {}, s.at(9).note());
  CHECK(s.ask(no_proof) == WitnessAnswer::inconsistent);
  CHECK(s.memory.sets == 1);
  CHECK(s.ask(s.request(8, 9)) == WitnessAnswer::cosigned);
}

TEST_CASE("witness: a rewritten history is never cosigned") {
  Scene s;
  REQUIRE(s.ask(s.request(0, 8)) == WitnessAnswer::cosigned);
  Log rewritten = s.at(20);
  rewritten.leaves[2] += "changed";
  const std::vector<Digest> hashes = rewritten.leaf_digests();
  tree::LeafSource nodes{&hashes, 20};
  Digest proof[proof_hashes_max];
  ProofBuffer buffer{proof, proof_hashes_max};
  REQUIRE(build_consistency(8, 20, nodes.source(), buffer) == Status::ok);
  CHECK(s.ask(Scene::body(8, {proof, proof + buffer.count}, rewritten.note())) ==
        WitnessAnswer::inconsistent);
  CHECK(s.reply.status == Status::proof_invalid);
  CHECK(s.state().size == 8);
}

TEST_CASE("witness: what the store answers") {
  Scene s;
  SECTION("no key now") {
    s.memory.key_status = Status::io;
    CHECK(s.ask(s.request(0, 3)) == WitnessAnswer::unavailable);
    CHECK(s.reply.status == Status::io);
  }
  SECTION("no state now") {
    s.memory.get_status = Status::io;
    CHECK(s.ask(s.request(0, 3)) == WitnessAnswer::unavailable);
    CHECK(s.memory.sets == 0);
  }
  SECTION("cannot store") {
    s.memory.set_status = Status::io;
    CHECK(s.ask(s.request(0, 3)) == WitnessAnswer::unavailable);
    CHECK(s.reply.size_bytes == 0);
  }
  SECTION("somebody else was faster") {
    s.memory.overtaken_by = 12;
    CHECK(s.ask(s.request(0, 3)) == WitnessAnswer::conflict);
    CHECK(s.reply.state.size == 12);
    CHECK(s.memory.gets == 2);
  }
}

TEST_CASE("witness: what keeps it from cosigning is found before the state moves") {
  Scene s;
  const std::string body = s.request(0, 3);
  const auto ask = [&](const Signer& signer, ByteView as, uint64_t time, size_t room) {
    return add_checkpoint(vectors::view(body), s.memory.store(), signing::verifiers(), signer, as,
                          time, {s.line, room});
  };
  const size_t line_size = 110 + sizeof name - 1;
  const auto refused = [&](const WitnessReply& reply, Status why) {
    CHECK(reply.answer == WitnessAnswer::unavailable);
    CHECK(reply.status == why);
    CHECK(s.memory.sets == 0);
  };
  refused(ask(s.witness_key.signer, literal("two words"), 1, 200), Status::bad_argument);
  refused(ask(s.witness_key.signer, {}, 1, 200), Status::bad_argument);
  refused(ask(s.witness_key.signer, literal(name), 0, 200), Status::bad_argument);
  refused(ask(s.witness_key.signer, literal(name), uint64_t{1} << 63, 200), Status::bad_argument);
  refused(ask(s.witness_key.signer, literal(name), 1, line_size - 1), Status::full);
  Signer p256 = s.witness_key.signer;
  p256.public_key.algorithm = CAIRN_P256;
  refused(ask(p256, literal(name), 1, 200), Status::bad_argument);
  const WitnessReply reply = ask(s.witness_key.signer, literal(name), 1, line_size);
  CHECK(reply.answer == WitnessAnswer::cosigned);
  CHECK(reply.size_bytes == line_size);
  CHECK(std::string(reinterpret_cast<char*>(s.line), 4) == "\xE2\x80\x94 ");
}

TEST_CASE("witness: a signer that fails leaves no cosignature") {
  Scene s;
  Signer broken = s.witness_key.signer;
  broken.sign = [](void*, const uint8_t*, size_t, uint8_t*) {
    return static_cast<int>(Status::io);
  };
  const std::string body = s.request(0, 3);
  const WitnessReply reply = add_checkpoint(vectors::view(body), s.memory.store(),
                                            signing::verifiers(), broken, literal(name), 1, s.line);
  CHECK(reply.answer == WitnessAnswer::unavailable);
  CHECK(reply.size_bytes == 0);
  CHECK(s.ask(s.request(3, 3)) == WitnessAnswer::cosigned);
}

TEST_CASE("witness: a text that is too long to be cosigned") {
  Scene s;
  const std::string text =
      s.at(3).checkpoint_text() + std::string(CAIRN_MAX_NOTE_TEXT_BYTES, 'x') + "\n";
  const std::string note =
      text + "\n" + signing::line(s.log_key, text, "plant.example/d1", NoteType::ed25519);
  CHECK(s.ask(Scene::body(0, {}, note)) == WitnessAnswer::malformed);
  CHECK(s.reply.status == Status::unsupported);
  CHECK(s.memory.sets == 0);
}

TEST_CASE("add-checkpoint: malformed in every line") {
  Scene s;
  const std::string note = s.at(3).note();
  const std::string hash = "A+aX5oIPwTsuiWKXUY1T6ffy4iHpOcktWIuiCjjoRBE=\n";
  Digest hashes[proof_hashes_max];
  const auto parsed = [&](const std::string& body, Fault& fault,
                          size_t capacity = proof_hashes_max) {
    ProofBuffer proof{hashes, capacity};
    AddCheckpoint out;
    return parse_add_checkpoint(vectors::view(body), out, proof, &fault);
  };
  const auto check = [&](const std::string& body, Field field, uint32_t line) {
    CAPTURE(body);
    Fault fault;
    CHECK(parsed(body, fault) == Status::corrupt);
    CHECK(fault.field == field);
    CHECK(fault.position == line);
  };
  check("", Field::header, 1);
  check("old 1", Field::header, 1);
  check("Old 1\n", Field::header, 1);
  check("old1\n\n" + note, Field::header, 1);
  check("old \n\n" + note, Field::size, 1);
  check("old 01\n\n" + note, Field::size, 1);
  check("old +1\n\n" + note, Field::size, 1);
  check("old 9223372036854775808\n\n" + note, Field::size, 1);
  check("old 1\r\n\n" + note, Field::size, 1);
  check("old 1\n", Field::separator, 2);
  check("old 1\n" + hash, Field::separator, 3);
  check("old 1\n" + note, Field::proof, 2);
  check("old 1\n" + hash + note, Field::proof, 3);
  check("old 1\n" + hash.substr(0, 43) + "\n\n" + note, Field::proof, 2);
  check("old 1\n" + hash.substr(0, 43) + "*\n\n" + note, Field::proof, 2);
  check("old 1\n\n", Field::separator, 3);
  check("old 1\n\n\n" + note, Field::origin, 3);
  check("old 1\n\n" + s.at(3).checkpoint_text(), Field::separator, 6);

  const auto with_hashes = [&](size_t count) {
    std::string body = "old 1\n";
    for (size_t i = 0; i < count; ++i)
      body += hash;
    return body + "\n" + note;
  };
  Fault fault;
  CHECK(parsed(with_hashes(63), fault) == Status::ok);
  CHECK(parsed(with_hashes(3), fault, 2) == Status::full);
  check(with_hashes(64), Field::limit, 65);
}

#endif
