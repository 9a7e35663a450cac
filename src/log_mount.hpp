// Finding the log on the medium, in steps. log_find.cpp: the newest segment; log_mount.cpp: what it
// holds (rules R2, R3 and R8 of docs/format.md); log_judge.cpp: what is behind it (R5 and R6).
#pragma once

#include "log_walk.hpp"
#include "one_of.hpp"
#include "tree_steps.hpp"

namespace cairn {

/// One mount in progress.
class LogMount {
 public:
  explicit LogMount(Log& log, Meter* meter = nullptr) : log_(log), reader_(log, window_, meter) {
    window_.buffer = log.memory_.frame;
    parts_.make<TreeSteps>(reader_);
  }

  Step run(Status& status);
  /// The frame memory holds something else than before.
  void forget() { window_.size = 0; }

 private:
  Step find_and_walk(Status& status);
  Step sequence_at(uint32_t segment);
  Step find_newest();
  Step find_by_bisection();
  Step end_bisection();
  Step bisect();
  bool is_out_of_use();
  Step find_by_reading_all();
  Step explain_absence(Status& status);
  Step follow_promises();
  void begin_walk();

  Step walk_newest();
  Step walk_up_to(uint32_t end);
  Step take_frame();
  Step take_frontier(const Frame& frame);
  Step take_head();
  bool read_old_head();
  Step take_leaves();
  Step take_leaf(uint32_t offset, uint32_t size);

  Step next_holds_records(const log_format::SegmentHeader& header, uint32_t crc);
  Step is_spare();
  bool is_promised_header();
  Step find_spare();
  Step is_whole();
  bool is_headed(uint32_t sequence);
  Step find_skipped();
  Step find_unfinished_erase();
  Step opened_from();
  bool said_in_frontier(bool& readable);
  Step held_nothing();
  Step judge_next();
  Step judge_unannounced();
  Step judge_tail();
  Step announced_index_min();
  Step find_index_min();
  Step find_first_numbered();

  struct Numbering {  // a walk for the first record that has a number
    Numbering(LogReader& reader, LogWindow& window) : walk(cursor, reader, window) {}
    Log::Cursor cursor;
    LogWalk walk;
    Log::Cursor::Item item;
  };
  TreeSteps& tree() { return parts_.as<TreeSteps>(); }
  Numbering& numbering() { return parts_.as<Numbering>(); }

  Log& log_;
  LogWindow window_;
  LogReader reader_;
  OneOf<TreeSteps, Numbering> parts_;

  Segment newest_;
  Segment probe_;
  Frame frame_, last_;
  FrontierFrame content_;
  Digest root_;
  log_format::SegmentHeader header_, promised_;
  LogReader::Found kind_{};
  Status status_ = Status::ok;
  uint64_t index_min_ = 0;
  uint64_t size_ = 0;
  uint32_t first_ = 0, low_ = 0, middle_ = 0, high_ = 0, sequence_ = 0;
  uint32_t index_ = 0, skipped_ = 0, back_ = 0;
  uint32_t offset_ = 0, offset_tail_ = 0, behind_ = 0, hole_ = 0, leaf_ = 0, leaf_size_ = 0,
           leaf_at_ = 0;
  uint32_t crc_ = 0, seed_ = 0;
  bool found_ = false, held_ = false, known_ = false, damaged_ = false, blank_ = false;
  bool spare_ = false, named_ = false;
  struct {
    uint16_t run, find_and_walk, sequence_at, find_newest, bisection, end_bisection, bisect, all,
        absence, promises, walk_newest, walk_up_to, take_frame, take_frontier, take_head,
        take_leaves, take_leaf, holds_records, is_spare, find_spare, is_whole, find_skipped,
        unfinished, opened_from, held_nothing, judge_next, unannounced, tail, announced, index_min,
        first_numbered;
  } at_{};
};

}  // namespace cairn
