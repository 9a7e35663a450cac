// Segments that the medium cannot erase or program any more are passed over, for good or for a lap.
#include "support/test_log.hpp"
#include "support/tree.hpp"

using namespace cairn;
using namespace test_log;

namespace {

std::vector<Medium> flashes() {
  std::vector<Medium> out = media();
  for (Medium& medium : out)
    medium.count = 6;
  out.pop_back();  // a file system does not wear out by segments
  return out;
}

// Two laps and a half, mounted again every `every` records.
void go_round(TestLog& t, uint64_t every) {
  const uint64_t total = t.log.size() + 15 * t.flash.flash().segment_bytes / 34;
  while (t.log.size() < total) {
    REQUIRE(t.append(leaf(t.log.size())).ok());
    if (t.log.size() % every != 0) continue;
    CHECK(t.is_whole());
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.is_whole());
  }
  CHECK(t.log.index_min() > 0);
  CHECK(t.flash.violation == "");
}

}  // namespace

TEST_CASE("a log goes round past segments that cannot be erased or programmed") {
  const std::vector<std::vector<uint32_t>> worn = {{1},       {0},    {5},   {2, 3},
                                                   {1, 2, 3}, {1, 3}, {0, 4}};
  for (const Medium& medium : flashes()) {
    for (const auto& segments : worn) {
      for (const bool erases : {false, true}) {
        for (const bool fresh : {false, true}) {
          std::string list;
          for (const uint32_t segment : segments)
            list += std::to_string(segment) + " ";
          INFO(medium.name << ", segments " << list << (erases ? "erase" : "program") << " fails, "
                           << (fresh ? "from the start" : "after a lap"));
          TestLog t(medium);
          if (!fresh) {
            REQUIRE(t.format() == Status::ok);
            go_round(t, 50);
          }
          const uint32_t newest = uint32_t(t.newest % medium.count);
          const auto is_worn = [&](uint32_t segment) {
            return std::count(segments.begin(), segments.end(), segment % medium.count) != 0;
          };
          const bool in_use = is_worn(newest);
          // A segment that takes no NEXT any more can only be followed by the one behind it.
          if (!fresh && !erases && in_use && is_worn(newest + 1)) continue;
          // What rewritable memory holds of the newest segment cannot be written elsewhere.
          if (medium.kind == CAIRN_FLASH_REWRITABLE && (fresh ? !erases : in_use)) continue;
          for (const uint32_t segment : segments)
            (erases ? t.flash.unerasable : t.flash.unprogrammable).insert(segment);
          if (fresh) REQUIRE(t.format() == Status::ok);
          go_round(t, 1);
        }
      }
    }
  }
}

TEST_CASE("more worn segments in a row than are passed over are io, and nothing is lost") {
  for (const Medium& medium : flashes()) {
    INFO(medium.name);
    TestLog t(medium);
    REQUIRE(t.format() == Status::ok);
    for (const uint32_t segment : {1u, 2u, 3u, 4u, 5u})
      t.flash.unprogrammable.insert(segment);
    Status status = Status::ok;
    while (status == Status::ok)
      status = t.append(leaf(t.log.size())).status;
    CHECK(status == Status::io);
    CHECK(t.append(leaf(t.log.size())).status == Status::io);
    CHECK(t.is_whole());
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.is_whole());
    t.flash.unprogrammable.clear();
    go_round(t, 7);
  }
}

TEST_CASE("records that keep_from holds back are not given up to pass over a segment") {
  for (const Medium& medium : flashes()) {
    INFO(medium.name);
    TestLog t(medium);
    t.options.keep_from = 0;
    REQUIRE(t.format() == Status::ok);
    while (t.append(leaf(t.log.size())).ok()) {
    }
    const uint64_t size = t.log.size();
    t.flash.unerasable.insert(0);
    t.log.keep_from(1);  // not enough for a segment
    CHECK(t.append(leaf(size)).status == Status::full);
    CHECK(t.log.index_min() == 0);
    CHECK(t.is_whole());
  }
}

TEST_CASE("a cut in the erase behind a segment that is passed over leaves no half of that one") {
  for (const Medium& medium : flashes()) {
    if (medium.kind == CAIRN_FLASH_REWRITABLE) continue;  // where erasing does nothing
    TestLog whole(medium);
    REQUIRE(whole.format() == Status::ok);
    go_round(whole, 50);
    REQUIRE(whole.grow_into(whole.newest + 1) == Status::ok);
    for (uint64_t cut = 1; cut < 90; ++cut) {
      for (uint8_t style = 1; style <= 4; ++style) {
        INFO(medium.name << ", cut " << cut << ", style " << int(style));
        TestLog t(medium);
        t.flash = whole.flash;
        REQUIRE(t.mount() == Status::ok);
        t.flash.worn = fake::Failure::half;
        t.flash.unprogrammable.insert(uint32_t((whole.newest + 1) % medium.count));
        t.flash.cut_at(t.flash.operations + cut,
                       {fake::Tear::Extent::none, 0, fake::Tear::Unit::garbage, style, 0});
        while (!t.flash.is_dead())
          (void)t.append(leaf(t.log.size()));
        t.flash.reboot();
        REQUIRE(t.mount() == Status::ok);
        CHECK(t.is_whole());
        REQUIRE(t.grow_to(t.log.size() + 60) == Status::ok);
        CHECK(t.is_whole());
        CHECK(t.flash.violation == "");
      }
    }
  }
}
