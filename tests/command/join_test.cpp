// cairn join: evidence of an upper gateway on top of that of a lower one, and what does not fit.
#include <memory>

#include "support/command.hpp"
#include "support/evidence_files.hpp"

using command_test::Bench;
using evidence_files::Log;
using evidence_files::Maker;

namespace {

/// A device's log and gateways above it, each with the head of the one below among its leaves.
struct Tower {
  explicit Tower(size_t height) {
    keys.resize(height);
    for (size_t i = 0; i < height; ++i) {
      keys[i] = std::make_unique<signing::Ed25519Pair>(static_cast<uint8_t>(i + 1));
      logs.push_back({"level" + std::to_string(i) + ".example/log",
                      keys[i].get(),
                      cairn::NoteType::ed25519,
                      {}});
      for (size_t leaf = 0; leaf < 5; ++leaf)
        logs[i].leaves.push_back(
            evidence_files::leaf(cairn::Kind::opaque, "leaf " + std::to_string(leaf)));
      if (i != 0) logs[i].leaves.push_back(logs[i - 1].signed_text());
    }
  }

  /// Evidence from the head of the level below `first`, or of record 2 of the lowest, up to `last`.
  std::string evidence(size_t first, size_t last) const {
    Maker maker;
    for (size_t i = first; i <= last; ++i)
      maker.add(logs[i], {{i == 0 ? 2u : 5u, 1}}, logs[i].note());
    const auto bytes = maker.bytes();
    return {bytes.begin(), bytes.end()};
  }

  void write_policy(const Bench& bench) const {
    std::string text;
    for (const Log& log : logs)
      text += "log " + log.vkey() + "\n";
    bench.write("policy", text + "quorum none\n");
  }

  std::vector<std::unique_ptr<signing::Ed25519Pair>> keys;
  std::vector<Log> logs;
};

}  // namespace

TEST_CASE("Evidence of two gateways becomes one file that leads to the upper head") {
  const Tower tower(4);
  const Bench bench;
  tower.write_policy(bench);
  for (size_t cut = 0; cut < 3; ++cut) {
    CAPTURE(cut);
    bench.write("lower.cairn", tower.evidence(0, cut));
    bench.write("upper.cairn", tower.evidence(cut + 1, 3));
    const auto joined = bench.json({"join", "lower.cairn", "upper.cairn", "--out", "whole.cairn"});
    CHECK(joined["ok"] == true);
    CHECK(joined["levels"] == 4);
    CHECK(joined["bytes"] == bench.read("whole.cairn").size());
    CHECK(bench.read("whole.cairn") == tower.evidence(0, 3));
    bench.good({"verify", "--policy", "policy", "whole.cairn"});
  }
}

TEST_CASE("Receipts of both files come along, at their levels") {
  const Tower tower(2);
  const Bench bench;
  Maker lower, upper, whole;
  lower.add(tower.logs[0], {{2, 1}}, tower.logs[0].note());
  upper.add(tower.logs[1], {{5, 1}}, tower.logs[1].note());
  whole.add(tower.logs[0], {{2, 1}}, tower.logs[0].note());
  whole.add(tower.logs[1], {{5, 1}}, tower.logs[1].note());
  constexpr uint8_t kind = CAIRN_RECEIPT_RFC3161;
  lower.receipts = {{0, kind, "of the device's head"}};
  upper.receipts = {{0, kind, "of the gateway's head"}};
  whole.receipts = {{0, kind, "of the device's head"}, {1, kind, "of the gateway's head"}};
  const auto write = [&](const char* name, const Maker& maker) {
    const auto bytes = maker.bytes();
    bench.write(name, {bytes.begin(), bytes.end()});
  };
  write("lower.cairn", lower);
  write("upper.cairn", upper);
  write("expected.cairn", whole);
  bench.good({"join", "lower.cairn", "upper.cairn", "--out", "whole.cairn"});
  CHECK(bench.read("whole.cairn") == bench.read("expected.cairn"));
}

TEST_CASE("What does not fit is refused, and no file is written") {
  const Tower tower(5);
  const Bench bench;
  const auto refuse = [&](const std::string& lower, const std::string& upper,
                          const std::string& why) {
    bench.write("lower.cairn", lower);
    bench.write("upper.cairn", upper);
    const auto ran = bench.run({"join", "lower.cairn", "upper.cairn", "--out", "whole.cairn"});
    INFO(ran.err);
    CHECK(ran.status == 2);
    CHECK(ran.says(why));
    CHECK(!bench.exists("whole.cairn"));
  };
  refuse(tower.evidence(0, 2), tower.evidence(3, 4), "too many levels");
  refuse(tower.evidence(0, 0), tower.evidence(2, 3), "another checkpoint");
  refuse(tower.evidence(0, 0), tower.evidence(0, 1), "not about a checkpoint");
  refuse("no evidence", tower.evidence(1, 1), "lower.cairn");
  refuse(tower.evidence(0, 0), "no evidence", "upper.cairn");
}
