// Which head of the gateway's log anchors are given while witnesses answer, and while they do not.
#include "anchor_heads.hpp"
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

}  // namespace

TEST_CASE("anchor heads: without further witnesses, the newest") {
  World world;
  const AnchorHeads heads(world.log, 0, 1000);
  CHECK(heads.pick(0, 1000).size == 0);
  world.grow();
  CHECK(heads.pick(0, 1000).size == 1);
  CHECK(heads.pick(1, 1000).size == 1);
}

TEST_CASE(
    "anchor heads: with them, what they cosigned; the newest when they have failed for long") {
  World world;
  AnchorHeads heads(world.log, 100, 1000);
  const AggregateHead first = world.grow();
  CHECK(heads.pick(0, 1099).size == 0);  // they may still answer
  CHECK(heads.pick(0, 1100).size == 1);
  heads.take_cosigned(first, 1100);
  world.grow();
  CHECK(heads.pick(0, 1150).size == 1);
  CHECK(heads.pick(1, 1150).size == 1);  // nothing new to anchor yet
  CHECK(heads.pick(0, 9000).size == 1);  // whatever happened since: it is cosigned
  CHECK(heads.pick(1, 1200).size == 2);
  CHECK(heads.pick(1, 500).size == 2);  // a clock that was set back
}

TEST_CASE("anchor heads: a log that rests wears nobody's patience out") {
  World world;
  AnchorHeads heads(world.log, 100, 1000);
  heads.take_cosigned(world.grow(), 1000);
  heads.note_caught_up(5000);
  world.grow();
  CHECK(heads.pick(1, 5099).size == 1);
  CHECK(heads.pick(1, 5100).size == 2);
}
