// cairn witness: cosigns a checkpoint that extends everything cosigned before.
#include <cairn/linux/witness_file.hpp>
#include <ctime>

#include "commands.hpp"
#include "files.hpp"
#include "text.hpp"

namespace command {

namespace {

struct WitnessArguments {
  std::string key;
  std::string state;
  std::vector<std::string> logs;
  std::string request;
  std::string out = "-";
};

struct Explanation {
  const char* what;
  std::string remedy;
  int exit;
};

Explanation explain(const cairn::WitnessReply& reply, const std::string& store_error) {
  using cairn::WitnessAnswer;
  const std::string last = std::to_string(reply.state.size);
  switch (reply.answer) {
    case WitnessAnswer::not_signed:
      return {"not signed by the log's key",
              "The signature is missing or wrong, or --log names another key.", exit_not_verified};
    case WitnessAnswer::unknown_origin:
      return {"unknown origin", "Give the log's verifier key with --log, if it is to be witnessed.",
              exit_not_verified};
    case WitnessAnswer::conflict:
      return {"not the last cosigned size",
              "This witness cosigned size " + last +
                  " last: make the request with `cairn consistency LOG --from " + last +
                  " --request`.",
              exit_not_verified};
    case WitnessAnswer::inconsistent:
      return {"the checkpoint does not extend what was cosigned before",
              "Keep both: the request and the state's checkpoint of size " + last +
                  " are evidence that the log was rewritten.",
              exit_not_verified};
    case WitnessAnswer::unavailable:
      return {"the witness failed; nothing was cosigned",
              store_error.empty() ? remedy_of(reply.status) : store_error, exit_wrong_use};
    default:
      return {"not a valid request",
              "Make it with `cairn consistency LOG --from N --request`; N must not exceed the "
              "checkpoint's size.",
              exit_wrong_use};
  }
}

int refuse(const WitnessArguments& arguments, const cairn::WitnessReply& reply,
           const std::string& store_error) {
  const Explanation why = explain(reply, store_error);
  std::string what = std::to_string(static_cast<unsigned>(reply.answer)) + " " + why.what;
  const std::string place = fault_text(reply.fault, Position::line);
  if (!place.empty()) what += ": " + place;
  Failure failure(why.exit, arguments.request, what, why.remedy);
  failure.status = reply.status;
  failure.code = static_cast<int>(reply.answer);
  failure.size = reply.state.size;
  throw failure;
}

int witness(const WitnessArguments& arguments, const Output& output) {
  cairn::host::KeyFile key;
  require(key.load(arguments.key));
  if (!key.cosigner_key().ok())
    throw wrong_use(arguments.key, "a witness's key is an Ed25519 key",
                    "Make one with `cairn keygen --type ed25519`.");
  std::vector<std::string> vkeys;
  for (const std::string& log : arguments.logs)
    vkeys.push_back(load_vkey(log).text);
  cairn::host::WitnessFile state;
  require(state.open(arguments.state, vkeys));
  const std::string body = read_input(arguments.request);

  uint8_t line[512];
  const std::time_t now = std::time(nullptr);
  const cairn::WitnessReply reply =
      cairn::add_checkpoint(view(body), state.store(), cairn::host::all_verifiers(), key.signer(),
                            view(key.name()), static_cast<uint64_t>(now), line);
  if (reply.answer != cairn::WitnessAnswer::cosigned)
    return refuse(arguments, reply, state.last_error().message);
  const std::string cosignature = text_of({line, reply.size_bytes});
  if (!output.json || arguments.out != "-") write_output(arguments.out, cosignature);
  output.object({{"ok", true},
                 {"status", static_cast<unsigned>(reply.answer)},
                 {"origin", text_of(reply.checkpoint.origin)},
                 {"size", reply.checkpoint.size},
                 {"time", iso_time(static_cast<uint64_t>(now))},
                 {"cosignature", cosignature}});
  return exit_done;
}

}  // namespace

void add_witness(Commands& commands) {
  const auto arguments = std::make_shared<WitnessArguments>();
  CLI::App& verb = commands.add(
      {"witness",
       "Cosign a log's checkpoint, if it extends the last one",
       "Reads a request (from `cairn consistency --request`), checks that the log signed the\n"
       "checkpoint and that it extends everything this witness cosigned before, stores the new\n"
       "head durably, and only then prints the cosignature: one line, to be handed back to the\n"
       "log (`cairn cosign`).\n\n"
       "A refusal exits with 1 and prints the status of c2sp.org/tlog-witness: 403 not signed by\n"
       "the log's key, 404 unknown origin, 409 not the last cosigned size (the message has it),\n"
       "422 the log was rewritten. 400, a malformed request, and 503, a failing disk, exit with 2.",
       {{"Cosign one request",
         "cairn witness --key north.key --state north.state --log press4.key.vkey press4.request "
         "--out press4.cosignature"},
        {"As a filter",
         "cairn consistency press4 --from 0 --request | cairn witness --key north.key --state "
         "north.state --log press4.key.vkey -"}}},
      [arguments](const Output& output) { return witness(*arguments, output); });
  add_file(verb, "REQUEST", arguments->request, "The request's file; - is standard input")
      .required();
  add_file(verb, "--key", arguments->key, "The witness's private key").required();
  add_file(verb, "--state", arguments->state,
           "File with what was cosigned; made when it does not exist. Never restore an old "
           "copy of it")
      .required();
  add_list(verb, "--log", arguments->logs, "VKEY", "Verifier key of a log, as text or file")
      .required();
  add_file(verb, "--out", arguments->out, "File for the cosignature; standard output by default");
}

}  // namespace command
