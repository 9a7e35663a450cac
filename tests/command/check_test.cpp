// cairn check: an intact log passes; a copy with any harm done to it is caught and the harm named.
#include <cairn/checkpoint.hpp>
#include <cairn/linux/log_directory.hpp>

#include "support/command.hpp"

using command_test::Bench;

namespace {

command_test::Ran check(const Bench& bench, command_test::Arguments more = {}) {
  command_test::Arguments arguments = {"check", "copy", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto ran = bench.run(arguments);
  INFO(ran.out + ran.err);
  return ran;
}

void copy_log(const Bench& bench) {
  std::filesystem::remove_all(bench.path("copy"));
  bench.copy("log", "copy");
}

}  // namespace

TEST_CASE("An intact log passes, also a copy without the key") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.cosign(0);
  bench.good({"checkpoint", "log", "--size", "16", "--out", "old"});
  copy_log(bench);
  std::filesystem::remove(bench.path("key"));
  const auto ran = check(bench, {"--policy", "policy", "--checkpoint", "old"});
  REQUIRE(ran.status == 0);
  const auto report = ran.json();
  CHECK(report["ok"] == true);
  CHECK(report["problems"].empty());
  CHECK(report["records"] == report["size"]);
  CHECK(report["checkpoints"].get<int>() >= 3);
  CHECK(report["quorums"] == 1);
  CHECK(report["outside_confirmed"] == 1);
  CHECK(bench.good({"check", "copy"}).find("copy: INTACT") == 0);
}

// At the very end a changed byte cannot be told from a write that a power cut tore. Then the log is
// shorter, says that something stands behind it, and does not contain the newest checkpoint.
TEST_CASE("Every changed byte of the log is caught") {
  const Bench bench;
  bench.make_log();
  bench.good({"checkpoint", "log", "--out", "newest"});
  const size_t end = bench.read("log/log").find_last_not_of('\0');
  unsigned named = 0;
  for (size_t at = 32; at <= end; at += 23) {  // the frames; the segment's header is in front
    copy_log(bench);
    bench.flip("copy/log", at);
    const auto ran = check(bench);
    CAPTURE(at, ran.out, ran.err);
    if (at < 32) {
      CHECK(ran.status == 0);  // one bit of a segment header is put right
    } else if (ran.status == 0) {
      CHECK(ran.json()["torn_bytes"].get<int>() > 0);
      const auto compared = check(bench, {"--checkpoint", "newest"});
      // Only the newest head itself may be gone while all records are there.
      CHECK((compared.status == 1 || ran.json()["size"] == bench.json({"show", "log"})["records"]));
    } else if (ran.status == 2) {
      CHECK(ran.says("holds no log"));  // its very first frame
    } else {
      CHECK(ran.status == 1);
      CHECK_FALSE(ran.json()["problems"].empty());
      ++named;
    }
  }
  CHECK(named > 50);
}

TEST_CASE("A changed bit in a segment's header is put right") {
  const Bench bench;
  bench.make_log();
  for (const size_t at : {0u, 3u, 5u, 24u, 31u}) {
    copy_log(bench);
    bench.flip("copy/log", at);
    const auto ran = check(bench);
    CAPTURE(at, ran.out, ran.err);
    CHECK(ran.status == 0);
    CHECK(ran.json()["problems"].empty());
  }
}

TEST_CASE("A lost record is named by its index, and what is left is exported") {
  const Bench bench;
  bench.make_log();
  copy_log(bench);
  const size_t at = bench.read("copy/log").find("row 5");
  REQUIRE(at != std::string::npos);
  bench.flip("copy/log", at);
  const auto report = check(bench).json();
  REQUIRE(report["ok"] == false);
  const auto& problem = report["problems"][0];
  REQUIRE(problem.contains("first"));
  const auto first = problem["first"].get<uint64_t>();
  const auto last = first + problem["count"].get<uint64_t>() - 1;
  const std::string lost = bench.good(
      {"show", "log", "--records", "--from", std::to_string(first), "--to", std::to_string(last)});
  CHECK(lost.find("note = row 5\n") != std::string::npos);
  const auto left = bench.run({"export", "copy", "--jsonl", "--index"});
  CHECK(left.status == 1);
  CHECK(left.says("lost"));
  CHECK_FALSE(left.says("row 5\""));
  CHECK(left.says("row 30\""));
}

// Whoever can write the folder can also write valid check values. The signatures are what counts.
TEST_CASE("A forged record with valid check values does not fit the checkpoints") {
  const Bench bench;
  bench.make_log();
  bench.good({"checkpoint", "log", "--size", "16", "--out", "old"});
  // The forger has no key of the log: another one under the same name.
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "forged"});
  bench.good({"init", "copy", "--key", "forged", "--batch", "16"});
  std::string readings = Bench::readings(40);
  readings.replace(readings.find("row 5"), 5, "ROW 5");
  bench.good({"append", "copy", "--csv", "-"}, readings);
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});

  CHECK(check(bench).status == 0);  // by itself it is a good log
  const auto policy = check(bench, {"--policy", "policy"});
  CHECK(policy.status == 1);
  CHECK(policy.says("not the one that the policy names"));
  CHECK(check(bench, {"--checkpoint", "old"}).status == 1);

  // With the true key in config.json no checkpoint fits.
  auto config = command_test::Json::parse(bench.read("copy/config.json"));
  config["vkey"] = bench.json({"show", "log"})["vkey"];
  bench.write("copy/config.json", config.dump());
  const auto swapped = check(bench, {"--policy", "policy"});
  CHECK(swapped.status == 1);
  CHECK(swapped.says("names another key"));
  CHECK(swapped.says("does not fit the log"));
}

TEST_CASE(
    "A log that was cut off or rewritten does not contain the checkpoint that somebody kept") {
  const Bench bench;
  bench.make_log("plant.example/press4", 40);
  bench.copy("log", "early");
  bench.good({"append", "log", "--csv", "readings.csv"});
  bench.good({"checkpoint", "log", "--out", "newest"});
  bench.copy("early", "copy");
  CHECK(check(bench).status == 0);
  const auto rolled = check(bench, {"--checkpoint", "newest"});
  CHECK(rolled.status == 1);
  CHECK(rolled.says("rolled back"));

  // The owner goes on from the old state: two histories under one key.
  bench.good({"append", "copy", "--csv", "-", "--key", "key"}, Bench::readings(90));
  CHECK(check(bench).status == 0);
  const auto forked = check(bench, {"--checkpoint", "newest"});
  CHECK(forked.status == 1);
  CHECK(forked.says("rewritten"));
}

TEST_CASE("Wrong cosignatures are found with the policy") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.cosign(0);
  copy_log(bench);
  const auto size = bench.json({"show", "log"})["records"].get<uint64_t>();
  const std::string name = "copy/cosignatures/" + std::to_string(size);
  const std::string lines = bench.read(name);
  bench.flip(name, lines.size() - 20);
  const auto wrong = check(bench, {"--policy", "policy"});
  CHECK(wrong.status == 1);
  CHECK(wrong.says("cosignature"));
  bench.write(name, "rubbish");
  CHECK(check(bench).status == 1);
  bench.write(name, lines);
  std::filesystem::rename(bench.path(name), bench.path("copy/cosignatures/17"));
  CHECK(check(bench).says("no valid checkpoint of that size"));
}

TEST_CASE("A torn tail is explained, not called a loss") {
  const Bench bench;
  bench.make_log();
  bench.good({"append", "log", "--csv", "-", "--no-seal"}, "x\n1\n2\n");
  copy_log(bench);
  std::string bytes = bench.read("copy/log");
  const size_t end = bytes.find_last_not_of('\0');
  bytes[end - 1] = '\0';
  bytes[end] = '\0';
  bench.write("copy/log", bytes);
  const auto ran = check(bench);
  CHECK(ran.status == 0);
  CHECK(ran.json()["torn_bytes"].get<int>() > 0);
  CHECK(bench.good({"check", "copy"}).find("interrupted") != std::string::npos);
}

TEST_CASE("A folder that is no log, or half of one, is refused with the reason") {
  const Bench bench;
  bench.make_log();
  bench.write("file", "x");
  std::filesystem::create_directory(bench.path("empty"));
  for (const char* name : {"nowhere", "file", "empty"}) {
    const auto ran = bench.run({"check", name});
    CHECK(ran.status == 2);
    CHECK(ran.says(name));
  }
  copy_log(bench);
  std::filesystem::remove(bench.path("copy/log"));
  CHECK(check(bench).status == 2);
  copy_log(bench);
  bench.write("copy/log", "");
  CHECK(check(bench).status == 2);
  copy_log(bench);
  bench.good({"checkpoint", "log", "--out", "newest"});
  std::filesystem::resize_file(bench.path("copy/log"), 300);
  CHECK(check(bench, {"--checkpoint", "newest"}).status == 1);
  const std::string config = bench.read("log/config.json");
  for (const std::string& broken : {std::string("{"), std::string("[]"), std::string("\xff"),
                                    config.substr(0, config.size() / 2)}) {
    copy_log(bench);
    bench.write("copy/config.json", broken);
    const auto ran = check(bench);
    CHECK(ran.status == 2);
    CHECK(ran.says("config.json"));
  }
}
