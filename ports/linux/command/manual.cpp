// cairn manual: writes the manual pages and the completions of shells, all from the tree of verbs.
#include "manual.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "files.hpp"

namespace command {

namespace {

/// Text for troff: a backslash, and a dot or quote at a line's beginning, mean something there.
std::string troff(const std::string& text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '`')
      out += "\\(ga";
    else
      out += c;
    line_start = c == '\n';
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// Paragraphs; indented lines are kept as they are.
std::string paragraphs(const std::string& text) {
  std::string out;
  bool literal = false;
  std::stringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    const bool indented = line.rfind("  ", 0) == 0;
    if (indented != literal) out += indented ? ".PP\n.nf\n" : ".fi\n";
    literal = indented;
    if (line.empty())
      out += ".PP\n";
    else
      out += troff(line) + "\n";
  }
  if (literal) out += ".fi\n";
  // One empty paragraph is enough.
  for (size_t at; (at = out.find(".PP\n.PP\n")) != std::string::npos;)
    out.erase(at, 4);
  return out;
}

std::string synopsis(const CLI::App& verb) {
  std::string out = ".B cairn " + verb.get_name() + "\n";
  for (const CLI::Option* option : verb.get_options()) {
    if (!option->get_positional()) continue;
    out += ".I " + troff(option->get_name(true)) + "\n";
  }
  return out + "[\\fIoptions\\fR]\n";
}

std::string option_entry(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames())
    names += (names.empty() ? "" : ", ") + std::string("\\fB\\-") + troff(name) + "\\fR";
  for (const std::string& name : option.get_lnames())
    names += (names.empty() ? "" : ", ") + std::string("\\fB\\-\\-") + troff(name) + "\\fR";
  if (option.get_positional()) names = "\\fI" + troff(option.get_name(true)) + "\\fR";
  if (!option.get_positional() && option.get_type_size() != 0)
    names += " \\fI" + troff(option.get_type_name()) + "\\fR";
  const std::string required =
      option.get_required() && !option.get_positional() ? " (required)" : "";
  return ".TP\n" + names + "\n" + troff(option.get_description()) + required + ".\n";
}

std::string heading(const std::string& name, const std::string& summary) {
  return ".TH " + upper(name) +
         " 1 \"\" \"cairn " CAIRN_VERSION "\" \"User Commands\"\n.SH NAME\n" + troff(name) +
         " \\- " + troff(summary) + "\n";
}

std::string exit_status() {
  return ".SH EXIT STATUS\n.TP\n.B 0\nDone, or verified.\n.TP\n.B 1\nNot verified: what was asked "
         "about does not hold.\n.TP\n.B 2\nWrong use, unreadable input, or a failing machine.\n";
}

std::string examples(const std::vector<Example>& list) {
  std::string out = ".SH EXAMPLES\n";
  for (const Example& example : list)
    out += ".TP\n" + troff(example.what) + ":\n.nf\n" + troff(example.line) + "\n.fi\n";
  return out;
}

std::string verb_page(const Commands::Verb& verb) {
  std::string out = heading("cairn-" + verb.page.name, verb.page.summary);
  out += ".SH SYNOPSIS\n" + synopsis(*verb.app);
  out += ".SH DESCRIPTION\n" + paragraphs(verb.page.text);
  out += ".SH OPTIONS\n";
  for (const CLI::Option* option : verb.app->get_options())
    if (!option->get_group().empty()) out += option_entry(*option);
  return out + exit_status() + examples(verb.page.examples) + ".SH SEE ALSO\n.BR cairn (1)\n";
}

std::string main_page(const Commands& commands) {
  std::string out = heading("cairn", "tamper-evident logs of readings: write, prove, verify");
  out += ".SH SYNOPSIS\n.B cairn\n.I verb\n[\\fIarguments\\fR]\n";
  out += ".SH DESCRIPTION\n" + paragraphs(overview());
  out += ".SH VERBS\n";
  for (const Commands::Verb& verb : commands.verbs())
    out +=
        ".TP\n.BR cairn\\-" + troff(verb.page.name) + " (1)\n" + troff(verb.page.summary) + ".\n";
  return out + exit_status() + examples(overview_examples()) +
         ".SH SEE ALSO\nThe formats: c2sp.org/tlog\\-checkpoint, c2sp.org/tlog\\-proof,\n"
         "c2sp.org/tlog\\-policy, c2sp.org/tlog\\-witness.\n";
}

int write_manual(const Commands& commands, const std::string& folder, const Output& output) {
  std::error_code error;
  std::filesystem::create_directories(folder + "/man1", error);
  if (error) throw wrong_use(folder, "cannot be made: " + error.message());
  write_output(folder + "/man1/cairn.1", main_page(commands));
  for (const Commands::Verb& verb : commands.verbs())
    write_output(folder + "/man1/cairn-" + verb.page.name + ".1", verb_page(verb));
  write_output(folder + "/cairn.bash", completion_of(commands, "bash"));
  write_output(folder + "/_cairn", completion_of(commands, "zsh"));
  write_output(folder + "/cairn.fish", completion_of(commands, "fish"));
  output.line("manual pages and completions written to " + folder);
  output.object({{"ok", true}, {"folder", folder}});
  return exit_done;
}

}  // namespace

void add_manual(Commands& commands) {
  const auto folder = std::make_shared<std::string>();
  CLI::App& verb = commands.add(
      {"manual",
       "Write the manual pages and shell completions to a folder",
       "Writes man1/cairn.1, a page for each verb, and completions for bash, zsh and fish. The\n"
       "installation does this by itself; a copied binary carries its documentation along.",
       {{"Read a page without installing",
         "cairn manual --out /tmp/cairn-manual && man -l /tmp/cairn-manual/man1/cairn-verify.1"}}},
      [folder, &commands](const Output& output) {
        return write_manual(commands, *folder, output);
      });
  add_text(verb, "--out", *folder, "DIR", "Folder to write to; made when it does not exist")
      .required();
}

}  // namespace command
