// Reading records back: the cursor, and one record.
// Numbering follows rule R8 of docs/format.md.
#include "log_walk.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

namespace {

// Whether frames may be lost at the end of a segment, `at`, where nothing behind them shows it:
// where the first frame of the next segment would have had room. For files, whose writes nobody
// reads back.
bool may_lack_end(LogReader& reader, uint32_t at, const Segment& next) {
  const uint32_t end = reader.layout().frames_end();
  Frame frame;
  if (!reader.frame(next.index, next.frontier.next, next.crc, frame)) return true;
  uint32_t first = frame.payload(), leaf = 0, size = frame.size;
  if (frame.type == FrameType::batch || frame.type == FrameType::more) {
    if (!next_batch_leaf(reader, next.index, first, first + frame.size, leaf, size)) return true;
  }
  return at < end && reader.layout().frame(size + 2) <= end - at;
}

}  // namespace

Step LogWalk::open(const Log& log, uint64_t from, Status& status) {
  CAIRN_STEPS(at_.open)
  cursor_.log_ = &log;
  cursor_.from_ = from;
  CAIRN_AWAIT(at_.open, reader_.segment_of(from, cursor_.sequence_));
  status = window_.failed ? Status::io : Status::ok;
  CAIRN_STEPS_END(at_.open);
}

Step LogWalk::open_segment(Status& status) {
  CAIRN_STEPS(at_.open_segment)
  cursor_.index_known_ = false;
  cursor_.batch_end_ = 0;
  status = Status::end;
  for (; cursor_.sequence_ <= cursor_.log_->sequence_; ++cursor_.sequence_) {
    CAIRN_AWAIT(at_.open_segment, reader_.live_header(cursor_.sequence_, segment_, known_));
    if (known_) break;
  }
  if (cursor_.sequence_ > cursor_.log_->sequence_) CAIRN_DONE(at_.open_segment);
  cursor_.header_crc_ = segment_.crc;
  // Without the first frontier the walk begins with a hole.
  CAIRN_AWAIT(at_.open_segment, reader_.live_segment(cursor_.sequence_, segment_, known_));
  cursor_.index_known_ = known_;
  cursor_.offset_ = known_ ? segment_.frontier.next : reader_.layout().first_frame();
  cursor_.index_ = segment_.first_leaf;
  // Records that the next segment begins anew were never acknowledged here.
  CAIRN_AWAIT(at_.open_segment, reader_.successor(cursor_.sequence_, segment_, known_));
  cursor_.index_end_ = known_ ? segment_.first_leaf : UINT64_MAX;
  cursor_.segment_open_ = true;
  status = Status::ok;
  CAIRN_STEPS_END(at_.open_segment);
}

// Behind a hole the index of a leaf is that of the next anchor (a frontier, a gap frame, the next
// segment) less the leaves in between.
Step LogWalk::number_backwards() {
  const uint32_t segment = reader_.place(cursor_.sequence_);
  CAIRN_STEPS(at_.number_backwards)
  cursor_.index_known_ = false;
  leaves_ = 0;
  offset_ = cursor_.offset_;
  for (;;) {
    CAIRN_AWAIT(at_.number_backwards,
                reader_.walk(segment, cursor_.header_crc_, offset_, frame_, found_));
    if (found_ == LogReader::Found::hole) CAIRN_DONE(at_.number_backwards);  // again behind that
    if (found_ == LogReader::Found::end) break;
    if (frame_.type == FrameType::frontier || frame_.is_gap()) {
      const uint32_t field = frame_.payload() + (frame_.is_gap() ? 2 : 0);
      const uint8_t* p = reader_.bytes(segment, field, 8);
      cursor_.index_known_ = p != nullptr && load_le64(p) >= leaves_;
      if (cursor_.index_known_) cursor_.index_ = load_le64(p) - leaves_;
      CAIRN_DONE(at_.number_backwards);
    }
    leaves_ += leaf_count(reader_, segment, frame_);
  }
  CAIRN_AWAIT(at_.number_backwards, number_from_successor());
  CAIRN_STEPS_END(at_.number_backwards);
}

Step LogWalk::number_from_successor() {
  CAIRN_STEPS(at_.successor)
  CAIRN_AWAIT(at_.successor, reader_.successor(cursor_.sequence_, segment_, known_));
  if (!known_ || segment_.first_leaf < leaves_) CAIRN_DONE(at_.successor);
  CAIRN_UNIT(at_.successor, reader_);
  if (cursor_.log_->flash_->kind == CAIRN_FLASH_FILE && may_lack_end(reader_, offset_, segment_)) {
    CAIRN_DONE(at_.successor);
  }
  cursor_.index_ = segment_.first_leaf - leaves_;
  cursor_.index_known_ = true;
  CAIRN_STEPS_END(at_.successor);
}

// Hands out the leaf at `offset`, unless it lies before the start or has no number.
void LogWalk::deliver(Item& item, uint32_t offset, uint32_t size, Status& status) {
  if (!cursor_.index_known_) return;
  const uint64_t index = cursor_.index_++;
  if (index < cursor_.from_ || index >= cursor_.index_end_) return;
  const uint8_t* p = reader_.bytes(reader_.place(cursor_.sequence_), offset, size);
  item.type = Item::Type::leaf;
  item.index = index;
  item.leaf = {p, size};
  if (p == nullptr && size <= window_.buffer.size) return;  // unreadable: shows as a jump
  status = p == nullptr ? Status::full : Status::ok;
  delivered_ = true;
}

Step LogWalk::next_of_batch(Item& item, Status& status) {
  CAIRN_STEPS(at_.next_of_batch)
  for (;;) {
    CAIRN_UNIT(at_.next_of_batch, reader_);
    uint32_t leaf = 0, size = 0;
    if (!next_batch_leaf(reader_, reader_.place(cursor_.sequence_), cursor_.batch_at_,
                         cursor_.batch_end_, leaf, size)) {
      break;
    }
    deliver(item, leaf, size, status);
    if (delivered_) CAIRN_DONE(at_.next_of_batch);
  }
  cursor_.batch_end_ = 0;
  CAIRN_STEPS_END(at_.next_of_batch);
}

void LogWalk::take_frontier(Item& item) {
  const uint32_t segment = reader_.place(cursor_.sequence_);
  FrontierFrame content;
  if (!reader_.frontier_frame(segment, frame_, content)) return;
  cursor_.index_ = content.size;
  cursor_.index_known_ = true;
  if ((content.flags & frontier_signed) == 0 || content.size < cursor_.from_) return;
  const uint8_t* p = reader_.bytes(segment, content.tail, signature_bytes);
  if (p == nullptr) return;
  item.type = Item::Type::head;
  item.size = content.size;
  copy(item.signature.bytes, p, signature_bytes);
  delivered_ = true;
}

void LogWalk::take_frame(Item& item, Status& status) {
  if (frame_.type == FrameType::record) {
    deliver(item, frame_.payload(), frame_.size, status);
  } else if (frame_.type == FrameType::batch || frame_.type == FrameType::more) {
    cursor_.batch_at_ = frame_.payload();
    cursor_.batch_end_ = frame_.payload() + frame_.size;
  } else if (frame_.is_gap()) {
    GapFrame gap;
    cursor_.index_known_ = reader_.gap(reader_.place(cursor_.sequence_), frame_, gap);
    if (cursor_.index_known_) cursor_.index_ = gap.size;
  } else if (frame_.type == FrameType::frontier) {
    take_frontier(item);
  }
}

Step LogWalk::next_frame(Item& item, Status& status) {
  // Behind the log's end there may be what a failing write has left.
  const bool newest = cursor_.sequence_ == cursor_.log_->sequence_;
  const uint32_t limit = newest ? cursor_.log_->end_ : UINT32_MAX;
  CAIRN_STEPS(at_.next_frame)
  found_ = LogReader::Found::end;
  if (cursor_.offset_ < limit) {
    CAIRN_AWAIT(at_.next_frame, reader_.walk(reader_.place(cursor_.sequence_), cursor_.header_crc_,
                                             cursor_.offset_, frame_, found_));
  }
  if (found_ == LogReader::Found::end ||
      (found_ == LogReader::Found::frame && frame_.offset >= limit)) {
    cursor_.segment_open_ = false;
    ++cursor_.sequence_;
  } else if (found_ == LogReader::Found::hole) {
    CAIRN_AWAIT(at_.next_frame, number_backwards());
  } else {
    take_frame(item, status);
  }
  CAIRN_STEPS_END(at_.next_frame);
}

Step LogWalk::next(Item& item, Status& status) {
  CAIRN_STEPS(at_.next)
  status = Status::bad_state;
  if (cursor_.log_ == nullptr) CAIRN_DONE(at_.next);
  do {
    before_ = cursor_;
    delivered_ = false;
    status = Status::ok;
    if (!cursor_.segment_open_) {
      CAIRN_AWAIT(at_.next, open_segment(status));
    } else if (cursor_.batch_end_ != 0) {
      CAIRN_AWAIT(at_.next, next_of_batch(item, status));
    } else {
      CAIRN_AWAIT(at_.next, next_frame(item, status));
    }
    if (window_.failed) {  // what was concluded from a failed read is void
      cursor_ = before_;
      window_.size = 0;
      window_.failed = false;
      status = Status::io;
    }
  } while (!delivered_ && status == Status::ok);
  CAIRN_STEPS_END(at_.next);
}

Status Log::Cursor::open(const Log& log, MutableBytes buffer, uint64_t from) {
  reset(*this);
  if (log.state_ == Log::State::closed) return Status::bad_state;
  if (buffer.data == nullptr || buffer.size < 64) return Status::bad_argument;
  window_.buffer = buffer;
  LogReader reader(log, window_);
  Status status = Status::ok;
  (void)LogWalk(*this, reader, window_).open(log, from, status);
  if (status != Status::ok) reset(*this);
  return status;
}

Status Log::Cursor::next(Item& item) {
  if (log_ == nullptr) return Status::bad_state;
  LogReader reader(*log_, window_);
  Status status = Status::ok;
  (void)LogWalk(*this, reader, window_).next(item, status);
  return status;
}

Result<size_t> Log::read(uint64_t index, MutableBytes out) const {
  if (state_ == State::closed) return Status::bad_state;
  if (index >= size()) return Status::not_found;
  if (index < index_min_) return Status::pruned;
  Cursor cursor;
  CAIRN_TRY(cursor.open(*this, memory_.frame, index));
  for (;;) {
    Cursor::Item item;
    const Status status = cursor.next(item);
    if (status == Status::end) return Status::corrupt;
    if (status != Status::ok && status != Status::full) return status;
    if (item.type != Cursor::Item::Type::leaf) continue;
    if (item.index != index) return Status::corrupt;
    if (status == Status::full || item.leaf.size > out.size) return Status::full;
    copy(out.data, item.leaf.data, item.leaf.size);
    return item.leaf.size;
  }
}

}  // namespace cairn
