// Random walks of a log on every kind of memory: millions of steps against a plain list.
//
//   CAIRN_WALK_STEPS=N          steps on each medium instead of 220,000
//   CAIRN_WALK="MEDIUM SEED"    that walk alone, each step printed
#include "log_walk.hpp"

#include <cstdio>
#include <cstdlib>
#include <deque>

#include "support/catch.hpp"

using namespace log_walk;

namespace {

const Medium media[] = {
    {"8-byte-ECC", 8, CAIRN_FLASH_ONCE, 0xFF},
    {"16-byte-ECC", 16, CAIRN_FLASH_ONCE, 0xFF},
    {"32-byte-ECC", 32, CAIRN_FLASH_ONCE, 0x00},
    {"4-byte-ECC", 4, CAIRN_FLASH_ONCE, 0x00},
    {"NOR", 1, CAIRN_FLASH_NOR, 0xFF},
    {"4-byte-NOR", 4, CAIRN_FLASH_NOR, 0x00},
    {"256-byte-NOR", 256, CAIRN_FLASH_NOR, 0xFF},
    {"FRAM", 1, CAIRN_FLASH_REWRITABLE, 0x00},
    {"MRAM", 4, CAIRN_FLASH_REWRITABLE, 0xFF},
    {"file", 1, CAIRN_FLASH_FILE, 0x00},
};
constexpr uint64_t steps_of_a_walk = 10000;

const char* const event_names[event_count] = {"steps",
                                              "leaves appended",
                                              "heads",
                                              "power cuts",
                                              "mounts",
                                              "failed calls",
                                              "segments",
                                              "leaves retired",
                                              "full",
                                              "reads",
                                              "nodes",
                                              "proofs",
                                              "formatted",
                                              "leaves unsynced and lost",
                                              "both NEXT slots spoilt"};

// One walk; fails the test with what is needed to see it again.
void walk(const Medium& medium, uint32_t seed, uint64_t steps, bool aloud, Tally& tally) {
  Walk walk(medium, seed);
  std::deque<std::string> last;
  const auto fail = [&](const char* what) {
    std::string story;
    for (const std::string& line : last)
      story += "\n  " + line;
    FAIL(medium.name << ", seed " << seed << ", step " << walk.tally()[stepped] << ": " << what
                     << "\nCAIRN_WALK=\"" << medium.name << " " << seed << "\" shows it again"
                     << "\n  " << walk.state() << story << "\n  " << walk.said());
  };
  for (uint64_t step = 0; step < steps; ++step) {
    try {
      walk.step();
    } catch (const Violation& violation) {
      fail(violation.what());
    }
    last.push_back(walk.said());
    if (last.size() > 12) last.pop_front();
    if (aloud)
      std::printf("%llu %s\n", static_cast<unsigned long long>(step + 1), walk.said().c_str());
  }
  for (size_t i = 0; i < event_count; ++i)
    tally[i] += walk.tally()[i];
}

void walk_on(const char* name) {
  const Medium* medium = media;
  while (medium->name != std::string(name))
    ++medium;
  Tally tally{};
  if (const char* again = std::getenv("CAIRN_WALK")) {
    const std::string text = again;
    const size_t space = text.find(' ');
    if (text.substr(0, space) != name) return;
    const auto seed = static_cast<uint32_t>(std::strtoul(text.c_str() + space, nullptr, 10));
    return walk(*medium, seed, steps_of_a_walk, true, tally);
  }
  const char* asked = std::getenv("CAIRN_WALK_STEPS");
  const uint64_t steps = asked == nullptr ? 220000 : std::strtoull(asked, nullptr, 10);
  for (uint32_t seed = 1; tally[stepped] < steps; ++seed)
    walk(*medium, seed, steps_of_a_walk, false, tally);
  for (size_t i = 0; i < event_count; ++i)
    std::printf("%s%s %llu", i == 0 ? "" : ", ", event_names[i],
                static_cast<unsigned long long>(tally[i]));
  std::printf("\n");
  // Every kind of event has to come often, or the walk shows nothing.
  for (const Event event : {appended, signed_heads, cut_down, mounted, failed_calls, segments_left,
                            retired, was_full, read_back, nodes_read, proved}) {
    INFO(event_names[event]);
    CHECK(tally[event] * 5000 > steps);
  }
  CHECK(tally[slots_spoilt] * 10000 < steps);
}

}  // namespace

TEST_CASE("random walk: write-once flash with 8-byte units") {
  walk_on("8-byte-ECC");
}
TEST_CASE("random walk: write-once flash with 16-byte units") {
  walk_on("16-byte-ECC");
}
TEST_CASE("random walk: write-once flash with 32-byte units, erased 0") {
  walk_on("32-byte-ECC");
}
TEST_CASE("random walk: write-once flash with 4-byte units, erased 0") {
  walk_on("4-byte-ECC");
}
TEST_CASE("random walk: NOR flash") {
  walk_on("NOR");
}
TEST_CASE("random walk: NOR flash with 4-byte units, erased 0") {
  walk_on("4-byte-NOR");
}
TEST_CASE("random walk: NOR flash programmed in pages") {
  walk_on("256-byte-NOR");
}
TEST_CASE("random walk: FRAM") {
  walk_on("FRAM");
}
TEST_CASE("random walk: MRAM with 4-byte units") {
  walk_on("MRAM");
}
TEST_CASE("random walk: file") {
  walk_on("file");
}
