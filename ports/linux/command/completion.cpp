// cairn completion: the script that teaches a shell the verbs and their options.
#include "manual.hpp"

#include <CLI/CLI.hpp>

namespace command {

namespace {

/// What an argument names, so that the shell knows what to offer.
enum class Value { none, file, folder, other };

Value value_of(const CLI::Option& option) {
  if (option.get_type_size() == 0) return Value::none;
  const std::string type = option.get_type_name();
  if (type.rfind("DIR", 0) == 0) return Value::folder;
  if (type.rfind("FILE", 0) == 0 || type.rfind("VKEY", 0) == 0) return Value::file;
  return Value::other;
}

/// "ed25519 p256" of an option that takes one of a set.
std::string choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{');
  const size_t close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return "";
  std::string choices = type.substr(open + 1, close - open - 1);
  for (char& c : choices)
    if (c == ',') c = ' ';
  return choices;
}

std::vector<const CLI::Option*> visible(const CLI::App& verb, bool positional) {
  return verb.get_options([positional](const CLI::Option* option) {
    return !option->get_group().empty() && option->get_positional() == positional;
  });
}

/// The verbs and options in the quotes of a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string join_names(const Commands& commands) {
  std::string out;
  for (const Commands::Verb& verb : commands.verbs())
    out += (out.empty() ? "" : " ") + verb.page.name;
  return out;
}

std::string long_options(const CLI::App& verb, bool values_only) {
  std::string out;
  for (const CLI::Option* option : visible(verb, false)) {
    if (values_only && value_of(*option) == Value::none) continue;
    for (const std::string& name : option->get_lnames())
      out += (out.empty() ? "--" : (values_only ? "|--" : " --")) + name;
  }
  return out;
}

std::string bash_choices(const Commands& commands) {
  std::string out;
  for (const Commands::Verb& verb : commands.verbs())
    for (const CLI::Option* option : verb.app->get_options()) {
      const std::string choices = choices_of(*option);
      const std::string before = option->get_positional() || option->get_lnames().empty()
                                     ? verb.page.name
                                     : "--" + option->get_lnames().front();
      if (!choices.empty())
        out += "    '" + verb.page.name + " " + before + "') COMPREPLY=($(compgen -W '" + choices +
               "' -- \"$word\")); return ;;\n";
    }
  return out;
}

std::string bash(const Commands& commands) {
  std::string out =
      "# bash completion for cairn, written by `cairn completion bash`\n"
      "_cairn() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options= values=\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W '" +
      join_names(commands) +
      " --help --version' -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case ${COMP_WORDS[1]} in\n";
  for (const Commands::Verb& verb : commands.verbs())
    out += "    " + verb.page.name + ") options='" + long_options(*verb.app, false) + "' values='" +
           long_options(*verb.app, true) + "' ;;\n";
  return out +
         "  esac\n"
         "  case \"${COMP_WORDS[1]} $before\" in\n" +
         bash_choices(commands) +
         "  esac\n"
         "  if [[ $word == -* && \"|$values|\" != *\"|$before|\"* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "    compopt -o filenames 2>/dev/null\n"
         "  fi\n"
         "}\n"
         "complete -F _cairn cairn\n";
}

std::string zsh_argument(const CLI::Option& option, const std::string& name) {
  std::string help = option.get_description();
  for (char& c : help)
    if (c == '[' || c == ']' || c == ':') c = ' ';
  std::string out = name + "[" + help + "]";
  switch (value_of(option)) {
    case Value::none:
      return out;
    case Value::folder:
      return out + ":folder:_files -/";
    case Value::file:
      return out + ":file:_files";
    default:
      return out + ":value: ";
  }
}

std::string zsh(const Commands& commands) {
  std::string out =
      "#compdef cairn\n# zsh completion for cairn, written by `cairn completion zsh`\n"
      "_cairn() {\n  if (( CURRENT == 2 )); then\n    local -a verbs=(\n";
  for (const Commands::Verb& verb : commands.verbs())
    out += "      " + quoted(verb.page.name + ":" + verb.page.summary) + "\n";
  out +=
      "    )\n    _describe verb verbs\n    return\n  fi\n  local verb=$words[2]\n"
      "  shift words\n  (( CURRENT-- ))\n  case $verb in\n";
  for (const Commands::Verb& verb : commands.verbs()) {
    out += "    " + verb.page.name + ") _arguments";
    for (const CLI::Option* option : visible(*verb.app, false))
      for (const std::string& name : option->get_lnames())
        out += " \\\n      " + quoted(zsh_argument(*option, "--" + name));
    out += " \\\n      '*:file:_files' ;;\n";
  }
  return out + "  esac\n}\n_cairn \"$@\"\n";
}

std::string fish(const Commands& commands) {
  std::string out = "# fish completion for cairn, written by `cairn completion fish`\n";
  for (const Commands::Verb& verb : commands.verbs()) {
    out += "complete -c cairn -n __fish_use_subcommand -f -a " + verb.page.name + " -d " +
           quoted(verb.page.summary) + "\n";
    for (const CLI::Option* option : visible(*verb.app, false))
      for (const std::string& name : option->get_lnames())
        out += "complete -c cairn -n '__fish_seen_subcommand_from " + verb.page.name + "' -l " +
               name + (value_of(*option) == Value::none ? "" : " -r") + " -d " +
               quoted(option->get_description()) + "\n";
  }
  return out;
}

}  // namespace

std::string completion_of(const Commands& commands, const std::string& shell) {
  if (shell == "zsh") return zsh(commands);
  if (shell == "fish") return fish(commands);
  return bash(commands);
}

void add_completion(Commands& commands) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& verb = commands.add(
      {"completion",
       "Print the completion script of a shell",
       "The installation puts the scripts where shells look for them. This verb prints one for a\n"
       "binary that was copied.",
       {{"For this bash session", "eval \"$(cairn completion bash)\""}}},
      [shell, &commands](const Output& output) {
        const std::string script = completion_of(commands, *shell);
        output.raw(script);
        output.object({{"ok", true}, {"shell", *shell}, {"script", script}});
        return exit_done;
      });
  add_text(verb, "SHELL", *shell, "SHELL", "bash, zsh or fish")
      .required()
      .one_of({"bash", "zsh", "fish"});
}

}  // namespace command
