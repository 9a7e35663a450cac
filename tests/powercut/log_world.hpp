// Logs on one or several memories in one program, living until a power cut ends all of them.
#pragma once

#include <algorithm>
#include <utility>

#include "medium.hpp"
#include "support/log_model.hpp"
#include "support/tile_model.hpp"

namespace powercut {

using log_model::demand;
using log_model::Violation;

/// One log and its memory. Copies are snapshots: pointers inside lead to the original.
class LogDevice {
 public:
  explicit LogDevice(const Medium& medium) : medium_(&medium), flash(medium.make()) {
    if ((medium.flags & Medium::used_before) != 0) {
      while (phase_ != Phase::finished)
        step();
      flash.reboot();
      *this = LogDevice(medium, flash);
    }
    if (medium.leaves != 0) prepare();
    medium.wear_out(flash);
  }

  const Medium& medium() const { return *medium_; }
  bool is_finished() const { return phase_ == Phase::finished; }

  /// Power is back.
  void power_on() {
    flash.reboot();
    phase_ = Phase::start;
    ++starts_;
    calls_ = 0;
    rested_ = restarted_ = goal_set_ = false;
  }

  /// The next call of the application. At a cut, the flash is dead afterwards.
  void step() {
    switch (phase_) {
      case Phase::start:
        return start();
      case Phase::append:
        return append();
      case Phase::stage:
        return stage();
      case Phase::commit:
        return commit();
      case Phase::sign:
        return sign();
      case Phase::maintain:
        return maintain();
      case Phase::rest:
        return rest();
      case Phase::restart:
        return restart();
      case Phase::finished:
        return;
    }
  }

  /// Mounts once more and looks at everything.
  void audit() {
    if (stuck_) return;
    flash.die();
    power_on();
    start();
    if (stuck_ || log_.index_min() == log_.size()) return;
    const std::vector<uint8_t>& bytes = log_model::leaf(log_.index_min());
    uint8_t out[96];
    const auto size = log_.read(log_.index_min(), out);
    demand(size.ok() && cairn::equal({out, size.value}, {bytes.data(), bytes.size()}),
           "the oldest record cannot be read");
  }

  /// Whether everything that it knows is on the medium.
  bool is_starting() const { return phase_ == Phase::start; }
  /// Equal for devices that start and go on alike.
  uint64_t fingerprint() const {
    uint64_t out = flash.fingerprint();
    const uint64_t flags = known_.formatted * 1u | rested_ * 2u | restarted_ * 4u | goal_set_ * 8u;
    for (const uint64_t value : {known_.size, known_.tried, known_.signed_size, known_.signed_tried,
                                 known_.index_min, floor_, flags, goal_set_ ? goal_ : 0,
                                 uint64_t{starts_} << 32 | restarts_, uint64_t{calls_}})
      out = fingerprint::add(out, value);
    return out;
  }

  /// Bytes that the last mount read.
  uint64_t mount_reads() const { return mount_reads_; }

 private:
  enum class Phase : uint8_t {
    start,
    append,
    stage,
    commit,
    sign,
    maintain,
    rest,
    restart,
    finished
  };

  LogDevice(const Medium& medium, const fake::FakeFlash& used) : medium_(&medium), flash(used) {
    used_ = true;
  }

  // What was written before the life that is cut.
  void prepare() {
    goal_ = UINT64_MAX;
    goal_set_ = true;
    while (log_.size() < medium_->leaves || phase_ != Phase::append)
      step();
    flash.die();
    power_on();
    starts_ = restarts_ = 0;
    std::fill(flash.wear.begin(), flash.wear.end(), 0);
  }

  void start() {
    const cairn::Flash& driver = flash.flash();
    cairn::LogOptions options;
    options.log_id = 7;
    options.recycle = medium_->use != Medium::filled;
    options.keep_from = medium_->use == Medium::held ? floor_ : UINT64_MAX;
    options.tiles = medium_->tiles;
    const cairn::LogMemory memory = memory_.get(flash, driver.unit_bytes, driver.kind);
    const uint64_t read_before = flash.read_bytes;
    cairn::Status status = log_.mount(driver, memory, options, log_model::platform());
    mount_reads_ = flash.read_bytes - read_before;
    const bool old_log = used_ && !known_.formatted;
    if (status == cairn::Status::damaged && is_stuck()) return;
    if (status != cairn::Status::ok || old_log) {
      demand(status != cairn::Status::damaged || old_log, "damage reported after a mere power cut");
      demand(!known_.formatted,
             [&] { return std::string("mount lost the log: ") + cairn::status_text(status); });
      flash.guard.formatting = true;
      status = log_.format(driver, memory, options, log_model::platform());
      if (flash.is_dead()) return;
      flash.guard.scan(flash.memory.data());
      demand(status == cairn::Status::ok, "format failed");
      std::fill(flash.wear.begin(), flash.wear.end(), 0);
    }
    known_.formatted = true;
    status = log_.commit();  // what was found need not be durable
    if (flash.is_dead()) return;
    demand(status == cairn::Status::ok, "commit behind mount");
    const log_model::Acknowledged before = known_;
    check();
    // On NOR flash a write that was torn in its last cells, NEXT among them, may seem complete
    // today and not tomorrow, until something is written behind it.
    if (medium_->kind == nor) {
      known_ = before;
      known_.tried = std::max(before.tried, log_.size());
      known_.index_min = 0;
    }
    phase_ = (medium_->flags & Medium::eager) != 0 ? Phase::maintain : Phase::append;
    if (goal_set_) return;
    goal_set_ = true;
    goal_ = flash.guard.sequence() + medium_->count * (starts_ == 0 ? medium_->laps : 1);
  }

  void append() {
    const uint64_t next = log_.size();
    if (is_done()) return finish();
    if (!rested_ && calls_ == 2) {
      phase_ = Phase::rest;
      return;
    }
    ++calls_;
    if (next % 13 == 7) {
      stages_ = 3;
      return stage();
    }
    const bool batch = next % 5 == 3 && calls_ != 1;  // not what was cut short before
    const size_t count = batch ? 4 : 1;
    cairn::ByteView leaves[4];
    try_leaves(leaves, count);
    const Phase then = next % 16 == 0   ? Phase::sign
                       : next % 11 == 0 ? Phase::maintain
                                        : Phase::append;
    after(batch ? log_.append_batch(leaves, count).status
                : log_.append(leaves[0][0], leaves[0].part(1)).status,
          then, "append");
  }

  void try_leaves(cairn::ByteView* leaves, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const std::vector<uint8_t>& bytes = log_model::leaf(log_.size() + i);
      leaves[i] = {bytes.data(), bytes.size()};
    }
    known_.tried = std::max(known_.tried, log_.size() + count);
  }

  // One commit in several calls. Once the program ends in the middle.
  void stage() {
    cairn::ByteView leaves[2];
    try_leaves(leaves, 2);
    const cairn::Status status = log_.stage(leaves, 2).status;
    if (flash.is_dead()) return;
    look();
    if (is_stuck_by(status)) return;
    full_ = status == cairn::Status::full;
    demand(full_ || status == cairn::Status::ok, "stage");
    phase_ = --stages_ == 0 || full_ ? Phase::commit : Phase::stage;
    const bool again = starts_ != 0 || flash.guard.sequence() > medium_->count;
    if (again && !restarted_ && phase_ == Phase::stage) phase_ = Phase::restart;
  }

  void sign() {
    known_.signed_tried = log_.size();
    after(log_.write_head(log_model::signature(log_.size())), Phase::append, "write_head");
  }

  void commit() {
    const cairn::Status status = log_.commit();
    after(full_ && status == cairn::Status::ok ? cairn::Status::full : status, Phase::append,
          "commit");
    full_ = false;
  }

  void maintain() {
    const cairn::Status status = log_.maintain();
    after(status == cairn::Status::full ? cairn::Status::ok : status, Phase::append, "maintain");
  }

  // The program ends and starts again; nothing happens to the power.
  void restart() {
    restarted_ = true;
    ++restarts_;
    flash.reboot();
    phase_ = Phase::start;
  }

  // The power goes while nothing happens: half-charged cells may change their mind again.
  void rest() {
    rested_ = true;
    ++restarts_;
    flash.die();
    flash.reboot();
    phase_ = Phase::start;
  }

  void after(cairn::Status status, Phase then, const char* what) {
    if (flash.is_dead()) return;
    look();
    look_at_tile();
    phase_ = then;
    if (status == cairn::Status::full) return make_room();
    if (is_stuck_by(status)) return;
    demand(status == cairn::Status::ok,
           [&] { return std::string(what) + ": " + cairn::status_text(status); });
    known_.size = known_.tried = log_.size();
    if (log_.head() != nullptr) known_.signed_size = log_.head()->size;
    if (medium_->kind != nor) known_.index_min = std::max(known_.index_min, log_.index_min());
    look();
  }

  // Whether both places of NEXT were torn: two cuts. Then nothing announces the erase that follows,
  // and a third cut in it, or a worn segment there, is damage. So the format has it (R6).
  bool has_lost_next() const {
    const fake::FlashGuard& guard = flash.guard;
    if (guard.has_next(flash.memory.data())) return false;
    const uint32_t newest = guard.sequence() % medium_->count;
    const uint32_t first = guard.frames_end(), size = guard.next_size();
    return flash.is_used(newest, first, size) && flash.is_used(newest, first + size, size);
  }
  bool is_stuck() {
    stuck_ = starts_ > (medium_->is_worn() ? 1 : 2) && has_lost_next();
    if (stuck_) phase_ = Phase::finished;
    return stuck_;
  }

  bool is_stuck_by(cairn::Status status) {
    return status == cairn::Status::io && medium_->is_worn() && is_stuck();
  }

  // full: the gateway acknowledges everything, or that was all.
  void make_room() {
    known_.size = known_.tried = log_.size();
    look();
    phase_ = Phase::append;
    if (medium_->use == Medium::filled) return finish();
    demand(medium_->use == Medium::held && floor_ < log_.size(), "full");
    floor_ = log_.size();
    log_.keep_from(floor_);
  }

  void look() const {
    if (!flash.violation.empty()) throw Violation(flash.violation);
    demand(medium_->use != Medium::held || log_.index_min() <= floor_,
           "a record was retired that had to stay");
  }

  void check() {
    log_model::check(log_, known_);
    if (medium_->tiles != cairn::LogTiles::none) log_model::check_tiles(log_);
    look();
  }

  // When a segment has been begun, what was written before has its tile frame.
  void look_at_tile() {
    const bool begun = std::exchange(sequence_, flash.guard.sequence()) != flash.guard.sequence();
    const uint64_t tiles = log_.size() / 256;
    if (!begun || medium_->tiles == cairn::LogTiles::none) return;
    if (tiles == 0 || 256 * tiles <= log_.index_min()) return;
    demand(flash.guard.holds_tile(flash.memory.data(), tiles - 1), "a tile has no tile frame");
  }

  bool is_done() const { return medium_->use != Medium::filled && flash.guard.sequence() >= goal_; }

  void finish() {
    phase_ = Phase::finished;
    check();
    demand(!is_worn(flash.guard.sequence() % medium_->count), "a worn segment is in use");
    uint32_t most = 0, least = UINT32_MAX;
    for (uint32_t i = 0; i < medium_->count; ++i) {
      if (is_worn(i)) continue;
      most = std::max(most, flash.wear[i]);
      least = std::min(least, flash.wear[i]);
    }
    // Each start may find the spare erased and erase it once more.
    const uint32_t spread = most - least;
    demand(spread <= 1 + starts_ + restarts_,
           [&] { return "wear differs by " + std::to_string(spread); });
  }

  bool is_worn(uint32_t segment) const {
    return flash.unerasable.count(segment) + flash.unprogrammable.count(segment) != 0;
  }

  const Medium* medium_;

 public:
  fake::FakeFlash flash;

 private:
  cairn::Log log_;
  log_model::Memory memory_;
  log_model::Acknowledged known_;
  uint64_t floor_ = 0;  // what the gateway has acknowledged
  uint64_t mount_reads_ = 0;
  uint64_t goal_ = 0;      // number of the segment in which this life ends
  uint32_t sequence_ = 0;  // of the newest segment, behind the last call
  uint32_t starts_ = 0;    // after power cuts
  Phase phase_ = Phase::start;
  uint32_t restarts_ = 0;  // others
  uint32_t calls_ = 0;     // since the power came
  uint32_t stages_ = 0;    // left of the commit in progress
  bool rested_ = false;
  bool restarted_ = false;
  bool goal_set_ = false;
  bool used_ = false;
  bool full_ = false;   // a staged record found no room
  bool stuck_ = false;  // see is_stuck()
};

/// Logs on several memories, which take turns. One cut ends all.
class LogWorld {
 public:
  explicit LogWorld(const std::vector<const Medium*>& media) {
    for (const Medium* medium : media)
      devices_.emplace_back(*medium);
  }

  bool is_finished() const {
    return std::all_of(devices_.begin(), devices_.end(),
                       [](const LogDevice& device) { return device.is_finished(); });
  }
  /// Of the next step.
  const Medium& medium() const { return devices_[turn_].medium(); }
  bool is_dead() const { return devices_[turn_].flash.is_dead(); }

  /// One call; lists the operations in which a cut can come.
  void step(std::vector<fake::Operation>* trace) {
    LogDevice& device = devices_[turn_];
    device.flash.trace = trace;
    device.step();
    if (!device.flash.is_dead()) turn_ = (turn_ + 1) % devices_.size();
  }
  /// Cuts the power in the operation number `op` (from 1) of the next step.
  void cut_in(uint64_t op, const fake::Tear& tear) {
    cut_power_in(devices_[turn_].flash, op, tear);
  }
  void power_on() {
    for (LogDevice& device : devices_) {
      device.flash.die();
      device.power_on();
    }
    turn_ = 0;
  }
  /// After the end: started once more, nothing is missing.
  void audit() {
    for (LogDevice& device : devices_)
      device.audit();
  }
  /// Whether all of them start: everything is on the media.
  bool is_starting() const {
    return std::all_of(devices_.begin(), devices_.end(),
                       [](const LogDevice& device) { return device.is_starting(); });
  }
  uint64_t fingerprint() const {
    uint64_t out = 0;
    for (const LogDevice& device : devices_)
      out = fingerprint::add(out, device.fingerprint());
    return out;
  }

 private:
  std::vector<LogDevice> devices_;
  size_t turn_ = 0;
};

}  // namespace powercut
