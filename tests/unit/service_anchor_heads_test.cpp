// Which head of the gateway's log anchors are given while witnesses answer, and while they do not.
#include "anchor_heads.hpp"

#include <algorithm>
#include <utility>

#include "support/gateway_world.hpp"

using namespace gateway_tests;
using service::AnchorHeads;

namespace {

/// A gateway's log that grows.
struct World {
  GatewayKeys keys;
  test::MemoryStore store;
  AggregateLog log;

  World() { REQUIRE_OK(log.open({keys.folder / "log", 1000}, store, keys.log)); }
  AggregateHead grow() {
    const uint64_t next = log.head().size + 1;
    REQUIRE_OK(log.add({"d", next, "d\n" + std::to_string(next) + "\n\n— d x\n"}));
    REQUIRE_OK(log.integrate());
    return log.head();
  }
};

/// An anchor that has its receipt `latency_s` after it took a head.
struct TakingAnchor {
  uint64_t interval_s, latency_s, due_s;
  uint64_t anchored_size = 0, pending_size = 0;
  std::vector<uint64_t> taken = {};

  void step(AnchorHeads& heads, uint64_t now_s) {
    if (now_s < due_s) return;
    if (pending_size != 0) {
      anchored_size = std::exchange(pending_size, 0);
      due_s = now_s + interval_s;
      return;
    }
    const uint64_t size = heads.pick(anchored_size, interval_s, now_s).size;
    if (size <= anchored_size) return;
    heads.note_taken(size, interval_s);
    pending_size = size;
    taken.push_back(size);
    due_s = now_s + latency_s;
  }
};

}  // namespace

TEST_CASE("anchor heads: without further witnesses, the newest") {
  World world;
  AnchorHeads heads(world.log, 0, 1000);
  CHECK(heads.pick(0, 1, 1000).size == 0);
  world.grow();
  CHECK(heads.pick(0, 1, 1000).size == 1);
  CHECK(heads.pick(1, 1, 1000).size == 1);
}

TEST_CASE(
    "anchor heads: with them, what they cosigned; the newest when they have failed for long") {
  World world;
  AnchorHeads heads(world.log, 100, 1000);
  const AggregateHead first = world.grow();
  CHECK(heads.pick(0, 1, 1099).size == 0);  // they may still answer
  CHECK(heads.pick(0, 1, 1100).size == 1);
  heads.take_cosigned(first, 1100);
  world.grow();
  CHECK(heads.pick(0, 1, 1150).size == 1);
  CHECK(heads.pick(1, 1, 1150).size == 1);  // nothing new to anchor yet
  CHECK(heads.pick(0, 1, 9000).size == 1);  // whatever happened since: it is cosigned
  CHECK(heads.pick(1, 1, 1200).size == 2);
  CHECK(heads.pick(1, 1, 500).size == 2);  // a clock that was set back
}

TEST_CASE("anchor heads: a log that rests wears nobody's patience out") {
  World world;
  AnchorHeads heads(world.log, 100, 1000);
  heads.take_cosigned(world.grow(), 1000);
  heads.note_caught_up(5000);
  world.grow();
  CHECK(heads.pick(1, 1, 5099).size == 1);
  CHECK(heads.pick(1, 1, 5100).size == 2);
}

TEST_CASE("anchor heads: what the slower of two anchors takes, the other one takes too") {
  for (const uint64_t behind : {0u, 1u, 30u, 59u, 60u, 70u}) {
    World world;
    AnchorHeads heads(world.log, 0, 1000);
    TakingAnchor authority{60, 7, 1000}, chain{200, 25, 1000 + behind};
    for (uint64_t second = 1000; second < 2400; ++second) {
      if (second % 5 == 0) world.grow();
      chain.step(heads, second);
      authority.step(heads, second);
    }
    CAPTURE(behind, authority.taken, chain.taken);
    CHECK(chain.taken.size() >= 5);
    CHECK(authority.taken.size() >= 18);
    for (const uint64_t size : chain.taken)
      CHECK(std::count(authority.taken.begin(), authority.taken.end(), size) == 1);
  }
}

TEST_CASE("anchor heads: nobody takes older heads for the sake of one that is down") {
  World world;
  AnchorHeads heads(world.log, 0, 1000);
  world.grow();
  CHECK(heads.pick(0, 3600, 1000).size == 1);  // and its ledger does not answer
  world.grow();
  CHECK(heads.pick(0, 3600, 1000 + AnchorHeads::offer_s - 1).size == 1);  // it may be at it
  CHECK(heads.pick(0, 3600, 1000 + AnchorHeads::offer_s).size == 2);
  heads.note_taken(2, 3600);
  world.grow();
  CHECK(heads.pick(1, 3600, 1000 + AnchorHeads::offer_s + 3599).size == 2);
  CHECK(heads.pick(1, 60, 1000 + AnchorHeads::offer_s + 59).size == 2);
  CHECK(heads.pick(1, 60, 500).size == 3);  // a clock that was set back
  CHECK(heads.pick(2, 3600, 501).size == 3);
}
