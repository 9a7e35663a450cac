// A power cut at every operation of a log's life, torn in every style at every unit, on every kind
// of medium. After each: mount, check everything that was acknowledged, go on until the ring has
// come round, cut the power while nothing happens, check again. Where the log has tile frames, the
// proofs that they promise are built and verified, too.
//
// A failure prints a replay string: `powercut --replay STRING` lives that case alone.
#include "support/catch.hpp"
#include "worlds.hpp"

#ifndef CAIRN_POWERCUT_FIRST
#define CAIRN_POWERCUT_FIRST 1  // try each so many-th cut: more under sanitizers
#endif

using namespace powercut;

namespace {

void cut_everywhere(const std::string& name, bool ends = false) {
  Plan plan;
  plan.first = CAIRN_POWERCUT_FIRST;
  plan.ends = ends;
  Explorer<LogWorld> explorer(name, LogWorld(media_of(name)), plan);
  if (!explorer.run())
    FAIL(explorer.failure().what << "\npowercut --replay " << explorer.failure().replay);
  const Counts& counts = explorer.counts();
  std::printf("%s: %llu operations, %llu cases, %llu states\n", name.c_str(),
              static_cast<unsigned long long>(counts.operations),
              static_cast<unsigned long long>(counts.cases),
              static_cast<unsigned long long>(counts.states));
  CHECK(counts.operations > 40);
  CHECK(counts.cases * CAIRN_POWERCUT_FIRST > 500);
}

template <typename Choice>
void cut_media(const Choice& chosen) {
  unsigned found = 0;
  for (const Medium& medium : media()) {
    if (!chosen(medium)) continue;
    cut_everywhere(medium.name);
    ++found;
  }
  CHECK(found > 1);
}

bool has_tiles(const Medium& medium) {
  return medium.tiles != cairn::LogTiles::none;
}
bool is_plain(const Medium& medium, uint8_t kind) {
  return medium.kind == kind && !medium.is_worn() && !has_tiles(medium);
}

}  // namespace

TEST_CASE("one cut anywhere loses nothing on write-once flash") {
  cut_media([](const Medium& medium) { return is_plain(medium, once); });
}

TEST_CASE("one cut anywhere loses nothing on NOR flash") {
  cut_media([](const Medium& medium) { return is_plain(medium, nor) && medium.unit == 1; });
}

TEST_CASE("one cut anywhere loses nothing on NOR flash with larger units") {
  cut_media([](const Medium& medium) { return is_plain(medium, nor) && medium.unit != 1; });
}

TEST_CASE("one cut anywhere loses nothing on FRAM, MRAM and EEPROM") {
  cut_media([](const Medium& medium) { return is_plain(medium, rewritable); });
}

TEST_CASE("one cut anywhere loses nothing in files") {
  cut_media([](const Medium& medium) { return is_plain(medium, file); });
}

TEST_CASE("one cut anywhere loses no root of a tile, and no proof from an old size") {
  cut_media([](const Medium& medium) { return has_tiles(medium) && !medium.is_worn(); });
}

TEST_CASE("one cut anywhere loses nothing where segments have worn out") {
  cut_media([](const Medium& medium) { return medium.is_worn(); });
}

TEST_CASE("one cut loses nothing on three different memories in one program") {
  cut_everywhere(several, true);
}

TEST_CASE("a cut inside NEXT and one in the erase behind it raise no alarm") {
  for (const char* name : {"ecc8-small", "nor4-small", "file-small"}) {
    Plan plan;
    plan.cuts = 2;
    const Medium& medium = *media_of(name)[0];
    const fake::FlashGuard guard(medium.unit, medium.segment, medium.count, medium.erased);
    plan.wanted = [&](unsigned before, const fake::Operation& operation) {
      return before == 0 ? operation.offset >= guard.frames_end()
                         : operation.kind == fake::Operation::Kind::erase;
    };
    Explorer<LogWorld> explorer(name, LogWorld({&medium}), plan);
    if (!explorer.run())
      FAIL(explorer.failure().what << "\npowercut --replay " << explorer.failure().replay);
    CHECK(explorer.counts().cases > 100);
  }
}

TEST_CASE("two cuts anywhere lose nothing: a sample") {
  for (const Medium& medium : small_media()) {
    Plan plan;
    plan.cuts = 2;
    plan.first = 41 * CAIRN_POWERCUT_FIRST;
    plan.every = 13;
    plan.ends = true;
    Explorer<LogWorld> explorer(medium.name, LogWorld({&medium}), plan);
    if (!explorer.run())
      FAIL(explorer.failure().what << "\npowercut --replay " << explorer.failure().replay);
    CHECK(explorer.counts().states > 5);
  }
}

TEST_CASE("what reading a torn log costs at mount does not grow with the log") {
  static const Medium large = {"large", once, 0xFF, 8, 640, 512, 0, Medium::recycled, 0, {}, 1};
  LogDevice device(large);
  while (!device.is_finished())
    device.step();
  for (uint32_t cut = 3; cut < 60; cut += 4) {
    INFO("cut " << cut);
    device.power_on();
    for (uint32_t i = 0; i < cut; ++i)
      device.step();
    std::vector<fake::Operation> trace;
    device.flash.trace = &trace;
    while (!device.flash.is_dead()) {
      device.flash.cut_at(
          device.flash.operations + 1,
          {fake::Tear::Extent::in_order, cut % 5, fake::Tear::Unit::garbage, uint8_t(cut % 6), 0});
      device.step();
    }
    device.power_on();
    device.flash.trace = nullptr;
    device.step();
    // A torn header or frontier behind the newest segment hides its neighbour: then all headers are
    // read. Where it is the header, three of the oldest segments are walked.
    const bool all = trace.back().segment != device.flash.guard.sequence() % large.count;
    CHECK(device.mount_reads() < (28 + (all ? large.count : 0)) * large.segment);
  }
}

TEST_CASE("a failing case is one string, which repeats it") {
  Explorer<LogWorld> explorer(lying_disk().name, LogWorld({&lying_disk()}), {});
  REQUIRE_FALSE(explorer.run());
  const Failure& failure = explorer.failure();
  REQUIRE(failure.replay.find("lying-disk.") == 0);
  CHECK(replay_case(failure.replay) == failure.what);
  CHECK(replay_case("file" + failure.replay.substr(10)) == "");
  CHECK(replay_case("ecc8.12i3g.4r1u") == "");
  CHECK(replay_case("ecc8.1000000n") == "the life ends before the cut");
  for (const char* wrong :
       {"ecc9.1n", "ecc8.", "ecc8.0n", "ecc8.n", "ecc8.1x", "ecc8.1i3", "ecc8.1n2", "ecc8.1i3z",
        "ecc8.1e0", "ecc8.1e0s6", "ecc8.1f0", "ecc8.1i3gg"}) {
    INFO(wrong);
    CHECK(replay_case(wrong) == "no such case");
  }
  for (const Medium& medium : media()) {
    for (const auto kind : {fake::Operation::Kind::program, fake::Operation::Kind::erase}) {
      Tears tears(medium, {kind, 0, 0, 3}, false);
      for (Cut cut, parsed; cut.op = 17, tears.next(cut.tear);) {
        REQUIRE(parsed.parse(cut.text()));
        CHECK(parsed.text() == cut.text());
        CHECK(parsed.tear.text() == cut.tear.text());
      }
    }
  }
}
