// cairn-gateway: the command line. What the verbs do is in verbs.hpp.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "contract_verbs.hpp"
#include "copy_verbs.hpp"
#include "device_verbs.hpp"

namespace {

using cairn::host::Error;

constexpr int exit_failed = 1;
constexpr int exit_wrong_use = 2;

constexpr char footer[] =
    "Exit status: 0 done, 1 it failed, 2 wrong use.\n"
    "The manual page cairn-gateway(8) and /usr/share/doc/cairn-gateway/gateway.md say more.\n";

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
  CLI::Option* name =
      verb->add_option("--name", arguments.name,
                       "Name of the gateway's log, like gateway.example/north; never another's")
          ->type_name("NAME");
  verb->add_option("--folder", arguments.folder, "Folder for gateway.toml and the keys")
      ->type_name("DIR")
      ->capture_default_str();
  verb->add_option("--state", arguments.state_folder, "Folder for the store and the log's tiles")
      ->type_name("DIR")
      ->capture_default_str();
  verb->add_flag("--print", arguments.print, "Print the configuration and make nothing")
      ->excludes(name);
  verb->callback([&chosen, &arguments, name] {
    if (name->empty() && !arguments.print) throw CLI::RequiredError("--name");
    chosen = {"init", [&arguments] { return service::init(arguments); }};
  });
}

void add_serve(CLI::App& app, std::string& config, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("serve", "Run the gateway until SIGTERM; SIGHUP reloads");
  add_config(*verb, config);
  verb->callback([&] { chosen = {"serve", [&] { return service::serve(config); }}; });
}

using cairn::gateway::DeviceState;
using service::DeviceArguments;

/// A verb below `device`.
CLI::App* add_device_verb(CLI::App& device, const std::string& name, const std::string& help,
                          DeviceArguments& arguments, Chosen& chosen,
                          std::function<Error()> perform) {
  CLI::App* verb = device.add_subcommand(name, help);
  add_config(*verb, arguments.config);
  verb->callback([&chosen, name, perform] { chosen = {"device " + name, perform}; });
  return verb;
}

void add_origin(CLI::App& verb, std::string& origin) {
  verb.add_option("ORIGIN", origin, "Origin of the device's log")->required()->type_name("");
}

void add_device_changes(CLI::App& device, DeviceArguments& arguments, Chosen& chosen) {
  struct Change {
    const char* name;
    const char* help;
    DeviceState next;
  };
  static const Change changes[] = {
      {"approve", "Let a pending device in", DeviceState::active},
      {"suspend", "Refuse a device's reports for the time being", DeviceState::suspended},
      {"resume", "Accept a suspended device's reports again", DeviceState::active},
      {"revoke", "Refuse a device for good", DeviceState::revoked}};
  for (const Change& change : changes) {
    CLI::App* verb = add_device_verb(
        device, change.name, change.help, arguments, chosen,
        [&arguments, next = change.next] { return change_device(arguments, next); });
    add_origin(*verb, arguments.origin);
    verb->add_option("--reason", arguments.reason, "Why; it stays in the device's history")
        ->type_name("TEXT");
  }
}

void add_device_keys(CLI::App& device, DeviceArguments& arguments, Chosen& chosen) {
  CLI::App* rotate = add_device_verb(device, "rotate", "Have another key sign from a tree size on",
                                     arguments, chosen, [&] { return rotate_device(arguments); });
  add_origin(*rotate, arguments.origin);
  rotate->add_option("--vkey", arguments.vkey, "The new verifier key, or its file")
      ->required()
      ->type_name("KEY");
  rotate->add_option("--size", arguments.size_min, "First tree size that the new key signs")
      ->required()
      ->type_name("N");
  CLI::App* enrol = add_device_verb(device, "enrol", "Take in a device that you vouch for",
                                    arguments, chosen, [&] { return enrol_device(arguments); });
  enrol->add_option("--vkey", arguments.vkey, "Its verifier key, or the file of it")
      ->required()
      ->type_name("KEY");
  enrol->add_option("--owner", arguments.owner, "Whose it is")->required()->type_name("TEXT");
  enrol->add_option("--role", arguments.role, "What it does")->required()->type_name("TEXT");
  enrol->add_option("--kind", arguments.kinds, "A kind of record that it may report; all if none")
      ->check(CLI::Range(0x40, 0xff))
      ->type_name("N");
}

void add_device(CLI::App& app, DeviceArguments& arguments, Chosen& chosen) {
  CLI::App* device = app.add_subcommand("device", "List, admit, suspend and revoke devices");
  device->require_subcommand(1);
  CLI::App* list = add_device_verb(*device, "list", "List devices", arguments, chosen,
                                   [&] { return list_devices(arguments); });
  list->add_option("--state", arguments.state, "Only those in this state")
      ->check(CLI::IsMember({"pending", "active", "suspended", "revoked", "frozen"}))
      ->type_name("STATE");
  list->add_flag("--json", arguments.json, "Print JSON, one device a line");
  CLI::App* show = add_device_verb(*device, "show", "Show a device and its history", arguments,
                                   chosen, [&] { return show_device(arguments); });
  add_origin(*show, arguments.origin);
  show->add_flag("--json", arguments.json, "Print JSON");
  add_device_changes(*device, arguments, chosen);
  add_device_keys(*device, arguments, chosen);
  CLI::App* token = add_device_verb(
      *device, "token", "Make a one-time token with which a device enrols without approval",
      arguments, chosen, [&] { return make_device_token(arguments); });
  token->add_option("--seconds", arguments.seconds, "How long it is good for")
      ->check(CLI::Range(uint64_t{1}, uint64_t{31536000}))
      ->type_name("N")
      ->capture_default_str();
  token->add_option("--out", arguments.out, "File to write it to, instead of standard output")
      ->type_name("FILE");
}

void add_contract(CLI::App& app, service::ContractArguments& arguments, Chosen& chosen) {
  CLI::App* contract =
      app.add_subcommand("contract", "What an anchor on an EVM chain needs: contract and account");
  contract->require_subcommand(1);
  CLI::App* deploy = contract->add_subcommand(
      "deploy", "Create the contract of a configured anchor, and print the line for it");
  add_config(*deploy, arguments.config);
  deploy->add_option("--anchor", arguments.anchor, "Name of the anchor, if there are several")
      ->type_name("NAME");
  deploy->add_option("--seconds", arguments.seconds, "How long to wait for a block")
      ->check(CLI::Range(uint64_t{1}, uint64_t{86400}))
      ->type_name("N")
      ->capture_default_str();
  deploy->callback([&] {
    chosen = {"contract deploy", [&] { return deploy_contract(arguments); }};
  });
  CLI::App* account = contract->add_subcommand(
      "account", "Make the key of an account, and print its address, which has to be given money");
  account->add_option("--out", arguments.out, "File for the key; never over an existing one")
      ->required()
      ->type_name("FILE");
  account->callback([&] {
    chosen = {"contract account", [&] { return make_account(arguments); }};
  });
}

void add_mirror(CLI::App& app, service::MirrorArguments& arguments, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "mirror", "Copy another gateway's log, entries and all, and cosign what is held");
  verb->add_option("SOURCE", arguments.source, "URL or folder that its checkpoint and tiles lie in")
      ->required()
      ->type_name("");
  verb->add_option("--folder", arguments.folder, "Where the copy lies; a web server may serve it")
      ->required()
      ->type_name("DIR");
  verb->add_option("--log", arguments.log, "Verifier key of that log, or the file of it")
      ->required()
      ->type_name("KEY");
  verb->add_option("--key", arguments.key, "The mirror's own private key; without it no cosigning")
      ->type_name("FILE");
  verb->add_option("--ca", arguments.ca, "Certificates to trust for SOURCE, not the system's")
      ->type_name("FILE");
  verb->add_option("--every", arguments.seconds, "Look again each so many seconds; 0: once")
      ->check(CLI::Range(0u, 86400u))
      ->type_name("SECONDS")
      ->capture_default_str();
  verb->callback([&] { chosen = {"mirror", [&] { return service::mirror(arguments); }}; });
}

void add_rebuild(CLI::App& app, service::RebuildArguments& arguments, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "rebuild", "Fill a new store, after the old one was lost, from copies of the log");
  add_config(*verb, arguments.config);
  verb->add_option("--witness", arguments.witnesses,
                   "Verifier key that cosigned for the lost store, or its file; it is retired")
      ->required()
      ->type_name("KEY");
  verb->add_option("--mirror", arguments.mirrors, "URL or folder of a mirror of the log")
      ->type_name("PLACE");
  verb->add_option("--known", arguments.known,
                   "A head of the log that somebody has, evidence, or a receipt with one: nothing "
                   "smaller is restored")
      ->type_name("FILE");
  verb->add_option("--device-log", arguments.device_logs,
                   "Log folder of a device, with the cosignatures that it has")
      ->type_name("DIR");
  verb->add_option("--ca", arguments.ca, "Certificates to trust for mirrors, not the system's")
      ->type_name("FILE");
  verb->callback([&] { chosen = {"rebuild", [&] { return service::rebuild(arguments); }}; });
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
  DeviceArguments device;
  service::ContractArguments contract;
  service::MirrorArguments mirror;
  service::RebuildArguments rebuild;
  Chosen chosen;
  add_init(app, init, chosen);
  add_check(app, config, chosen);
  add_serve(app, config, chosen);
  add_device(app, device, chosen);
  add_contract(app, contract, chosen);
  add_mirror(app, mirror, chosen);
  add_rebuild(app, rebuild, chosen);
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
  // A reader that goes away, a file that may not grow: failed writes, not signals.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cairn-gateway: %s\n", error.what());
    return exit_failed;
  }
}
