// A flash that behaves as badly as real ones, and whose power can be cut inside any operation.
//
// It refuses what the medium refuses: a second program of a unit, misalignment, leaving a segment;
// with a guard (flash_guard.hpp) also what the log's format forbids. A cut tears the operation in
// flight in a chosen style; afterwards every call fails until reboot(), when half-charged cells
// decide what they are. A file's writes stay in a cache until sync; a cut keeps, drops or tears
// each of them.
#pragma once

#include <cairn/flash.hpp>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "support/fingerprint.hpp"
#include "support/flash_guard.hpp"
#include "support/tear.hpp"

namespace fake {

/// What a call that answers an error has done to the medium.
enum class Failure : uint8_t { nothing, half, everything };

class FakeFlash {
 public:
  FakeFlash(uint32_t unit, uint32_t segment, uint32_t count, uint8_t kind, uint8_t erased)
      : random(1), guard(unit, segment, count, erased, kind == CAIRN_FLASH_FILE), wear(count) {
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
    if (kind == CAIRN_FLASH_FILE) durable_ = memory;
    if (kind == CAIRN_FLASH_NOR) half_charged_.resize(memory.size());
  }

  /// The driver. Valid while this object stays where it is.
  const cairn::Flash& flash() {
    flash_.user = this;
    return flash_;
  }

  /// The driver splits a program call at multiples of `bytes`: units within one such page are
  /// programmed in any order, pages one behind the other.
  void set_page(uint32_t bytes) { page_ = bytes; }
  /// A segment is several erase sectors of these sizes, erased one behind the other.
  void set_sectors(const std::vector<uint32_t>& bytes, bool last_first) {
    sectors_ = bytes;
    last_sector_first_ = last_first;
  }
  /// As on some controllers: erased units cannot be read, only asked whether they are blank.
  void hide_erased_units() {
    hides_erased_ = true;
    flash_.blank = on_blank;
  }
  /// As on some controllers: a second program answers ok and leaves what cannot be read.
  void fail_silently() { silent_ = true; }
  /// A disk that answers ok to a sync and does nothing.
  void lie_about_sync() { lies_ = true; }

  /// Cuts the power inside the operation number `op` (from 1).
  void cut_at(uint64_t op, const Tear& tear) {
    cut_op_ = op;
    tear_ = tear;
  }
  bool is_dead() const { return dead_; }
  bool is_unreadable(size_t unit) const { return state_[unit] == unreadable; }
  /// Whether anything was written here, or begun to be, since the last erase.
  bool is_used(uint32_t segment, uint32_t offset, uint32_t size) const {
    const size_t at = size_t{segment} * flash_.segment_bytes + offset;
    for (size_t u = at / flash_.unit_bytes; u * flash_.unit_bytes < at + size; ++u)
      if (state_[u] != clean) return true;
    return false;
  }
  /// Power is lost between two operations.
  void die() { dead_ = true; }

  void reboot() {
    if (flash_.kind == CAIRN_FLASH_FILE && dead_) lose_unsynced();
    dead_ = false;
    cut_op_ = 0;
    operations = 0;
    if (doubtful_) settle_doubtful();
    if (guarded) guard.scan(memory.data());
  }

  /// Makes the medium hold these bytes, as if they had been programmed.
  void load(const std::vector<uint8_t>& bytes) {
    memory = bytes;
    if (is_file()) durable_ = bytes;
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
      lose_unit(u);
  }

  /// Equal for media that answer alike from here on, as far as half-charged cells allow, and that
  /// are worn alike.
  uint64_t fingerprint() const {
    uint64_t out = fingerprint::add(fingerprint::add(guard.fingerprint(), memory), half_charged_);
    for (const Write& write : unsynced_)
      out = fingerprint::add(fingerprint::add(out, write.at), write.bytes);
    for (const uint32_t erases_here : wear)
      out = fingerprint::add(out, erases_here);
    return fingerprint::add(out, is_file() ? durable_ : state_);
  }

  std::vector<uint8_t> memory;
  Random random;
  uint64_t operations = 0;  ///< programs, erases and syncs since the last reboot
  uint64_t programs = 0, erases = 0, reads = 0, syncs = 0;
  uint64_t programmed_bytes = 0, read_bytes = 0;
  uint64_t failing_erases = 0, failing_syncs = 0;  ///< so many calls to come
  std::set<uint32_t> unerasable, unprogrammable;   ///< worn-out segments: calls fail, for ever,
  Failure worn = Failure::nothing;                 ///< and have done nothing, or half their work
  bool worn_behind_header = false;                 ///< what stands at their front can be programmed
  std::string violation;  ///< what the driver was asked to do and must not be
  FlashGuard guard;
  bool guarded = false;                     ///< the guard is asked, too; scan() has been called
  std::vector<uint32_t> wear;               ///< erases of each segment
  std::vector<Operation>* trace = nullptr;  ///< where operations are listed

 private:
  enum UnitState : uint8_t { clean, data, poison, unreadable, weak };
  static constexpr size_t sector_bytes = 64;  // of a file
  static constexpr size_t few_pieces = 3;     // whose lots are all tried

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
  void lose_unit(size_t unit) {
    state_[unit] = unreadable;
    unreadable_ = true;
    memory[unit * flash_.unit_bytes] = uint8_t(flash_.erased ^ 0x3C);  // for the guard: not blank
  }
  bool complain(const char* what) {
    if (violation.empty()) violation = what;
    return false;
  }
  bool is_nor() const { return flash_.kind == CAIRN_FLASH_NOR; }
  bool is_file() const { return flash_.kind == CAIRN_FLASH_FILE; }
  bool cut_now(const Operation& operation) {
    if (trace != nullptr) trace->push_back(operation);
    const bool cut = ++operations == cut_op_;
    dead_ = dead_ || cut;
    return cut;
  }
  static bool fails(uint64_t& calls) {
    if (calls == 0) return false;
    --calls;
    return true;
  }

  // ---- reading
  // -----------------------------------------------------------------------------------

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
    if (f.unreadable_ || f.hides_erased_) {
      const uint32_t unit = f.flash_.unit_bytes;
      for (size_t u = at / unit; u * unit < at + size; ++u)
        if (f.state_[u] == unreadable || (f.hides_erased_ && f.seems_clean(u)))
          return CAIRN_E_UNREADABLE;
    }
    std::memcpy(out, f.memory.data() + at, size);
    return 0;
  }

  // What a blank check sees: it is as easily fooled as a read.
  bool seems_clean(size_t unit) const {
    return state_[unit] == clean || (state_[unit] == poison && is_erased(unit));
  }

  static int on_blank(void* user, uint32_t segment, uint32_t offset, uint32_t size) {
    const FakeFlash& f = self(user);
    if (f.dead_) return CAIRN_E_IO;
    const size_t at = size_t{segment} * f.flash_.segment_bytes + offset;
    for (size_t u = at / f.flash_.unit_bytes; u * f.flash_.unit_bytes < at + size; ++u)
      if (!f.seems_clean(u)) return 0;
    return 1;
  }

  // ---- programming
  // -------------------------------------------------------------------------------

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
    // Charging NOR cells that are charged changes nothing.
    const uint8_t* held = f.memory.data() + size_t{segment} * f.flash_.segment_bytes + offset;
    const bool guarded = f.guarded && !(f.is_nor() && std::memcmp(held, from, size) == 0);
    if (guarded) {
      const char* wrong = f.guard.may_program(f.memory.data(), segment, offset,
                                              static_cast<const uint8_t*>(from), size);
      if (wrong != nullptr) {
        f.complain(wrong);
        return CAIRN_E_BAD_ARGUMENT;
      }
    }
    const bool faulty = f.programs >= f.failing_from_ && f.programs < f.failing_to_;
    ++f.programs;
    f.programmed_bytes += size;
    const size_t at = size_t{segment} * f.flash_.segment_bytes + offset;
    const uint8_t* bytes = static_cast<const uint8_t*>(from);
    if (faulty && f.failure_ == Failure::nothing) return CAIRN_E_IO;
    if (f.unprogrammable.count(segment) != 0 && (offset != 0 || !f.worn_behind_header))
      return f.program_worn(segment, offset, bytes, size);
    const uint32_t done =
        faulty && f.failure_ == Failure::half ? (size / unit + 1) / 2 * unit : size;
    const Operation operation = {Operation::Kind::program, segment, offset, done / unit};
    const int status = f.is_file() ? f.program_file(operation, at, bytes, done)
                                   : f.program_units(operation, at, bytes, done);
    if (guarded && !f.dead_) f.guard.programmed(f.memory.data(), segment, offset, size);
    return faulty ? CAIRN_E_IO : status;
  }

  int program_worn(uint32_t segment, uint32_t offset, const uint8_t* bytes, uint32_t size) {
    const size_t first = (size_t{segment} * flash_.segment_bytes + offset) / flash_.unit_bytes;
    const size_t count = size / flash_.unit_bytes;
    if (cut_now({Operation::Kind::program, segment, offset, uint32_t(count)})) {
      tear_program(first, count, bytes);
      return CAIRN_E_IO;
    }
    for (size_t i = 0; worn == Failure::half && i < count / 2; ++i)
      if (!program_unit(first + i, bytes + i * flash_.unit_bytes)) break;
    if (guarded) guard.failed(segment);
    return CAIRN_E_IO;
  }

  int program_file(Operation operation, size_t at, const uint8_t* bytes, uint32_t size) {
    unsynced_.push_back({at, {bytes, bytes + size}});
    std::memcpy(memory.data() + at, bytes, size);
    operation.parts = unsynced_pieces();
    return cut_now(operation) ? CAIRN_E_IO : 0;
  }

  int program_units(const Operation& operation, size_t at, const uint8_t* bytes, uint32_t size) {
    const uint32_t unit = flash_.unit_bytes;
    const size_t first = at / unit, count = size / unit;
    if (cut_now(operation)) {
      tear_program(first, count, bytes);
      return CAIRN_E_IO;
    }
    for (size_t i = 0; i < count; ++i)
      if (!program_unit(first + i, bytes + i * unit)) return CAIRN_E_IO;
    return 0;
  }

  void tear_program(size_t first, size_t count, const uint8_t* bytes) {
    const uint32_t unit = flash_.unit_bytes;
    const auto program = [&](size_t i) { return program_unit(first + i, bytes + i * unit); };
    const size_t done = tear_.units_done < count ? tear_.units_done : count;
    if (tear_.extent == Tear::Extent::none) return;
    if (tear_.extent == Tear::Extent::all || done == count) {
      for (size_t i = 0; i < count && program(i); ++i) {
      }
      return;
    }
    // Units of the page that is interrupted.
    const size_t page_units = page_ > unit ? page_ / unit : page_ == 0 ? SIZE_MAX : 1;
    const size_t page = page_units == SIZE_MAX ? 0 : (first + done) / page_units;
    const size_t begin = page == 0 || page * page_units < first ? 0 : page * page_units - first;
    const size_t end = page_units == SIZE_MAX || (page + 1) * page_units - first > count
                           ? count
                           : (page + 1) * page_units - first;
    std::vector<size_t> order;
    for (size_t i = begin; i < end; ++i)
      order.push_back(i);
    if (tear_.extent == Tear::Extent::random_order)
      for (size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random() % i]);
    for (size_t i = 0; i < begin; ++i)
      if (!program(i)) return;
    for (size_t i = 0; i < done - begin; ++i)
      if (!program(order[i])) return;
    const size_t torn = tear_.extent == Tear::Extent::page ? order.size() : done - begin + 1;
    for (size_t i = done - begin; i < torn; ++i)
      tear_unit(first + order[i], bytes + order[i] * unit);
  }

  bool program_unit(size_t unit, const uint8_t* bytes) {
    const uint32_t size = flash_.unit_bytes;
    uint8_t* to = memory.data() + unit * size;
    if (flash_.kind == CAIRN_FLASH_ONCE && state_[unit] != clean) {
      if (state_[unit] == data && !is_erased(unit)) return complain("second program of a unit");
      if (silent_) lose_unit(unit);
      return silent_;
    }
    if (flash_.kind == CAIRN_FLASH_NOR) {
      bool burn = true;
      for (uint32_t i = 0; i < size; ++i)
        burn = burn && charge(bytes[i]) == 0xFF;
      const bool same = std::memcmp(to, bytes, size) == 0;
      if (!burn && !same && state_[unit] == data && !is_erased(unit))
        return complain("overwritten NOR");
      charge_cells(unit, bytes, true);
      return true;
    }
    std::memcpy(to, bytes, size);
    state_[unit] = data;
    return true;
  }

  void tear_unit(size_t unit, const uint8_t* bytes) {
    const uint32_t size = flash_.unit_bytes;
    uint8_t* to = memory.data() + unit * size;
    doubtful_ = true;
    const bool nothing_to_do = std::memcmp(to, bytes, size) == 0;
    if (flash_.kind == CAIRN_FLASH_REWRITABLE) {
      for (uint32_t i = 0; i < size; ++i)
        if (tear_.unit == Tear::Unit::garbage)
          to[i] = uint8_t(random());
        else if (random() % 2 == 0)
          to[i] = bytes[i];
    } else if (flash_.kind == CAIRN_FLASH_ONCE) {
      if (state_[unit] != clean) return;
      if (tear_.unit == Tear::Unit::unreadable) {
        lose_unit(unit);
      } else {
        const bool blank = tear_.unit == Tear::Unit::looks_blank;
        state_[unit] = blank && nothing_to_do ? data : poison;  // what ought to be so stays so
        for (uint32_t i = 0; !blank && i < size; ++i)
          to[i] = uint8_t(random());
      }
    } else {
      charge_cells(unit, bytes, false);
    }
  }

  // NOR: programming charges cells, and nothing but an erase takes the charge away. Whoever is cut
  // leaves some half charged: they read as one thing now, and perhaps as the other later.
  uint8_t charge(uint8_t byte) const { return uint8_t(byte ^ flash_.erased); }
  void charge_cells(size_t unit, const uint8_t* bytes, bool whole) {
    const uint32_t size = flash_.unit_bytes;
    uint8_t* to = memory.data() + unit * size;
    uint8_t* half = half_charged_.data() + unit * size;
    bool firm = true;
    for (uint32_t i = 0; i < size; ++i) {
      const uint8_t todo = uint8_t(charge(bytes[i]) & (~charge(to[i]) | half[i]));
      uint8_t shows = todo;
      if (!whole) shows = tear_.unit == Tear::Unit::looks_blank ? 0 : uint8_t(todo & random());
      half[i] = whole ? uint8_t(half[i] & ~todo) : uint8_t(half[i] | todo);
      to[i] = charge(uint8_t(charge(to[i]) | shows));
      firm = firm && half[i] == 0;
    }
    state_[unit] = firm ? data : weak;
  }
  void flip_half_charged(size_t unit) {
    const size_t first = unit * flash_.unit_bytes;
    const uint32_t bits = flash_.unit_bytes * 8;
    uint32_t bit = uint32_t(random() % bits);
    while ((half_charged_[first + bit / 8] >> bit % 8 & 1) == 0)
      bit = (bit + 1) % bits;
    memory[first + bit / 8] ^= uint8_t(1u << bit % 8);
  }

  // Cells that a cut left half charged decide, at each start again, what they are.
  void settle_doubtful() {
    doubtful_ = false;
    for (size_t unit = 0; unit < state_.size(); ++unit) {
      if (state_[unit] == weak) {
        doubtful_ = true;
        if (random() % 2 == 0) flip_half_charged(unit);
      } else if (state_[unit] == poison && is_erased(unit)) {
        doubtful_ = true;
        const uint32_t lot = random() % 4;
        const uint32_t size = flash_.unit_bytes;
        if (lot == 0) memory[unit * size + random() % size] = uint8_t(random());
        if (lot == 1) lose_unit(unit);
      }
    }
  }

  // ---- erasing
  // -----------------------------------------------------------------------------------

  static int on_erase(void* user, uint32_t segment) {
    FakeFlash& f = self(user);
    if (f.dead_) return CAIRN_E_IO;
    if (segment >= f.flash_.segment_count) {
      f.complain("erase outside");
      return CAIRN_E_BAD_ARGUMENT;
    }
    if (f.guarded) {
      const char* wrong = f.guard.may_erase(f.memory.data(), segment);
      if (wrong != nullptr) {
        f.complain(wrong);
        return CAIRN_E_BAD_ARGUMENT;
      }
    }
    ++f.erases;
    ++f.wear[segment];
    if (fails(f.failing_erases)) return CAIRN_E_IO;
    const uint32_t size = f.flash_.segment_bytes;
    const size_t at = size_t{segment} * size;
    const uint32_t sectors = f.sectors_.empty() ? 1 : uint32_t(f.sectors_.size());
    const Operation operation = {Operation::Kind::erase, segment, 0, sectors};
    int status = 0;
    if (f.is_file()) {
      const std::vector<uint8_t> blank(size, f.flash_.erased);
      status = f.program_file(operation, at, blank.data(), size);
    } else {
      const bool cut = f.cut_now(operation);
      const bool worn = f.unerasable.count(segment) != 0;
      status = cut || worn ? CAIRN_E_IO : 0;
      const bool works = f.flash_.kind != CAIRN_FLASH_REWRITABLE;
      if (works && worn && !cut) f.erase_worn(at);
      if (works && (!worn || cut)) f.erase_sectors(at, cut);
    }
    if (f.guarded) status == 0 ? f.guard.erased(segment) : f.guard.failed(segment);
    return status;
  }

  // Sector by sector; a cut leaves one of them half erased, those behind it untouched.
  void erase_sectors(size_t at, bool cut) {
    const uint32_t count = sectors_.empty() ? 1 : uint32_t(sectors_.size());
    for (uint32_t i = 0; i < count; ++i) {
      if (cut && i > tear_.units_done) return;
      const uint32_t sector = last_sector_first_ ? count - 1 - i : i;
      size_t begin = at;
      for (uint32_t before = 0; before < sector; ++before)
        begin += sectors_[before];
      const size_t size = sectors_.empty() ? flash_.segment_bytes : sectors_[sector];
      const size_t first = begin / flash_.unit_bytes, end = (begin + size) / flash_.unit_bytes;
      if (!cut || i < tear_.units_done || tear_.erase == 5) {
        std::memset(memory.data() + begin, flash_.erased, size);
        std::memset(state_.data() + first, clean, end - first);
        if (is_nor()) std::memset(half_charged_.data() + begin, 0, size);
      } else if (tear_.erase != 0) {
        tear_erase(first, end);
      }
    }
  }

  void erase_worn(size_t at) {
    if (worn == Failure::nothing) return;
    tear_.erase = 1;
    tear_erase(at / flash_.unit_bytes, (at + flash_.segment_bytes) / flash_.unit_bytes);
  }

  void tear_erase(size_t first, size_t end) {
    const size_t middle = (first + end) / 2;
    if (tear_.erase == 3) end = middle;
    if (tear_.erase == 4) first = middle;
    doubtful_ = true;
    const uint32_t size = flash_.unit_bytes;
    const bool once = flash_.kind == CAIRN_FLASH_ONCE;
    for (size_t u = first; u < end; ++u) {
      const unsigned lot = unsigned(random() % 10);
      if (tear_.erase == 2 || lot < 7) {
        const bool blank = tear_.erase == 2 || lot < 4;
        for (uint32_t i = 0; i < size; ++i)
          memory[u * size + i] = blank ? flash_.erased : uint8_t(random());
        state_[u] = once ? poison : weak;
        if (!once) std::memset(half_charged_.data() + u * size, 0xFF, size);
      } else if (lot < 8 && once) {
        lose_unit(u);
      }
    }
  }

  // ---- files
  // -------------------------------------------------------------------------------------

  static int on_sync(void* user) {
    FakeFlash& f = self(user);
    if (f.dead_) return CAIRN_E_IO;
    ++f.syncs;
    if (fails(f.failing_syncs)) return CAIRN_E_IO;
    const bool cut = f.cut_now({Operation::Kind::sync, 0, 0, f.unsynced_pieces()});
    if (cut && f.tear_.extent != Tear::Extent::all) return CAIRN_E_IO;
    if (!f.lies_) {
      f.durable_ = f.memory;
      f.unsynced_.clear();
    }
    return cut ? CAIRN_E_IO : 0;
  }

  static size_t pieces_of(const Write& write) {
    return (write.at + write.bytes.size() - 1) / sector_bytes - write.at / sector_bytes + 1;
  }
  uint32_t unsynced_pieces() const {
    size_t out = 0;
    for (const Write& write : unsynced_)
      out += pieces_of(write);
    return uint32_t(out);
  }

  // Any order, any subset, in pieces of one sector; a torn sector holds anything.
  void lose_unsynced() {
    constexpr uint32_t kept = 0, lost = 1, torn = 2;
    memory = durable_;
    const bool counted = tear_.draw != 0 && unsynced_pieces() <= few_pieces;
    uint32_t lots = tear_.draw - 1;
    for (const Write& write : unsynced_) {
      for (size_t done = 0; done < write.bytes.size();) {
        const size_t edge = (write.at + done) / sector_bytes * sector_bytes + sector_bytes;
        const size_t rest = write.bytes.size() - done, room = edge - write.at - done;
        const size_t step = rest < room ? rest : room;
        const unsigned any = unsigned(random() % 8);
        const uint32_t lot = counted ? lots % 3 : any < 4 ? kept : any < 7 ? lost : torn;
        lots /= 3;
        uint8_t* to = memory.data() + write.at + done;
        if (lot == kept) std::memcpy(to, write.bytes.data() + done, step);
        if (lot == torn)
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
  std::vector<uint8_t> half_charged_;  // NOR: a bit for each cell
  std::vector<uint32_t> sectors_;      // empty: one
  uint64_t cut_op_ = 0;
  Tear tear_;
  uint64_t failing_from_ = 0, failing_to_ = 0;
  uint64_t bad_read_from_ = 0, bad_read_to_ = 0;
  uint32_t page_ = 0;  // 0: one program call is one page
  Failure failure_ = Failure::nothing;
  bool last_sector_first_ = false;
  bool hides_erased_ = false;
  bool silent_ = false;
  bool lies_ = false;
  bool unreadable_ = false;  // some unit is, or was
  bool doubtful_ = false;    // some unit may change its mind
  bool dead_ = false;
};

}  // namespace fake
