// A log over a fake flash, with everything that belongs to it: for tests that say what they append.
#pragma once

#include <algorithm>
#include <cairn/log.hpp>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/fake_flash.hpp"

namespace Catch {
template <>
struct StringMaker<cairn::Status> {
  static std::string convert(cairn::Status status) { return cairn::status_text(status); }
};
}  // namespace Catch

namespace test_log {

using Bytes = std::vector<uint8_t>;

struct Medium {
  const char* name;
  uint32_t unit, segment, count;
  uint8_t kind, erased;
};

/// One of each kind, small enough to wrap quickly.
inline const std::vector<Medium>& media() {
  static const std::vector<Medium> list = {
      {"8-byte ECC", 8, 1024, 4, CAIRN_FLASH_ONCE, 0xFF},
      {"32-byte ECC, erased 0", 32, 2048, 3, CAIRN_FLASH_ONCE, 0x00},
      {"NOR", 1, 1024, 4, CAIRN_FLASH_NOR, 0xFF},
      {"FRAM", 1, 1024, 4, CAIRN_FLASH_REWRITABLE, 0x00},
      {"file", 1, 1024, 4, CAIRN_FLASH_FILE, 0x00},
  };
  return list;
}

/// Leaf bytes that tell their number: kind 0x40, then `size` - 1 bytes.
inline Bytes leaf(uint64_t number, size_t size = 24) {
  Bytes out(size, uint8_t(number * 7 + 3));
  out[0] = 0x40;
  for (size_t i = 1; i < size && i < 5; ++i)
    out[i] = uint8_t(number >> (8 * (i - 1)));
  return out;
}

inline cairn::ByteView view(const Bytes& bytes) {
  return {bytes.data(), bytes.size()};
}

inline cairn::Signature signature(uint8_t number) {
  cairn::Signature out;
  std::memset(out.bytes, number, sizeof out.bytes);
  return out;
}

/// Where a leaf that has a record frame to itself lies in `memory`. Looks for the frame's first two
/// bytes, too: they tell the length, so that no shorter leaf whose check value happens to go on
/// like this one is taken for it.
inline size_t place_of(const Bytes& memory, const Bytes& leaf) {
  Bytes frame = {uint8_t(leaf.size()), uint8_t(1u << 5 | leaf.size() >> 8)};
  frame.insert(frame.end(), leaf.begin(), leaf.end());
  const auto at = std::search(memory.begin(), memory.end(), frame.begin(), frame.end());
  REQUIRE(at != memory.end());
  REQUIRE(std::search(at + 1, memory.end(), frame.begin(), frame.end()) == memory.end());
  return size_t(at - memory.begin()) + 2;
}

class TestLog {
 public:
  explicit TestLog(const Medium& medium, size_t frame_bytes = 128)
      : flash(medium.unit, medium.segment, medium.count, medium.kind, medium.erased),
        frame(frame_bytes) {
    options.log_id = 7;
    options.recycle = true;
    options.keep_from = UINT64_MAX;
  }

  cairn::LogMemory memory() { return {{frame.data(), frame.size()}, nullptr, 0}; }
  cairn::Status format() {
    newest = 0;
    return log.format(flash.flash(), memory(), options, platform);
  }
  cairn::Status mount() { return log.mount(flash.flash(), memory(), options, platform); }

  cairn::Result<uint64_t> append(const Bytes& bytes) {
    return counted([&] { return log.append(bytes[0], {bytes.data() + 1, bytes.size() - 1}); });
  }
  cairn::Status write_head(uint8_t number) {
    return counted([&] { return log.write_head(signature(number)); });
  }
  cairn::Result<uint64_t> append_batch(const std::vector<Bytes>& leaves) {
    const std::vector<cairn::ByteView> list = views(leaves);
    return log.append_batch(list.data(), list.size());
  }
  cairn::Result<uint64_t> stage(const std::vector<Bytes>& leaves) {
    const std::vector<cairn::ByteView> list = views(leaves);
    return log.stage(list.data(), list.size());
  }
  /// Appends leaf(size) until there are `size` records. The first status that is not ok.
  cairn::Status grow_to(uint64_t size, size_t leaf_bytes = 24) {
    while (log.size() < size)
      CAIRN_TRY(append(leaf(log.size(), leaf_bytes)).status);
    return cairn::Status::ok;
  }
  /// Appends leaf(size) until the newest segment has the number `sequence`, in whose middle it
  /// then stands.
  cairn::Status grow_into(uint64_t sequence, size_t leaf_bytes = 24) {
    const uint64_t bytes = flash.flash().segment_bytes;
    while (newest < sequence)
      CAIRN_TRY(append(leaf(log.size(), leaf_bytes)).status);
    const uint64_t used = log.used_bytes();
    while (log.used_bytes() < used + bytes / 3)
      CAIRN_TRY(append(leaf(log.size(), leaf_bytes)).status);
    return cairn::Status::ok;
  }

  /// All records that a walk finds, by index. A record that comes twice counts as `twice`.
  std::map<uint64_t, Bytes> walk(size_t buffer_bytes = 256, uint64_t from = 0) {
    std::map<uint64_t, Bytes> out;
    Bytes buffer(buffer_bytes);
    cairn::Log::Cursor cursor;
    last = cursor.open(log, {buffer.data(), buffer.size()}, from);
    cairn::Log::Cursor::Item item;
    while (last == cairn::Status::ok && (last = cursor.next(item)) == cairn::Status::ok) {
      if (item.type != cairn::Log::Cursor::Item::Type::leaf) continue;
      const Bytes bytes(item.leaf.begin(), item.leaf.end());
      if (!out.emplace(item.index, bytes).second) ++twice;
    }
    return out;
  }
  /// True when the log holds leaf(i) at every index from index_min() on, and nothing else.
  bool is_whole(size_t leaf_bytes = 24) {
    const auto found = walk(9000);
    if (last != cairn::Status::end || twice != 0) return false;
    if (found.size() != log.size() - log.index_min()) return false;
    for (const auto& record : found)
      if (record.second != leaf(record.first, leaf_bytes)) return false;
    return true;
  }
  Bytes read(uint64_t index) {
    Bytes out(9000);
    const auto size = log.read(index, {out.data(), out.size()});
    last = size.status;
    out.resize(size.ok() ? size.value : 0);
    return out;
  }

  fake::FakeFlash flash;
  Bytes frame;
  cairn::LogOptions options;
  cairn::Platform platform = CAIRN_PLATFORM_INIT;
  cairn::Log log;
  uint64_t newest = 0;  ///< number of the newest segment, after append() and write_head()
  cairn::Status last = cairn::Status::ok;  ///< that ended the last walk or read
  unsigned twice = 0;

 private:
  template <typename Call>
  auto counted(Call call) -> decltype(call()) {
    const uint64_t before = log.used_bytes() % flash.flash().segment_bytes;
    const auto result = call();
    if (log.used_bytes() % flash.flash().segment_bytes < before) ++newest;
    return result;
  }
  static std::vector<cairn::ByteView> views(const std::vector<Bytes>& leaves) {
    std::vector<cairn::ByteView> out;
    for (const Bytes& bytes : leaves)
      out.push_back(view(bytes));
    return out;
  }
};

}  // namespace test_log
