// What a log must be, told with a list: the oracle of the power-cut, rot and model tests.
#pragma once

#include <cairn/log.hpp>
#include <cairn/merkle.hpp>
#include <deque>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/fake_flash.hpp"

namespace log_model {

struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void demand(bool condition, const char* what) {
  if (!condition) throw Violation(what);
}
inline void demand(bool condition, const std::string& what) {
  if (!condition) throw Violation(what);
}
/// `what()` tells it, which costs nothing while all is well.
template <typename What>
auto demand(bool condition, const What& what) -> decltype(what(), void()) {
  if (!condition) throw Violation(what());
}

constexpr size_t leaf_max = 41;

struct Geometry {
  const char* name;
  uint32_t unit, segment, count;
  uint8_t kind, erased;
};

inline const Geometry geometries[] = {
    {"8-byte ECC", 8, 640, 3, CAIRN_FLASH_ONCE, 0xFF},
    {"16-byte ECC", 16, 768, 4, CAIRN_FLASH_ONCE, 0xFF},
    {"32-byte ECC", 32, 1024, 3, CAIRN_FLASH_ONCE, 0xFF},
    {"4-byte ECC, erased 0", 4, 640, 4, CAIRN_FLASH_ONCE, 0x00},
    {"NOR", 1, 640, 4, CAIRN_FLASH_NOR, 0xFF},
    {"4-byte NOR, erased 0", 4, 640, 3, CAIRN_FLASH_NOR, 0x00},
    {"FRAM", 1, 640, 4, CAIRN_FLASH_REWRITABLE, 0x00},
    {"4-byte MRAM", 4, 640, 3, CAIRN_FLASH_REWRITABLE, 0xFF},
    {"file", 1, 1024, 4, CAIRN_FLASH_FILE, 0x00},
};

/// The leaf that stands at `index` in every test.
inline const std::vector<uint8_t>& leaf(uint64_t index) {
  static std::deque<std::vector<uint8_t>> made;  // keeps the addresses it gave
  while (made.size() <= index) {
    static const size_t sizes[] = {1, 2, 6, 13, 21, 34, 41};
    const uint64_t next = made.size();
    std::mt19937 random(uint32_t(1000 + next));
    std::vector<uint8_t> out(sizes[random() % 7]);
    for (uint8_t& byte : out)
      byte = uint8_t(random());
    if (next % 9 == 4) std::fill(out.begin() + 1, out.end(), uint8_t(next % 2 == 0 ? 0xFF : 0));
    out[0] = 0x40;
    made.push_back(std::move(out));
  }
  return made[index];
}

inline cairn::Signature signature(uint64_t size) {
  cairn::Signature out;
  for (size_t i = 0; i < sizeof out.bytes; ++i)
    out.bytes[i] = uint8_t(size * 31 + i);
  return out;
}

/// Root of the tree over the first `size` test leaves; remembers what it has computed.
inline const cairn::Digest& root_at(uint64_t size) {
  static cairn::Frontier frontier;
  static std::vector<cairn::Digest> roots = {frontier.root()};
  while (roots.size() <= size) {
    const std::vector<uint8_t>& bytes = leaf(roots.size() - 1);
    (void)frontier.append(cairn::leaf_hash({bytes.data(), bytes.size()}));
    roots.push_back(frontier.root());
  }
  return roots[size];
}

struct Memory {
  uint8_t frame[512];
  cairn::LogMemory get(const fake::FakeFlash&, uint32_t unit, uint8_t kind) {
    const size_t size = kind == CAIRN_FLASH_FILE ? 256 : cairn::log_frame_bytes(unit, leaf_max + 2);
    return {{frame, size}, nullptr, 0};
  }
};

/// What the application has been promised.
struct Acknowledged {
  uint64_t size = 0;         ///< records that were acknowledged
  uint64_t tried = 0;        ///< size that the operation in flight would have led to
  uint64_t signed_size = 0;  ///< newest head that left the device
  uint64_t signed_tried = 0;
  uint64_t index_min = 0;
  bool formatted = false;
};

inline const cairn::Platform& platform() {
  static const cairn::Platform none = {sizeof(cairn::Platform), nullptr, nullptr, nullptr, nullptr};
  return none;
}

/// Mounts, or formats a virgin medium. False when the power was cut meanwhile.
inline bool start(fake::FakeFlash& flash, Memory& memory, cairn::Log& log, Acknowledged& known) {
  const cairn::Flash& driver = flash.flash();
  cairn::LogOptions options;
  options.log_id = 7;
  options.recycle = true;
  options.keep_from = UINT64_MAX;
  const cairn::LogMemory frames = memory.get(flash, driver.unit_bytes, driver.kind);
  const cairn::Status mounted = log.mount(driver, frames, options, platform());
  demand(mounted != cairn::Status::damaged, "damage reported after a mere power cut");
  if (mounted == cairn::Status::ok) {
    known.formatted = true;
    return true;
  }
  demand(!known.formatted,
         [&] { return std::string("mount lost the log: ") + cairn::status_text(mounted); });
  const cairn::Status formatted = log.format(driver, frames, options, platform());
  if (flash.is_dead()) return false;
  demand(formatted == cairn::Status::ok,
         [&] { return std::string("format failed: ") + cairn::status_text(formatted); });
  known.formatted = true;
  return true;
}

/// Everything that was acknowledged is there, in its place, and nothing else.
inline void check(cairn::Log& log, Acknowledged& known) {
  const auto sizes = [&] {
    return std::to_string(log.size()) + " records, acknowledged " + std::to_string(known.size) +
           ", tried " + std::to_string(known.tried);
  };
  demand(log.size() >= known.size, [&] { return "acknowledged records are gone: " + sizes(); });
  demand(log.size() <= std::max(known.size, known.tried),
         [&] { return "records appeared from nowhere: " + sizes(); });
  demand(log.root() == root_at(log.size()), "the tree is not that of the records");
  if (known.signed_size != 0) {
    demand(log.head() != nullptr && log.head()->size >= known.signed_size, "a signed head is gone");
  }
  if (log.head() != nullptr) {
    const uint64_t size = log.head()->size;
    demand(size == known.signed_size || size == known.signed_tried, "a head from nowhere");
    demand(log.head()->root == root_at(size), "a head's root is wrong");
    demand(memcmp(log.head()->signature.bytes, signature(size).bytes, 64) == 0, "a signature");
    known.signed_size = size;
  }
  demand(log.index_min() >= known.index_min, "retired records came back");
  uint8_t buffer[96];
  cairn::Log::Cursor cursor;
  demand(cursor.open(log, buffer) == cairn::Status::ok, "no cursor");
  uint64_t expected = log.index_min();
  for (;;) {
    cairn::Log::Cursor::Item item;
    const cairn::Status status = cursor.next(item);
    if (status == cairn::Status::end) break;
    demand(status == cairn::Status::ok,
           [&] { return std::string("cursor: ") + cairn::status_text(status); });
    if (item.type != cairn::Log::Cursor::Item::Type::leaf) continue;
    demand(item.index == expected, [&] {
      return "record " + std::to_string(expected) + " is missing, found " +
             std::to_string(item.index);
    });
    const std::vector<uint8_t>& bytes = leaf(item.index);
    demand(cairn::equal(item.leaf, {bytes.data(), bytes.size()}),
           [&] { return "record " + std::to_string(item.index) + " is not what was written"; });
    ++expected;
  }
  demand(expected == log.size(), [&] { return "the walk ends at " + std::to_string(expected); });
  known.size = log.size();
  known.tried = known.size;
  known.index_min = log.index_min();
}

inline bool finish(const fake::FakeFlash& flash, const cairn::Log& log, Acknowledged& known,
                   cairn::Status status, const char* what) {
  if (flash.is_dead()) return false;
  demand(status == cairn::Status::ok,
         [&] { return std::string(what) + ": " + cairn::status_text(status); });
  known.size = log.size();
  known.tried = log.size();
  known.index_min = std::max(known.index_min, log.index_min());
  return true;
}

inline bool append_one(fake::FakeFlash& flash, cairn::Log& log, Acknowledged& known) {
  known.tried = log.size() + 1;
  const std::vector<uint8_t>& bytes = leaf(log.size());
  const auto index = log.append(bytes[0], {bytes.data() + 1, bytes.size() - 1});
  return finish(flash, log, known, index.status, "append");
}

inline bool append_some(fake::FakeFlash& flash, cairn::Log& log, Acknowledged& known,
                        size_t count) {
  known.tried = log.size() + count;
  std::vector<cairn::ByteView> views;
  for (size_t i = 0; i < count; ++i) {
    const std::vector<uint8_t>& bytes = leaf(log.size() + i);
    views.push_back({bytes.data(), bytes.size()});
  }
  const auto first = log.append_batch(views.data(), views.size());
  return finish(flash, log, known, first.status, "append_batch");
}

inline bool sign(fake::FakeFlash& flash, cairn::Log& log, Acknowledged& known) {
  known.signed_tried = log.size();
  const cairn::Status status = log.write_head(signature(log.size()));
  if (!finish(flash, log, known, status, "write_head")) return false;
  known.signed_size = log.size();
  return true;
}

/// A life: mount or format, check, append to `total`. Throws Violation; stops quietly at a cut.
inline void live(fake::FakeFlash& flash, Acknowledged& known, uint64_t total) {
  Memory memory;
  cairn::Log log;
  if (!start(flash, memory, log, known)) return;
  check(log, known);
  while (log.size() < total) {
    const uint64_t next = log.size();
    if (next % 5 == 3) {
      if (!append_some(flash, log, known, 4)) return;
    } else if (!append_one(flash, log, known)) {
      return;
    }
    if (next % 16 == 0 && !sign(flash, log, known)) return;
    if (next % 11 == 0 && log.maintain() != cairn::Status::ok && flash.is_dead()) return;
  }
}

}  // namespace log_model
