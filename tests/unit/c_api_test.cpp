// The C API, called from C (the c_api_*.c files beside this one), and what both languages share.
#include "c_api_test.h"

#include <cairn/cairn.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

// A C function's answer is the line of the check that failed.
#define C_CASE(name, function) \
  TEST_CASE(name) {            \
    CHECK(function() == 0);    \
  }

C_CASE("C: texts, bytes and base64", c_api_bytes)
C_CASE("C: SHA-256", c_api_sha256)
C_CASE("C: tree", c_api_tree)
C_CASE("C: subtrees", c_api_subtrees)
C_CASE("C: proofs", c_api_proofs)
C_CASE("C: signers, flash and clocks", c_api_port)
C_CASE("C: verifier keys", c_api_keys)
C_CASE("C: notes", c_api_notes)
C_CASE("C: checkpoints", c_api_checkpoints)
C_CASE("C: checkpoints on the air", c_api_air)
C_CASE("C: policies", c_api_policy)
C_CASE("C: quorum", c_api_quorum)
C_CASE("C: leaves", c_api_leaves)
C_CASE("C: samples", c_api_samples)
C_CASE("C: leaves of controllers", c_api_control)
C_CASE("C: log", c_api_log)
C_CASE("C: room in a log", c_api_log_room)
C_CASE("C: batches and proofs from a log", c_api_batches)
C_CASE("C: cursor", c_api_cursor)
C_CASE("C: recorder", c_api_recorder)
C_CASE("C: opening a recorder", c_api_recorder_open)
C_CASE("C: a recorder in steps", c_api_steps)
C_CASE("C: evidence", c_api_evidence)
C_CASE("C: verifying evidence", c_api_verify)
C_CASE("C: receipts of outside ledgers", c_api_receipts)
C_CASE("C: .tlog-proof", c_api_tlog_proof)
C_CASE("C: witness", c_api_witness)
C_CASE("C: witness refuses", c_api_witness_refuses)
C_CASE("C: reports", c_api_reports)
C_CASE("C: reporter", c_api_reporter)
#ifdef CAIRN_TEST_WITH_SODIUM
C_CASE("C: Ed25519", c_api_ed25519)

TEST_CASE("C: the sample of examples/04_verify_in_c is what the library writes") {
  uint8_t evidence[4096];
  char policy[1024];
  size_t evidence_size = 0, policy_size = 0;
  REQUIRE(c_api_sample(evidence, sizeof evidence, &evidence_size, policy, sizeof policy,
                       &policy_size) == 0);
  const std::string folder = CAIRN_TEST_SAMPLE;
  CHECK(std::string(evidence, evidence + evidence_size) ==
        vectors::slurp(folder + "/reading.cairn"));
  CHECK(std::string(policy, policy_size) == vectors::slurp(folder + "/press-7.policy"));
}
#endif
#ifdef CAIRN_TEST_WITH_PSA
C_CASE("C: P-256", c_api_p256)
#endif

TEST_CASE("every status has its number in C, and no number is left over") {
  // src/c_api_bytes.cpp asserts them one by one; this asks the words that users see.
  const struct {
    int number;
    cairn::Status status;
  } all[] = {
      {CAIRN_OK, cairn::Status::ok},
      {CAIRN_E_END, cairn::Status::end},
      {CAIRN_E_FULL, cairn::Status::full},
      {CAIRN_E_NOT_FOUND, cairn::Status::not_found},
      {CAIRN_E_BAD_ARGUMENT, cairn::Status::bad_argument},
      {CAIRN_E_BAD_STATE, cairn::Status::bad_state},
      {CAIRN_E_IO, cairn::Status::io},
      {CAIRN_E_UNREADABLE, cairn::Status::unreadable},
      {CAIRN_E_CORRUPT, cairn::Status::corrupt},
      {CAIRN_E_DAMAGED, cairn::Status::damaged},
      {CAIRN_E_NOT_FORMATTED, cairn::Status::not_formatted},
      {CAIRN_E_WRONG_VERSION, cairn::Status::wrong_version},
      {CAIRN_E_PROOF_INVALID, cairn::Status::proof_invalid},
      {CAIRN_E_SIGNATURE_INVALID, cairn::Status::signature_invalid},
      {CAIRN_E_PRUNED, cairn::Status::pruned},
      {CAIRN_E_UNSUPPORTED, cairn::Status::unsupported},
  };
  int expected = 0;
  for (const auto& one : all) {
    CAPTURE(one.number);
    CHECK(one.number == static_cast<int>(one.status));
    CHECK(one.number == expected--);
    CHECK(std::string(cairn_status_text(one.number)) == cairn::status_text(one.status));
  }
  CHECK(std::string(cairn_status_text(expected)) == "unknown status");
}

TEST_CASE("C and C++ agree on options and sizes") {
  CHECK(c_api_max_levels() == CAIRN_MAX_LEVELS);
  CHECK(c_api_log_size() >= sizeof(cairn::Log));
  CHECK(c_api_log_size() <= sizeof(cairn::Log) + 32);
  CHECK(c_api_recorder_size() >= sizeof(cairn::Recorder));
  CHECK(c_api_recorder_size() <= sizeof(cairn::Recorder) + 32);
}
