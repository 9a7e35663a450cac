// cairn show: what is inside a log or a file, in words.
#include "show.hpp"

#include "commands.hpp"
#include "files.hpp"

namespace command {

namespace {

int show(const ShowLog& what, const Output& output) {
  if (is_folder(what.path)) {
    show_log(what, output);
    return exit_done;
  }
  if (what.records || what.from || what.to)
    throw wrong_use(what.path, "not a log: --records, --from and --to do not apply");
  show_file(what.path, output);
  return exit_done;
}

}  // namespace

void add_show(Commands& commands) {
  const auto what = std::make_shared<ShowLog>();
  CLI::App& verb = commands.add(
      {"show",
       "Show what is inside a log or a file",
       "Prints a log's summary or its records, or a file in words: evidence, a checkpoint or its\n"
       "compact form, a .tlog-proof, a request to a witness, a verifier key, a policy. It finds\n"
       "out by itself what the file is.\n\n"
       "Showing verifies nothing: see `cairn verify` and `cairn check`.",
       {{"A log's summary", "cairn show press4"},
        {"Its newest records", "cairn show press4 --records --from 1000"},
        {"Evidence that somebody sent", "cairn show press4-1042.cairn"}}},
      [what](const Output& output) { return show(*what, output); });
  add_file(verb, "WHAT", what->path, "A log's folder, or a file; - is standard input").required();
  add_switch(verb, "--records", what->records, "Of a log: print its records");
  add_number(verb, "--from", what->from, "With --records: the first (default: the oldest)");
  add_number(verb, "--to", what->to, "With --records: the last (default: the newest)");
}

}  // namespace command
