// cairn prove, verify, consistency, witness, cosign: what others get to see.
#include "support/command.hpp"
#include "support/plant.hpp"

using command_test::Bench;
using command_test::Process;

TEST_CASE("Evidence for one record verifies with public keys only, and any flipped bit shows") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.cosign(0);
  const auto proved = bench.json({"prove", "log", "12", "--out", "x.cairn"});
  CHECK(proved["cosigned"] == true);
  std::filesystem::create_directory(bench.path("auditor"));
  bench.copy("x.cairn", "auditor/x.cairn");
  bench.copy("policy", "auditor/policy");

  Process verify(bench.path("auditor"), {"verify", "--policy", "policy", "x.cairn", "--json"},
                 true);
  const auto ran = verify.finish();
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const auto verdict = ran.json();
  CHECK(verdict["ok"] == true);
  CHECK(verdict["origin"] == "plant.example/press4");
  CHECK(verdict["first"] == 12);
  for (const char* question : {"integrity", "position", "log key", "quorum"})
    CHECK(verdict["questions"][question]["outcome"] == "passed");
  CHECK(verdict["witnesses"] == "north");
  const auto text = bench.run({"verify", "--policy", "policy", "x.cairn"});
  for (const char* statement : {"proves", "does_not_prove"})
    CHECK(text.says(verdict["questions"]["quorum"][statement].get<std::string>()));
  CHECK(text.says("saw no other history of the log"));
  CHECK(text.says("while the quorum's witnesses lie together"));
  CHECK(verdict.contains("device_time"));
  CHECK(verdict["not_after"]["source"] == "witnesses");

  const std::string good = bench.read("x.cairn");
  for (size_t at = 0; at < good.size(); at += 13) {
    bench.write("y.cairn", good);
    bench.flip("y.cairn", at);
    const auto tampered = bench.run({"verify", "--policy", "policy", "y.cairn"});
    CAPTURE(at, tampered.out, tampered.err);
    CHECK((tampered.status == 1 || tampered.says("wrong version")));
    CHECK(tampered.status != 0);
    CHECK_FALSE(tampered.says("y.cairn: VERIFIED"));
  }
}

#ifdef CAIRN_TEST_WITH_SODIUM

TEST_CASE("The verdict says of each receipt what it proves and what not, also of one unchecked") {
  const evidence_files::Plant plant;
  evidence_files::Maker maker;
  maker.add(plant.device, {{3, 1}}, plant.device.note());
  for (const uint8_t kind : vectors::Bytes{1, 2, 3, 99})
    maker.receipts.push_back({0, kind, "bytes"});
  const auto file = maker.bytes();
  const Bench bench;
  bench.write("x.cairn", std::string(file.begin(), file.end()));
  bench.write("policy", plant.policy("none"));
  const auto text = bench.run({"verify", "--policy", "policy", "x.cairn"});
  const auto receipts = bench.json({"verify", "--policy", "policy", "x.cairn"})["receipts"];
  REQUIRE(receipts.size() == 4);
  for (const auto& receipt : receipts) {
    INFO(receipt.dump());
    CHECK(receipt["outcome"] == "not checked");
    const bool is_checked_here = receipt["kind"] == 1 || receipt["kind"] == 2;
    const char* const worth = is_checked_here ? "would_prove" : "proves";
    REQUIRE(receipt.contains(worth));
    CHECK(receipt.contains("proves") != is_checked_here);
    CHECK(text.says((is_checked_here ? "would prove   " : "proves        ") +
                    receipt[worth].get<std::string>()));
    CHECK(text.says("not proven    " + receipt["does_not_prove"].get<std::string>()));
  }
  CHECK(text.says("it stamps whatever it is given"));
  CHECK(text.says("that the account has no second contract"));
  CHECK(text.says("nothing here: a client of OpenTimestamps"));
}

#endif

TEST_CASE("Readings in evidence have their names") {
  const Bench bench;
  bench.make_log();
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  bench.good({"prove", "log", "12", "--out", "x.cairn"});
  const std::string text = bench.good({"verify", "--policy", "policy", "x.cairn"});
  CHECK(text.find("temperature [degC] = 2") != std::string::npos);
  CHECK(text.find("completeness    absent") != std::string::npos);
  bench.good({"prove", "log", "12", "--out", "small.cairn", "--no-names"});
  CHECK(bench.read("small.cairn").size() < bench.read("x.cairn").size());
  CHECK(bench.good({"verify", "--policy", "policy", "small.cairn"}).find("channel 2 = 2") !=
        std::string::npos);
}

TEST_CASE("A beacon proves that what follows is not older") {
  const Bench bench;
  bench.make_log();
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  bench.good({"keygen", "--name", "gateway.example", "--out", "gateway"});
  bench.good({"init", "gate", "--key", "gateway"});
  bench.good({"seal", "gate"});
  bench.good({"checkpoint", "gate", "--out", "heard"});
  bench.good({"append", "log", "--csv", "-", "--beacon", "heard"}, "x\n1\n");
  const auto before = bench.json({"append", "log", "--csv", "-"}, "x\n2\n")["first"];
  const std::string index = std::to_string(before.get<uint64_t>() + 2);  // boot, channel, sample
  bench.good({"prove", "log", index, "--out", "x.cairn"});
  const auto verdict = bench.json({"verify", "--policy", "policy", "x.cairn"});
  CHECK(verdict["not_before"]["beacon"].get<std::string>().size() == 64);
  bench.good({"prove", "log", "12", "--out", "x.cairn"});
  CHECK_FALSE(bench.json({"verify", "--policy", "policy", "x.cairn"}).contains("not_before"));
  CHECK(bench.run({"seal", "log", "--beacon", "readings.csv"}).says("readings.csv"));
}

TEST_CASE("A range is proved whole") {
  const Bench bench;
  bench.make_log();
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  bench.good({"prove", "log", "10", "--to", "33", "--out", "range.cairn"});
  const auto verdict = bench.json({"verify", "--policy", "policy", "range.cairn"});
  CHECK(verdict["questions"]["completeness"]["outcome"] == "passed");
  CHECK(verdict["first"] == 10);
  CHECK(verdict["count"] == 24);
  CHECK(bench.run({"prove", "log", "10", "--to", "9", "--out", "x.cairn"}).status == 2);
  CHECK(bench.run({"prove", "log", "10", "--to", "33", "--out", "x.tlog-proof"}).status == 2);
  CHECK(bench.run({"prove", "log", "10", "--to", "99999", "--out", "x.cairn"}).status == 2);
}

TEST_CASE("Every record of a log can be proved, under every checkpoint that covers it") {
  const Bench bench;
  bench.make_log("plant.example/press4", 30);
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  const auto size = bench.json({"show", "log"})["records"].get<uint64_t>();
  for (uint64_t index = 0; index < size; ++index) {
    bench.good({"prove", "log", std::to_string(index), "--out", "x.cairn"});
    CHECK(bench.json({"verify", "--policy", "policy", "x.cairn"})["first"] == index);
  }
  for (const uint64_t head : {uint64_t{16}, uint64_t{32}, size}) {
    bench.good({"prove", "log", "9", "--size", std::to_string(head), "--out", "x.cairn"});
    CHECK(bench.json({"verify", "--policy", "policy", "x.cairn"})["size"] == head);
  }
  CHECK(bench.run({"prove", "log", "16", "--size", "16", "--out", "x.cairn"}).status == 2);
  CHECK(bench.run({"prove", "log", "9", "--size", "17", "--out", "x.cairn"}).status == 2);
  CHECK(bench.run({"prove", "log", std::to_string(size), "--out", "x.cairn"}).status == 2);
  CHECK(bench.run({"prove", "log", "9", "--out", "x.pdf"}).says(".tlog-proof"));
}

TEST_CASE("A record that no checkpoint covers yet asks for a seal") {
  const Bench bench;
  bench.make_log();
  const auto size = bench.json({"show", "log"})["records"].get<uint64_t>();
  bench.good({"append", "log", "--csv", "-", "--no-seal"}, "x\n1\n");
  const auto ran = bench.run({"prove", "log", std::to_string(size), "--out", "x.cairn"});
  CHECK(ran.status == 2);
  CHECK(ran.says("cairn seal log"));
  bench.good({"seal", "log"});
  bench.good({"prove", "log", std::to_string(size), "--out", "x.cairn"});
}

TEST_CASE("The standard proof needs its record") {
  const Bench bench;
  bench.make_log();
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  bench.good({"prove", "log", "12", "--out", "x.tlog-proof", "--record", "x.leaf"});
  CHECK(bench.read("x.tlog-proof").find("c2sp.org/tlog-proof@v1\nindex 12\n") == 0);
  CHECK(bench.json({"show", "x.tlog-proof"})["index"] == 12);
  bench.good({"verify", "--policy", "policy", "--record", "x.leaf", "x.tlog-proof"});
  bench.write("body", bench.read("x.leaf").substr(1));
  bench.good({"verify", "--policy", "policy", "--record", "body", "x.tlog-proof"});
  CHECK(bench.run({"verify", "--policy", "policy", "x.tlog-proof"}).status == 2);
  bench.write("other", "another record");
  CHECK(bench.run({"verify", "--policy", "policy", "--record", "other", "x.tlog-proof"}).status ==
        1);
  const std::string proof = bench.read("x.tlog-proof");
  for (size_t at = 0; at < proof.size(); at += 17) {
    bench.write("y.tlog-proof", proof);
    bench.flip("y.tlog-proof", at);
    CAPTURE(at);
    CHECK(
        bench.run({"verify", "--policy", "policy", "--record", "x.leaf", "y.tlog-proof"}).status !=
        0);
  }
}

TEST_CASE("The record that the auditor holds must be the one in the evidence") {
  const Bench bench;
  bench.make_log();
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  bench.good({"prove", "log", "12", "--out", "x.cairn", "--record", "leaf"});
  bench.good({"prove", "log", "13", "--out", "y.cairn", "--record", "other"});
  bench.good({"verify", "--policy", "policy", "--record", "leaf", "x.cairn"});
  const auto ran = bench.run({"verify", "--policy", "policy", "--record", "other", "x.cairn"});
  CHECK(ran.status == 1);
  CHECK(ran.says("NOT VERIFIED"));
}

TEST_CASE("The policy decides: another key, a missing quorum") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.good({"prove", "log", "12", "--out", "x.cairn"});
  const auto missing = bench.run({"verify", "--policy", "policy", "x.cairn", "--json"});
  CHECK(missing.status == 1);
  CHECK(missing.json()["questions"]["quorum"]["outcome"] == "failed");
  CHECK_FALSE(missing.json()["questions"]["quorum"].contains("proves"));
  CHECK(missing.json()["questions"]["integrity"]["outcome"] == "passed");

  bench.good({"keygen", "--name", "plant.example/press4", "--out", "forged"});
  bench.good({"policy", "--log", "forged.vkey", "--out", "forged.policy"});
  const auto forged = bench.run({"verify", "--policy", "forged.policy", "x.cairn", "--json"});
  CHECK(forged.status == 1);
  CHECK(forged.json()["questions"]["log key"]["outcome"] == "failed");

  bench.good({"keygen", "--name", "plant.example/press9", "--out", "stranger"});
  bench.good({"policy", "--log", "stranger.vkey", "--out", "stranger.policy"});
  const auto stranger = bench.run({"verify", "--policy", "stranger.policy", "x.cairn"});
  CHECK(stranger.status == 1);
  CHECK(stranger.says("the policy names no key for plant.example/press4"));
}

TEST_CASE("A witness cosigns what extends its last, and nothing else") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.good({"consistency", "log", "--from", "0", "--to", "16", "--request", "--out", "r16"});
  bench.good({"consistency", "log", "--from", "16", "--request", "--out", "r-new"});
  CHECK(bench.json({"show", "r16"})["type"] == "witness-request");
  const command_test::Arguments witness = {"witness", "--key", "witness", "--state",
                                           "state",   "--log", "key.vkey"};
  const auto ask = [&](const std::string& request) {
    command_test::Arguments arguments = witness;
    arguments.push_back(request);
    arguments.push_back("--json");
    return bench.run(arguments);
  };
  const auto first = ask("r16");
  REQUIRE(first.status == 0);
  CHECK(first.json()["size"] == 16);
  const std::string state = bench.read("state");

  const auto again = ask("r16");  // still says "old 0"
  CHECK(again.status == 1);
  CHECK(again.json()["error"]["code"] == 409);
  CHECK(again.json()["error"]["size"] == 16);
  CHECK(again.says("--from 16"));
  CHECK(bench.read("state") == state);

  bench.write("r-bad", [&] {
    std::string body = bench.read("r-new");
    const size_t proof = body.find('\n') + 1;
    body[proof] = body[proof] == 'A' ? 'B' : 'A';
    return body;
  }());
  const auto inconsistent = ask("r-bad");
  CHECK(inconsistent.status == 1);
  CHECK(inconsistent.json()["error"]["code"] == 422);
  CHECK(bench.read("state") == state);

  bench.write("r-unsigned", [&] {
    std::string body = bench.read("r-new");
    const size_t at = body.size() - 10;
    body[at] = body[at] == 'A' ? 'B' : 'A';
    return body;
  }());
  CHECK(ask("r-unsigned").json()["error"]["code"] == 403);

  bench.good({"keygen", "--name", "plant.example/other", "--out", "other"});
  const auto unknown = bench.run({"witness", "--key", "witness", "--state", "state", "--log",
                                  "other.vkey", "r-new", "--json"});
  CHECK(unknown.status == 1);
  CHECK(unknown.json()["error"]["code"] == 404);

  bench.write("rubbish", "old x\n");
  CHECK(ask("rubbish").status == 2);
  CHECK(ask("rubbish").json()["error"]["code"] == 400);
  CHECK(bench.read("state") == state);

  CHECK(ask("r-new").status == 0);
}

TEST_CASE("A witness's state and key that cannot be read are refused") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.good({"consistency", "log", "--from", "0", "--request", "--out", "request"});
  bench.write("state", "{\"format\": \"something else\"}");
  CHECK(
      bench.run({"witness", "--key", "witness", "--state", "state", "--log", "key.vkey", "request"})
          .says("state"));
  CHECK(bench.read("state") == "{\"format\": \"something else\"}");
  bench.good({"keygen", "--name", "w", "--type", "p256", "--out", "p256"});
  const auto ran =
      bench.run({"witness", "--key", "p256", "--state", "new", "--log", "key.vkey", "request"});
  CHECK(ran.status == 2);
  CHECK(ran.says("Ed25519"));
  CHECK_FALSE(bench.exists("new"));
}

TEST_CASE("cosign keeps good cosignatures and refuses others") {
  const Bench bench;
  bench.make_log();
  bench.make_witness();
  bench.cosign(0);
  const auto size = bench.json({"show", "log"})["records"].get<uint64_t>();
  CHECK(bench.json({"checkpoint", "log"})["signatures"].size() == 2);
  CHECK(bench.json({"show", "log"})["cosigned_sizes"][0] == size);

  const auto elsewhere =
      bench.run({"cosign", "log", "cosignature", "--witness", "witness.vkey", "--size", "16"});
  CHECK(elsewhere.status == 1);
  CHECK(bench.json({"checkpoint", "log", "--size", "16"})["signatures"].size() == 1);
  for (const std::string rubbish : {"rubbish\n", "\xE2\x80\x94 north !!!\n", "\n"}) {
    bench.write("rubbish", rubbish);
    CHECK(bench.run({"cosign", "log", "rubbish"}).status == 2);
  }
  bench.good({"keygen", "--name", "witness.example/other", "--out", "other"});
  CHECK(bench.run({"cosign", "log", "cosignature", "--witness", "other.vkey"}).status == 2);
  CHECK(bench.json({"checkpoint", "log"})["signatures"].size() == 2);

  // Evidence leads to the cosigned checkpoint, although a smaller one covers the record.
  CHECK(bench.json({"prove", "log", "9", "--out", "x.cairn"})["size"] == size);
}

TEST_CASE("A consistency proof says what it is about") {
  const Bench bench;
  bench.make_log();
  const auto proof = bench.json({"consistency", "log", "--from", "16", "--to", "33"});
  CHECK(proof["proof"].size() == 2);
  CHECK(proof["to"] == 33);
  CHECK(bench.good({"consistency", "log", "--from", "16", "--to", "16"}).empty());
  CHECK(bench.good({"consistency", "log", "--from", "0", "--to", "16"}).empty());
  CHECK(bench.run({"consistency", "log", "--from", "16", "--to", "9999"}).status == 2);
  CHECK(bench.run({"consistency", "log", "--from", "33", "--to", "16"}).status == 2);
  const auto rolled = bench.run({"consistency", "log", "--from", "9999", "--request"});
  CHECK(rolled.status == 2);
  CHECK(rolled.says("rolled back"));
}
