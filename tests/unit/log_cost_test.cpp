// What the log costs its flash, as counts that are the same everywhere: a change that makes any of
// them worse fails here. docs/footprint.md shows them.
#include "support/catch.hpp"
#include "support/flash_cost.hpp"

using namespace flash_cost;

namespace {

/// Counts over 32 segments of 64 KiB.
struct Kept {
  Setting setting;
  double goal;         ///< programmed bytes for each byte of payload
  uint64_t payload;    ///< bytes that the segments hold, at least
  uint64_t programs;   ///< calls, at most
  uint64_t frontiers;  ///< bytes of heads and first frontiers, at most
};

Setting setting(uint32_t unit, uint32_t sealed_every, size_t group = 1) {
  Setting out;
  out.unit = unit;
  out.sealed_every = sealed_every;
  out.group = group;
  return out;
}

Setting of_size(uint32_t segment_bytes, uint32_t mib, size_t frame_bytes) {
  Setting out;
  out.segment_bytes = segment_bytes;
  out.segment_count = mib * (1u << 20) / segment_bytes;
  out.frame_bytes = frame_bytes;
  return out;
}

}  // namespace

TEST_CASE("programmed bytes, erases and program calls do not grow") {
  const Kept list[] = {
      {setting(1, 256), 1.25, 1678784, 53034, 34976},
      {setting(1, 64), 1.35, 1595808, 51613, 101184},
      {setting(16, 256), 1.65, 1367168, 43220, 30976},
      {setting(16, 64), 1.65, 1310528, 42416, 85136},
      {setting(1, 256, 8), 1.15, 1879040, 8193, 37680},
      {setting(1, 64, 8), 1.20, 1772800, 9641, 110848},
      {setting(16, 256, 8), 1.20, 1812736, 7904, 37376},
  };
  for (const Kept& kept : list) {
    INFO(kept.setting.unit << "-byte units, sealed every " << kept.setting.sealed_every << ", "
                           << kept.setting.group << " at once");
    const Counts counts = measure(kept.setting);
    CHECK(per_payload(counts.programmed, counts) <= kept.goal);
    CHECK(counts.erases == 32);
    CHECK(counts.payload >= kept.payload);
    CHECK(counts.programs <= kept.programs);
    CHECK(counts.parts[frontiers] <= kept.frontiers);
    // What is programmed is accounted for, and nothing of a segment is wasted.
    uint64_t sum = 0;
    for (const uint64_t part : counts.parts)
      sum += part;
    CHECK(sum == counts.programmed);
    CHECK(counts.programmed * 1000 > uint64_t{999} * counts.erases * kept.setting.segment_bytes);
  }
}

TEST_CASE("a record is one program call, alone or as a part of a batch") {
  CHECK(most_programs(setting(1, 256)) == 1);
  CHECK(most_programs(setting(16, 64)) == 1);
  CHECK(most_programs(setting(8, 256, 8)) == 1);
}

TEST_CASE(
    "mounting reads as often in an old log as in a young one, and little more in a large one") {
  const MountCost small = measure_mount(of_size(4096, 1, 1024), 3);
  CHECK(small.reads_young <= 24);
  CHECK(small.reads_old <= 24);
  CHECK(small.read_bytes <= 22000);
  const MountCost large = measure_mount(of_size(4096, 8, 1024), 1);
  CHECK(large.reads_young <= 27);
  CHECK(large.reads_old <= 27);
  CHECK(large.read_bytes <= 26000);
}

TEST_CASE("segments wear alike") {
  CHECK(wear_spread(of_size(4096, 1, 512)) <= 1);
  Setting ecc = of_size(16384, 1, 512);
  ecc.unit = 8;
  CHECK(wear_spread(ecc) <= 1);
}

TEST_CASE("a log and a recorder take a fixed little memory") {
  // On 64-bit machines; pointers are half as long on the devices that this is for.
  const size_t frontier = sizeof(cairn::Frontier);
  CHECK(sizeof(cairn::Log) <= frontier + 512);
  CHECK(sizeof(cairn::Recorder) <= frontier + 680);
}
