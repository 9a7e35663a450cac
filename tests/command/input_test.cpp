// Bad input of every kind: a status, a message that says which file and field, and a log that is
// as it was.
#include "support/command.hpp"

using command_test::Bench;

namespace {

/// Runs, and requires that the log did not change.
command_test::Ran refused(const Bench& bench, const command_test::Arguments& arguments,
                          const std::string& input = "") {
  const std::string before = bench.read("log/log");
  const auto ran = bench.run(arguments, input);
  INFO(ran.out + ran.err);
  CHECK(bench.read("log/log") == before);
  return ran;
}

}  // namespace

TEST_CASE("Bad rows in a file: the line is named and the log untouched") {
  const Bench bench;
  bench.make_log();
  struct Bad {
    const char* option;
    std::string bytes;
    const char* place;
  };
  const std::string long_text(300, 'x');
  for (const Bad& bad : std::vector<Bad>{
           {"--csv", "a,b\n1,2\n3\n", "3"},
           {"--csv", "a,b\n1,2\n3,4,5\n", "3"},
           {"--csv", "a,a\n1,2\n", "a"},
           {"--csv", "a,\n1,2\n", "1"},
           {"--csv", "a,b\n1,\xff\n", "2"},
           {"--csv", "a,b\n1,\"open\n", ""},
           {"--csv", "a,b\n1," + long_text + "\n", "2"},
           {"--jsonl", "{\"a\":1}\n{\"a\":\n", "2"},
           {"--jsonl", "{\"a\":1}\n[1,2]\n", "2"},
           {"--jsonl", "{\"a\":{\"b\":1}}\n", "1"},
           {"--jsonl", "{\"a\":1,\"a\":2}\n", "1"},
           {"--jsonl", "{\"a\":\"\xff\"}\n", "1"},
           {"--jsonl", "{\"a\":\"" + long_text + "\"}\n", "1"},
           {"--jsonl", std::string(100000, '['), "1"},
           {"--lines", "short\n" + std::string(9000, 'x') + "\n", "2"},
       }) {
    bench.write("bad", bad.bytes);
    const auto ran = refused(bench, {"append", "log", bad.option, "bad"});
    CAPTURE(bad.option, bad.bytes.substr(0, 60), ran.err);
    CHECK(ran.status == 2);
    CHECK(ran.says("bad"));
    CHECK(ran.says(bad.place));
  }
  for (const char* option : {"--csv", "--jsonl", "--lines"}) {
    CHECK(refused(bench, {"append", "log", option, "nowhere"}).status == 2);
    CHECK(refused(bench, {"append", "log", option, "log"}).status == 2);
  }
}

TEST_CASE("From a pipe, the rows before a bad one stay, and the message says how to go on") {
  const Bench bench;
  bench.make_log();
  const auto ran = bench.run({"append", "log", "--csv", "-"}, "a,b\n1,2\n3,4\n5\n");
  CHECK(ran.status == 2);
  CHECK(ran.says("--skip 2"));
  CHECK(bench.good({"export", "log", "--csv", "--from", "50"}).find("3,4\n") != std::string::npos);
  bench.good({"check", "log"});
}

TEST_CASE("Evidence, policies and notes of every broken kind") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.cosign(0);
  bench.good({"prove", "log", "12", "--out", "good.cairn"});
  bench.good({"prove", "log", "12", "--out", "good.tlog-proof", "--record", "leaf"});
  bench.good({"checkpoint", "log", "--out", "good.checkpoint"});
  const std::string evidence = bench.read("good.cairn");

  SECTION("truncated at every length") {
    for (size_t size = 1; size < evidence.size(); size += 7) {
      bench.write("bad.cairn", evidence.substr(0, size));
      CAPTURE(size);
      CHECK(bench.run({"verify", "--policy", "policy", "bad.cairn"}).status == 1);
    }
  }
  SECTION("empty, extended, foreign, huge") {
    bench.write("bad.cairn", "");
    CHECK(bench.run({"verify", "--policy", "policy", "bad.cairn"}).says("empty"));
    CHECK(bench.run({"verify", "--policy", "policy", "bad.cairn"}).status == 2);
    bench.write("bad.cairn", evidence + "x");
    CHECK(bench.run({"verify", "--policy", "policy", "bad.cairn"}).status == 1);
    bench.write("bad.cairn", "not evidence at all");
    CHECK(bench.run({"verify", "--policy", "policy", "bad.cairn"}).status == 1);
    bench.write("bad.cairn", std::string(70 << 20, 'x'));
    CHECK(bench.run({"verify", "--policy", "policy", "bad.cairn"}).status == 2);
    CHECK(bench.run({"verify", "--policy", "policy", "nowhere"}).status == 2);
    CHECK(bench.run({"verify", "--policy", "policy", "log"}).status == 2);
    CHECK(bench.run({"show", "bad.cairn"}).status == 2);
  }
  SECTION("a broken policy names the line") {
    const std::string policy = bench.read("policy");
    struct Bad {
      std::string text;
      const char* field;
    };
    for (const Bad& bad : std::vector<Bad>{{"rubbish\n", "line 1"},
                                           {policy + "quorum none\n", "quorum"},
                                           {policy.substr(0, policy.find("quorum")), "quorum"},
                                           {"\xff" + policy, "line 1"},
                                           {policy + policy, "line"}}) {
      bench.write("bad.policy", bad.text);
      const auto ran = bench.run({"verify", "--policy", "bad.policy", "good.cairn"});
      CAPTURE(ran.err);
      CHECK(ran.status == 2);
      CHECK(ran.says("bad.policy"));
      CHECK(ran.says(bad.field));
      CHECK(bench.run({"check", "log", "--policy", "bad.policy"}).status == 2);
    }
  }
  SECTION("a broken checkpoint names the field") {
    const std::string note = bench.read("good.checkpoint");
    for (const std::string& bad :
         {note.substr(0, note.size() - 1), note.substr(0, 30), "x" + note.substr(note.find('\n')),
          note + "rubbish\n", std::string("\0", 1) + note}) {
      bench.write("bad.checkpoint", bad);
      const auto ran = bench.run({"check", "log", "--checkpoint", "bad.checkpoint"});
      CAPTURE(bad, ran.err);
      CHECK(ran.status != 0);
      CHECK(ran.says("bad.checkpoint"));
    }
  }
  SECTION("a wrong order: lines of a proof exchanged") {
    std::string proof = bench.read("good.tlog-proof");
    const size_t first = proof.find("index 12\n") + 9;
    const size_t second = proof.find('\n', first) + 1;
    const std::string a = proof.substr(first, 45);
    const std::string b = proof.substr(second, 45);
    REQUIRE(a != b);
    proof.replace(first, 45, b);
    proof.replace(second, 45, a);
    bench.write("bad.tlog-proof", proof);
    const auto ran =
        bench.run({"verify", "--policy", "policy", "--record", "leaf", "bad.tlog-proof"});
    CHECK(ran.status == 1);
    CHECK(ran.says("proof invalid"));
  }
  SECTION("a later version is told from a broken one") {
    std::string proof = bench.read("good.tlog-proof");
    proof.replace(proof.find("@v1"), 3, "@v2");
    bench.write("later.tlog-proof", proof);
    const auto ran =
        bench.run({"verify", "--policy", "policy", "--record", "leaf", "later.tlog-proof"});
    CHECK(ran.status != 0);
    auto config = command_test::Json::parse(bench.read("log/config.json"));
    config["version"] = 99;
    bench.copy("log", "later");
    bench.write("later/config.json", config.dump());
    const auto log = bench.run({"check", "later"});
    CHECK(log.status == 2);
    CHECK(log.says("later"));
  }
}

TEST_CASE("show knows each kind of file, and says so of others") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.cosign(0);
  bench.good({"prove", "log", "12", "--out", "x.cairn"});
  bench.good({"prove", "log", "12", "--out", "x.tlog-proof"});
  bench.good({"checkpoint", "log", "--out", "x.checkpoint"});
  struct Known {
    const char* file;
    const char* type;
  };
  for (const Known& known :
       {Known{"log", "log"}, Known{"x.cairn", "evidence"}, Known{"x.tlog-proof", "tlog-proof"},
        Known{"x.checkpoint", "checkpoint"}, Known{"key.vkey", "vkey"}, Known{"policy", "policy"},
        Known{"request", "witness-request"}}) {
    CHECK(bench.json({"show", known.file})["type"] == known.type);
    CHECK_FALSE(bench.good({"show", known.file}).empty());
    if (std::string(known.file) == "log") continue;
    // Whatever it is called, and however it comes.
    bench.copy(known.file, std::string("renamed-") + known.type);
    CHECK(bench.json({"show", std::string("renamed-") + known.type})["type"] == known.type);
    CHECK(bench.json({"show", "-"}, bench.read(known.file))["type"] == known.type);
  }
  const auto secret = bench.run({"show", "key"});
  CHECK(secret.status == 2);
  CHECK_FALSE(secret.says("PRIVATE+KEY"));
  bench.write("rubbish", "rubbish");
  CHECK(bench.run({"show", "rubbish"}).status == 2);
  bench.write("escape", "log \x1b[31mred\n");
  const auto escape = bench.run({"show", "escape"});
  CHECK(escape.status == 2);
  CHECK_FALSE(escape.says("\x1b"));
}

TEST_CASE("A control character in a reading never reaches the terminal as it is") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key"});
  bench.good({"append", "log", "--jsonl", "-"}, "{\"a\\u001b[2J\":\"x\\u001b[31mred\"}\n");
  bench.good({"append", "log", "--lines", "-"}, "\x1b[31mred\n");
  CHECK(bench.good({"show", "log", "--records"}).find('\x1b') == std::string::npos);
}
