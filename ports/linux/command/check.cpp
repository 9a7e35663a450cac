// cairn check: audits a log and names everything that is wrong with it.
#include "audit.hpp"
#include "commands.hpp"
#include "files.hpp"
#include "text.hpp"

namespace command {

using cairn::Status;

namespace {

struct CheckArguments {
  std::string log;
  std::string policy;
  std::vector<std::string> checkpoints;
};

std::unique_ptr<cairn::Policy> load_policy(const std::string& path, const std::string& text) {
  auto policy = std::make_unique<cairn::Policy>();
  cairn::Fault fault;
  const Status status = cairn::parse_policy(view(text), *policy, &fault);
  if (status != Status::ok) throw refused(path, status, fault);
  return policy;
}

/// The policy's key for the origin must be the one that config.json claims.
void require_policy_key(const LogDirectory& log, const cairn::Policy& policy,
                        const std::string& path) {
  const cairn::ByteView origin = view(log.config().origin);
  const cairn::NoteKey* key = cairn::find_log(policy, origin);
  if (key == nullptr)
    throw Failure(exit_not_verified, path, "names no log " + log.config().origin,
                  "This policy does not trust the log at all.");
  for (; key != nullptr; key = cairn::find_log(policy, origin, key))
    if (key->key == log.log_key().key) return;
  throw Failure(exit_not_verified, log.path() + "/config.json",
                "the verifier key is not the one that the policy names for " + log.config().origin,
                "Either the log belongs to somebody else, or the policy is out of date.");
}

OutsideCheckpoint load_checkpoint(const LogDirectory& log, const std::string& path) {
  const std::string note = read_input(path);
  cairn::Checkpoint checkpoint;
  cairn::Fault fault;
  const Status status = cairn::open_checkpoint(view(note), log.log_key(),
                                               cairn::host::all_verifiers(), checkpoint, &fault);
  if (status == Status::not_found || status == Status::signature_invalid)
    throw Failure(exit_not_verified, path, "not signed by the key of " + log.config().origin,
                  "Compare its origin with the log's.");
  if (status != Status::ok) throw refused(path, status, fault);
  if (text_of(checkpoint.origin) != log.config().origin)
    throw Failure(exit_not_verified, path, "a checkpoint of another origin");
  return {path, checkpoint.size, checkpoint.root};
}

void print_result(const Output& output, const LogDirectory& log, const Audit& audit,
                  bool has_policy) {
  const bool intact = audit.problems().empty();
  const cairn::Log& ring = log.log();
  output.line(log.path() + ": " +
              (intact ? "INTACT" : "NOT INTACT: " + counted(audit.problems().size(), "problem")));
  for (const Problem& problem : audit.problems())
    output.field("problem", problem.what);
  output.field("origin", log.config().origin);
  output.field(
      "records",
      grouped(audit.records()) + " read and hashed" +
          (ring.index_min() == 0 ? "" : ", " + grouped(ring.index_min()) + " retired before"));
  output.field("checkpoints",
               grouped(audit.heads()) + " recomputed and verified" +
                   (audit.unverifiable_heads() == 0 ? ""
                                                    : ", " + grouped(audit.unverifiable_heads()) +
                                                          " not, for want of records"));
  const uint64_t open = ring.size() - std::min(ring.size(), audit.head_size());
  output.field("not covered", open == 0 ? "none"
                                        : record_range(audit.head_size(), open) +
                                              ": under no verified checkpoint");
  output.field("cosigned",
               counted(log.cosigned_sizes().size(), "checkpoint") +
                   (has_policy ? ", the policy's quorum for " + grouped(audit.quorums()) +
                                     " up to size " + grouped(audit.quorum_size())
                               : " (not verified: no policy given)"));
  if (audit.outside_confirmed() != 0)
    output.field("compared",
                 counted(audit.outside_confirmed(), "outside checkpoint") + " confirmed");
  if (ring.report().torn_bytes != 0)
    output.field("at the end", counted(ring.report().torn_bytes, "byte") +
                                   " that are no records: a write that was interrupted, or the "
                                   "newest records changed. A --checkpoint from elsewhere tells");
}

Json result_json(const LogDirectory& log, const Audit& audit) {
  Json problems = Json::array();
  for (const Problem& problem : audit.problems()) {
    Json entry{{"what", problem.what}};
    if (problem.count != 0) {
      entry["first"] = problem.first;
      entry["count"] = problem.count;
    }
    problems.push_back(entry);
  }
  return {{"ok", audit.problems().empty()},
          {"origin", log.config().origin},
          {"problems", problems},
          {"records", audit.records()},
          {"size", log.log().size()},
          {"oldest", log.log().index_min()},
          {"checkpoints", audit.heads()},
          {"signed", audit.head_size()},
          {"unverifiable_checkpoints", audit.unverifiable_heads()},
          {"cosigned_sizes", log.cosigned_sizes()},
          {"quorums", audit.quorums()},
          {"quorum_size", audit.quorum_size()},
          {"outside_confirmed", audit.outside_confirmed()},
          {"torn_bytes", log.log().report().torn_bytes}};
}

int check(const CheckArguments& arguments, const Output& output) {
  std::string policy_text;
  std::unique_ptr<cairn::Policy> policy;
  if (!arguments.policy.empty()) {
    policy_text = read_input(arguments.policy);
    policy = load_policy(arguments.policy, policy_text);
  }
  LogDirectory log;
  const cairn::host::Error error = log.open_reader(arguments.log);
  if (error.status != Status::damaged) require(error);
  if (policy != nullptr) require_policy_key(log, *policy, arguments.policy);
  std::vector<OutsideCheckpoint> outside;
  for (const std::string& path : arguments.checkpoints)
    outside.push_back(load_checkpoint(log, path));
  Audit audit(log, policy.get(), outside);
  audit.run();
  print_result(output, log, audit, policy != nullptr);
  output.object(result_json(log, audit));
  return audit.problems().empty() ? exit_done : exit_not_verified;
}

}  // namespace

void add_check(Commands& commands) {
  const auto arguments = std::make_shared<CheckArguments>();
  CLI::App& verb = commands.add(
      {"check",
       "Audit a whole log",
       "Reads every record, recomputes the tree, and compares it with every signed checkpoint in\n"
       "the log; follows the chain of close records, batch numbers and boots; checks the stored\n"
       "cosignatures. Names every record that is lost or changed. Works on a copy without the\n"
       "private key and on a read-only folder.\n\n"
       "A write that a crash interrupted, at the very end, is no loss: it was never "
       "acknowledged.\n\n"
       "What the log says about itself is not enough: whoever holds the key could have rewritten\n"
       "it whole. Give the policy, so that the key is the one you trust, and checkpoints that you\n"
       "kept or got from witnesses: the log must contain them.",
       {{"Audit a log", "cairn check press4"},
        {"With the key and the witnesses that you trust, and a checkpoint from last year",
         "cairn check press4 --policy plant.policy --checkpoint press4-2025.checkpoint"}}},
      [arguments](const Output& output) { return check(*arguments, output); });
  add_log(verb, arguments->log);
  add_file(verb, "--policy", arguments->policy, "Which key and which witnesses to trust");
  add_list(verb, "--checkpoint", arguments->checkpoints, "FILE",
           "A checkpoint that the log must contain");
}

}  // namespace command
