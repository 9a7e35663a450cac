// The memories on which power is cut.
#pragma once

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
    lying = 16        ///< sync does nothing: no log can stand that
  };

  const char* name;
  uint8_t kind, erased;
  uint32_t unit, segment, count;
  uint32_t page = 0;   ///< 0: one program call is one page
  Use use = recycled;  ///< held: until the gateway has acknowledged; filled: stops when full
  uint8_t flags = 0;
  uint32_t sectors[3] = {};  ///< of a segment; none: it is one
  uint32_t laps = 2;         ///< of the life that is cut

  bool is_small() const { return std::strstr(name, "-small") != nullptr; }

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
  };
  return list;
}

/// A disk that acknowledges what it has not stored. The test of the test: its log breaks.
inline const Medium& lying_disk() {
  static const Medium disk = {"lying-disk",     file,         0x00, 1, 1024, 3, 0,
                              Medium::recycled, Medium::lying};
  return disk;
}

}  // namespace powercut
