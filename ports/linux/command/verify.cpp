// cairn verify: the verdict about evidence, from nothing but public keys.
#include <cairn/evidence.hpp>
#include <cairn/linux/anchor_trust.hpp>
#include <cairn/merkle.hpp>

#include "commands.hpp"
#include "evidence_text.hpp"
#include "files.hpp"
#include "receipt_text.hpp"
#include "text.hpp"
#include "verdict_text.hpp"

namespace command {

using cairn::Status;

namespace {

struct VerifyArguments {
  std::string policy;
  std::string anchors;
  std::string record;
  std::string file;
};

/// A .tlog-proof holds no record: the leaf, or the body of an opaque record or a sample, comes
/// with it.
Status verify_proof(const std::string& proof, const std::string& record,
                    const cairn::Policy& policy, cairn::Verdict& verdict) {
  const std::string candidates[] = {record, std::string(1, char(cairn::Kind::opaque)) + record,
                                    std::string(1, char(cairn::Kind::sample)) + record};
  Status first = Status::ok;
  for (const std::string& leaf : candidates) {
    cairn::Verdict attempt;
    const Status status = cairn::verify_tlog_proof(view(proof), cairn::leaf_hash(view(leaf)),
                                                   policy, cairn::host::all_verifiers(), attempt);
    if (&leaf == candidates) {
      first = status;
      verdict = attempt;
    }
    if (status != Status::proof_invalid && &leaf != candidates) {
      verdict = attempt;
      return status;
    }
    if (status != Status::proof_invalid) break;
  }
  return first;
}

/// The receipts of evidence, and, when it has been verified, the records of its lowest level.
void print_content(const Output& output, const std::string& file,
                   const cairn::host::AnchorTrust& anchors, const cairn::Verdict& verdict,
                   Json& report) {
  const auto evidence = std::make_unique<cairn::Evidence>();
  if (cairn::parse_evidence(view(file), *evidence) != Status::ok) return;
  report["receipts"] = print_receipts(output, *evidence, anchors.findings());
  if (verdict.ok()) report["records"] = print_records(output, evidence->levels[0]);
}

int verify(const VerifyArguments& arguments, const Output& output) {
  const std::string policy_text = read_input(arguments.policy);
  const auto policy = std::make_unique<cairn::Policy>();
  cairn::Fault fault;
  Status status = cairn::parse_policy(view(policy_text), *policy, &fault);
  if (status != Status::ok) throw refused(arguments.policy, status, fault);
  const std::string file = read_input(arguments.file);
  const bool has_record = !arguments.record.empty();
  const std::string record = has_record ? read_input(arguments.record) : "";
  const cairn::ByteView record_view = view(record);
  const bool proof =
      file.rfind("c2sp.org/tlog-proof@", 0) == 0 || ends_with(arguments.file, ".tlog-proof");
  if (proof && !has_record)
    throw wrong_use(arguments.file, "a .tlog-proof does not hold the record that it is about",
                    "Name the record's file with --record.");
  cairn::host::AnchorTrust anchors;
  if (!arguments.anchors.empty()) require(anchors.load(arguments.anchors));
  cairn::Verdict verdict;
  status = proof ? verify_proof(file, record, *policy, verdict)
                 : anchors.verify(view(file), *policy, cairn::host::all_verifiers(),
                                  has_record ? &record_view : nullptr, verdict);
  if (status == Status::wrong_version || status == Status::unsupported)
    throw refused(arguments.file, status, verdict.fault, Position::byte);
  print_verdict(output, arguments.file, verdict, *policy);
  Json report = verdict_json(arguments.file, verdict, *policy);
  if (!proof) print_content(output, file, anchors, verdict, report);
  output.object(report);
  return verdict.ok() ? exit_done : exit_not_verified;
}

}  // namespace

void add_verify(Commands& commands) {
  const auto arguments = std::make_shared<VerifyArguments>();
  CLI::App& verb = commands.add(
      {"verify",
       "Verify evidence, offline",
       "Reads evidence (.cairn, or a .tlog-proof with its record) and a policy, nothing else: no\n"
       "log, no network, no private key. Prints what each question came to, with the reason:\n\n"
       "  integrity     the record's bytes are the ones that were signed\n"
       "  position      they stand at this index of a log of this size\n"
       "  completeness  of a range: nothing is missing between its ends\n"
       "  log key       the log that the policy trusts signed it\n"
       "  quorum        enough of the policy's witnesses cosigned\n"
       "  anchors       receipts of outside ledgers, each with what it proves and what not\n"
       "  not before, not after, device time: when, and who says so\n\n"
       "An absent answer is not a failure, unless the policy asks for it. Exit status 0 when\n"
       "everything that must hold does, 1 when something does not, 2 when a file cannot be "
       "read.\n\n"
       "The policy is a text file, format c2sp.org/tlog-policy; `cairn policy --help` has an\n"
       "example. Take the keys in it from their owners.\n\n"
       "Receipts are checked against a second text file, --anchors, one thing to trust a line:\n\n"
       "  tsa NAME FILE.pem      a time-stamping authority (RFC 3161), by its root certificate\n"
       "  chain NAME CHAIN-ID CONTRACT SUBMITTER eth|qbft\n"
       "                         the anchor contract on an EVM chain, and the gateway's address\n"
       "  block NAME HASH        eth: a block that a node you trust calls final\n"
       "  validator NAME ADDRESS qbft: one of the chain's validators; name all of them\n"
       "  require NUMBER         so many different anchors must have passed; else none must\n\n"
       "Without it, and of anchors that it does not name, receipts are present and not checked.",
       {{"Verify evidence", "cairn verify --policy plant.policy press4-1042.cairn"},
        {"Check also that it is about the record you hold",
         "cairn verify --policy plant.policy --record reading.bin press4-1042.cairn"},
        {"Verify a standard proof of a record",
         "cairn verify --policy plant.policy --record reading.bin press4-1042.tlog-proof"},
        {"Check receipts of outside ledgers, too",
         "cairn verify --policy plant.policy --anchors plant.anchors press4-1042.cairn"},
        {"In a script", "cairn verify --json --policy plant.policy press4-1042.cairn | jq .ok"}}},
      [arguments](const Output& output) { return verify(*arguments, output); });
  add_file(verb, "FILE", arguments->file, "The evidence: .cairn or .tlog-proof").required();
  add_file(verb, "--policy", arguments->policy, "Which keys to trust, and how many witnesses")
      .required();
  add_file(verb, "--anchors", arguments->anchors, "Which outside ledgers to trust");
  add_file(verb, "--record", arguments->record,
           "The record that you hold: its leaf, or the body alone");
}

}  // namespace command
