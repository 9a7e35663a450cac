// cairn fork: what a proof shows that a log signed two histories.
#include <cairn/linux/fork_proof.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "text.hpp"

namespace command {

using cairn::Status;
using cairn::host::ForkFacts;
using cairn::host::ForkProof;

namespace {

struct ForkArguments {
  std::string action;
  std::string file;
  std::vector<std::string> keys;
};

/// Whether the file can be judged at all.
bool is_judged(Status status) {
  return status == Status::ok || status == Status::not_found ||
         status == Status::signature_invalid || status == Status::proof_invalid;
}

void print_facts(const Output& output, const ForkFacts& facts, bool trusted) {
  const bool one_size = facts.first_size == facts.second_size;
  output.field("log", printable(facts.origin));
  for (const std::string& vkey : facts.vkeys)
    output.field(trusted ? "key" : "key, unchecked", printable(vkey));
  output.field("signed", counted(facts.first_size, "record") + ", root " + hex(facts.first_root));
  output.field("and also",
               counted(facts.second_size, "record") + ", root " + hex(facts.second_root));
  if (!one_size)
    output.field("whose first",
                 counted(facts.first_size, "record") + " have root " + hex(facts.root));
  output.line(
      "  Whoever held the key signed two histories: one of them was shown to somebody, and "
      "is not the other.");
  if (!trusted)
    output.line(
        "  Compare the key with the one that you know of this log, or name that with "
        "--key.");
}

int verify(const ForkArguments& arguments, const Output& output) {
  std::vector<cairn::host::VerifierKey> trusted;
  for (const std::string& key : arguments.keys)
    trusted.push_back(load_vkey(key));
  const std::string file = read_input(arguments.file);
  ForkProof proof;
  ForkFacts facts;
  cairn::host::Error error = cairn::host::parse_fork_proof(view(file), proof);
  if (!error.ok())
    throw wrong_use(arguments.file, "not a fork proof: " + error.message,
                    remedy_of(Status::corrupt));
  error = cairn::host::verify_fork_proof(proof, trusted, facts);
  if (!is_judged(error.status)) throw wrong_use(arguments.file, error.message);
  const std::string name = arguments.file;
  if (error.ok()) {
    output.line(name + ": A FORK");
    print_facts(output, facts, !trusted.empty());
  } else {
    output.line(name + ": NO FORK: " + error.message);
  }
  Json report{{"ok", error.ok()}, {"file", arguments.file}, {"reason", error.message}};
  if (error.ok()) {
    report["origin"] = facts.origin;
    report["keys"] = facts.vkeys;
    report["keys_trusted"] = !trusted.empty();
    report["first"] = {{"size", facts.first_size}, {"root", hex(facts.first_root)}};
    report["second"] = {{"size", facts.second_size},
                        {"root", hex(facts.second_root)},
                        {"root_at_first_size", hex(facts.root)}};
  }
  output.object(report);
  return error.ok() ? exit_done : exit_not_verified;
}

}  // namespace

void add_fork(Commands& commands) {
  const auto arguments = std::make_shared<ForkArguments>();
  CLI::App& verb = commands.add(
      {"fork",
       "Verify the proof that a log signed two histories",
       "Reads a fork proof, which a gateway stores when a device signs two heads that contradict\n"
       "each other, and nothing else: no log, no network. Exit status 0 when it proves a fork, 1\n"
       "when it does not, 2 when the file cannot be read.\n\n"
       "Two heads of one size with different roots contradict each other as they are. Of two\n"
       "sizes, the file shows that the first records of the larger tree have another root than\n"
       "the smaller head.\n\n"
       "With --key only what these keys signed counts. Without, the keys in the file do, and then\n"
       "it shows what their owner did, whoever that is.",
       {{"Verify a proof with the log's key from its owner",
         "cairn fork verify press4.fork --key press4.key.vkey"},
        {"In a script", "cairn fork verify --json press4.fork | jq .ok"}}},
      [arguments](const Output& output) { return verify(*arguments, output); });
  add_text(verb, "ACTION", arguments->action, "ACTION", "verify").required().one_of({"verify"});
  add_file(verb, "FILE", arguments->file, "The proof; - is standard input").required();
  add_list(verb, "--key", arguments->keys, "VKEY",
           "A verifier key of the log, or a file with it: after a rotation, name both");
}

}  // namespace command
