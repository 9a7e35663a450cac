// The command as a tree of verbs. Help, manual pages and completions all come from this tree.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "output.hpp"

// CLI11 is a large header: only those who look at the tree include it.
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace command {

struct Example {
  std::string what;  ///< one line
  std::string line;  ///< what to type
};

/// What help and the manual say about a verb beside its options.
struct Page {
  std::string name;
  std::string summary;            ///< one line, imperative, no final stop
  std::string text;               ///< paragraphs, separated by empty lines
  std::vector<Example> examples;  ///< at least one
};

/// A verb's work: returns an exit status or throws Failure.
using Run = std::function<int(const Output&)>;

class Commands {
 public:
  Commands();
  ~Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  /// Adds a verb, with --json; the caller adds its arguments.
  CLI::App& add(Page page, Run run);

  /// Runs what the command line says; returns the exit status.
  int run(int argc, const char* const* argv);

  struct Verb {
    Page page;
    CLI::App* app;
    Run run;
  };
  const std::deque<Verb>& verbs() const { return verbs_; }

 private:
  int perform(const Verb& verb) const;

  std::unique_ptr<CLI::App> app_;
  std::deque<Verb> verbs_;
  Output output_;
};

/// An argument that has been added.
class Argument {
 public:
  explicit Argument(CLI::Option* option) : option_(option) {}
  Argument required();
  Argument one_of(const std::vector<std::string>& choices);
  /// `fault` says what is wrong with a value; empty when nothing is.
  Argument check(const std::function<std::string(const std::string&)>& fault);

 private:
  CLI::Option* option_;
};

/// An argument that is a decimal number below 2^63 without leading zeros, at least `least`.
Argument add_number(CLI::App& verb, const std::string& name, std::optional<uint64_t>& out,
                    const std::string& help, uint64_t least = 0, uint64_t most = INT64_MAX);

// Arguments of a verb. A name without dashes is an argument by position.

/// The name of a file.
Argument add_file(CLI::App& verb, const std::string& name, std::string& out,
                  const std::string& help);
/// A text; `type` is what help calls it.
Argument add_text(CLI::App& verb, const std::string& name, std::string& out,
                  const std::string& type, const std::string& help);
/// A text that may be given several times.
Argument add_list(CLI::App& verb, const std::string& name, std::vector<std::string>& out,
                  const std::string& type, const std::string& help);
/// A flag.
Argument add_switch(CLI::App& verb, const std::string& name, bool& out, const std::string& help);
/// A number of seconds.
Argument add_seconds(CLI::App& verb, const std::string& name, double& out, const std::string& help);
/// What help says about --json.
void describe_json(CLI::App& verb, const std::string& help);
/// The folder of a log as the first argument.
Argument add_log(CLI::App& verb, std::string& out);

// The verbs, one file each.
void add_keygen(Commands& commands);
void add_policy(Commands& commands);
void add_init(Commands& commands);
void add_append(Commands& commands);
void add_seal(Commands& commands);
void add_checkpoint(Commands& commands);
void add_prove(Commands& commands);
void add_consistency(Commands& commands);
void add_witness(Commands& commands);
void add_cosign(Commands& commands);
void add_verify(Commands& commands);
void add_join(Commands& commands);
void add_ots(Commands& commands);
void add_check(Commands& commands);
void add_show(Commands& commands);
void add_export(Commands& commands);
void add_image(Commands& commands);
void add_fork(Commands& commands);
void add_completion(Commands& commands);
void add_manual(Commands& commands);

}  // namespace command
