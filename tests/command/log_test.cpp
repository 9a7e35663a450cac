// cairn init, append, seal, checkpoint, show, export: a log's life.
#include <sys/stat.h>

#include "support/command.hpp"

using command_test::Bench;
using command_test::Process;

TEST_CASE("What was appended is exported byte for byte") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key"});

  SECTION("CSV") {
    const std::string csv =
        "id,temperature [degC],on,\"a \"\"b\"\", c\"\n"
        "1,21.50,true,plain\n"
        "-0.001,100.00,false,\"line\nend\"\n"
        "999999999999999999,,true,\"comma, quote \"\" \"\n"
        "0,1.0,false,\xC3\xBC\xE2\x82\xAC\n";
    bench.write("in.csv", csv);
    bench.good({"append", "log", "--csv", "in.csv"});
    CHECK(bench.good({"export", "log", "--csv"}) == csv);
  }
  SECTION("JSON Lines") {
    const std::string jsonl =
        "{\"t\":21.50,\"on\":true,\"note\":\"x\\\"y\\n\"}\n"
        "{\"t\":-100.000,\"on\":false}\n"
        "{\"new [bar]\":0.10,\"note\":\"12\"}\n";
    bench.write("in.jsonl", jsonl);
    bench.good({"append", "log", "--jsonl", "in.jsonl"});
    CHECK(bench.good({"export", "log", "--jsonl"}) == jsonl);
    CHECK(bench.good({"export", "log", "--json"}) == jsonl);
  }
  SECTION("lines") {
    const std::string lines = "first\n\nthird \xff\x01\n";
    bench.write("in.txt", lines);
    bench.good({"append", "log", "--lines", "in.txt"});
    CHECK(bench.good({"export", "log", "--lines"}) == lines);
    const auto other = bench.run({"export", "log", "--csv"});
    CHECK(other.status == 0);
    CHECK(other.says("3 records left out"));
  }
  SECTION("semicolons, no header") {
    bench.write("in.csv", "1;2,5\n3;4,5\n");
    bench.good({"append", "log", "--csv", "in.csv", "--delimiter", ";", "--no-header"});
    CHECK(bench.good({"export", "log", "--csv"}) == "column1,column2\n1,\"2,5\"\n3,\"4,5\"\n");
  }
}

TEST_CASE("Other spellings of a value come back in the usual one") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key"});
  bench.good({"append", "log", "--csv", "-"},
             "a,b,c,d,e,f,g\n+5,.5,-0.0000,1E5,TRUE,007,12345678901234567890\n");
  const std::string usual = "a,b,c,d,e,f,g\n5,0.5,0.0000,1e+05,true,007,12345678901234567890\n";
  CHECK(bench.good({"export", "log", "--csv"}) == usual);
  bench.good({"init", "again", "--key", "key"});
  bench.good({"append", "again", "--csv", "-"}, usual);
  CHECK(bench.good({"export", "again", "--csv"}) == usual);
}

TEST_CASE("Several inputs with other columns are told apart by name") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key"});
  bench.good({"append", "log", "--csv", "-"}, "a,b\n1,2\n");
  bench.good({"append", "log", "--csv", "-"}, "b,c\n3,4\n");
  CHECK(bench.good({"export", "log", "--csv"}) == "a,b,c\n1,2,\n,3,4\n");
  const std::string part = bench.good({"export", "log", "--csv", "--from", "8", "--index"});
  CHECK(part.find("index,time,b,c\n") == 0);
  CHECK(part.find("Z,3,4\n") != std::string::npos);
}

TEST_CASE("append signs batches and seals at the end") {
  const Bench bench;
  bench.make_log("plant.example/press4", 40);
  auto shown = bench.json({"show", "log"});
  CHECK(shown["origin"] == "plant.example/press4");
  CHECK(shown["records"] == shown["signed"]);
  CHECK(shown["records"].get<int>() > 46);  // 40 rows, 4 channels, begin, boot, close records
  CHECK(bench.json({"seal", "log"})["sealed"] == false);

  bench.good({"append", "log", "--csv", "-", "--no-seal", "--batch", "1000"}, "x\n1\n");
  shown = bench.json({"show", "log"});
  CHECK(shown["records"].get<int>() == shown["signed"].get<int>() + 3);  // boot, channel, sample
  CHECK(bench.json({"seal", "log"})["sealed"] == true);
  shown = bench.json({"show", "log"});
  CHECK(shown["records"] == shown["signed"]);

  const std::string records = bench.good({"show", "log", "--records"});
  CHECK(records.find("0  begin  begins plant.example/press4") == 0);
  CHECK(records.find("temperature [degC] = 21.10") != std::string::npos);
  CHECK(records.find("signed checkpoint of size 16\n") != std::string::npos);
  const auto last = bench.json({"show", "log", "--records", "--from", "2", "--to", "5"});
  CHECK(last["index"] == 5);
  CHECK(last["kind"] == "channel");
  CHECK(last["name"] == "note");
}

TEST_CASE("checkpoint prints the newest signed note, or the one of a size") {
  const Bench bench;
  bench.make_log();
  const std::string newest = bench.good({"checkpoint", "log"});
  CHECK(newest.find("plant.example/press4\n") == 0);
  bench.good({"checkpoint", "log", "--size", "16", "--out", "first"});
  const auto first = bench.json({"show", "first"});
  CHECK(first["type"] == "checkpoint");
  CHECK(first["size"] == 16);
  CHECK(bench.json({"checkpoint", "log", "--size", "16"})["note"] == bench.read("first"));
  const auto none = bench.run({"checkpoint", "log", "--size", "17"});
  CHECK(none.status == 2);
  CHECK(none.says("the next one has size 32"));
}

TEST_CASE("A P-256 log works like any other") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press5", "--type", "p256", "--out", "key"});
  bench.good({"init", "log", "--key", "key"});
  bench.good({"append", "log", "--csv", "-"}, "a\n1\n2\n");
  bench.good({"check", "log"});
  bench.good({"prove", "log", "3", "--out", "x.cairn"});
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  CHECK(bench.json({"verify", "--policy", "policy", "x.cairn"})["ok"] == true);
}

TEST_CASE("A log without records yet has no checkpoint, and says so") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key"});
  bench.good({"show", "log"});
  bench.good({"show", "log", "--records"});
  bench.good({"check", "log"});
  CHECK(bench.good({"export", "log", "--jsonl"}).empty());
  const auto ran = bench.run({"checkpoint", "log"});
  CHECK(ran.status == 2);
  CHECK(ran.says("cairn seal"));
  CHECK(bench.run({"prove", "log", "0", "--out", "x.cairn"}).says("cairn seal"));
}

TEST_CASE("init keeps its hands off what exists, and leaves nothing behind when it fails") {
  const Bench bench;
  bench.make_log();
  const std::string config = bench.read("log/config.json");
  CHECK(bench.run({"init", "log", "--key", "key"}).status == 2);
  CHECK(bench.read("log/config.json") == config);
  CHECK(bench.run({"init", "other", "--key", "nokey"}).status == 2);
  CHECK_FALSE(bench.exists("other"));
}

TEST_CASE("init refuses sizes that no log can have at once, and says which are possible") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  const auto refused = [&](command_test::Arguments sizes, const char* says) {
    sizes.insert(sizes.begin(), {"init", "log", "--key", "key"});
    const auto ran = bench.run(sizes);
    INFO(ran.err);
    CHECK(ran.status == 2);
    CHECK(ran.says(says));
    CHECK_FALSE(bench.exists("log"));
  };
  for (const char* count : {"0", "1", "262145", "4294967295", "18446744073709551616", "-1", "many"})
    refused({"--segments", count}, "whole number from 2 to 262144");
  for (const char* bytes : {"0", "4095", "1073741825", "4294967296", "18446744073709551616"})
    refused({"--segment", bytes}, "whole number from 4096 to 1073741824");
  refused({"--segment", "1073741824", "--segments", "16385"}, "fewer or smaller segments");
  refused({"--batch", "4294967296"}, "whole number from 0 to 4294967295");
  bench.good({"init", "log", "--key", "key", "--segment", "4096", "--segments", "2"});
}

TEST_CASE("A successor names the log that it continues") {
  const Bench bench;
  bench.make_log();
  const std::string note = bench.good({"checkpoint", "log", "--out", "last"});
  bench.good({"keygen", "--name", "plant.example/press4/e2", "--out", "key2"});
  bench.good({"init", "log2", "--key", "key2", "--continues", "last"});
  const auto begin = bench.json({"show", "log2", "--records", "--to", "0"});
  CHECK(begin["previous"]["origin"] == "plant.example/press4");
  CHECK(begin["previous"]["size"] == bench.json({"show", "last"})["size"]);
  const auto bad = bench.run({"init", "log3", "--key", "key2", "--continues", "readings.csv"});
  CHECK(bad.status == 2);
  CHECK(bad.says("readings.csv"));
  CHECK_FALSE(bench.exists("log3"));
}

TEST_CASE("A recycled log goes on, checks, and tells what it retired") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key", "--segment", "4096", "--segments", "4", "--recycle"});
  bench.write("in.csv", Bench::readings(2000));
  bench.good({"append", "log", "--csv", "in.csv"});
  const auto shown = bench.json({"show", "log"});
  const auto oldest = shown["oldest"].get<uint64_t>();
  CHECK(oldest > 1000);
  const auto checked = bench.json({"check", "log"});
  CHECK(checked["oldest"] == oldest);
  CHECK(checked["checkpoints"].get<int>() >= 1);
  bench.good({"prove", "log", std::to_string(oldest + 3), "--out", "x.cairn"});
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  CHECK(bench.json({"verify", "--policy", "policy", "x.cairn"})["ok"] == true);
  const auto gone = bench.run({"prove", "log", "5", "--out", "y.cairn"});
  CHECK(gone.status == 2);
  CHECK(gone.says("pruned"));
}

TEST_CASE("A full log refuses more, keeps what it has, and says so") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key", "--segment", "4096", "--segments", "3"});
  bench.write("in.csv", Bench::readings(2000));
  const auto ran = bench.run({"append", "log", "--csv", "in.csv", "--ack"});
  CHECK(ran.status == 2);
  CHECK(ran.says("segments"));
  const auto checked = bench.json({"check", "log"});
  CHECK(checked["records"].get<int>() > 100);
}

TEST_CASE("From a pipe, what has arrived is durable while more is awaited") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key"});
  Process append(bench.folder(), {"append", "log", "--jsonl", "-", "--ack"});
  append.write("{\"a\":1}\n{\"a\":2}\n");
  REQUIRE(append.wait_for("acknowledged "));
  CHECK(bench.good({"export", "log", "--jsonl"}) == "{\"a\":1}\n{\"a\":2}\n");

  SECTION("the end of input seals") {
    append.write("{\"a\":3}\n");
    const auto ran = append.finish();
    CHECK(ran.status == 0);
    CHECK(ran.says("appended 3 rows"));
  }
  SECTION("a signal ends it properly") {
    append.kill(SIGTERM);
    const auto ran = append.finish();
    CHECK(ran.status == 0);
    CHECK(ran.says("stopped by a signal"));
  }
  SECTION("a kill loses nothing that was acknowledged") {
    append.kill(SIGKILL);
    CHECK(append.finish().status == 128 + SIGKILL);
    CHECK(bench.good({"export", "log", "--jsonl"}) == "{\"a\":1}\n{\"a\":2}\n");
    bench.good({"append", "log", "--jsonl", "-"}, "{\"a\":3}\n");
  }
  SECTION("a second writer is refused, a reader is not") {
    const auto second = bench.run({"append", "log", "--jsonl", "-"}, "{\"a\":9}\n");
    CHECK(second.status == 2);
    CHECK(second.says("process"));
    CHECK(bench.run({"seal", "log"}).status == 2);
    bench.good({"show", "log"});
    bench.good({"check", "log"});
    append.kill(SIGINT);
    CHECK(append.finish().status == 0);
  }
  const auto shown = bench.json({"show", "log"});
  CHECK(shown["records"] == shown["signed"]);
  bench.good({"check", "log"});
}

TEST_CASE("Rows can be skipped and counted, committed one by one, and signed by time") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key", "--batch", "0", "--batch-seconds", "1"});
  bench.write("in.csv", "a,b\n1,2\n3,4\n5,6\n7,8\n");
  const auto ran = bench.run(
      {"append", "log", "--csv", "in.csv", "--skip", "1", "--count", "3", "--each", "--ack"});
  CHECK(ran.status == 0);
  CHECK(ran.out.find("acknowledged 4\nacknowledged 5\n") == 0);
  CHECK(bench.good({"export", "log", "--csv"}) == "a,b\n3,4\n5,6\n");
  const auto before = bench.json({"show", "log"})["signed"].get<uint64_t>();

  Process append(bench.folder(), {"append", "log", "--jsonl", "-", "--ack"});
  append.write("{\"a\":1}\n");
  REQUIRE(append.wait_for("acknowledged "));
  bool sealed = false;
  for (int i = 0; i < 100 && !sealed; ++i) {
    usleep(100 * 1000);
    sealed = bench.json({"show", "log"})["signed"].get<uint64_t>() > before;
  }
  CHECK(sealed);
}

TEST_CASE("This machine's sensors become records") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key"});
  const auto report = bench.json(
      {"append", "log", "--sensors", "--interval", "0.05", "--count", "3", "--batch", "8"});
  CHECK(report["rows"] == 3);
  const std::string csv = bench.good({"export", "log", "--csv"});
  CHECK(csv.find("load.1min") == 0);
  CHECK(csv.find("memory.total [KiB]") != std::string::npos);
  bench.good({"check", "log"});
}

TEST_CASE("The key may have moved, but must be the log's") {
  const Bench bench;
  bench.make_log();
  std::filesystem::rename(bench.path("key"), bench.path("moved"));
  const auto missing = bench.run({"append", "log", "--csv", "-"}, "a\n1\n");
  CHECK(missing.status == 2);
  CHECK(missing.says("key"));
  bench.good({"append", "log", "--csv", "-", "--key", "moved"}, "a\n1\n");
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "forged"});
  const auto wrong = bench.run({"seal", "log", "--key", "forged"});
  CHECK(wrong.status == 2);
  CHECK(wrong.says("forged"));
}

namespace {

/// A shell in which `cairn` is the command, run in the bench's folder.
int shell(const Bench& bench, const std::string& script) {
  const std::string command = "cd " + bench.folder() +
                              " && cairn() { " CAIRN_TEST_COMMAND " \"$@\"; } && " + script +
                              " > output 2>&1";
  const int status = std::system(("bash -c '" + command + "'").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("A full disk stops the append; what was acknowledged stays, and it goes on with room") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"init", "log", "--key", "key", "--segment", "65536", "--segments", "64"});
  bench.write("in.csv", Bench::readings(20000));
  // No file may grow beyond 256 KiB.
  CHECK(shell(bench, "trap \"\" XFSZ; ulimit -f 256; cairn append log --csv in.csv --ack") == 2);
  const std::string said = bench.read("output");
  CHECK(said.find("What was acknowledged is safe") != std::string::npos);
  const size_t last = said.rfind("acknowledged ", said.rfind("cairn append"));
  REQUIRE(last != std::string::npos);
  const uint64_t promised = std::stoull(said.substr(last + 13));
  CHECK(bench.json({"check", "log"})["size"].get<uint64_t>() > promised);
  bench.good({"append", "log", "--csv", "-"}, "x\n1\n");
  bench.good({"check", "log"});
}

TEST_CASE("Output that cannot be written is an error") {
  const Bench bench;
  bench.make_log();
  CHECK(shell(bench, "cairn export log --csv > /dev/full; exit $?") == 2);
  CHECK(shell(bench, "cairn checkpoint log > /dev/full; exit $?") == 2);
  CHECK(bench.run({"checkpoint", "log", "--out", "no/such/folder"}).status == 2);
  CHECK(bench.run({"checkpoint", "log", "--out", "log"}).status == 2);
}

TEST_CASE("A read-only folder can be read, not written") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  std::string user;
  if (geteuid() == 0) {
    // To root every folder is writable.
    user = "setpriv --reuid 65534 --clear-groups ";
    if (shell(bench, "chmod 755 . && " + user + CAIRN_TEST_COMMAND " --version") != 0) {
      WARN("left out: as root this needs setpriv, and a build folder that others can read");
      return;
    }
  } else {
    for (const char* name : {"log/log", "log/config.json", "log/lock"})
      REQUIRE(chmod(bench.path(name).c_str(), 0444) == 0);
    REQUIRE(chmod(bench.path("log").c_str(), 0555) == 0);
  }
  const auto run = [&](const std::string& arguments) {
    return shell(bench, user + CAIRN_TEST_COMMAND " " + arguments);
  };
  CHECK(run("show log") == 0);
  CHECK(run("check log --policy policy") == 0);
  CHECK(run("export log --csv") == 0);
  CHECK(run("checkpoint log") == 0);
  const std::string before = bench.read("log/log");
  CHECK(run("append log --lines readings.csv") == 2);
  CHECK(bench.read("output").find("log/lock") != std::string::npos);
  CHECK(run("seal log") == 2);
  CHECK(run("cosign log policy") == 2);
  CHECK(bench.read("log/log") == before);
}
