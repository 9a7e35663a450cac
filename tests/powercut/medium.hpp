// The memories on which power is cut.
#pragma once

#include <cairn/log.hpp>
#include <cstring>
#include <vector>

#include "support/fake_flash.hpp"

namespace powercut {

struct Medium {
  enum Use : uint8_t { recycled, held, filled };
  enum Flag : uint8_t {
    hidden = 1,       ///< erased units cannot be read, only asked for
    silent = 2,       ///< a second program answers ok
    backwards = 4,    ///< the last sector of a segment is erased first
    used_before = 8,  ///< an older log of the same id lies there
    lying = 16,       ///< sync does nothing: no log can stand that
    eager = 32,       ///< each start goes on with maintain()
    headed = 64       ///< worn segments take their header, and nothing behind it
  };

  const char* name;
  uint8_t kind, erased;
  uint32_t unit, segment, count;
  uint32_t page = 0;   ///< 0: one program call is one page
  Use use = recycled;  ///< held: until the gateway has acknowledged; filled: stops when full
  uint8_t flags = 0;
  uint32_t sectors[3] = {};  ///< of a segment; none: it is one
  uint32_t laps = 2;         ///< of the life that is cut
  uint32_t leaves = 0;       ///< in the log when that life begins
  cairn::LogTiles tiles = cairn::LogTiles::none;
  // Worn from then on: a bit per segment, from that behind the newest on; in a fresh log from the
  // first on.
  uint32_t unerasable = 0, unprogrammable = 0;
  fake::Failure worn = fake::Failure::nothing;  ///< what calls that fail there have done

  bool is_small() const { return std::strstr(name, "-small") != nullptr; }

  bool is_worn() const { return (unerasable | unprogrammable) != 0; }
  void wear_out(fake::FakeFlash& flash) const {
    const uint32_t first = flash.guard.has_log() ? flash.guard.sequence() + 1 : 0;
    for (uint32_t i = 0; i < count && i < 32; ++i) {
      if ((unerasable >> i & 1) != 0) flash.unerasable.insert((first + i) % count);
      if ((unprogrammable >> i & 1) != 0) flash.unprogrammable.insert((first + i) % count);
    }
    flash.worn = worn;
    flash.worn_behind_header = (flags & headed) != 0;
  }

  fake::FakeFlash make() const {
    fake::FakeFlash out(unit, segment, count, kind, erased);
    out.set_page(page);
    std::vector<uint32_t> list;
    for (const uint32_t bytes : sectors)
      if (bytes != 0) list.push_back(bytes);
    if (!list.empty()) out.set_sectors(list, (flags & backwards) != 0);
    if ((flags & hidden) != 0) out.hide_erased_units();
    if ((flags & silent) != 0) out.fail_silently();
    if ((flags & lying) != 0) out.lie_about_sync();
    out.guarded = true;
    out.guard.scan(out.memory.data());
    return out;
  }
};

constexpr uint8_t once = CAIRN_FLASH_ONCE, nor = CAIRN_FLASH_NOR, file = CAIRN_FLASH_FILE,
                  rewritable = CAIRN_FLASH_REWRITABLE;

/// A log with tile frames, whose life begins with so many leaves.
inline Medium with_tiles(Medium medium, cairn::LogTiles tiles, uint32_t leaves) {
  medium.tiles = tiles;
  medium.leaves = leaves;
  medium.laps = 1;
  return medium;
}
inline Medium tiles(const Medium& medium) {
  return with_tiles(medium, cairn::LogTiles::write, 246);
}
/// With the roots of two tiles, or so many, in the archive.
inline Medium archive(const Medium& medium, uint32_t tiles = 2) {
  return with_tiles(medium, cairn::LogTiles::archive, 256 * tiles - 10);
}

/// From `leaves` leaves on some segments cannot be erased, or not be programmed, any more.
inline Medium worn(Medium medium, uint32_t leaves, uint32_t unerasable, uint32_t unprogrammable,
                   fake::Failure what = fake::Failure::nothing) {
  if (leaves > medium.leaves) medium.leaves = leaves;
  medium.laps = 2;
  medium.unerasable = unerasable;
  medium.unprogrammable = unprogrammable;
  medium.worn = what;
  return medium;
}

/// Every kind, unit, page and shape; each with one cut in each test run.
inline const std::vector<Medium>& media() {
  static const std::vector<Medium> list = {
      {"ecc4", once, 0x00, 4, 640, 4},
      {"ecc8", once, 0xFF, 8, 640, 3},
      {"ecc8-erased-0", once, 0x00, 8, 640, 4},
      {"ecc16", once, 0xFF, 16, 768, 4},
      {"ecc32", once, 0xFF, 32, 1024, 3},
      {"ecc32-silent", once, 0xFF, 32, 1024, 3, 0, Medium::recycled, Medium::silent},
      {"ecc256", once, 0xFF, 256, 4096, 3},
      {"ecc4-hidden", once, 0xFF, 4, 640, 3, 0, Medium::recycled, Medium::hidden},
      {"ecc16-hidden", once, 0x00, 16, 768, 3, 0, Medium::recycled, Medium::hidden},
      {"ecc8-uneven", once, 0xFF, 8, 728, 5, 0, Medium::recycled, 0, {128, 344, 256}},
      {"ecc16-uneven", once, 0xFF, 16, 816, 3, 0, Medium::recycled, Medium::backwards, {512, 304}},
      {"ecc16-held", once, 0xFF, 16, 768, 3, 0, Medium::held},
      {"ecc8-filled", once, 0xFF, 8, 640, 4, 0, Medium::filled},
      {"ecc8-used", once, 0xFF, 8, 640, 3, 0, Medium::recycled, Medium::used_before},
      {"nor", nor, 0xFF, 1, 640, 4},
      {"nor-page1", nor, 0xFF, 1, 600, 3, 1},
      {"nor-page16", nor, 0xFF, 1, 640, 3, 16},
      {"nor-page256", nor, 0x00, 1, 768, 3, 256},
      {"nor2-page32", nor, 0xFF, 2, 640, 3, 32},
      {"nor4", nor, 0x00, 4, 640, 3, 64},
      {"nor-uneven", nor, 0xFF, 1, 777, 3, 64, Medium::recycled, 0, {256, 300, 221}},
      {"nor4-uneven", nor, 0xFF, 4, 668, 5, 128, Medium::recycled, Medium::backwards, {100, 568}},
      {"nor4-held", nor, 0xFF, 4, 640, 4, 256, Medium::held},
      {"nor2-used", nor, 0xFF, 2, 640, 3, 256, Medium::recycled, Medium::used_before},
      {"fram", rewritable, 0x00, 1, 640, 4},
      {"mram4", rewritable, 0xFF, 4, 640, 3},
      {"eeprom", rewritable, 0xFF, 1, 600, 3, 32},
      {"fram2-filled", rewritable, 0x00, 2, 640, 3, 0, Medium::filled},
      {"fram8-used", rewritable, 0x00, 8, 640, 3, 0, Medium::recycled, Medium::used_before},
      {"file", file, 0x00, 1, 1024, 4},
      {"file-erased-ff", file, 0xFF, 16, 1000 / 16 * 16, 3},
      {"file-held", file, 0x00, 1, 1000, 3, 0, Medium::held},
      {"file-used", file, 0x00, 1, 1024, 3, 0, Medium::recycled, Medium::used_before},
      tiles({"ecc8-tiles", once, 0xFF, 8, 1024, 3}),
      tiles({"nor-tiles", nor, 0xFF, 1, 1024, 3, 256}),
      tiles({"fram-tiles", rewritable, 0x00, 1, 1024, 3}),
      tiles({"file-tiles", file, 0x00, 1, 1280, 3}),
      archive({"ecc8-archive", once, 0xFF, 8, 1024, 4}),
      archive({"ecc16-archive-eager", once, 0x00, 16, 1280, 3, 0, Medium::recycled, Medium::eager}),
      archive({"ecc8-archive-pair", once, 0xFF, 8, 1280, 2}),
      archive({"ecc8-archive-many", once, 0xFF, 8, 1280, 3}, 12),
      archive({"nor4-archive", nor, 0x00, 4, 1024, 3, 64}),
      archive({"nor2-archive-eager", nor, 0xFF, 2, 1024, 4, 256, Medium::recycled, Medium::eager}),
      archive({"mram4-archive-eager", rewritable, 0xFF, 4, 1024, 3, 0, Medium::recycled,
               Medium::eager}),
      archive({"file-archive", file, 0x00, 1, 1280, 3}),
      archive({"file-archive-eager", file, 0xFF, 16, 1280, 3, 0, Medium::recycled, Medium::eager}),
      worn({"ecc8-worn", once, 0xFF, 8, 640, 4}, 80, 1, 0),
      worn({"ecc16-worn-program", once, 0x00, 16, 768, 5}, 80, 0, 2, fake::Failure::half),
      worn({"ecc4-worn-fresh", once, 0xFF, 4, 640, 4}, 0, 1, 4, fake::Failure::half),
      worn({"ecc8-worn-row", once, 0xFF, 8, 640, 6}, 110, 2, 5, fake::Failure::half),
      worn({"ecc8-worn-two", once, 0xFF, 8, 640, 6}, 110, 10, 0, fake::Failure::half),
      worn({"ecc8-worn-headed", once, 0xFF, 8, 640, 5, 0, Medium::recycled, Medium::headed}, 80, 0,
           2),
      worn({"nor4-worn-headed", nor, 0xFF, 4, 640, 5, 64, Medium::recycled, Medium::headed}, 80, 0,
           2, fake::Failure::half),
      worn({"nor-worn", nor, 0xFF, 1, 640, 4, 256}, 80, 2, 0, fake::Failure::half),
      worn({"nor4-worn-program", nor, 0x00, 4, 640, 5, 64}, 80, 0, 1, fake::Failure::half),
      worn({"nor2-worn-fresh", nor, 0xFF, 2, 640, 4, 16}, 0, 4, 1),
      worn({"nor4-worn-row", nor, 0xFF, 4, 640, 6, 256}, 110, 3, 4),
      worn({"mram4-worn", rewritable, 0xFF, 4, 640, 4}, 80, 1, 0),
      worn({"fram2-worn-program", rewritable, 0x00, 2, 640, 5}, 80, 0, 2, fake::Failure::half),
      worn(archive({"ecc8-archive-worn", once, 0xFF, 8, 1024, 5}), 0, 4, 0),
      worn(archive({"nor4-archive-worn", nor, 0xFF, 4, 1024, 5, 64}), 0, 0, 4),
  };
  return list;
}

/// Small enough for every pair of cuts.
inline const std::vector<Medium>& small_media() {
  static const std::vector<Medium> list = {
      {"ecc8-small", once, 0xFF, 8, 480, 3, 0, Medium::recycled, 0, {}, 1},
      {"ecc16-small", once, 0x00, 16, 560, 3, 0, Medium::recycled, 0, {}, 1},
      {"ecc8-sectors-small", once, 0xFF, 8, 480, 3, 0, Medium::held, 0, {200, 280}, 1},
      {"nor4-small", nor, 0xFF, 4, 464, 3, 64, Medium::recycled, 0, {}, 1},
      {"nor-small", nor, 0xFF, 1, 456, 3, 16, Medium::recycled, 0, {}, 1},
      {"mram4-small", rewritable, 0x00, 4, 464, 3, 0, Medium::recycled, 0, {}, 1},
      {"file-small", file, 0x00, 1, 512, 3, 0, Medium::recycled, 0, {}, 1},
      archive({"ecc16-archive-small", once, 0xFF, 16, 1008, 3}),
      worn({"ecc8-worn-small", once, 0xFF, 8, 480, 4}, 60, 1, 0, fake::Failure::half),
      worn({"nor4-worn-small", nor, 0x00, 4, 464, 4, 64}, 60, 0, 1),
  };
  return list;
}

/// For recorders: as a log that is full in the end, and as a ring.
inline const std::vector<Medium>& recorder_media() {
  static const std::vector<Medium> list = {
      {"recorder-ecc", once, 0xFF, 8, 1024, 8, 0, Medium::filled},
      {"recorder-nor", nor, 0xFF, 1, 1024, 8, 256, Medium::filled},
      {"recorder-fram", rewritable, 0x00, 1, 1024, 8, 0, Medium::filled},
      {"recorder-file", file, 0x00, 1, 2048, 4, 0, Medium::filled},
      {"recorder-ecc-ring", once, 0x00, 16, 1024, 3},
      {"recorder-nor-ring", nor, 0xFF, 4, 1024, 3, 64},
      {"recorder-mram-ring", rewritable, 0xFF, 4, 1024, 3},
      {"recorder-file-ring", file, 0xFF, 16, 1024, 3},
  };
  return list;
}

/// A disk that acknowledges what it has not stored. The test of the test: its log breaks.
inline const Medium& lying_disk() {
  static const Medium disk = {"lying-disk",     file,         0x00, 1, 1024, 3, 0,
                              Medium::recycled, Medium::lying};
  return disk;
}

/// Cuts the power in the operation number `op` (from 1) of those to come. The random numbers follow
/// from the case.
inline void cut_power_in(fake::FakeFlash& flash, uint64_t op, const fake::Tear& tear) {
  flash.random.seed(op * 1000003 + tear.units_done * 31 + tear.draw * 7 + tear.erase +
                    uint64_t(tear.extent) * 65537 + uint64_t(tear.unit) * 257);
  flash.cut_at(flash.operations + op, tear);
}

}  // namespace powercut
