// Reading records back: the cursor, and one record.
// Numbering follows rule R8 of docs/format.md.
#include "log_reader.hpp"
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

Status Log::Cursor::open(const Log& log, MutableBytes buffer, uint64_t from) {
  reset(*this);
  if (log.state_ == Log::State::closed) return Status::bad_state;
  if (buffer.data == nullptr || buffer.size < 64) return Status::bad_argument;
  log_ = &log;
  window_.buffer = buffer;
  from_ = from;
  sequence_ = LogReader(log, window_).segment_of(from);
  if (!window_.failed) return Status::ok;
  reset(*this);
  return Status::io;
}

Status Log::Cursor::open_segment() {
  LogReader reader(*log_, window_);
  index_known_ = false;
  batch_end_ = 0;
  for (; sequence_ <= log_->sequence_; ++sequence_) {
    Segment segment, next;
    if (!reader.live_header(sequence_, segment)) continue;
    header_crc_ = segment.crc;
    // Without the first frontier the walk begins with a hole.
    index_known_ = reader.live_segment(sequence_, segment);
    offset_ = index_known_ ? segment.frontier.next : reader.layout().first_frame();
    index_ = segment.first_leaf;
    // Records that the next segment begins anew were never acknowledged here.
    index_end_ = reader.successor(sequence_, next) ? next.first_leaf : UINT64_MAX;
    segment_open_ = true;
    return Status::ok;
  }
  return Status::end;
}

// Behind a hole the index of a leaf is that of the next anchor (a frontier, a gap frame, the next
// segment) less the leaves in between.
bool Log::Cursor::number_backwards() {
  LogReader reader(*log_, window_);
  const uint32_t segment = reader.place(sequence_);
  uint64_t leaves = 0;
  uint32_t at = offset_;
  for (;;) {
    Frame frame;
    const LogReader::Found found = reader.walk(segment, header_crc_, at, frame);
    if (found == LogReader::Found::hole) return false;  // number again behind that one
    if (found == LogReader::Found::end) break;
    uint64_t anchor = 0;
    if (frame.type == FrameType::frontier || frame.is_gap()) {
      const uint32_t field = frame.payload() + (frame.is_gap() ? 2 : 0);
      const uint8_t* p = reader.bytes(segment, field, 8);
      if (p == nullptr) return false;
      anchor = load_le64(p);
      if (anchor < leaves) return false;
      index_ = anchor - leaves;
      return true;
    }
    leaves += leaf_count(reader, segment, frame);
  }
  Segment next;
  if (!reader.successor(sequence_, next)) return false;
  const bool is_file = log_->flash_->kind == CAIRN_FLASH_FILE;
  if (next.first_leaf < leaves || (is_file && may_lack_end(reader, at, next))) return false;
  index_ = next.first_leaf - leaves;
  return true;
}

// Hands out the leaf at `offset`, unless it lies before the start or has no number.
bool Log::Cursor::deliver(Item& item, uint32_t offset, uint32_t size, Status& status) {
  if (!index_known_) return false;
  const uint64_t index = index_++;
  if (index < from_ || index >= index_end_) return false;
  LogReader reader(*log_, window_);
  const uint8_t* p = reader.bytes(reader.place(sequence_), offset, size);
  item.type = Item::Type::leaf;
  item.index = index;
  item.leaf = {p, size};
  if (p == nullptr && size <= window_.buffer.size) return false;  // unreadable: shows as a jump
  status = p == nullptr ? Status::full : Status::ok;
  return true;
}

Status Log::Cursor::next_of_batch(Item& item, bool& found) {
  LogReader reader(*log_, window_);
  uint32_t leaf = 0, size = 0;
  Status status = Status::ok;
  while (next_batch_leaf(reader, reader.place(sequence_), batch_at_, batch_end_, leaf, size)) {
    found = deliver(item, leaf, size, status);
    if (found) return status;
  }
  batch_end_ = 0;
  return Status::ok;
}

Status Log::Cursor::next_frame(Item& item, bool& found) {
  LogReader reader(*log_, window_);
  const uint32_t segment = reader.place(sequence_);
  Frame frame;
  // Behind the log's end there may be what a failing write has left.
  const uint32_t limit = sequence_ == log_->sequence_ ? log_->end_ : UINT32_MAX;
  LogReader::Found step = LogReader::Found::end;
  if (offset_ < limit) step = reader.walk(segment, header_crc_, offset_, frame);
  if (step == LogReader::Found::frame && frame.offset >= limit) step = LogReader::Found::end;
  switch (step) {
    case LogReader::Found::end:
      segment_open_ = false;
      ++sequence_;
      return Status::ok;
    case LogReader::Found::hole:
      index_known_ = number_backwards();
      return Status::ok;
    case LogReader::Found::frame:
      break;
  }
  Status status = Status::ok;
  if (frame.type == FrameType::record) {
    found = deliver(item, frame.payload(), frame.size, status);
  } else if (frame.type == FrameType::batch || frame.type == FrameType::more) {
    batch_at_ = frame.payload();
    batch_end_ = frame.payload() + frame.size;
  } else if (frame.is_gap()) {
    Gap gap;
    index_known_ = reader.gap(segment, frame, gap);
    if (index_known_) index_ = gap.size;
  } else if (frame.type == FrameType::frontier) {
    FrontierFrame content;
    if (!reader.frontier_frame(segment, frame, content)) return Status::ok;
    index_ = content.size;
    index_known_ = true;
    if ((content.flags & frontier_signed) == 0 || content.size < from_) return Status::ok;
    const uint8_t* p = reader.bytes(segment, content.tail, signature_bytes);
    if (p == nullptr) return Status::ok;
    item.type = Item::Type::head;
    item.size = content.size;
    copy(item.signature.bytes, p, signature_bytes);
    found = true;
  }
  return status;
}

Status Log::Cursor::next(Item& item) {
  if (log_ == nullptr) return Status::bad_state;
  for (;;) {
    const Cursor before = *this;
    bool found = false;
    const Status status = !segment_open_    ? open_segment()
                          : batch_end_ != 0 ? next_of_batch(item, found)
                                            : next_frame(item, found);
    if (window_.failed) {  // what was concluded from a failed read is void
      *this = before;
      window_.size = 0;
      window_.failed = false;
      return Status::io;
    }
    if (found || status != Status::ok) return status;
  }
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
