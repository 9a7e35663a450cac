// cairn: the command line of the library. See commands.hpp for its verbs.
#include <csignal>

#include "commands.hpp"

int main(int argc, char** argv) {
  // A reader that goes away shows up as a failed write, not as a signal.
  std::signal(SIGPIPE, SIG_IGN);
  std::ios::sync_with_stdio(false);
  command::Commands commands;
  command::add_keygen(commands);
  command::add_policy(commands);
  command::add_init(commands);
  command::add_append(commands);
  command::add_seal(commands);
  command::add_checkpoint(commands);
  command::add_prove(commands);
  command::add_consistency(commands);
  command::add_witness(commands);
  command::add_cosign(commands);
  command::add_verify(commands);
  command::add_join(commands);
  command::add_ots(commands);
  command::add_check(commands);
  command::add_show(commands);
  command::add_export(commands);
  command::add_image(commands);
  command::add_fork(commands);
  command::add_completion(commands);
  command::add_manual(commands);
  return commands.run(argc, argv);
}
