// Finding the log on the medium. Reads only (rules R2, R3, R5, R6 and R8 of docs/format.md).
#include "log_mount.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

Status LogMount::run() {
  const Status status = find_and_walk();
  if (!window_.failed) return status;
  log_.state_ = Log::State::closed;
  return Status::io;
}

Status LogMount::find_and_walk() {
  Segment newest;
  if (!find_newest(newest)) return explain_absence();
  follow_promises(newest);
  log_.segment_ = newest.index;
  log_.sequence_ = newest.header.sequence;
  log_.header_crc_ = newest.crc;
  log_.segment_first_ = newest.first_leaf;
  log_.erase_count_ = newest.header.erase_count;
  const uint32_t announced = 1u << (newest.header.in_flight_log2 & 31);
  if (announced > log_.in_flight_bytes_) log_.in_flight_bytes_ = announced;

  bool damaged = !walk_newest(newest);
  judge_next(newest);
  damaged = damaged || log_.report_.damaged;
  judge_tail(newest);
  log_.tiles_unchecked_ = log_.options_.tiles != LogTiles::none;
  log_.report_.damaged = damaged;
  log_.state_ = damaged ? Log::State::damaged : Log::State::open;
  find_index_min(newest);
  return damaged ? Status::damaged : Status::ok;
}

bool LogMount::sequence_at(uint32_t segment, uint32_t& sequence) {
  ++log_.report_.segments_read;
  Segment found;
  if (!reader_.own_segment(segment, found)) return false;
  sequence = found.header.sequence;
  return true;
}

// Sequence numbers around the ring are a rotated sorted list: k0, k0+1, ..., newest, then those of
// the lap before, or nothing. It begins behind the first segment when that one is out of use.
bool LogMount::find_by_bisection(Segment& newest) {
  uint32_t first = 0;
  const uint32_t begin = sequence_at(0, first) ? 0 : 1;
  if (begin == 1 && !sequence_at(1, first)) return false;
  const uint32_t count = reader_.segment_count();
  uint32_t low = begin, high = count - 1;
  while (low < high) {
    const uint32_t middle = low + (high - low + 1) / 2;
    uint32_t sequence = 0;
    if (sequence_at(middle, sequence) && sequence >= first) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  // A segment that cannot be read misleads the search. So the ring must look as expected on both
  // sides of the answer.
  if (!reader_.own_segment(low, newest)) return false;
  if (newest.header.sequence - first != low - begin) return false;
  if (low + 1 == count) return begin == 0 || is_out_of_use(newest);
  uint32_t after = 0;
  if (begin == 1) return false;
  if (!sequence_at(low + 1, after)) return is_out_of_use(newest);
  return newest.header.sequence >= count && after == newest.header.sequence + 1 - count;
}

// Whether the segment behind the newest was never used, or is an erased spare: what else cannot be
// read there may have been in use.
bool LogMount::is_out_of_use(const Segment& newest) {
  const uint32_t next = reader_.place(newest.header.sequence + 1);
  SegmentHeader header;
  uint32_t crc = 0;
  if (reader_.header(next, header, crc) == HeaderState::valid) {
    const uint32_t size = reader_.layout().frame(frontier_fixed_bytes);
    return header.sequence == newest.header.sequence + 1 &&
           reader_.is_blank(next, reader_.layout().first_frame(), size);
  }
  Log::Promise promise;
  return newest.header.sequence + 1 < reader_.segment_count() &&
         !reader_.next_promise(newest.index, newest.crc, promise);
}

bool LogMount::find_by_reading_all(Segment& newest) {
  bool found = false;
  for (uint32_t i = 0; i < reader_.segment_count(); ++i) {
    Segment segment;
    ++log_.report_.segments_read;
    if (!reader_.own_segment(i, segment)) continue;
    if (!found || segment.header.sequence > newest.header.sequence) newest = segment;
    found = true;
  }
  return found;
}

bool LogMount::find_newest(Segment& newest) {
  Segment next;
  if (!find_by_bisection(newest)) return find_by_reading_all(newest);
  // Bisection does not look past segments that were passed over.
  if (!reader_.promised_segment(newest, next)) return true;
  return next.header.sequence == newest.header.sequence + 1 || find_by_reading_all(newest);
}

// Why there is no log: nothing, or one that this build cannot read.
Status LogMount::explain_absence() {
  for (uint32_t i = 0; i < reader_.segment_count(); ++i) {
    SegmentHeader header;
    uint32_t crc = 0;
    if (reader_.header(i, header, crc) == HeaderState::foreign_version) {
      return Status::wrong_version;
    }
  }
  return Status::not_formatted;
}

// A NEXT frame names every field of the header behind it. When that header, as promised, opens a
// frontier frame, the segment is in use, even if its own header has rotted.
void LogMount::follow_promises(Segment& newest) {
  for (uint32_t i = 0; i < reader_.segment_count(); ++i) {
    Segment next;
    if (!reader_.promised_segment(newest, next)) return;
    newest = next;
  }
}

// Counts and hashes the newest segment's leaves. False when the size of the tree is lost.
bool LogMount::walk_newest(const Segment& newest) {
  Frame last;
  const bool known = walk_up_to(newest, reader_.layout().frames_end(), last);
  if (log_.flash_->kind != CAIRN_FLASH_NOR || !last.is_mark()) return known;
  // With nothing behind it, a mark says that what it names is being programmed flat: the log ends
  // in front of that, even where it reads as a whole frame (R4).
  const uint32_t mark = last.offset;
  uint32_t hole = 0;
  if (!reader_.marked(newest.index, last, hole)) return false;
  if (!walk_up_to(newest, hole, last) || log_.end_ != hole) return false;
  log_.mark_ = log_.unsure_ = mark;
  return true;
}

bool LogMount::walk_up_to(const Segment& newest, uint32_t end, Frame& last) {
  FrontierFrame content;
  log_.has_head_ = false;
  last = newest.frontier;
  bool known = reader_.frontier_frame(newest.index, newest.frontier, content);
  if (known) take_frontier(newest, newest.frontier, known);
  uint32_t offset = newest.frontier.next;
  while (offset < end) {
    Frame frame;
    const LogReader::Found found = reader_.walk(newest.index, newest.crc, offset, frame);
    if (found == LogReader::Found::end) break;
    if (found == LogReader::Found::hole) {
      known = false;
      continue;
    }
    last = frame;
    if (frame.type == FrameType::frontier) {
      take_frontier(newest, frame, known);
    } else if (frame.is_gap()) {
      Gap gap;
      if (!reader_.gap(newest.index, frame, gap) || gap.size != log_.frontier_.size())
        known = false;
    } else if (frame.type != FrameType::tile && frame.type != FrameType::gap && known) {
      known = take_leaves(newest, frame);
    }
  }
  log_.unsure_ = last.offset;
  log_.end_ = offset;
  return known;
}

void LogMount::take_frontier(const Segment& newest, const Frame& frame, bool& known) {
  FrontierFrame content;
  if (!reader_.frontier_frame(newest.index, frame, content)) {
    known = false;
    return;
  }
  const bool first = frame.offset == newest.frontier.offset;
  if (known && !first && content.size != log_.frontier_.size()) {
    known = false;  // records are missing or too many: nothing explains that
    return;
  }
  known = reader_.read_frontier(newest.index, content, log_.frontier_);
  log_.frontier_size_ = content.size;
  if (known) take_head(newest, content);
}

void LogMount::take_head(const Segment& newest, const FrontierFrame& content) {
  SignedHead head;
  uint32_t at = content.tail;
  if ((content.flags & frontier_signed) != 0) {
    head.size = content.size;
    head.root = log_.frontier_.root();
  } else if ((content.flags & frontier_old_head) != 0) {
    const uint8_t* p = reader_.bytes(newest.index, at, 8 + digest_bytes);
    if (p == nullptr) return;
    head.size = load_le64(p);
    for (size_t i = 0; i < digest_bytes; ++i)
      head.root.bytes[i] = p[8 + i];
    at += 8 + static_cast<uint32_t>(digest_bytes);
  } else {
    return;
  }
  const uint8_t* p = reader_.bytes(newest.index, at, signature_bytes);
  if (p == nullptr) return;
  for (size_t i = 0; i < signature_bytes; ++i)
    head.signature.bytes[i] = p[i];
  log_.head_ = head;
  log_.has_head_ = true;
}

bool LogMount::take_leaf(uint32_t segment, uint32_t offset, uint32_t size) {
  // The leaf may be larger than the window: hash it in pieces.
  const uint8_t prefix = 0;
  Sha256 hash;
  hash.update({&prefix, 1});
  const uint32_t step_max = static_cast<uint32_t>(window_.buffer.size);
  while (size != 0) {
    const uint32_t step = size < step_max ? size : step_max;
    const uint8_t* p = reader_.bytes(segment, offset, step);
    if (p == nullptr) return false;
    hash.update({p, step});
    offset += step;
    size -= step;
  }
  return log_.frontier_.append(hash.finish()) == Status::ok;
}

bool LogMount::take_leaves(const Segment& newest, const Frame& frame) {
  if (frame.type == FrameType::record) {
    return take_leaf(newest.index, frame.payload(), frame.size);
  }
  uint32_t at = frame.payload(), leaf = 0, size = 0;
  while (next_batch_leaf(reader_, newest.index, at, frame.payload() + frame.size, leaf, size)) {
    if (!take_leaf(newest.index, leaf, size)) return false;
  }
  return true;
}

void LogMount::find_index_min(const Segment& newest) {
  Segment oldest;
  if (reader_.live_segment(reader_.oldest_sequence(), oldest)) {
    log_.index_min_ = oldest.first_leaf;
    return;
  }
  // Its first frontier has rotted. NEXT tells, or else it is the first record that a walk can
  // number.
  if (announced_index_min(newest, log_.index_min_)) return;
  log_.index_min_ = log_.frontier_.size();
  Log::Cursor cursor;
  Log::Cursor::Item item;
  Status status = cursor.open(log_, window_.buffer);
  while (status == Status::ok || status == Status::full) {
    status = cursor.next(item);
    if (status != Status::ok && status != Status::full) break;
    if (item.type != Log::Cursor::Item::Type::leaf) continue;
    if (item.index < log_.index_min_) log_.index_min_ = item.index;
    break;
  }
  window_.failed = window_.failed || status == Status::io;
}

Status Log::mount(const Flash& flash, const LogMemory& memory, const LogOptions& options,
                  const Platform& platform) {
  CAIRN_TRY(attach(flash, memory, options, platform));
  return LogMount(*this).run();
}

}  // namespace cairn
