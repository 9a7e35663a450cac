// Help, manual pages and completions come from one tree, and all of them work.
#include <cstdlib>

#include "support/command.hpp"

using command_test::Bench;

namespace {

const char* const verbs[] = {"keygen",     "policy", "init",        "append",  "seal",
                             "checkpoint", "prove",  "consistency", "witness", "cosign",
                             "verify",     "ots",    "check",       "show",    "export",
                             "image",      "fork",   "completion",  "manual",  "join"};

bool installed(const std::string& program) {
  return std::system(("command -v " + program + " > /dev/null 2>&1").c_str()) == 0;
}

}  // namespace

TEST_CASE("Every verb has help with examples, and --json") {
  const Bench bench;
  const std::string overview = bench.good({"--help"});
  CHECK(overview.find("Examples:") != std::string::npos);
  for (const char* verb : verbs) {
    CHECK(overview.find(std::string("\n  ") + verb + " ") != std::string::npos);
    const std::string help = bench.good({verb, "--help"});
    CHECK(help.find("Examples:") != std::string::npos);
    CHECK(help.find(std::string("cairn ") + verb) != std::string::npos);
    CHECK(help.find("--json") != std::string::npos);
  }
  CHECK(bench.good({"--version"}).find("cairn ") == 0);
}

TEST_CASE("Every verb has a manual page that man accepts without a warning") {
  const Bench bench;
  bench.good({"manual", "--out", "manual"});
  for (const char* verb : verbs) {
    const std::string page = bench.read("manual/man1/cairn-" + std::string(verb) + ".1");
    for (const char* section :
         {".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", ".SH EXIT STATUS", ".SH EXAMPLES"})
      CHECK(page.find(section) != std::string::npos);
  }
  if (!installed("man")) {
    WARN("left out: install man-db and groff to check the pages");
    return;
  }
  for (const auto& page : std::filesystem::directory_iterator(bench.path("manual/man1"))) {
    const std::string command = "man --warnings -E UTF-8 -l -Tutf8 -Z " + page.path().string() +
                                " 2> " + bench.path("warnings") + " > /dev/null";
    CAPTURE(page.path().string());
    CHECK(std::system(command.c_str()) == 0);
    CHECK(bench.read("warnings").empty());
  }
}

TEST_CASE("The completion of bash offers verbs, options and choices") {
  const Bench bench;
  bench.write("cairn.bash", bench.good({"completion", "bash"}));
  bench.write("ask", R"(
    . ./cairn.bash
    ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cairn; echo "${COMPREPLY[*]}"; }
    ask cairn ve; ask cairn prove --si; ask cairn keygen --type p; ask cairn completion b
    touch evidence.cairn; ask cairn verify evi)");
  const std::string command = "cd " + bench.folder() + " && bash ./ask > answers 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(bench.read("answers") == "verify\n--size\np256\nbash\nevidence.cairn\n");
}

TEST_CASE("The completions of zsh and fish name every verb and are read without an error") {
  const Bench bench;
  for (const char* shell : {"zsh", "fish"}) {
    const std::string script = bench.good({"completion", shell});
    for (const char* verb : verbs)
      CHECK(script.find(verb) != std::string::npos);
    bench.write("script", script);
    if (!installed(shell)) continue;
    const std::string command =
        std::string(shell) + " -n " + bench.path("script") + " > /dev/null 2>&1";
    CAPTURE(shell);
    CHECK(std::system(command.c_str()) == 0);
  }
}
