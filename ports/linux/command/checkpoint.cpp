// cairn checkpoint: prints a signed head of a log.
#include "commands.hpp"
#include "files.hpp"
#include "log_access.hpp"
#include "text.hpp"

namespace command {

namespace {

struct CheckpointArguments {
  std::string log;
  std::optional<uint64_t> size;
  std::string out = "-";
};

int checkpoint(const CheckpointArguments& arguments, const Output& output) {
  LogDirectory log;
  open_reader(log, arguments.log);
  const cairn::SignedHead head = head_at(log, arguments.size);
  const std::string note = note_of(log, head);
  if (!output.json || arguments.out != "-") write_output(arguments.out, note);
  output.object({{"ok", true},
                 {"origin", log.config().origin},
                 {"size", head.size},
                 {"root", hex(head.root)},
                 {"signatures", signatures_json(view(note))},
                 {"note", note}});
  return exit_done;
}

}  // namespace

void add_checkpoint(Commands& commands) {
  const auto arguments = std::make_shared<CheckpointArguments>();
  CLI::App& verb = commands.add(
      {"checkpoint",
       "Print the newest signed checkpoint of a log",
       "A checkpoint is a short text: the log's origin, its number of records, the root hash over\n"
       "all of them, and signatures: the log's own and those of witnesses that `cairn cosign` has\n"
       "stored. Whoever keeps one can later prove that the log was rewritten.\n\n"
       "The format is c2sp.org/tlog-checkpoint.",
       {{"Print the newest", "cairn checkpoint press4"},
        {"Keep the one of size 512",
         "cairn checkpoint press4 --size 512 --out press4.checkpoint"}}},
      [arguments](const Output& output) { return checkpoint(*arguments, output); });
  add_log(verb, arguments->log);
  add_number(verb, "--size", arguments->size, "The checkpoint of exactly this many records");
  add_file(verb, "--out", arguments->out, "File to write; standard output by default");
}

}  // namespace command
