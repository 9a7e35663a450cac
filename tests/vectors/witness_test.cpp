// add-checkpoint sequences against the statuses of c2sp.org/tlog-witness.
#include <algorithm>
#include <cairn/witness.hpp>
#include <string>

#include "support/json_vectors.hpp"
#include "support/signing.hpp"
#include "support/witness_store.hpp"

using namespace cairn;

#ifdef CAIRN_TEST_WITH_SODIUM

namespace {

const char witness_name[] = "witness.example/w1";

// Checks the cosignature that answered `body`.
void check_cosignature(const std::string& body, ByteView line, const NoteKey& witness,
                       uint64_t time) {
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  AddCheckpoint request;
  REQUIRE(parse_add_checkpoint(vectors::view(body), request, proof) == Status::ok);
  const std::string cosigned = std::string(request.checkpoint.text(), request.checkpoint.size) +
                               std::string(line.text(), line.size);
  Note note;
  REQUIRE(parse_note(vectors::view(cosigned), note) == Status::ok);
  NoteVerdict verdict;
  REQUIRE(verify_note(note, witness, signing::verifiers(), &verdict) == Status::ok);
  CHECK(verdict.time == time);
}

struct Step {
  std::string name;
  std::string body;
  int status;
};

// Plays the steps against one witness that starts empty. Returns how many were cosigned.
int play(const std::string& log_vkey, const std::vector<Step>& steps) {
  MemoryStore logs;
  logs.add(log_vkey);
  const signing::Ed25519Pair key(9);
  const NoteKey witness =
      note_key(literal(witness_name), NoteType::cosignature, key.signer.public_key);
  int cosigned = 0;
  uint64_t time = 1'800'000'000;
  for (const Step& step : steps) {
    CAPTURE(step.name);
    uint8_t line[200];
    const WitnessState before = logs.logs.begin()->second.state;
    const WitnessReply reply =
        add_checkpoint(vectors::view(step.body), logs.store(), signing::verifiers(), key.signer,
                       literal(witness_name), ++time, line);
    CHECK(static_cast<int>(reply.answer) == step.status);
    const WitnessState after = logs.logs.begin()->second.state;
    if (reply.answer == WitnessAnswer::cosigned) {
      ++cosigned;
      CHECK(after.size == reply.checkpoint.size);
      CHECK(after.root == reply.checkpoint.root);
      check_cosignature(step.body, {line, reply.size_bytes}, witness, time);
    } else {
      CHECK(reply.size_bytes == 0);
      CHECK(reply.status != Status::ok);
      CHECK(after.size == before.size);
      CHECK(after.root == before.root);
    }
    if (reply.answer == WitnessAnswer::conflict) CHECK(reply.state.size == before.size);
    if (reply.answer == WitnessAnswer::malformed && reply.status == Status::corrupt) {
      CHECK(reply.fault.field != Field::none);
      CHECK(reply.fault.position != 0);
    }
  }
  return cosigned;
}

// `missing` is put behind the step named `behind`.
void play_transcript(const std::string& file, size_t step_count, const Step& missing = {},
                     const std::string& behind = "") {
  const auto transcript = vectors::json(vectors::own("gomod/" + file));
  std::vector<Step> steps;
  int expected = 0;
  for (const auto& step : transcript["steps"]) {
    steps.push_back({step["step"], step["request_body"], step["spec_status"]});
    expected += steps.back().status == 200 ? 1 : 0;
  }
  REQUIRE(steps.size() == step_count);
  const auto at = std::find_if(steps.begin(), steps.end(),
                               [&](const Step& step) { return step.name == behind; });
  if (at != steps.end()) {
    steps.insert(at + 1, missing);
    ++expected;
  }
  CHECK(play(transcript["log_vkey"], steps) == expected);
}

}  // namespace

TEST_CASE("witness: the valid requests, in order") {
  const auto file = vectors::json(vectors::own("gomod/witness_requests.json"));
  std::vector<Step> steps;
  for (const auto& request : file["requests"])
    steps.push_back({request["name"], request["body"], 200});
  REQUIRE(steps.size() == 7);
  CHECK(play(file["log_vkey"], steps) == 7);
}

TEST_CASE("witness: what sigsum-witness was asked") {
  play_transcript("witness_transcript_sigsum.json", 27);
}

// This witness took size 1 from a request that the protocol refuses (old0-nonempty-proof), so the
// transcript lacks the legal step there.
TEST_CASE("witness: what litewitness was asked") {
  const auto requests = vectors::json(vectors::own("gomod/witness_requests.json"));
  play_transcript("witness_transcript_litewitness.json", 26,
                  {"0-to-1", requests["requests"][0]["body"], 200}, "old0-nonempty-proof");
}

#endif

TEST_CASE("add-checkpoint bodies are rebuilt byte for byte") {
  const auto file = vectors::json(vectors::own("gomod/witness_requests.json"));
  for (const auto& request : file["requests"]) {
    const std::string body = request["body"];
    Digest hashes[proof_hashes_max];
    ProofBuffer proof{hashes, proof_hashes_max};
    AddCheckpoint parsed;
    REQUIRE(parse_add_checkpoint(vectors::view(body), parsed, proof) == Status::ok);
    CHECK(parsed.old_size == request["old"].get<uint64_t>());
    vectors::Bytes out(body.size());
    const Result<size_t> size =
        format_add_checkpoint(parsed.old_size, proof, parsed.checkpoint, {out.data(), out.size()});
    REQUIRE(size.status == Status::ok);
    CHECK(std::string(out.begin(), out.end()) == body);
    CHECK(format_add_checkpoint(parsed.old_size, proof, parsed.checkpoint,
                                {out.data(), out.size() - 1})
              .status == Status::full);
  }
}
