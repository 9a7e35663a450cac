// Making a torn end of the log safe to program again (rule R4 of docs/format.md).
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// `filled_`: all of [offset, end) was programmed.
Step LogWriter::fill(uint32_t segment, uint32_t offset, uint32_t end, uint8_t value) {
  CAIRN_STEPS(at_.fill)
  filled_ = true;
  for (fill_at_ = offset; filled_ && fill_at_ < end;) {
    CAIRN_UNIT(at_.fill, reader_);
    const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
    const uint32_t step = end - fill_at_ < capacity ? end - fill_at_ : capacity;
    window_.size = 0;
    memset(log_.memory_.frame.data, value, step);
    filled_ = program(segment, fill_at_, log_.memory_.frame.data, step);
    fill_at_ += step;
  }
  CAIRN_STEPS_END(at_.fill);
}

// A cut may have left cells of the last frame half-charged although they read well. The same bytes
// once more charge them; only NOR needs that, and allows it. Where programming fails the frame is
// left as it is.
Step LogWriter::make_firm(Status& status) {
  const uint32_t end = log_.mark_ == 0 ? log_.end_ : log_.mark_ + layout_.frame(mark_bytes);
  CAIRN_STEPS(at_.make_firm)
  status = Status::ok;
  if (flash_.kind != CAIRN_FLASH_NOR || log_.unsure_ == 0) CAIRN_DONE(at_.make_firm);
  for (firm_at_ = log_.unsure_; firm_at_ < end;) {
    CAIRN_UNIT(at_.make_firm, reader_);
    const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
    const uint32_t step = end - firm_at_ < capacity ? end - firm_at_ : capacity;
    uint8_t* buffer = log_.memory_.frame.data;
    window_.size = 0;
    const int answer = flash_.read(flash_.user, log_.segment_, firm_at_, buffer, step);
    if (answer < 0 && answer != static_cast<int>(Status::unreadable)) {
      status = Status::io;
      CAIRN_DONE(at_.make_firm);
    }
    if (answer < 0 || !program(log_.segment_, firm_at_, buffer, step)) break;
    firm_at_ += step;
  }
  if (gave_up_) {
    status = Status::io;
  } else {
    log_.unsure_ = 0;
  }
  CAIRN_STEPS_END(at_.make_firm);
}

// Write-once media. The first frame behind a hole explains it. It stands behind whatever an
// interrupted operation can have touched.
Step LogWriter::pass_over_tail(uint32_t room, Status& status) {
  const uint32_t end = layout_.frames_end(), need = layout_.frame(gap_bytes) + room;
  const uint32_t step = layout_.up(log_.in_flight_bytes_);
  CAIRN_STEPS(at_.pass_over_tail)
  CAIRN_AWAIT(at_.pass_over_tail,
              reader_.behind_last_written(log_.segment_, log_.end_, end, written_));
  status = Status::io;
  if (window_.failed) CAIRN_DONE(at_.pass_over_tail);
  store_le16(service_fixed_, static_cast<uint16_t>(log_.end_ / layout_.unit));
  store_le64(service_fixed_ + 2, log_.size());
  service_.clear();
  service_.add({service_fixed_, gap_bytes});
  place_ = written_ > log_.end_ + step ? written_ : log_.end_ + step;
  for (; place_ <= end && need <= end - place_; place_ += step) {
    CAIRN_AWAIT(at_.pass_over_tail,
                put(log_.segment_, log_.header_crc_, place_, FrameType::gap, service_));
    if (put_ok_) {
      log_.end_ = place_ + layout_.frame(gap_bytes);
      status = Status::ok;
    }
    if (put_ok_ || gave_up_) CAIRN_DONE(at_.pass_over_tail);
  }
  status = Status::full;
  CAIRN_STEPS_END(at_.pass_over_tail);
}

// What is between the end and the mark is programmed flat; the log goes on behind the mark.
Step LogWriter::burn_up_to_mark(Status& status) {
  const uint8_t burnt = static_cast<uint8_t>(~flash_.erased);
  CAIRN_STEPS(at_.burn_up_to_mark)
  CAIRN_AWAIT(at_.burn_up_to_mark, fill(log_.segment_, log_.end_, log_.mark_, burnt));
  if (filled_) {
    status = Status::ok;
    log_.end_ = log_.mark_ + layout_.frame(mark_bytes);
    log_.mark_ = 0;
  } else {
    status = gave_up_ ? Status::io : Status::full;
  }
  CAIRN_STEPS_END(at_.burn_up_to_mark);
}

// NOR. Half-charged cells may complete a torn frame at one start, and no longer at the next when
// burning it was cut in turn. So a mark says first that it does not count. Where that stands
// depends on where the log ends alone, and not on what seems blank: a torn mark is programmed
// again.
Step LogWriter::burn_tail(uint32_t room, Status& status) {
  const uint32_t distance = log_.mark_distance();
  const uint32_t end = layout_.frames_end(), need = distance + layout_.frame(mark_bytes) + room;
  CAIRN_STEPS(at_.burn_tail)
  if (log_.mark_ != 0) {
    CAIRN_AWAIT(at_.burn_tail, burn_up_to_mark(status));
    if (status != Status::ok) CAIRN_DONE(at_.burn_tail);
  }
  status = Status::full;
  if (log_.end_ > end || need > end - log_.end_) CAIRN_DONE(at_.burn_tail);
  service_fixed_[0] = static_cast<uint8_t>(distance / mark_step_bytes - 1);
  service_.clear();
  service_.add({service_fixed_, mark_bytes});
  place_ = log_.end_ + distance;
  CAIRN_AWAIT(at_.burn_tail,
              put(log_.segment_, log_.header_crc_, place_, FrameType::gap, service_));
  if (!put_ok_) {
    status = gave_up_ ? Status::io : Status::full;
    CAIRN_DONE(at_.burn_tail);
  }
  log_.mark_ = place_;
  CAIRN_AWAIT(at_.burn_tail, burn_up_to_mark(status));
  CAIRN_STEPS_END(at_.burn_tail);
}

// A file. What is behind the end is erased.
Step LogWriter::clear_tail(Status& status) {
  const uint32_t end = layout_.frames_end();
  CAIRN_STEPS(at_.clear_tail)
  CAIRN_AWAIT(at_.clear_tail, reader_.behind_last_written(log_.segment_, log_.end_, end, written_));
  status = Status::io;
  if (window_.failed) CAIRN_DONE(at_.clear_tail);
  CAIRN_AWAIT(at_.clear_tail, fill(log_.segment_, log_.end_, written_, flash_.erased));
  if (!filled_) CAIRN_DONE(at_.clear_tail);
  CAIRN_AWAIT(at_.clear_tail, sync(status));
  CAIRN_STEPS_END(at_.clear_tail);
}

// Makes the end of the segment safe to program. full: the segment has no place for that and `room`
// more bytes. io: nothing was changed, or the log is given up.
Step LogWriter::repair_tail(uint32_t room, Status& status) {
  CAIRN_STEPS(at_.repair_tail)
  status = Status::ok;
  if (flash_.kind == CAIRN_FLASH_ONCE) {
    CAIRN_AWAIT(at_.repair_tail, pass_over_tail(room, status));
  } else if (flash_.kind == CAIRN_FLASH_NOR) {
    CAIRN_AWAIT(at_.repair_tail, burn_tail(room, status));
  } else if (is_file()) {
    CAIRN_AWAIT(at_.repair_tail, clear_tail(status));
  }
  CAIRN_STEPS_END(at_.repair_tail);
}

}  // namespace cairn
