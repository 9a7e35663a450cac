// The golden images: what the log writes on each kind of medium, byte for byte, as long as format 1
// lives. Each is the end of one life with everything in it: records and batches, heads, spares made
// ahead of time, power cuts, laps of the ring. No random number and no clock takes part.
#pragma once

#include <algorithm>
#include <cairn/log.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace golden {

struct Image {
  const char* name;
  uint32_t unit, segment, count;
  uint8_t kind, erased;
};

inline const Image images[] = {
    {"once-4-00", 4, 640, 3, CAIRN_FLASH_ONCE, 0x00},
    {"once-8-ff", 8, 640, 3, CAIRN_FLASH_ONCE, 0xFF},
    {"once-16-00", 16, 768, 3, CAIRN_FLASH_ONCE, 0x00},
    {"once-16-ff", 16, 640, 4, CAIRN_FLASH_ONCE, 0xFF},
    {"once-32-ff", 32, 896, 3, CAIRN_FLASH_ONCE, 0xFF},
    {"nor-1-ff", 1, 640, 3, CAIRN_FLASH_NOR, 0xFF},
    {"nor-1-00", 1, 640, 3, CAIRN_FLASH_NOR, 0x00},
    {"nor-4-ff", 4, 600, 4, CAIRN_FLASH_NOR, 0xFF},
    {"rewritable-1-00", 1, 600, 3, CAIRN_FLASH_REWRITABLE, 0x00},
    {"rewritable-4-ff", 4, 600, 3, CAIRN_FLASH_REWRITABLE, 0xFF},
    {"file-1-00", 1, 600, 3, CAIRN_FLASH_FILE, 0x00},
    {"file-8-ff", 8, 640, 3, CAIRN_FLASH_FILE, 0xFF},
};

using Bytes = std::vector<uint8_t>;

/// The leaf at `index` of every image.
inline Bytes leaf(uint64_t index) {
  static const size_t sizes[] = {1, 2, 6, 13, 21, 34, 41};
  Bytes out(sizes[index * 5 % 7]);
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<uint8_t>(index * 29 + i * 7);
  out[0] = 0x40;
  return out;
}

inline cairn::Signature signature(uint64_t size) {
  cairn::Signature out;
  for (size_t i = 0; i < sizeof out.bytes; ++i)
    out.bytes[i] = static_cast<uint8_t>(size * 31 + i);
  return out;
}

constexpr uint32_t log_id = 0x444C4F47;  // "GOLD" on the medium
constexpr size_t frame_bytes = 64;

/// A medium in memory. Its power can be cut inside a program call, which then writes half.
class Medium {
 public:
  explicit Medium(const Image& image) : flash_{} {
    flash_.struct_size = sizeof flash_;
    flash_.unit_bytes = image.unit;
    flash_.segment_bytes = image.segment;
    flash_.segment_count = image.count;
    flash_.erased = image.erased;
    flash_.kind = image.kind;
    flash_.user = this;
    flash_.read = [](void* user, uint32_t segment, uint32_t offset, void* out, uint32_t size) {
      const uint8_t* from = self(user).at(segment, offset);
      std::copy(from, from + size, static_cast<uint8_t*>(out));
      return 0;
    };
    flash_.program = [](void* user, uint32_t segment, uint32_t offset, const void* from,
                        uint32_t size) {
      return self(user).program(self(user).at(segment, offset), static_cast<const uint8_t*>(from),
                                size);
    };
    flash_.erase = [](void* user, uint32_t segment) {
      Medium& medium = self(user);
      if (medium.dead) return CAIRN_E_IO;
      if (medium.flash_.kind != CAIRN_FLASH_REWRITABLE)
        std::fill_n(medium.at(segment, 0), medium.flash_.segment_bytes, medium.flash_.erased);
      return 0;
    };
    flash_.sync = [](void* user) { return self(user).dead ? CAIRN_E_IO : 0; };
    memory.assign(size_t{image.segment} * image.count, image.erased);
  }
  Medium(const Medium&) = delete;
  Medium& operator=(const Medium&) = delete;

  const cairn::Flash& flash() const { return flash_; }

  Bytes memory;
  bool cut_next = false;  ///< in the next program call
  bool dead = false;      ///< the power is off

 private:
  static Medium& self(void* user) { return *static_cast<Medium*>(user); }
  uint8_t* at(uint32_t segment, uint32_t offset) {
    return memory.data() + size_t{segment} * flash_.segment_bytes + offset;
  }

  int program(uint8_t* to, const uint8_t* from, uint32_t size) {
    if (dead) return CAIRN_E_IO;
    dead = cut_next;
    cut_next = false;
    if (!dead) {
      std::copy(from, from + size, to);
      return 0;
    }
    const uint32_t half = size / flash_.unit_bytes / 2 * flash_.unit_bytes;
    std::copy(from, from + half, to);
    for (uint32_t i = half; i < half + flash_.unit_bytes; ++i) {
      const uint8_t some = static_cast<uint8_t>(0x69 + i);
      to[i] = static_cast<uint8_t>(flash_.erased == 0xFF ? from[i] | some : from[i] & some);
    }
    return CAIRN_E_IO;
  }

  cairn::Flash flash_;
};

/// One life, from the empty medium to the image.
class Life {
 public:
  explicit Life(const Image& image) : medium(image) {
    platform_.struct_size = sizeof platform_;
    platform_.user = this;
    platform_.entropy = [](void* user, void* out, size_t size) {
      uint8_t* bytes = static_cast<uint8_t*>(out);
      for (size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<uint8_t>(++static_cast<Life*>(user)->entropy_ * 0x53);
      return 0;
    };
    require(log.format(medium.flash(), memory(), options(), platform_), "format");
    for (uint64_t more = 0; more < 12; more += log.index_min() != 0 ? 1 : 0)
      step();
    before_last = medium.memory;
    grow(1);  // the last frame is no head
  }

  static cairn::LogOptions options() {
    cairn::LogOptions out;
    out.log_id = log_id;
    out.recycle = true;
    out.keep_from = UINT64_MAX;
    return out;
  }

  Medium medium;
  Bytes before_last;  ///< the medium before the last record came
  cairn::Log log;

 private:
  cairn::LogMemory memory() { return {{frame_, sizeof frame_}, nullptr, 0}; }
  static void require(cairn::Status status, const char* what) {
    if (status != cairn::Status::ok)
      throw std::runtime_error(std::string(what) + ": " + cairn::status_text(status));
  }

  // After a power cut: the log is mounted, and what failed is done again if it needs to be.
  template <typename Work>
  void survive(Work work) {
    while (work() != cairn::Status::ok) {
      if (!medium.dead) throw std::runtime_error("the log gave up without a power cut");
      medium.dead = false;
      require(log.mount(medium.flash(), memory(), options(), platform_), "mount");
    }
  }

  void grow(uint64_t count) {
    const uint64_t end = log.size() + count;
    survive([&] {
      std::vector<Bytes> leaves;
      for (uint64_t i = log.size(); i < end; ++i)
        leaves.push_back(leaf(i));
      std::vector<cairn::ByteView> views;
      for (const Bytes& bytes : leaves)
        views.push_back({bytes.data(), bytes.size()});
      if (views.size() == 1)
        return log.append(leaves[0][0], {leaves[0].data() + 1, leaves[0].size() - 1}).status;
      return views.empty() ? cairn::Status::ok
                           : log.append_batch(views.data(), views.size()).status;
    });
  }

  void step() {
    const uint64_t turn = turn_++;
    medium.cut_next = turn % 5 == 1;
    grow(turn % 4 == 3 ? 5 : 1);
    if (turn % 9 == 5) survive([&] { return log.write_head(signature(log.size())); });
    if (turn % 11 == 7) survive([&] { return log.maintain(); });
  }

  uint8_t frame_[frame_bytes];
  cairn::Platform platform_{};
  uint64_t turn_ = 0;
  unsigned entropy_ = 0;
};

}  // namespace golden
