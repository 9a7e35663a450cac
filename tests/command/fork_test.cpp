// cairn fork: a proof that a log signed two histories, checked by whoever has its public key.
#include <cairn/linux/fork_proof.hpp>

#include "support/command.hpp"
#include "support/vectors.hpp"

using command_test::Bench;
using vectors::view;

namespace {

// Two logs by one key, and a proof of that made from their heads.
void make_fork(const Bench& bench, unsigned rows, unsigned other_rows, const std::string& file) {
  bench.make_log("plant.example/press4", rows);
  bench.good({"init", "other", "--key", "key", "--batch", "16"});
  std::string others = Bench::readings(other_rows);
  others.replace(others.find("row 0"), 5, "ROW 0");
  bench.write("others.csv", others);
  bench.good({"append", "other", "--csv", "others.csv"});
  bench.good({"checkpoint", "log", "--out", "one"});
  bench.good({"checkpoint", "other", "--out", "two"});
  const auto one = bench.json({"show", "one"}), two = bench.json({"show", "two"});
  const uint64_t from = one["size"], to = two["size"];
  std::vector<cairn::Digest> hashes;
  if (from < to) {
    const auto proof = bench.json({"consistency", "other", "--from", std::to_string(from)});
    for (const auto& line : proof["proof"]) {
      hashes.emplace_back();
      REQUIRE(cairn::decode_base64(view(line.get<std::string>()), hashes.back().bytes).ok());
    }
  }
  cairn::host::VerifierKey key;
  REQUIRE(key.load(bench.path("key.vkey")).ok());
  cairn::host::ForkProof proof;
  const std::string first = bench.read("one"), second = bench.read("two");
  const auto error = cairn::host::make_fork_proof(view(first), key.key, view(second), key.key,
                                                  {hashes.data(), hashes.size()}, proof);
  INFO(error.message);
  REQUIRE(error.ok());
  bench.write(file, cairn::host::format_fork_proof(proof));
}

}  // namespace

TEST_CASE("A fork proof is verified with the log's public key alone") {
  const Bench bench;
  make_fork(bench, 40, 40, "x.fork");
  for (const char* key : {"key.vkey", ""}) {
    command_test::Arguments arguments = {"fork", "verify", "x.fork"};
    if (*key != 0) arguments.insert(arguments.end(), {"--key", key});
    const std::string text = bench.good(arguments);
    CHECK(text.find("A FORK") != std::string::npos);
    CHECK(text.find("plant.example/press4") != std::string::npos);
    CHECK((text.find("unchecked") != std::string::npos) == (*key == 0));
    const auto json = bench.json(arguments);
    CHECK(json["ok"] == true);
    CHECK(json["keys_trusted"] == (*key != 0));
    CHECK(json["first"]["size"] == json["second"]["size"]);
    CHECK(json["first"]["root"] != json["second"]["root"]);
  }
}

TEST_CASE("A fork proof between two sizes shows the root that differs") {
  const Bench bench;
  make_fork(bench, 40, 90, "x.fork");
  const auto json = bench.json({"fork", "verify", "x.fork", "--key", "key.vkey"});
  CHECK(json["first"]["size"] < json["second"]["size"]);
  CHECK(json["second"]["root_at_first_size"] != json["first"]["root"]);
  CHECK(bench.good({"fork", "verify", "x.fork"}).find("whose first") != std::string::npos);
}

TEST_CASE("What is no fork, or not by this key, is told with exit status 1") {
  const Bench bench;
  make_fork(bench, 40, 40, "x.fork");
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "stranger"});
  const auto stranger = bench.run({"fork", "verify", "x.fork", "--key", "stranger.vkey"});
  CHECK(stranger.status == 1);
  CHECK(stranger.says("NO FORK"));
  CHECK(bench.run({"fork", "verify", "x.fork", "--key", "stranger.vkey", "--json"}).json()["ok"] ==
        false);
  // The same head twice.
  const std::string note = bench.read("one"), key = bench.read("key.vkey");
  bench.write("same.fork", "cairn fork v1\nkey " + key + "\n" + note + "\n" + note);
  const auto same = bench.run({"fork", "verify", "same.fork"});
  CHECK(same.status == 1);
  CHECK(same.says("contradict nothing"));
}

TEST_CASE("What cannot be read as a fork proof is told with exit status 2") {
  const Bench bench;
  make_fork(bench, 40, 40, "x.fork");
  const std::string good = bench.read("x.fork");
  bench.write("cut.fork", good.substr(0, good.size() / 2));
  for (const char* file : {"cut.fork", "missing.fork", "key.vkey", "one"}) {
    const auto ran = bench.run({"fork", "verify", file});
    CAPTURE(file, ran.err);
    CHECK(ran.status == 2);
    CHECK(ran.says(file));
  }
  CHECK(bench.run({"fork", "judge", "x.fork"}).status == 2);
  CHECK(bench.run({"fork", "verify", "x.fork", "--key", "missing.vkey"}).status == 2);
}
