// Segments, and where they stand in the ring.
#include "log_reader.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

HeaderState LogReader::header(uint32_t segment, SegmentHeader& out, uint32_t& crc) {
  const uint8_t* p = bytes(segment, 0, header_bytes);
  if (p == nullptr) return HeaderState::invalid;
  const HeaderState state = decode_header(p, out, crc);
  if (state != HeaderState::valid) return state;
  if (out.log_id != log_.options_.log_id) return HeaderState::invalid;
  if (out.segment_bytes != layout_.segment || out.segment_count != segment_count() ||
      out.unit_log2 != log2_ceil(layout_.unit)) {
    return HeaderState::foreign_version;
  }
  const bool here = out.sequence <= sequence_max && place(out.sequence) == segment;
  return here ? HeaderState::valid : HeaderState::invalid;
}

bool LogReader::is_first_frontier(Segment& segment) {
  FrontierFrame content;
  if (segment.frontier.type != FrameType::frontier) return false;
  if (!frontier_frame(segment.index, segment.frontier, content) || content.keep != 0) return false;
  segment.first_leaf = content.size;
  return true;
}

Step LogReader::first_frontier(Segment& segment, bool& found) {
  CAIRN_STEPS(at_.first_frontier)
  CAIRN_AWAIT(at_.first_frontier,
              frame(segment.index, layout_.first_frame(), segment.crc, segment.frontier, found));
  found = found && is_first_frontier(segment);
  CAIRN_STEPS_END(at_.first_frontier);
}

Step LogReader::own_segment(uint32_t segment, Segment& out, bool& found) {
  CAIRN_STEPS(at_.own_segment)
  CAIRN_UNIT(at_.own_segment, *this);
  out.index = segment;
  found = header(segment, out.header, out.crc) == HeaderState::valid;
  if (found) CAIRN_AWAIT(at_.own_segment, first_frontier(out, found));
  CAIRN_STEPS_END(at_.own_segment);
}

bool LogReader::next_promise(uint32_t segment, uint32_t header_crc, Log::Promise& out) {
  for (uint32_t slot = 0; slot < 2; ++slot) {
    Frame next;
    const uint32_t offset = layout_.frames_end() + slot * layout_.next_size();
    if (!frame(segment, offset, header_crc, next) || next.type != FrameType::next) continue;
    const uint8_t* p = bytes(segment, next.payload(), next_bytes);
    if (p == nullptr) continue;
    out.present = true;
    out.index_min = load_le64(p);
    out.nonce = load_le32(p + 8);
    out.erase_count = load_le16(p + 12);
    return true;
  }
  out.present = false;
  return false;
}

SegmentHeader LogReader::promised(const SegmentHeader& predecessor, const Log::Promise& promise,
                                  uint32_t skipped) const {
  SegmentHeader header = predecessor;
  header.sequence = predecessor.sequence + 1 + skipped;
  header.nonce = promise.nonce;
  header.erase_count = promise.erase_count;
  return header;
}

bool LogReader::promised_header(const Segment& predecessor, uint32_t skipped, Segment& out) {
  Log::Promise promise;
  if (predecessor.header.sequence >= sequence_max - skipped) return false;
  if (!next_promise(predecessor.index, predecessor.crc, promise)) return false;
  uint8_t encoded[header_bytes];
  out.header = promised(predecessor.header, promise, skipped);
  out.crc = encode_header(out.header, encoded);
  out.index = place(out.header.sequence);
  return true;
}

Step LogReader::promised_segment(const Segment& predecessor, Segment& out, bool& found) {
  CAIRN_STEPS(at_.promised_segment)
  found = false;
  for (skipped_ = 0; !found && skipped_ <= skip_max && skipped_ + 1 < segment_count(); ++skipped_) {
    CAIRN_UNIT(at_.promised_segment, *this);
    if (!promised_header(predecessor, skipped_, out)) CAIRN_DONE(at_.promised_segment);
    CAIRN_AWAIT(at_.promised_segment, first_frontier(out, found));
  }
  CAIRN_STEPS_END(at_.promised_segment);
}

Step LogReader::live_header(uint32_t sequence, Segment& out, bool& found) {
  CAIRN_STEPS(at_.live_header)
  CAIRN_UNIT(at_.live_header, *this);
  out.index = place(sequence);
  found = header(out.index, out.header, out.crc) == HeaderState::valid &&
          out.header.sequence == sequence;
  if (found) CAIRN_DONE(at_.live_header);
  if (sequence == log_.sequence_) {  // mounting found it by a promise, or wrote it
    out.crc = log_.header_crc_;
    out.header.sequence = sequence;
    found = true;
    CAIRN_DONE(at_.live_header);
  }
  // Back to a header that has not rotted, and forward again by what the NEXT frames promise.
  live_sequence_ = sequence;
  do {
    if (live_sequence_ <= oldest_sequence()) CAIRN_DONE(at_.live_header);
    CAIRN_UNIT(at_.live_header, *this);
    known_.index = place(--live_sequence_);
  } while (header(known_.index, known_.header, known_.crc) != HeaderState::valid ||
           known_.header.sequence != live_sequence_);
  out = known_;
  while (live_sequence_ != sequence) {
    CAIRN_UNIT(at_.live_header, *this);
    const Segment before = out;
    if (!promised_header(before, 0, out)) break;
    ++live_sequence_;
  }
  found = live_sequence_ == sequence;
  if (found) CAIRN_DONE(at_.live_header);
  CAIRN_UNIT(at_.live_header, *this);
  {
    const uint32_t skipped = sequence - known_.header.sequence - 1;
    found = skipped <= skip_max && promised_header(known_, skipped, out);
  }
  if (found) CAIRN_AWAIT(at_.live_header, first_frontier(out, found));
  CAIRN_STEPS_END(at_.live_header);
}

Step LogReader::live_segment(uint32_t sequence, Segment& out, bool& found) {
  CAIRN_STEPS(at_.live_segment)
  CAIRN_AWAIT(at_.live_segment, live_header(sequence, out, found));
  if (found) CAIRN_AWAIT(at_.live_segment, first_frontier(out, found));
  CAIRN_STEPS_END(at_.live_segment);
}

bool LogReader::live_segment(uint32_t sequence, Segment& out) {
  const Unmetered unmetered(*this);
  bool found = false;
  (void)live_segment(sequence, out, found);
  return found;
}

Step LogReader::successor(uint32_t sequence, Segment& out, bool& found) {
  CAIRN_STEPS(at_.successor)
  found = false;
  if (sequence < log_.sequence_) {
    CAIRN_AWAIT(at_.successor, live_segment(sequence + 1, out, found));
    if (found) CAIRN_DONE(at_.successor);
  }
  CAIRN_AWAIT(at_.successor, live_header(sequence, scratch_, found));
  if (!found) CAIRN_DONE(at_.successor);
  scratch_.index = place(sequence);
  found = false;
  for (skipped_ = 1; !found && skipped_ <= skip_max; ++skipped_) {
    CAIRN_UNIT(at_.successor, *this);
    if (log_.sequence_ - sequence <= skipped_ || !promised_header(scratch_, skipped_, out)) {
      CAIRN_DONE(at_.successor);
    }
    CAIRN_AWAIT(at_.successor, first_frontier(out, found));
  }
  CAIRN_STEPS_END(at_.successor);
}

Step LogReader::next_live(uint32_t sequence, Segment& out, bool& found) {
  CAIRN_STEPS(at_.next_live)
  found = false;
  for (next_sequence_ = sequence; !found && next_sequence_ < log_.sequence_;) {
    ++next_sequence_;
    CAIRN_AWAIT(at_.next_live, live_segment(next_sequence_, out, found));
  }
  CAIRN_STEPS_END(at_.next_live);
}

bool LogReader::next_live(uint32_t sequence, Segment& out) {
  const Unmetered unmetered(*this);
  bool found = false;
  (void)next_live(sequence, out, found);
  return found;
}

Step LogReader::retirable(uint32_t skipped, uint64_t& index_min, Status& status) {
  const uint32_t count = segment_count();
  const uint32_t next = log_.sequence_ + 1 + skipped;
  const uint32_t oldest = next - count;
  CAIRN_STEPS(at_.retirable)
  index_min = log_.index_min_;
  status = Status::ok;
  if (next < count) CAIRN_DONE(at_.retirable);  // never used: nothing is retired
  status = Status::full;
  if (!log_.options_.recycle) CAIRN_DONE(at_.retirable);
  CAIRN_AWAIT(at_.retirable, live_segment(oldest, scratch_, held_));
  CAIRN_AWAIT(at_.retirable, next_live(oldest, scratch_, kept_));
  index_min = kept_ ? scratch_.first_leaf : log_.segment_first_;
  status = held_ && index_min > log_.options_.keep_from ? Status::full : Status::ok;
  if (window_.failed) status = Status::io;
  CAIRN_STEPS_END(at_.retirable);
}

// Bisects by the sizes in the first frontiers, passing over segments that cannot be read.
Step LogReader::segment_of(uint64_t size, uint32_t& sequence) {
  CAIRN_STEPS(at_.segment_of)
  bisection_.low = oldest_sequence();
  bisection_.high = log_.sequence_;
  while (bisection_.low < bisection_.high) {
    bisection_.middle = bisection_.low + (bisection_.high - bisection_.low + 1) / 2;
    bisection_.probe = bisection_.middle;
    for (;;) {
      CAIRN_AWAIT(at_.segment_of, live_segment(bisection_.probe, scratch_, bisection_.found));
      if (bisection_.found || bisection_.probe == bisection_.high) break;
      ++bisection_.probe;
    }
    if (bisection_.found && scratch_.first_leaf <= size) {
      bisection_.low = bisection_.probe;
    } else {
      bisection_.high = bisection_.middle - 1;
    }
  }
  sequence = bisection_.low;
  CAIRN_STEPS_END(at_.segment_of);
}

uint32_t LogReader::segment_of(uint64_t size) {
  const Unmetered unmetered(*this);
  uint32_t sequence = 0;
  (void)segment_of(size, sequence);
  return sequence;
}

uint32_t LogReader::oldest_sequence() const {
  const uint32_t count = segment_count();
  const uint32_t given_up = log_.next_announced_ ? 1 + log_.skipped_ : 0;
  const uint32_t behind = log_.sequence_ + 1 + given_up;
  return behind < count ? 0 : behind - count;
}

}  // namespace cairn
