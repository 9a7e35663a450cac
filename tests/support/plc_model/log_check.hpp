// Reads the log as it lies on the medium, and compares it with what must stand in it.
#pragma once

#include <algorithm>
#include <cairn/merkle.hpp>

#include "support/hex.hpp"
#include "support/plc_model/world.hpp"

namespace plc::model {

class LogCheck {
 public:
  explicit LogCheck(World& world) : world_(world) {}

  /// Reads what has come since the last time. All that the pump has taken must be there.
  void read();
  /// The program is over, and the pump has nothing left to do.
  void finish();
  uint64_t size() const { return next_; }
  /// Number of the newest boot record.
  uint32_t boots() const { return boots_; }
  /// Power is lost: what was not counted yet is not counted any more; or the area stays, and a gap
  /// record that was just being written can come twice.
  void restart(bool area_stays) {
    for (const GapReason reason : reasons) {
      holds("no gap record counts too much", gaps_[reason] <= lost(reason) + again_[reason]);
      if (!area_stays) again_[reason] = gaps_[reason] - lost(reason);
    }
    if (area_stays && !world_.kind.exact && Kind(last_[0]) == Kind::gap) {
      const Read gap = read_leaf(last_);
      again_[gap.gap.reason] += gap.gap.count;
      slack_[gap.gap.reason] += gap.gap.count;
    }
  }

 private:
  static constexpr GapReason reasons[3] = {GapReason::queue_full, GapReason::switched_off,
                                           GapReason::storage_full};

  uint64_t lost(GapReason reason) const {
    uint64_t count = reason == GapReason::storage_full ? missing_ : 0;
    for (const Lane& lane : world_.lanes)
      count += lane.lost[reason == GapReason::queue_full     ? full_queue
                         : reason == GapReason::switched_off ? off
                                                             : stopped];
    return count;
  }
  static std::string text(const Bytes& leaf) {
    return hexadecimal::encode({leaf.data(), leaf.size()});
  }
  void take(const Bytes& leaf);
  void take_gap(const Bytes& leaf, const Read& read);
  bool match(Lane& lane, const Read& read);
  void pass_over(const Record& record) {
    holds("a record that must be on the log is there", record.optional || record.absent);
    if (world_.kind.tight) ++missing_;
  }

  World& world_;
  uint64_t next_ = 0, closes_ = 0;
  Frontier tree_;
  std::map<uint64_t, std::string> roots_;    // by size, where a batch was closed
  std::map<uint64_t, uint64_t> batches_;     // closed up to a size
  std::map<const Record*, uint64_t> found_;  // where
  std::map<GapReason, uint64_t> gaps_;       // records that they count
  std::map<GapReason, uint64_t> again_, slack_;
  std::vector<RecordPtr> kept_;  // whose addresses found_ has
  uint64_t missing_ = 0;         // records that the storage had no room for
  uint32_t boots_ = 0;
  Bytes last_{0};
};

inline void LogCheck::read() {
  Log log;
  std::vector<uint8_t> frame(2048), buffer(4096);
  const Controller& controller = world_.controller;
  LogOptions options;
  options.log_id = log_id_of({controller.options.origin.data, controller.options.origin.size});
  options.recycle = world_.kind.recycles;
  const Platform nothing{};
  const LogMemory memory{{frame.data(), frame.size()}, nullptr, 0};
  if (log.mount(world_.controller.flash.flash(), memory, options, nothing) != Status::ok) {
    same("records on a log that is not there yet", next_, 0u);
    return;
  }
  holds("no record was retired before it was read", log.index_min() <= next_);
  Log::Cursor cursor;
  holds("the log can be read",
        cursor.open(log, {buffer.data(), buffer.size()}, next_) == Status::ok);
  Log::Cursor::Item item;
  while (cursor.next(item) == Status::ok) {
    if (item.type != Log::Cursor::Item::Type::leaf || item.index < next_) continue;
    same("index", item.index, next_);
    take(Bytes(item.leaf.data, item.leaf.data + item.leaf.size));
    ++next_;
  }
  same("records that can be read", next_, log.size());
  for (Lane& lane : world_.lanes) {
    for (const RecordPtr& record : lane.expected)
      pass_over(*record);
    lane.expected.clear();
    for (const RecordPtr& record : lane.shown) {
      holds("a record whose index was shown is there", found_.count(record.get()) != 0);
      same("the index that was shown", record->index, found_[record.get()]);
    }
    lane.shown.clear();
  }
}

inline void LogCheck::take(const Bytes& leaf) {
  (void)tree_.append(leaf_hash({leaf.data(), leaf.size()}));
  if (Kind(leaf[0]) == Kind::close) {
    const Digest root = tree_.root();
    roots_[next_ + 1] = std::string(reinterpret_cast<const char*>(root.bytes), 32);
    batches_[next_ + 1] = ++closes_;
  }
  if (Kind(leaf[0]) == Kind::boot) {
    boots_ = decoded<Boot>(leaf, decode_boot).boot;
    if (!world_.kind.memory_fails) same("number of the boot record", boots_, world_.starts);
  }
  if (leaf[0] == uint8_t(Kind::begin)) same("place of the begin record", next_, 0u);
  if (leaf[0] < application_kind_min && Kind(leaf[0]) != Kind::gap) return;
  const Read read = read_leaf(leaf);
  if (Kind(leaf[0]) == Kind::gap) {
    take_gap(leaf, read);
  } else if (!match(world_.lanes[read.task], read)) {
    const auto at = std::find(world_.floating.begin(), world_.floating.end(), read.leaf);
    const bool again = read.leaf == world_.lanes[read.task].last && world_.kind.memory_fails;
    if (!again && at == world_.floating.end()) {
      const std::deque<RecordPtr>& expected = world_.lanes[read.task].expected;
      throw Difference("record " + std::to_string(next_) + " of the log is " + text(read.leaf) +
                       " at " + std::to_string(read.time.unix_ms) + ", not " +
                       (expected.empty() ? "expected"
                                         : text(expected.front()->leaf) + " at " +
                                               std::to_string(expected.front()->time.unix_ms)));
    }
    if (!again) world_.floating.erase(at);
  }
  last_ = leaf;
}

inline void LogCheck::take_gap(const Bytes& leaf, const Read& read) {
  const bool again = world_.kind.memory_fails && last_ == leaf;
  if (!again) gaps_[read.gap.reason] += read.gap.count;
  holds("a gap record counts something", read.gap.count != 0);
  if (world_.in_order()) holds("a gap record stands in its place", match(world_.lanes[0], read));
}

inline bool LogCheck::match(Lane& lane, const Read& read) {
  const auto is = [&](const Record& record) {
    return record.leaf == read.leaf &&
           (!record.timed ||
            (record.time.unix_ms == read.time.unix_ms && record.time.quality == read.time.quality));
  };
  size_t skipped = 0;
  while (skipped < lane.expected.size() && !is(*lane.expected[skipped]) &&
         (lane.expected[skipped]->optional || lane.expected[skipped]->absent))
    ++skipped;
  if (skipped == lane.expected.size() || !is(*lane.expected[skipped])) return false;
  holds("a record that a block has given up is not there", !lane.expected[skipped]->absent);
  for (size_t i = 0; i < skipped; ++i)
    pass_over(*lane.expected[i]);
  found_[lane.expected[skipped].get()] = next_;
  kept_.push_back(lane.expected[skipped]);
  lane.expected.erase(lane.expected.begin(), lane.expected.begin() + ptrdiff_t(skipped) + 1);
  lane.last = read.leaf;
  return true;
}

inline void LogCheck::finish() {
  read();
  for (const Lane& lane : world_.lanes)
    same("records of a task still in the queue", lane.places, 0u);
  same("half-signed orders whose end is not on the log", world_.floating.size(), 0u);
  for (const GapReason reason : reasons) {
    const uint64_t wanted = lost(reason) + again_[reason];
    holds("gap records count what was lost, and no more", gaps_[reason] <= wanted);
    if (!world_.kind.tight)
      holds("gap records count all that was lost", gaps_[reason] + slack_[reason] >= wanted);
    world_.tally["lost " + std::to_string(int(reason))] += gaps_[reason];
  }
  for (const auto& shown : world_.roots) {
    same("heads of one size", shown.second.size(), 1u);
    holds("the head that was shown is the end of a batch", roots_.count(shown.first) != 0);
    holds("the root that was shown is the log's", *shown.second.begin() == roots_[shown.first]);
  }
  for (const World::Sealed& sealed : world_.seals) {
    same("BatchNo", sealed.batch, batches_[sealed.size]);
    const uint64_t before = sealed.size - sealed.count;
    holds("Count reaches back to the head before",
          sealed.count <= sealed.size && (before == 0 || roots_.count(before) != 0));
  }
}

}  // namespace plc::model
