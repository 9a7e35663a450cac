// A flash that behaves as badly as real ones, and whose power can be cut inside any operation.
//
// It refuses what the medium refuses: a second program of a unit, misalignment, leaving a segment.
// A cut tears the operation in flight in a chosen style; afterwards every call fails until
// reboot(), when half-charged cells decide what they are. A file's writes stay in a cache until
// sync; a cut keeps, drops or tears each of them at random.
#pragma once

#include <cairn/flash.hpp>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace fake {

/// How the operation at the cut is torn.
struct Tear {
  enum class Extent : uint8_t { none, all, in_order, random_order };
  enum class Unit : uint8_t { garbage, looks_blank, unreadable };
  Extent extent = Extent::none;
  uint32_t units_done = 0;  ///< before the torn one
  Unit unit = Unit::garbage;
  uint8_t erase =
      0;  ///< 0 not started, 1 mixed, 2 blank but weak, 3 first half, 4 second half, 5 all

  std::string text() const {
    return std::to_string(int(extent)) + "/" + std::to_string(units_done) + "/" +
           std::to_string(int(unit)) + "/e" + std::to_string(erase);
  }
};

/// What a call that answers an error has done to the medium.
enum class Failure : uint8_t { nothing, half, everything };

class FakeFlash {
 public:
  FakeFlash(uint32_t unit, uint32_t segment, uint32_t count, uint8_t kind, uint8_t erased)
      : random(1) {
    flash_.struct_size = sizeof flash_;
    flash_.unit_bytes = unit;
    flash_.segment_bytes = segment;
    flash_.segment_count = count;
    flash_.kind = kind;
    flash_.erased = erased;
    flash_.read = on_read;
    flash_.program = on_program;
    flash_.erase = on_erase;
    if (kind == CAIRN_FLASH_FILE) flash_.sync = on_sync;
    memory.assign(size_t{segment} * count, erased);
    state_.assign(memory.size() / unit, clean);
    if (kind == CAIRN_FLASH_REWRITABLE)  // a virgin FRAM holds anything
      for (uint8_t& byte : memory)
        byte = uint8_t(random());
    durable_ = memory;
  }

  /// The driver. Valid while this object stays where it is.
  const cairn::Flash& flash() {
    flash_.user = this;
    return flash_;
  }

  /// Cuts the power inside the operation number `op` (from 1).
  void cut_at(uint64_t op, const Tear& tear) {
    cut_op_ = op;
    tear_ = tear;
  }
  bool is_dead() const { return dead_; }
  bool is_unreadable(size_t unit) const { return state_[unit] == unreadable; }

  void reboot() {
    if (flash_.kind == CAIRN_FLASH_FILE && dead_) lose_unsynced();
    dead_ = false;
    cut_op_ = 0;
    operations = 0;
    for (size_t unit = 0; unit < state_.size(); ++unit) {
      if (state_[unit] != weak || random() % 2 == 0) continue;
      if (is_erased(unit)) continue;
      memory[unit * flash_.unit_bytes + random() % flash_.unit_bytes] ^=
          uint8_t(1u << (random() % 8));
    }
  }

  /// Makes the medium hold these bytes, as if they had been programmed.
  void load(const std::vector<uint8_t>& bytes) {
    memory = durable_ = bytes;
    for (size_t unit = 0; unit < state_.size(); ++unit)
      state_[unit] = is_erased(unit) ? clean : data;
  }

  /// Flips one bit of the medium behind the driver's back.
  void flip(size_t byte, unsigned bit) {
    memory[byte] ^= uint8_t(1u << bit);
    if (!durable_.empty()) durable_[byte] ^= uint8_t(1u << bit);
  }

  /// Lets program calls fail: `count` of them, after `skip` that succeed.
  void fail_programs(uint64_t skip, uint64_t count, Failure failure) {
    failing_from_ = programs + skip;
    failing_to_ = failing_from_ + count;
    failure_ = failure;
  }

  /// Lets read calls answer io: `count` of them, after `skip` that succeed.
  void fail_reads(uint64_t skip, uint64_t count) {
    bad_read_from_ = reads + skip;
    bad_read_to_ = count > UINT64_MAX - bad_read_from_ ? UINT64_MAX : bad_read_from_ + count;
  }

  /// Lets the units with these bytes answer with an uncorrectable error.
  void make_unreadable(uint32_t segment, uint32_t offset, uint32_t size) {
    const size_t at = size_t{segment} * flash_.segment_bytes + offset;
    for (size_t u = at / flash_.unit_bytes; u * flash_.unit_bytes < at + size; ++u)
      state_[u] = unreadable;
  }

  /// Whether anything was written here, or begun to be, since the last erase.
  bool is_used(uint32_t segment, uint32_t offset, uint32_t size) const {
    const size_t at = size_t{segment} * flash_.segment_bytes + offset;
    for (size_t u = at / flash_.unit_bytes; u * flash_.unit_bytes < at + size; ++u)
      if (state_[u] != clean) return true;
    return false;
  }

  /// As on some controllers: erased units cannot be read, only asked whether they are blank.
  void hide_erased_units() {
    hides_erased_ = true;
    flash_.blank = on_blank;
  }

  std::vector<uint8_t> memory;
  std::mt19937 random;
  uint64_t operations = 0;  ///< programs, erases and syncs since the last reboot
  uint64_t programs = 0, erases = 0, reads = 0, syncs = 0;
  uint64_t programmed_bytes = 0, read_bytes = 0;
  uint64_t failing_erases = 0, failing_syncs = 0;  ///< so many calls to come
  std::string violation;  ///< what the driver was asked to do and must not be

 private:
  enum UnitState : uint8_t { clean, data, poison, unreadable, weak };

  struct Write {
    size_t at;
    std::vector<uint8_t> bytes;
  };

  static FakeFlash& self(void* user) { return *static_cast<FakeFlash*>(user); }
  bool is_erased(size_t unit) const {
    for (uint32_t i = 0; i < flash_.unit_bytes; ++i)
      if (memory[unit * flash_.unit_bytes + i] != flash_.erased) return false;
    return true;
  }
  bool complain(const char* what) {
    if (violation.empty()) violation = what;
    return false;
  }
  bool cut_now() { return ++operations == cut_op_; }

  static int on_read(void* user, uint32_t segment, uint32_t offset, void* out, uint32_t size) {
    FakeFlash& f = self(user);
    if (f.dead_) return CAIRN_E_IO;
    ++f.reads;
    f.read_bytes += size;
    if (f.reads > f.bad_read_from_ && f.reads <= f.bad_read_to_) return CAIRN_E_IO;
    if (offset + uint64_t{size} > f.flash_.segment_bytes || segment >= f.flash_.segment_count) {
      f.complain("read outside");
      return CAIRN_E_BAD_ARGUMENT;
    }
    const size_t at = size_t{segment} * f.flash_.segment_bytes + offset;
    for (size_t u = at / f.flash_.unit_bytes; u * f.flash_.unit_bytes < at + size; ++u)
      if (f.state_[u] == unreadable || (f.hides_erased_ && f.state_[u] == clean))
        return CAIRN_E_UNREADABLE;
    std::memcpy(out, f.memory.data() + at, size);
    return 0;
  }

  static bool fails(uint64_t& calls) {
    if (calls == 0) return false;
    --calls;
    return true;
  }

  static int on_blank(void* user, uint32_t segment, uint32_t offset, uint32_t size) {
    const FakeFlash& f = self(user);
    const size_t at = size_t{segment} * f.flash_.segment_bytes + offset;
    for (size_t u = at / f.flash_.unit_bytes; u * f.flash_.unit_bytes < at + size; ++u)
      if (f.state_[u] != clean) return 0;
    return 1;
  }

  static int on_program(void* user, uint32_t segment, uint32_t offset, const void* from,
                        uint32_t size) {
    FakeFlash& f = self(user);
    if (f.dead_) return CAIRN_E_IO;
    const uint32_t unit = f.flash_.unit_bytes;
    if (offset % unit != 0 || size % unit != 0 || size == 0 ||
        offset + uint64_t{size} > f.flash_.segment_bytes || segment >= f.flash_.segment_count) {
      f.complain("program misaligned or outside");
      return CAIRN_E_BAD_ARGUMENT;
    }
    const bool faulty = f.programs >= f.failing_from_ && f.programs < f.failing_to_;
    ++f.programs;
    f.programmed_bytes += size;
    const size_t at = size_t{segment} * f.flash_.segment_bytes + offset;
    const uint8_t* bytes = static_cast<const uint8_t*>(from);
    if (faulty && f.failure_ == Failure::nothing) return CAIRN_E_IO;
    if (faulty && f.failure_ == Failure::half) size = (size / unit + 1) / 2 * unit;
    const int done = f.flash_.kind == CAIRN_FLASH_FILE ? f.program_file(at, bytes, size)
                                                       : f.program_units(at, bytes, size);
    return faulty ? CAIRN_E_IO : done;
  }

  int program_file(size_t at, const uint8_t* bytes, uint32_t size) {
    unsynced_.push_back({at, {bytes, bytes + size}});
    std::memcpy(memory.data() + at, bytes, size);
    if (!cut_now()) return 0;
    dead_ = true;
    return CAIRN_E_IO;
  }

  int program_units(size_t at, const uint8_t* bytes, uint32_t size) {
    const uint32_t unit = flash_.unit_bytes;
    const bool cut = cut_now();
    std::vector<size_t> todo;
    for (size_t u = at / unit; u < (at + size) / unit; ++u)
      todo.push_back(u);
    size_t torn = SIZE_MAX;
    if (cut) {
      if (tear_.extent == Tear::Extent::none) todo.clear();
      if (tear_.extent == Tear::Extent::random_order) shuffle(todo);
      if (tear_.extent == Tear::Extent::in_order || tear_.extent == Tear::Extent::random_order) {
        if (tear_.units_done < todo.size()) torn = todo[tear_.units_done];
        if (tear_.units_done < todo.size()) todo.resize(tear_.units_done);
      }
      dead_ = true;
    }
    for (size_t u : todo)
      if (!program_unit(u, bytes + (u - at / unit) * unit)) return CAIRN_E_IO;
    if (torn != SIZE_MAX) tear_unit(torn, bytes + (torn - at / unit) * unit);
    return cut ? CAIRN_E_IO : 0;
  }

  void shuffle(std::vector<size_t>& list) {
    for (size_t i = list.size(); i > 1; --i)
      std::swap(list[i - 1], list[random() % i]);
  }

  bool program_unit(size_t unit, const uint8_t* bytes) {
    const uint32_t size = flash_.unit_bytes;
    uint8_t* to = memory.data() + unit * size;
    if (flash_.kind == CAIRN_FLASH_ONCE && state_[unit] != clean) {
      if (state_[unit] == data && !is_erased(unit)) return complain("second program of a unit");
      return false;
    }
    if (flash_.kind == CAIRN_FLASH_NOR) {
      const uint8_t burnt = uint8_t(~flash_.erased);
      bool burn = true;
      for (uint32_t i = 0; i < size; ++i)
        burn = burn && bytes[i] == burnt;
      if (!burn && state_[unit] == data && !is_erased(unit)) return complain("overwritten NOR");
      for (uint32_t i = 0; i < size; ++i)  // bits go one way
        to[i] = flash_.erased == 0xFF ? uint8_t(to[i] & bytes[i]) : uint8_t(to[i] | bytes[i]);
      if (state_[unit] == clean || burn) state_[unit] = data;
      return true;  // half-charged cells stay weak
    }
    std::memcpy(to, bytes, size);
    state_[unit] = data;
    return true;
  }

  void tear_unit(size_t unit, const uint8_t* bytes) {
    const uint32_t size = flash_.unit_bytes;
    uint8_t* to = memory.data() + unit * size;
    if (flash_.kind == CAIRN_FLASH_REWRITABLE) {
      for (uint32_t i = 0; i < size; ++i)
        if (random() % 2 == 0) to[i] = bytes[i];
    } else if (flash_.kind == CAIRN_FLASH_ONCE) {
      if (state_[unit] != clean) return;
      if (tear_.unit == Tear::Unit::unreadable) {
        state_[unit] = unreadable;
      } else {
        state_[unit] = poison;
        if (tear_.unit == Tear::Unit::garbage)
          for (uint32_t i = 0; i < size; ++i)
            to[i] = uint8_t(random());
      }
    } else if (tear_.unit == Tear::Unit::looks_blank) {
      if (state_[unit] == clean) state_[unit] = weak;
    } else {
      for (uint32_t i = 0; i < size; ++i) {
        const uint8_t some = uint8_t(random());
        to[i] = flash_.erased == 0xFF ? uint8_t(to[i] & (bytes[i] | some))
                                      : uint8_t(to[i] | (bytes[i] & some));
      }
      state_[unit] = weak;
    }
  }

  static int on_erase(void* user, uint32_t segment) {
    FakeFlash& f = self(user);
    if (f.dead_) return CAIRN_E_IO;
    if (segment >= f.flash_.segment_count) {
      f.complain("erase outside");
      return CAIRN_E_BAD_ARGUMENT;
    }
    ++f.erases;
    if (fails(f.failing_erases)) return CAIRN_E_IO;
    const uint32_t size = f.flash_.segment_bytes;
    const size_t at = size_t{segment} * size;
    if (f.flash_.kind == CAIRN_FLASH_FILE)
      return f.program_file(at, std::vector<uint8_t>(size, f.flash_.erased).data(), size);
    const bool cut = f.cut_now();
    f.dead_ = cut;
    if (f.flash_.kind == CAIRN_FLASH_REWRITABLE) return cut ? CAIRN_E_IO : 0;
    const size_t first = at / f.flash_.unit_bytes, end = (at + size) / f.flash_.unit_bytes;
    if (!cut || f.tear_.erase == 5) {
      std::memset(f.memory.data() + at, f.flash_.erased, size);
      for (size_t u = first; u < end; ++u)
        f.state_[u] = clean;
    } else if (f.tear_.erase != 0) {
      f.tear_erase(first, end);
    }
    return cut ? CAIRN_E_IO : 0;
  }

  void tear_erase(size_t first, size_t end) {
    const size_t middle = (first + end) / 2;
    if (tear_.erase == 3) end = middle;
    if (tear_.erase == 4) first = middle;
    const uint32_t size = flash_.unit_bytes;
    for (size_t u = first; u < end; ++u) {
      const unsigned lot = unsigned(random() % 10);
      if (tear_.erase == 2 || lot < 4) {
        std::memset(memory.data() + u * size, flash_.erased, size);
        state_[u] = flash_.kind == CAIRN_FLASH_NOR ? weak : poison;
      } else if (lot < 7) {
        for (uint32_t i = 0; i < size; ++i)
          memory[u * size + i] = uint8_t(random());
        state_[u] = flash_.kind == CAIRN_FLASH_NOR ? weak : poison;
      }
    }
  }

  static int on_sync(void* user) {
    FakeFlash& f = self(user);
    if (f.dead_) return CAIRN_E_IO;
    ++f.syncs;
    if (fails(f.failing_syncs)) return CAIRN_E_IO;
    if (f.cut_now()) {
      f.dead_ = true;
      return CAIRN_E_IO;
    }
    f.durable_ = f.memory;
    f.unsynced_.clear();
    return 0;
  }

  // Any order, any subset, in pieces of one sector; a torn sector holds anything.
  void lose_unsynced() {
    constexpr size_t sector = 64;
    memory = durable_;
    for (const Write& write : unsynced_) {
      for (size_t done = 0; done < write.bytes.size();) {
        const size_t edge = (write.at + done) / sector * sector + sector;
        const size_t step = std::min(edge - write.at - done, write.bytes.size() - done);
        const unsigned lot = unsigned(random() % 8);
        uint8_t* to = memory.data() + write.at + done;
        if (lot < 4) std::memcpy(to, write.bytes.data() + done, step);
        if (lot == 7)
          for (size_t i = 0; i < step; ++i)
            to[i] = uint8_t(random());
        done += step;
      }
    }
    unsynced_.clear();
    durable_ = memory;
  }

  cairn::Flash flash_{};
  std::vector<uint8_t> state_;
  std::vector<uint8_t> durable_;
  std::vector<Write> unsynced_;
  uint64_t cut_op_ = 0;
  Tear tear_;
  uint64_t failing_from_ = 0, failing_to_ = 0;
  uint64_t bad_read_from_ = 0, bad_read_to_ = 0;
  Failure failure_ = Failure::nothing;
  bool hides_erased_ = false;
  bool dead_ = false;
};

}  // namespace fake
