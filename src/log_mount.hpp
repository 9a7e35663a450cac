// Finding the log on the medium. log_mount.cpp: the newest segment and what it holds (rules R2, R3
// and R8 of docs/format.md); log_judge.cpp: what is behind it (R5 and R6).
#pragma once

#include "log_reader.hpp"

namespace cairn {

/// One mount in progress.
class LogMount {
 public:
  explicit LogMount(Log& log) : log_(log), reader_(log, window_) {
    window_.buffer = log.memory_.frame;
  }

  Status run();

 private:
  Status find_and_walk();
  bool sequence_at(uint32_t segment, uint32_t& sequence);
  bool find_newest(Segment& newest);
  bool find_by_bisection(Segment& newest);
  bool is_out_of_use(const Segment& newest);
  bool find_by_reading_all(Segment& newest);
  Status explain_absence();
  void follow_promises(Segment& newest);
  bool walk_newest(const Segment& newest);
  bool walk_up_to(const Segment& newest, uint32_t end, Frame& last);
  void take_frontier(const Segment& newest, const Frame& frame, bool& known);
  bool take_leaves(const Segment& newest, const Frame& frame);
  bool take_leaf(uint32_t segment, uint32_t offset, uint32_t size);
  void take_head(const Segment& newest, const FrontierFrame& content);
  bool next_holds_records(const log_format::SegmentHeader& header, uint32_t crc);
  bool is_spare(const Segment& newest, uint32_t skipped);
  bool is_whole(const Segment& segment, uint64_t end);
  bool is_headed(uint32_t sequence);
  void find_skipped(const Segment& newest);
  bool opened_from(const Segment& newest, uint64_t& index_min);
  bool held_nothing(const Segment& newest);
  void judge_next(const Segment& newest);
  void judge_tail(const Segment& newest);
  bool announced_index_min(const Segment& newest, uint64_t& out);
  void find_index_min(const Segment& newest);

  Log& log_;
  LogWindow window_;
  LogReader reader_;
};

}  // namespace cairn
