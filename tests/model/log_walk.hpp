// A random walk of one log over one fake flash: whatever an application, a bad medium and the power
// may do, in any order, each step compared with a plain list. Everything follows from the seed.
#pragma once

#include <algorithm>
#include <array>
#include <cairn/log.hpp>
#include <cairn/proof.hpp>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/dice.hpp"
#include "model/next_slots.hpp"
#include "support/fake_flash.hpp"
#include "support/plain_log.hpp"

namespace log_walk {

using cairn::Status;
using plain_log::Bytes;

struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void demand(bool condition, const char* what) {
  if (!condition) throw Violation(what);
}

struct Medium {
  const char* name;
  uint32_t unit;
  uint8_t kind, erased;
};

/// How often what has happened: a walk that never came somewhere proves nothing about it.
enum Event {
  stepped,
  appended,
  signed_heads,
  cut_down,
  mounted,
  failed_calls,
  segments_left,
  retired,
  was_full,
  read_back,
  nodes_read,
  proved,
  formatted,
  lost_unsynced,
  slots_spoilt,
  event_count
};
using Tally = std::array<uint64_t, event_count>;

class Walk {
 public:
  Walk(const Medium& medium, uint32_t seed)
      : dice_(seed),
        entropy_(seed + 1),
        kind_(medium.kind),
        segment_bytes_((1024 + 24 * medium.unit + dice_.below(2048)) / medium.unit * medium.unit),
        flash_(medium.unit, segment_bytes_, 2 + dice_.below(5), medium.kind, medium.erased),
        leaf_max_(dice_.one_in(3) ? segment_bytes_ / 4 - 16 - medium.unit : 80),
        recycle_(flash_.flash().segment_count > 2 && !dice_.one_in(4)) {
    flash_.random.seed(seed);
    tiles_ = cairn::LogTiles(seed % 3);
    if (recycle_ && dice_.one_in(2)) keep_from_ = UINT64_MAX;
    // On NOR, a call that fails although it has written, and a cut while that is being burnt, leave
    // a record that reads well and may rot: nothing can tell. So walks there have one or the other.
    cuts_ = kind_ != CAIRN_FLASH_NOR || seed % 4 != 0;
    // Without entropy a log that is made again has the nonces of the first, and what an erase that
    // was cut leaves of a file may look alive.
    if (is_file() || dice_.one_in(2)) {
      platform_.user = &entropy_;
      platform_.entropy = [](void* user, void* data, size_t size) {
        Dice& dice = *static_cast<Dice*>(user);
        for (size_t i = 0; i < size; ++i)
          static_cast<uint8_t*>(data)[i] = uint8_t(dice.below(256));
        return 0;
      };
    }
  }

  /// Throws Violation when the log is not what it must be.
  void step() {
    ++tally_[stepped];
    said_.clear();
    if (flash_.is_dead()) {
      revive();
    } else if (!formatted_) {
      format();
    } else if (!open_) {
      mount();
    } else {
      act();
    }
    if (!flash_.violation.empty()) throw Violation(flash_.violation);
  }

  const Tally& tally() const { return tally_; }
  /// What the last step did.
  const std::string& said() const { return said_; }
  std::string state() const {
    return std::to_string(plain_.size()) + " leaves, " + std::to_string(durable_) + " durable, " +
           std::to_string(log_.index_min()) + " retired, " + std::to_string(flash_.operations) +
           " operations";
  }

 private:
  using Leaves = std::vector<Bytes>;
  /// Leaves that a call may have left behind the `at` leaves in front, all or some of them.
  struct Ghost {
    uint64_t at;
    Leaves leaves;
  };
  struct Head {
    bool exists = false;
    uint64_t size = 0;
    uint8_t number = 0;
  };

  bool is_file() const { return kind_ == CAIRN_FLASH_FILE; }
  void say(const std::string& what) { said_ += (said_.empty() ? "" : "; ") + what; }

  // ---- starting ----------------------------------------------------------------------------

  cairn::LogOptions options() const { return {7, recycle_, keep_from_, tiles_}; }
  cairn::LogMemory memory() {
    const size_t least = cairn::log_frame_bytes(flash_.flash().unit_bytes, leaf_max_ + 2);
    frame_.assign(least + dice_.below(3) * 64, 0xEE);
    const bool digests = dice_.one_in(2);
    return {{frame_.data(), frame_.size()}, digests ? digests_ : nullptr, digests ? 12u : 0u};
  }

  void revive() {
    say("reboot");
    ++tally_[cut_down];
    flash_.reboot();
    after_cut_ = true;
    if (dice_.one_in(3)) cut_soon(12);
    mount();
  }

  void format() {
    say("format");
    ++tally_[formatted];
    arm_faults(24);
    const Status status = log_.format(flash_.flash(), memory(), options(), platform_);
    if (flash_.is_dead()) return;
    failed(status);
    disarm();
    if (status != Status::ok) return;
    formatted_ = open_ = true;
    plain_.cut(0);
    durable_ = index_min_ = end_ = 0;
    head_ = durable_head_ = {};
    tried_heads_.clear();
    ghosts_.clear();
    check();
  }

  void mount() {
    say("mount");
    ++tally_[mounted];
    const bool armed = dice_.one_in(20);
    if (armed) flash_.fail_reads(dice_.below(20), 1 + dice_.below(3));
    const Status status = log_.mount(flash_.flash(), memory(), options(), platform_);
    flash_.fail_reads(0, 0);
    open_ = false;
    if (!formatted_) return;  // after a cut inside format() anything may be found
    if (status == Status::io && armed) return;
    // The one way to a false alarm that the format has, R6 in docs/format.md: both NEXT slots
    // spoilt, and then a cut inside the erase that nothing on the medium announces.
    const bool spoilt = both_next_slots_spoilt(flash_, programs_failed_);
    try {
      if (status != Status::ok) throw Violation(cairn::status_text(status));
      open_ = true;
      settle();
      check_whole();
    } catch (const Violation&) {
      if (!spoilt) throw;
      say("both NEXT slots are spoilt");
      ++tally_[slots_spoilt];
      formatted_ = open_ = false;
    }
  }

  // After a mount: which of the possible pasts it was.
  void settle() {
    const uint64_t size = log_.size();
    say(std::to_string(size) + " leaves");
    demand(size >= durable_, "acknowledged records are gone");
    const cairn::Digest root = log_.root();
    bool found = false;
    if (size <= plain_.size() && plain_.tree().root(size) == root) {
      tally_[lost_unsynced] += plain_.size() - size;
      plain_.cut(size);
      found = true;
    }
    for (size_t i = 0; i < ghosts_.size() && !found; ++i) {
      const Ghost& ghost = ghosts_[i];
      if (size <= ghost.at || size > ghost.at + ghost.leaves.size()) continue;
      plain_log::PlainLog before = plain_;
      plain_.cut(ghost.at);
      for (uint64_t at = ghost.at; at < size; ++at)
        plain_.push(ghost.leaves[static_cast<size_t>(at - ghost.at)]);
      found = plain_.root() == root;
      if (!found) plain_ = std::move(before);
    }
    demand(found, "the records are not those that were written");
    ghosts_.clear();
    // What a file holds may not have reached the disk, unless a cut has shown it.
    if (!is_file() || after_cut_) durable_ = size;
    settle_head();
    after_cut_ = false;
    const uint64_t min = log_.index_min();
    demand(min >= index_min_, "retired records came back");
    demand(min <= keep_from_, "records were retired that are held back");
    index_min_ = min;
    end_ = 0;
  }

  void settle_head() {
    const cairn::SignedHead* head = log_.head();
    demand(head != nullptr || !durable_head_.exists, "a signed head is gone");
    tried_heads_.push_back(durable_head_);
    for (const Head& tried : tried_heads_)
      if (!is_head(head_) && is_head(tried)) head_ = tried;
    demand(is_head(head_), "the head is not one that was signed");
    tried_heads_.clear();
    if (!is_file() || after_cut_) durable_head_ = head_;
  }
  bool is_head(const Head& head) const {
    const cairn::SignedHead* held = log_.head();
    if (!head.exists || held == nullptr) return held == nullptr && !head.exists;
    return held->size == head.size && head.size <= plain_.size() &&
           held->root == plain_.tree().root(head.size) &&
           cairn::equal(held->signature.bytes, signature(head.number).bytes);
  }
  static cairn::Signature signature(uint8_t number) {
    cairn::Signature out;
    std::memset(out.bytes, number, sizeof out.bytes);
    return out;
  }

  // ---- one step ----------------------------------------------------------------------------

  void act() {
    const uint32_t lot = dice_.below(1000);
    arm_faults(40);
    if (lot < 500) {
      append();
    } else if (lot < 590) {
      append_some(1 + dice_.below(12));
    } else if (lot < 660) {
      stage(1 + dice_.below(6));
    } else if (lot < 700) {
      commit();
    } else if (lot < 760) {
      write_head();
    } else if (lot < 785) {
      maintain();
    } else if (lot < 860) {
      read();
    } else if (lot < 900) {
      node();
    } else if (lot < 915) {
      prove();
    } else if (lot < 945) {
      raise_keep_from();
    } else if (lot < 965) {
      open_ = false;
      say("close");
    } else if (lot < 995) {
      cut_soon(40);
    } else {
      check_whole();
    }
    disarm();
    if (open_) check();
  }

  void cut_soon(uint32_t operations) {
    using fake::Tear;
    if (!cuts_) return;
    Tear tear;
    tear.extent = static_cast<Tear::Extent>(dice_.below(4));
    tear.units_done = dice_.below(dice_.one_in(2) ? 4 : 100);
    tear.unit = static_cast<Tear::Unit>(dice_.below(3));
    tear.erase = static_cast<uint8_t>(dice_.below(6));
    const uint64_t at = flash_.operations + 1 + dice_.below(operations);
    flash_.cut_at(at, tear);
    say("cut at " + std::to_string(at) + " tear " + tear.text());
  }

  // Lets calls of the flash fail in this step, once in so many steps.
  void arm_faults(uint32_t one_in) {
    if (!dice_.one_in(one_in)) return;
    armed_ = true;
    const uint32_t lot = dice_.below(10), skip = dice_.below(6), count = 1 + dice_.below(6);
    if (lot < 6) {
      auto failure = static_cast<fake::Failure>(dice_.below(3));
      if (kind_ == CAIRN_FLASH_NOR && cuts_) failure = fake::Failure::nothing;
      programs_failed_ = true;
      flash_.fail_programs(skip, count, failure);
      say("programs fail: " + std::to_string(skip) + " " + std::to_string(count) + " " +
          std::to_string(int(failure)));
    } else if (lot == 6) {
      flash_.failing_erases = count;
      say("erases fail: " + std::to_string(count));
    } else if (lot == 7) {
      flash_.failing_syncs = count;
      say("syncs fail");
    } else {
      flash_.fail_reads(dice_.below(30), count);
      say("reads fail");
    }
  }
  void disarm() {
    flash_.fail_programs(0, 0, {});
    flash_.fail_reads(0, 0);
    flash_.failing_erases = flash_.failing_syncs = 0;
    armed_ = false;
  }

  // What a call that is not ok may be, and what follows.
  void failed(Status status) {
    if (status == Status::ok) return;
    say(cairn::status_text(status));
    ++tally_[failed_calls];
    if (status == Status::full) return make_way();
    if (status != Status::io) throw Violation(cairn::status_text(status));
    demand(armed_, "io although nothing failed");
    if (log_.writable() == Status::bad_state) open_ = false;
  }

  void make_way() {
    ++tally_[was_full];
    demand(!recycle_ || keep_from_ < plain_.size(), "full although records may be retired");
    if (recycle_ && !dice_.one_in(8)) {
      keep_from_ += 1 + dice_.below(plain_.size() - keep_from_);
      log_.keep_from(keep_from_);
    } else {
      check_whole();
      formatted_ = open_ = false;
      keep_from_ = recycle_ && dice_.one_in(2) ? UINT64_MAX : 0;
    }
  }

  void raise_keep_from() {
    if (keep_from_ >= plain_.size()) return;
    keep_from_ += 1 + dice_.below(plain_.size() - keep_from_);
    say("keep from " + std::to_string(keep_from_));
    log_.keep_from(keep_from_);
  }

  // ---- writing -----------------------------------------------------------------------------

  Bytes leaf() {
    Bytes out(dice_.one_in(40) ? leaf_max_ : 1 + dice_.below(dice_.one_in(4) ? leaf_max_ : 24));
    const uint32_t style = dice_.below(16);
    if (style < 2) {
      std::fill(out.begin(), out.end(), uint8_t(style == 0 ? 0x00 : 0xFF));
    } else if (style < 4) {  // looks like something of the log's own
      const size_t from = dice_.below(flash_.memory.size() - out.size());
      std::copy_n(flash_.memory.begin() + long(from), out.size(), out.begin());
    } else {
      for (uint8_t& byte : out)
        byte = uint8_t(dice_.below(256));
    }
    out[0] = 0x40;
    return out;
  }
  Leaves some_leaves(uint32_t count) {
    Leaves out;
    for (uint32_t i = 0; i < count; ++i)
      out.push_back(leaf());
    return out;
  }
  static std::vector<cairn::ByteView> views(const Leaves& leaves) {
    std::vector<cairn::ByteView> out;
    for (const Bytes& bytes : leaves)
      out.push_back({bytes.data(), bytes.size()});
    return out;
  }

  // Runs a call that writes `leaves`. `durable`: ok means that they, and all before, are.
  template <typename Call>
  void write(const Leaves& leaves, bool durable, Call call) {
    const uint64_t before = plain_.size();
    ghosts_.push_back({before, leaves});
    const Status status = call();
    if (flash_.is_dead()) {
      open_ = false;
      return;
    }
    const uint64_t stored = log_.size() - before;
    demand(stored <= leaves.size(), "more was stored than was given");
    demand(status != Status::ok || stored == leaves.size(), "less was stored than was given");
    for (uint64_t i = 0; i < stored; ++i)
      plain_.push(leaves[static_cast<size_t>(i)]);
    tally_[appended] += stored;
    if (status == Status::ok) {
      ghosts_.clear();
      tried_heads_.clear();
    }
    if (!is_file() || (durable && status == Status::ok)) {
      durable_ = plain_.size();
      durable_head_ = head_;
    }
    failed(status);
  }

  void append() {
    const Leaves leaves = some_leaves(1);
    say("append " + std::to_string(leaves[0].size()));
    write(leaves, true, [&] {
      const Bytes& bytes = leaves[0];
      const auto index = log_.append(bytes[0], {bytes.data() + 1, bytes.size() - 1});
      demand(!index.ok() || index.value == plain_.size(), "append: the index");
      return index.status;
    });
  }
  void append_some(uint32_t count) {
    const Leaves leaves = some_leaves(count);
    say("append_batch " + std::to_string(count));
    const auto list = views(leaves);
    write(leaves, true, [&] { return log_.append_batch(list.data(), list.size()).status; });
  }
  void stage(uint32_t count) {
    const Leaves leaves = some_leaves(count);
    say("stage " + std::to_string(count));
    const auto list = views(leaves);
    write(leaves, false, [&] { return log_.stage(list.data(), list.size()).status; });
  }
  void commit() {
    say("commit");
    write({}, true, [&] { return log_.commit(); });
  }
  void write_head() {
    say("write_head");
    const Head tried = {true, plain_.size(), uint8_t(dice_.below(256))};
    tried_heads_.push_back(tried);
    write({}, true, [&] {
      const Status status = log_.write_head(signature(tried.number));
      if (status == Status::ok && !flash_.is_dead()) {
        head_ = tried;
        ++tally_[signed_heads];
      }
      return status;
    });
  }
  void maintain() {
    say("maintain");
    const Status status = log_.maintain();
    if (flash_.is_dead()) open_ = false;
    if (open_) failed(status);
  }

  // ---- reading -----------------------------------------------------------------------------

  void read() {
    ++tally_[read_back];
    const uint64_t index = dice_.below(plain_.size() + 2);
    say("read " + std::to_string(index));
    Bytes out(leaf_max_);
    const auto size = log_.read(index, {out.data(), out.size()});
    if (size.status == Status::io && armed_) return;
    const Status expected = index >= plain_.size()     ? Status::not_found
                            : index < log_.index_min() ? Status::pruned
                                                       : Status::ok;
    demand(size.status == expected, cairn::status_text(size.status));
    if (expected != Status::ok) return;
    const Bytes& leaf = plain_.leaf(index);
    demand(cairn::equal({out.data(), size.value}, {leaf.data(), leaf.size()}), "read: other bytes");
  }

  void node() {
    ++tally_[nodes_read];
    const unsigned level = dice_.below(7);
    const uint64_t index = dice_.below((plain_.size() >> level) + 1);
    say("node " + std::to_string(level) + " " + std::to_string(index));
    cairn::Digest out;
    const Status status = log_.node(level, index, out);
    if (status == Status::io && armed_) return;
    if (index >= plain_.size() >> level) return demand(status == Status::bad_argument, "no node");
    if (status == Status::pruned && index << level < log_.index_min()) return;
    demand(status == Status::ok, cairn::status_text(status));
    demand(out == plain_.tree().node(level, index), "node: another hash");
  }

  void prove() {
    const uint64_t min = log_.index_min(), size = plain_.size();
    if (min >= size) return;
    ++tally_[proved];
    const uint64_t index = min + dice_.below(size - min);
    const uint64_t of = index + 1 + dice_.below(size - index);
    say("prove " + std::to_string(index) + " in " + std::to_string(of));
    cairn::Digest hashes[cairn::proof_hashes_max], expected[cairn::proof_hashes_max];
    cairn::ProofBuffer proof = {hashes, cairn::proof_hashes_max};
    cairn::ProofBuffer plain = {expected, cairn::proof_hashes_max};
    Status status = cairn::build_inclusion(index, of, log_.nodes(), proof);
    if (status == Status::io && armed_) return;
    demand(status == Status::ok, cairn::status_text(status));
    demand(cairn::build_inclusion(index, of, plain_.tree().nodes(), plain) == Status::ok, "plain");
    demand(same(proof, plain), "inclusion: another proof");
    demand(cairn::verify_inclusion(index, of, plain_.tree().node(0, index), proof,
                                   plain_.tree().root(of)) == Status::ok,
           "inclusion: the proof is wrong");
    const uint64_t from = min == 0 ? 1 + dice_.below(of) : min + dice_.below(of - min + 1);
    proof.count = plain.count = 0;
    status = cairn::build_consistency(from, of, log_.nodes(), proof);
    if (status == Status::io && armed_) return;
    demand(status == Status::ok, cairn::status_text(status));
    demand(cairn::build_consistency(from, of, plain_.tree().nodes(), plain) == Status::ok, "plain");
    demand(same(proof, plain), "consistency: another proof");
  }
  static bool same(const cairn::ProofBuffer& a, const cairn::ProofBuffer& b) {
    if (a.count != b.count) return false;
    for (size_t i = 0; i < a.count; ++i)
      if (!(a.hashes[i] == b.hashes[i])) return false;
    return true;
  }

  // ---- checking ----------------------------------------------------------------------------

  // What costs little.
  void check() {
    demand(log_.size() == plain_.size(), "the number of records");
    const uint64_t min = log_.index_min();
    demand(min >= index_min_, "the oldest record is older than before");
    demand(min <= plain_.size(), "the oldest record lies ahead");
    demand(min == index_min_ || (recycle_ && min <= keep_from_), "records retired against orders");
    tally_[retired] += min - index_min_;
    index_min_ = min;
    demand(is_head(head_), "the head");
    const uint64_t end = log_.used_bytes() % segment_bytes_;
    if (end < end_) {
      ++tally_[segments_left];
      programs_failed_ = false;
    }
    end_ = end;
    if (dice_.one_in(16)) demand(log_.root() == plain_.root(), "the root");
  }

  void check_whole() {
    demand(log_.root() == plain_.root(), "the tree is not that of the records");
    Bytes buffer(leaf_max_ + dice_.below(200));
    cairn::Log::Cursor cursor;
    Status status = cursor.open(log_, {buffer.data(), buffer.size()});
    uint64_t expected = log_.index_min();
    cairn::Log::Cursor::Item item;
    while (status == Status::ok && (status = cursor.next(item)) == Status::ok) {
      if (item.type == cairn::Log::Cursor::Item::Type::head) {
        demand(item.size == expected, "a head stands in the wrong place");
        continue;
      }
      demand(item.index == expected, "the walk leaves a record out");
      demand(expected < plain_.size(), "the walk finds a record too many");
      const Bytes& leaf = plain_.leaf(expected++);
      demand(cairn::equal(item.leaf, {leaf.data(), leaf.size()}), "the walk finds other bytes");
    }
    if (status == Status::io && armed_) return;
    demand(status == Status::end, cairn::status_text(status));
    demand(expected == plain_.size(), "the walk ends early");
  }

  Dice dice_, entropy_;
  uint8_t kind_;
  uint32_t segment_bytes_;
  fake::FakeFlash flash_;
  size_t leaf_max_;
  bool recycle_;
  cairn::Platform platform_ = CAIRN_PLATFORM_INIT;
  Bytes frame_;
  cairn::Digest digests_[12];
  cairn::LogTiles tiles_ = cairn::LogTiles::none;
  cairn::Log log_;
  bool formatted_ = false, open_ = false, armed_ = false;
  bool after_cut_ = false, cuts_ = true;
  bool programs_failed_ = false;  ///< since the newest segment was begun

  plain_log::PlainLog plain_;
  std::vector<Ghost> ghosts_;
  uint64_t durable_ = 0;  ///< so many leaves were acknowledged
  uint64_t index_min_ = 0, keep_from_ = 0, end_ = 0;
  Head head_, durable_head_;
  std::vector<Head> tried_heads_;
  Tally tally_{};
  std::string said_;
};

}  // namespace log_walk
