// cairn keygen, policy, and the command line itself.
#include <sys/stat.h>

#include "support/command.hpp"

using command_test::Bench;

TEST_CASE("keygen writes a private key and a verifier key, and never overwrites") {
  const Bench bench;
  for (const char* type : {"ed25519", "p256"}) {
    const std::string name = std::string(type) + ".key";
    const auto report =
        bench.json({"keygen", "--name", "plant.example/press4", "--type", type, "--out", name});
    CHECK(report["ok"] == true);
    CHECK(bench.read(name + ".vkey") == report["vkey"].get<std::string>() + "\n");
    CHECK(report.contains("witness_vkey") == (std::string(type) == "ed25519"));
    struct stat about {};
    REQUIRE(stat(bench.path(name).c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    const std::string before = bench.read(name);
    const auto again = bench.run({"keygen", "--name", "other", "--out", name});
    CHECK(again.status == 2);
    CHECK(again.says(name));
    CHECK(bench.read(name) == before);
  }
}

TEST_CASE("keygen refuses names that a note cannot carry") {
  const Bench bench;
  for (const std::string name : {"", "with space", "with+plus", "line\nend", "\xff\xfe"}) {
    const auto ran = bench.run({"keygen", "--name", name, "--out", "key"});
    CAPTURE(name);
    CHECK(ran.status == 2);
    CHECK_FALSE(bench.exists("key"));
    CHECK_FALSE(bench.exists("key.vkey"));
  }
  CHECK(bench.run({"keygen", "--name", std::string(256, 'x'), "--out", "key"}).status == 2);
  CHECK(bench.run({"keygen", "--name", "x", "--type", "rsa", "--out", "key"}).status == 2);
  CHECK(bench.run({"keygen", "--name", "x", "--out", "no/such/folder/key"}).status == 2);
}

TEST_CASE("policy writes what verify reads") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "log"});
  bench.good({"keygen", "--name", "witness.example/north", "--out", "north"});
  bench.good({"keygen", "--name", "witness.example/south", "--out", "south"});
  const std::string text =
      bench.good({"policy", "--log", "log.vkey", "--witness", "north=north.vkey", "--witness",
                  "south=south.vkey", "--quorum", "any"});
  CHECK(text.find("log plant.example/press4+") == 0);
  CHECK(text.find("\ngroup witnesses any north south\nquorum witnesses\n") != std::string::npos);
  bench.write("policy", text);
  const auto shown = bench.json({"show", "policy"});
  CHECK(shown["type"] == "policy");
  CHECK(shown["witnesses"].size() == 2);

  SECTION("a verifier key may be given as text") {
    std::string vkey = bench.read("log.vkey");
    vkey.pop_back();
    CHECK(bench.good({"policy", "--log", vkey}) == "log " + vkey + "\nquorum none\n");
  }
  SECTION("and refuses what would be no policy") {
    const auto too_many = bench.run(
        {"policy", "--log", "log.vkey", "--witness", "north=north.vkey", "--quorum", "2"});
    CHECK(too_many.status == 2);
    CHECK(too_many.says("group"));
    CHECK(bench.run({"policy", "--log", "log.vkey", "--log", "log.vkey"}).status == 2);
    CHECK(bench.run({"policy", "--log", "log.vkey", "--witness", "north.vkey"}).status == 2);
    CHECK(bench.run({"policy", "--log", "nothing.vkey"}).status == 2);
    CHECK(bench.run({"policy", "--log", "log"}).status == 2);  // the private key
  }
}

TEST_CASE("A private key that others can read is refused") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  REQUIRE(chmod(bench.path("key").c_str(), 0644) == 0);
  const auto ran = bench.run({"init", "log", "--key", "key"});
  CHECK(ran.status == 2);
  CHECK(ran.says("chmod 600"));
  CHECK_FALSE(bench.exists("log"));
}

TEST_CASE("Wrong use is exit status 2, says what to do, and is JSON where asked for") {
  const Bench bench;
  for (const command_test::Arguments& arguments : std::vector<command_test::Arguments>{
           {},
           {"fly"},
           {"verify"},
           {"show"},
           {"append", "log"},
           {"append", "log", "--csv", "a", "--lines", "b"},
           {"export", "log"},
           {"prove", "log", "-5", "--out", "x.cairn"},
           {"prove", "log", "0x10", "--out", "x.cairn"},
           {"prove", "log", "010", "--out", "x.cairn"},
           {"prove", "log", "9223372036854775808", "--out", "x.cairn"},
           {"prove", "log", "99999999999999999999999999", "--out", "x.cairn"},
           {"init", "log", "--key", "key", "--segment", "1"},
           {"check", "log", "--nonsense"}}) {
    const auto ran = bench.run(arguments);
    INFO(ran.err);
    CHECK(ran.status == 2);
    CHECK_FALSE(ran.err.empty());
    CHECK(ran.out.empty());
  }
  const auto ran = bench.run({"show", "nowhere", "--json"});
  CHECK(ran.status == 2);
  CHECK(ran.json()["ok"] == false);
  CHECK(ran.json()["error"]["what"].get<std::string>().find("nowhere") != std::string::npos);
}
