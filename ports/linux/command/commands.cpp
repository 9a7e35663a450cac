#include "commands.hpp"

#include <CLI/CLI.hpp>
#include <cairn/note.hpp>

#include "manual.hpp"
#include "text.hpp"

namespace command {

namespace {

std::string footer_of(const std::string& text, const std::vector<Example>& examples) {
  std::string out = text + "\n\nExamples:\n";
  for (const Example& example : examples)
    out += "  " + example.what + "\n    " + example.line + "\n";
  return out;
}

}  // namespace

const std::string& overview() {
  static const std::string text =
      "A log is a folder. Its owner appends readings, which are signed in batches; witnesses\n"
      "cosign its checkpoints; evidence taken from it is verified by anyone, offline, with\n"
      "nothing but public keys and a policy.\n\n"
      "Exit status: 0 done or verified, 1 not verified, 2 wrong use or unreadable input.\n"
      "`cairn VERB --help` and the manual page cairn-VERB(1) explain a verb.";
  return text;
}

const std::vector<Example>& overview_examples() {
  static const std::vector<Example> examples = {
      {"Verify what somebody handed you, with the policy that you trust",
       "cairn verify --policy plant.policy press4-1042.cairn"},
      {"See what is inside a log, a checkpoint, a proof or evidence",
       "cairn show press4-1042.cairn"},
      {"Make a key and a log",
       "cairn keygen --name plant.example/press4 --out press4.key && cairn "
       "init press4 --key press4.key"},
      {"Put readings into it", "cairn append press4 --csv readings.csv"},
      {"Write evidence for record 1042", "cairn prove press4 1042 --out press4-1042.cairn"}};
  return examples;
}

Commands::Commands()
    : app_(std::make_unique<CLI::App>(
          "Tamper-evident logs of readings: write, prove, witness, verify.")) {
  app_->name("cairn");
  app_->set_version_flag("--version", "cairn " CAIRN_VERSION);
  app_->require_subcommand(1);
  app_->get_formatter()->label("SUBCOMMAND", "VERB");
  app_->get_formatter()->label("Positionals", "Arguments");
  app_->get_formatter()->column_width(28);
  app_->footer(footer_of(overview(), overview_examples()));
}

Commands::~Commands() = default;

CLI::App& Commands::add(Page page, Run run) {
  CLI::App* verb = app_->add_subcommand(page.name, page.summary);
  verb->group("Verbs");
  verb->footer(footer_of(page.text, page.examples));
  verb->add_flag("--json", output_.json, "Print JSON, one object a line, instead of text");
  verbs_.push_back({std::move(page), verb, std::move(run)});
  return *verb;
}

int Commands::perform(const Verb& verb) const {
  try {
    const int status = verb.run(output_);
    output_.flush();
    return status;
  } catch (const Failure& failure) {
    output_.failure(verb.page.name, failure);
    return failure.exit;
  } catch (const std::exception& error) {
    output_.failure(verb.page.name, wrong_use("", error.what()));
    return exit_wrong_use;
  }
}

int Commands::run(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app_->exit(success);
  } catch (const CLI::ParseError& error) {
    std::string verb;
    for (const CLI::App* chosen : app_->get_subcommands())
      verb = chosen->get_name();
    const std::string help = verb.empty() ? "cairn --help" : "cairn " + verb + " --help";
    output_.failure(verb, wrong_use("", error.what(), "See `" + help + "`."));
    return exit_wrong_use;
  }
  for (const Verb& verb : verbs_)
    if (verb.app->parsed()) return perform(verb);
  return exit_wrong_use;
}

Argument Argument::required() {
  option_->required();
  return *this;
}

Argument Argument::one_of(const std::vector<std::string>& choices) {
  option_->check(CLI::IsMember(choices));
  return *this;
}

Argument Argument::check(const std::function<std::string(const std::string&)>& fault) {
  option_->check(fault);
  return *this;
}

void describe_json(CLI::App& verb, const std::string& help) {
  verb.get_option("--json")->description(help);
}

Argument add_number(CLI::App& verb, const std::string& name, std::optional<uint64_t>& out,
                    const std::string& help, uint64_t least, uint64_t most) {
  const auto take = [&out, name, least, most](const std::string& text) {
    const auto number = cairn::parse_decimal(view(text));
    if (!number.ok() || number.value < least || number.value > most)
      throw CLI::ValidationError(name, "'" + printable(text) + "' is not a whole number from " +
                                           std::to_string(least) + " to " + std::to_string(most));
    out = number.value;
  };
  return Argument(verb.add_option_function<std::string>(name, take, help)->type_name("N"));
}

Argument add_text(CLI::App& verb, const std::string& name, std::string& out,
                  const std::string& type, const std::string& help) {
  return Argument(verb.add_option(name, out, help)->type_name(type));
}

Argument add_file(CLI::App& verb, const std::string& name, std::string& out,
                  const std::string& help) {
  return add_text(verb, name, out, "FILE", help);
}

Argument add_list(CLI::App& verb, const std::string& name, std::vector<std::string>& out,
                  const std::string& type, const std::string& help) {
  return Argument(
      verb.add_option(name, out, help + " (repeatable)")->allow_extra_args(false)->type_name(type));
}

Argument add_switch(CLI::App& verb, const std::string& name, bool& out, const std::string& help) {
  return Argument(verb.add_flag(name, out, help));
}

Argument add_seconds(CLI::App& verb, const std::string& name, double& out,
                     const std::string& help) {
  return Argument(
      verb.add_option(name, out, help)->check(CLI::Range(0.001, 86400.0))->type_name("S"));
}

Argument add_log(CLI::App& verb, std::string& out) {
  return add_text(verb, "LOG", out, "DIR", "The log's folder").required();
}

}  // namespace command
