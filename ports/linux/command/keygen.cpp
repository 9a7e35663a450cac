// cairn keygen: a private key and its verifier key.
#include "commands.hpp"
#include "files.hpp"

namespace command {

namespace {

struct KeygenArguments {
  std::string name;
  std::string type = "ed25519";
  std::string out;
};

int keygen(const KeygenArguments& arguments, const Output& output) {
  const auto algorithm =
      arguments.type == "p256" ? cairn::Algorithm::p256 : cairn::Algorithm::ed25519;
  cairn::host::KeyFile key;
  require(key.generate(arguments.out, arguments.name, algorithm));
  const std::string vkey = cairn::host::vkey_text(key.log_key());
  const auto cosigner = key.cosigner_key();
  const std::string witness = cosigner.ok() ? cairn::host::vkey_text(cosigner.value) : "";

  output.line("private key   " + arguments.out + " (keep it secret; it never leaves this machine)");
  output.line("verifier key  " + arguments.out + ".vkey (give it to everyone who verifies):");
  output.line(vkey);
  output.line("In a policy, for a log:      log " + vkey);
  if (cosigner.ok())
    output.line("In a policy, for a witness:  witness " + arguments.name + " " + witness);
  Json report{{"ok", true},
              {"name", arguments.name},
              {"type", arguments.type},
              {"key", arguments.out},
              {"vkey_file", arguments.out + ".vkey"},
              {"vkey", vkey}};
  if (cosigner.ok()) report["witness_vkey"] = witness;
  output.object(report);
  return exit_done;
}

}  // namespace

void add_keygen(Commands& commands) {
  const auto arguments = std::make_shared<KeygenArguments>();
  CLI::App& verb = commands.add(
      {"keygen",
       "Make a signing key for a log or a witness",
       "Writes the private key to FILE, readable by its owner only, and the verifier key to\n"
       "FILE.vkey. Existing files are never overwritten.\n\n"
       "The name is part of every signature. For a log it is the origin: shaped like an address\n"
       "without a scheme, such as plant.example/line3/press4, and never used for another log.\n"
       "A witness needs its own key of type ed25519. Choose p256 where the key is to live in\n"
       "hardware or where rules ask for it.",
       {{"The key of a device's log",
         "cairn keygen --name plant.example/line3/press4 --out press4.key"},
        {"The key of a witness", "cairn keygen --name witness.example/north --out north.key"},
        {"A P-256 key",
         "cairn keygen --name plant.example/line3/press5 --type p256 --out press5.key"}}},
      [arguments](const Output& output) { return keygen(*arguments, output); });
  add_text(verb, "--name", arguments->name, "ORIGIN", "Origin of the log, or name of the witness")
      .required();
  add_text(verb, "--type", arguments->type, "TYPE",
           "Signature algorithm: ed25519 (default) or p256")
      .one_of({"ed25519", "p256"});
  add_file(verb, "--out", arguments->out, "File for the private key").required();
}

}  // namespace command
