// cairn policy: writes a policy file from verifier keys.
#include <cairn/policy.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "text.hpp"

namespace command {

namespace {

struct PolicyArguments {
  std::vector<std::string> logs;
  std::vector<std::string> witnesses;
  std::string quorum = "none";
  std::string out = "-";
};

/// "north=VKEY": a policy calls its witnesses by short names.
std::string witness_line(const std::string& text, std::string& name) {
  const size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw wrong_use("--witness " + text, "not NAME=VKEY",
                    "Give the witness a short name, for example north=north.key.vkey.");
  name = text.substr(0, equals);
  const auto vkey = load_vkey(text.substr(equals + 1));
  cairn::NoteKey key = vkey.key;
  if (key.key.algorithm != CAIRN_ED25519)
    throw wrong_use("--witness " + text, "a witness's key is an Ed25519 key",
                    "Make one with `cairn keygen --type ed25519`.");
  key.type = cairn::NoteType::cosignature;
  return "witness " + name + " " + cairn::host::vkey_text(key) + "\n";
}

std::string policy_text(const PolicyArguments& arguments) {
  std::string text;
  for (const std::string& log : arguments.logs)
    text += "log " + cairn::host::vkey_text(load_vkey(log).key) + "\n";
  std::string names;
  for (const std::string& witness : arguments.witnesses) {
    std::string name;
    text += witness_line(witness, name);
    names += " " + name;
  }
  if (arguments.quorum == "none") return text + "quorum none\n";
  return text + "group witnesses " + arguments.quorum + names + "\nquorum witnesses\n";
}

int policy(const PolicyArguments& arguments, const Output& output) {
  const std::string text = policy_text(arguments);
  const auto parsed = std::make_unique<cairn::Policy>();
  cairn::Fault fault;
  const cairn::Status status = cairn::parse_policy(view(text), *parsed, &fault);
  if (status != cairn::Status::ok) {
    Failure failure = refused("the policy that these arguments make", status, fault);
    failure.remedy = "It would be:\n" + text;
    throw failure;
  }
  if (output.json && arguments.out == "-") {
    output.object({{"ok", true}, {"policy", text}});
    return exit_done;
  }
  write_output(arguments.out, text);
  output.object({{"ok", true}, {"file", arguments.out}, {"policy", text}});
  return exit_done;
}

}  // namespace

void add_policy(Commands& commands) {
  const auto arguments = std::make_shared<PolicyArguments>();
  CLI::App& verb = commands.add(
      {"policy",
       "Write a policy file from verifier keys",
       "A policy says whom a verifier trusts: the keys of logs, the keys of witnesses, and how\n"
       "many of these must have cosigned. It is a text file in the format c2sp.org/tlog-policy,\n"
       "which may also be written by hand and may nest groups of witnesses:\n\n"
       "  log plant.example/line3/press4+68f5b0fc+AdpR...\n"
       "  witness north witness.example/north+2f0a6d3c+BPm1...\n"
       "  witness south witness.example/south+9b1c44aa+BC0x...\n"
       "  group witnesses any north south\n"
       "  quorum witnesses\n\n"
       "Verifier keys are given as text or as files. Get them from their owners, not from\n"
       "whoever hands you the evidence.",
       {{"Trust one log and no witness", "cairn policy --log press4.key.vkey --out plant.policy"},
        {"Two logs, and any two of three witnesses",
         "cairn policy --log press4.key.vkey --log press5.key.vkey --witness north=north.vkey "
         "--witness south=south.vkey --witness east=east.vkey --quorum 2 --out plant.policy"}}},
      [arguments](const Output& output) { return policy(*arguments, output); });
  add_list(verb, "--log", arguments->logs, "VKEY", "Verifier key of a log").required();
  add_list(verb, "--witness", arguments->witnesses, "NAME=VKEY",
           "Name and verifier key of a witness");
  add_text(verb, "--quorum", arguments->quorum, "HOW",
           "How many witnesses must have cosigned: none (default), any, all, or a number");
  add_file(verb, "--out", arguments->out, "File to write; standard output by default");
}

}  // namespace command
