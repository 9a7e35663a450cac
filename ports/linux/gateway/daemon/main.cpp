// cairn-gateway: the command line. What the verbs do is in verbs.hpp.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "verbs.hpp"

namespace {

using cairn::host::Error;

constexpr int exit_failed = 1;
constexpr int exit_wrong_use = 2;

constexpr char footer[] =
    "Exit status: 0 done, 1 it failed, 2 wrong use.\n"
    "The manual page cairn-gateway(8) and docs/gateway.md say more.\n";

/// The verb that was given, and what it does.
struct Chosen {
  std::string name;
  std::function<Error()> run;
};

void add_config(CLI::App& verb, std::string& path) {
  verb.add_option("--config", path, "The configuration file")
      ->type_name("FILE")
      ->capture_default_str();
}

void add_check(CLI::App& app, std::string& config, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("check", "Check the configuration and load the keys");
  add_config(*verb, config);
  verb->callback([&] { chosen = {"check", [&] { return service::check(config); }}; });
}

void add_init(CLI::App& app, service::InitArguments& arguments, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "init", "Write a commented configuration and make the keys; keep what is there");
  verb->add_option("--name", arguments.name,
                   "Name of the gateway's log, like gateway.example/north; never another's")
      ->required()
      ->type_name("NAME");
  verb->add_option("--folder", arguments.folder, "Folder for gateway.toml and the keys")
      ->type_name("DIR")
      ->capture_default_str();
  verb->add_option("--state", arguments.state_folder, "Folder for the store and the log's tiles")
      ->type_name("DIR")
      ->capture_default_str();
  verb->callback([&] { chosen = {"init", [&] { return service::init(arguments); }}; });
}

int run(int argc, char** argv) {
  CLI::App app{
      "The gateway of cairn: witnesses the logs of devices and keeps a log of their heads"};
  app.name("cairn-gateway");
  app.set_version_flag("--version", "cairn-gateway " CAIRN_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->label("SUBCOMMAND", "VERB");
  app.get_formatter()->label("Subcommands", "Verbs");
  app.get_formatter()->column_width(28);
  app.footer(footer);

  std::string config = "/etc/cairn-gateway/gateway.toml";
  service::InitArguments init;
  Chosen chosen;
  add_init(app, init, chosen);
  add_check(app, config, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return exit_wrong_use;
  }
  const Error error = chosen.run();
  if (error.ok()) return 0;
  std::fprintf(stderr, "cairn-gateway %s: %s\n", chosen.name.c_str(), error.message.c_str());
  return exit_failed;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cairn-gateway: %s\n", error.what());
    return exit_failed;
  }
}
