// cairn seal: closes and signs the open batch.
#include "commands.hpp"
#include "files.hpp"
#include "log_access.hpp"
#include "text.hpp"

namespace command {

namespace {

struct SealArguments {
  std::string log;
  std::string key;
  std::string beacon;
};

int seal(const SealArguments& arguments, const Output& output) {
  LogDirectory log;
  open_writer(log, arguments.log, arguments.key);
  hear_beacon(log, arguments.beacon);
  const cairn::Status status = log.recorder().seal();
  const bool nothing = status == cairn::Status::bad_state;
  if (!nothing && status != cairn::Status::ok) require(log.explain(status, "seal"));
  const cairn::SignedHead head = head_at(log, std::nullopt);
  output.line((nothing ? "nothing new to sign; the newest checkpoint covers "
                       : "signed a checkpoint over ") +
              counted(head.size, "record"));
  output.field("root", hex(head.root));
  output.object({{"ok", true},
                 {"sealed", !nothing},
                 {"origin", log.config().origin},
                 {"size", head.size},
                 {"root", hex(head.root)}});
  return exit_done;
}

}  // namespace

void add_seal(Commands& commands) {
  const auto arguments = std::make_shared<SealArguments>();
  CLI::App& verb = commands.add(
      {"seal",
       "Close the open batch and sign a checkpoint",
       "Writes the batch's close record, signs the head of the log and stores it. Evidence can be\n"
       "made for every record that a signed checkpoint covers. `cairn append` seals when a batch\n"
       "is full and at its end; this verb does it at any other time.",
       {{"Sign what is there", "cairn seal press4"},
        {"The same with the key on a stick", "cairn seal press4 --key /media/stick/press4.key"}}},
      [arguments](const Output& output) { return seal(*arguments, output); });
  add_log(verb, arguments->log);
  add_file(verb, "--beacon", arguments->beacon,
           "A checkpoint of another log that was heard: proves that what follows is not older");
  add_file(verb, "--key", arguments->key, "Private key, when it is not where `init` found it");
}

}  // namespace command
