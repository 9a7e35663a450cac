// The newest segment of the log. Reads only.
#include "log_mount.hpp"

namespace cairn {

using namespace log_format;

// `held_`: whether the segment is one of the log's; `sequence_`: its number.
Step LogMount::sequence_at(uint32_t segment) {
  CAIRN_STEPS(at_.sequence_at)
  ++log_.report_.segments_read;
  CAIRN_AWAIT(at_.sequence_at, reader_.own_segment(segment, probe_, held_));
  sequence_ = probe_.header.sequence;
  CAIRN_STEPS_END(at_.sequence_at);
}

// Sequence numbers around the ring are a rotated sorted list: k0, k0+1, ..., newest, then those of
// the lap before, or nothing. It begins behind the first segment when that one is out of use.
Step LogMount::bisect() {
  CAIRN_STEPS(at_.bisect)
  high_ = reader_.segment_count() - 1;
  while (low_ < high_) {
    middle_ = low_ + (high_ - low_ + 1) / 2;
    CAIRN_AWAIT(at_.bisect, sequence_at(middle_));
    if (held_ && sequence_ >= first_) {
      low_ = middle_;
    } else {
      high_ = middle_ - 1;
    }
  }
  CAIRN_STEPS_END(at_.bisect);
}

Step LogMount::find_by_bisection() {
  CAIRN_STEPS(at_.bisection)
  for (index_ = 0; index_ <= 1; ++index_) {
    CAIRN_AWAIT(at_.bisection, sequence_at(index_));
    if (held_) break;
  }
  found_ = held_;
  if (!found_) CAIRN_DONE(at_.bisection);
  low_ = index_;
  first_ = sequence_;
  CAIRN_AWAIT(at_.bisection, bisect());
  CAIRN_AWAIT(at_.bisection, end_bisection());
  CAIRN_STEPS_END(at_.bisection);
}

// A segment that cannot be read misleads the search. So the ring must look as expected on both
// sides of the answer.
Step LogMount::end_bisection() {
  const uint32_t count = reader_.segment_count();
  CAIRN_STEPS(at_.end_bisection)
  CAIRN_AWAIT(at_.end_bisection, reader_.own_segment(low_, newest_, found_));
  found_ = found_ && newest_.header.sequence - first_ == low_ - index_;
  if (!found_ || (low_ + 1 == count && index_ == 0)) CAIRN_DONE(at_.end_bisection);
  held_ = false;
  if (low_ + 1 != count) {
    found_ = index_ == 0;
    if (!found_) CAIRN_DONE(at_.end_bisection);
    CAIRN_AWAIT(at_.end_bisection, sequence_at(low_ + 1));
  }
  if (held_) {
    found_ = newest_.header.sequence >= count && sequence_ == newest_.header.sequence + 1 - count;
    CAIRN_DONE(at_.end_bisection);
  }
  CAIRN_UNIT(at_.end_bisection, reader_);
  found_ = is_out_of_use();
  CAIRN_STEPS_END(at_.end_bisection);
}

// Whether the segment behind the newest was never used, or is an erased spare: what else cannot be
// read there may have been in use.
bool LogMount::is_out_of_use() {
  const uint32_t next = reader_.place(newest_.header.sequence + 1);
  uint32_t crc = 0;
  if (reader_.header(next, header_, crc) == HeaderState::valid) {
    const uint32_t size = reader_.layout().frame(frontier_fixed_bytes);
    return header_.sequence == newest_.header.sequence + 1 &&
           reader_.is_blank(next, reader_.layout().first_frame(), size);
  }
  Log::Promise promise;
  return newest_.header.sequence + 1 < reader_.segment_count() &&
         !reader_.next_promise(newest_.index, newest_.crc, promise);
}

Step LogMount::find_by_reading_all() {
  CAIRN_STEPS(at_.all)
  found_ = false;
  for (index_ = 0; index_ < reader_.segment_count(); ++index_) {
    CAIRN_AWAIT(at_.all, sequence_at(index_));
    if (!held_) continue;
    if (!found_ || sequence_ > newest_.header.sequence) newest_ = probe_;
    found_ = true;
  }
  CAIRN_STEPS_END(at_.all);
}

// `found_`: whether there is one.
Step LogMount::find_newest() {
  CAIRN_STEPS(at_.find_newest)
  CAIRN_AWAIT(at_.find_newest, find_by_bisection());
  if (found_) {
    // Bisection does not look past segments that were passed over.
    CAIRN_AWAIT(at_.find_newest, reader_.promised_segment(newest_, probe_, held_));
    found_ = !held_ || probe_.header.sequence == newest_.header.sequence + 1;
  }
  if (!found_) CAIRN_AWAIT(at_.find_newest, find_by_reading_all());
  CAIRN_STEPS_END(at_.find_newest);
}

// Why there is no log: nothing, or one that this build cannot read.
Step LogMount::explain_absence(Status& status) {
  CAIRN_STEPS(at_.absence)
  status = Status::not_formatted;
  for (index_ = 0; index_ < reader_.segment_count(); ++index_) {
    CAIRN_UNIT(at_.absence, reader_);
    if (reader_.header(index_, header_, crc_) == HeaderState::foreign_version) {
      status = Status::wrong_version;
      break;
    }
  }
  CAIRN_STEPS_END(at_.absence);
}

// A NEXT frame names every field of the header behind it. When that header, as promised, opens a
// frontier frame, the segment is in use, even if its own header has rotted.
Step LogMount::follow_promises() {
  CAIRN_STEPS(at_.promises)
  for (index_ = 0; index_ < reader_.segment_count(); ++index_) {
    CAIRN_AWAIT(at_.promises, reader_.promised_segment(newest_, probe_, held_));
    if (!held_) break;
    newest_ = probe_;
  }
  CAIRN_STEPS_END(at_.promises);
}

}  // namespace cairn
