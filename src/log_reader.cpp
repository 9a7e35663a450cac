#include "log_reader.hpp"

#include "mem.hpp"

namespace cairn {

using namespace log_format;

bool LogReader::load(uint32_t segment, uint32_t offset, uint32_t size) {
  const Flash& flash = *log_.flash_;
  window_.size = 0;
  const int status = flash.read(flash.user, segment, offset, window_.buffer.data, size);
  if (status < 0) {
    // Only an uncorrectable error counts as absence (R7): what a driver cannot read just now is
    // still there.
    if (status != static_cast<int>(Status::unreadable)) window_.failed = true;
    return false;
  }
  window_.segment = segment;
  window_.offset = offset;
  window_.size = size;
  return true;
}

const uint8_t* LogReader::bytes(uint32_t segment, uint32_t offset, uint32_t size) {
  if (offset > layout_.segment || size > layout_.segment - offset) return nullptr;
  if (size > window_.buffer.size) return nullptr;
  const bool held = window_.size != 0 && window_.segment == segment && offset >= window_.offset &&
                    offset + size <= window_.offset + window_.size;
  if (!held) {
    // Read ahead as far as the buffer goes; when a unit there is unreadable, only what was asked.
    const uint32_t room = layout_.segment - offset;
    const uint32_t ahead =
        window_.buffer.size < room ? static_cast<uint32_t>(window_.buffer.size) : room;
    if (!load(segment, offset, ahead) && !load(segment, offset, size)) return nullptr;
  }
  return window_.buffer.data + (offset - window_.offset);
}

bool LogReader::has_only(uint32_t segment, uint32_t offset, uint32_t size, uint8_t value) {
  const uint32_t step_max = static_cast<uint32_t>(window_.buffer.size);
  while (size != 0) {
    const uint32_t step = size < step_max ? size : step_max;
    const uint8_t* p = bytes(segment, offset, step);
    if (p == nullptr) return false;
    for (uint32_t i = 0; i < step; ++i) {
      if (p[i] != value) return false;
    }
    offset += step;
    size -= step;
  }
  return true;
}

bool LogReader::is_blank(uint32_t segment, uint32_t offset, uint32_t size) {
  const Flash& flash = *log_.flash_;
  if (flash.blank != nullptr) return flash.blank(flash.user, segment, offset, size) == 1;
  return has_only(segment, offset, size, flash.erased);
}

bool LogReader::is_burnt(uint32_t segment, uint32_t offset, uint32_t size) {
  return has_only(segment, offset, size, static_cast<uint8_t>(~log_.flash_->erased));
}

uint32_t LogReader::behind_last_written(uint32_t segment, uint32_t offset, uint32_t end) {
  // In blocks, so that a long blank rest costs few reads.
  const uint32_t whole = layout_.up(static_cast<uint32_t>(window_.buffer.size));
  const uint32_t block = whole < layout_.unit ? layout_.unit : whole;
  uint32_t last = offset;
  for (uint32_t at = offset; at < end;) {
    const uint32_t stop = block < end - at ? at + block : end;
    if (!is_blank(segment, at, stop - at)) {
      for (uint32_t unit = at; unit < stop; unit += layout_.unit) {
        if (!is_blank(segment, unit, layout_.unit)) last = unit + layout_.unit;
      }
    }
    at = stop;
  }
  return last;
}

bool LogReader::frame(uint32_t segment, uint32_t offset, uint32_t header_crc, Frame& out) {
  const uint32_t limit = offset < layout_.frames_end() ? layout_.frames_end() : layout_.segment;
  if (offset + frame_overhead > limit) return false;
  const uint8_t* word = bytes(segment, offset, 2);
  if (word == nullptr) return false;
  if (!decode_frame_word(load_le16(word), out.type, out.size)) return false;
  if (out.size > limit - offset - frame_overhead) return false;
  uint32_t crc = header_crc + offset;
  const uint32_t step_max = static_cast<uint32_t>(window_.buffer.size);
  for (uint32_t at = offset, left = 2 + out.size; left != 0;) {
    const uint32_t step = left < step_max ? left : step_max;
    const uint8_t* p = bytes(segment, at, step);
    if (p == nullptr) return false;
    crc = crc32c({p, step}, crc);
    at += step;
    left -= step;
  }
  const uint8_t* check = bytes(segment, offset + 2 + out.size, 4);
  if (check == nullptr || load_le32(check) != crc) return false;
  out.offset = offset;
  out.next = layout_.up(offset + frame_overhead + out.size);
  out.more = out.type == FrameType::more ||
             (out.type == FrameType::tile && log_.flash_->kind == CAIRN_FLASH_FILE);
  if (out.type == FrameType::frontier) {
    const uint8_t* flags = bytes(segment, out.payload() + 9, 1);
    out.more = flags != nullptr && (*flags & frontier_more) != 0;
  }
  return true;
}

bool LogReader::frontier_frame(uint32_t segment, const Frame& frame, FrontierFrame& out) {
  const uint8_t* p = bytes(segment, frame.payload(), frontier_fixed_bytes);
  if (p == nullptr) return false;
  out.size = load_le64(p);
  out.keep = p[8];
  out.flags = p[9];
  const unsigned total = count_bits(out.size);
  if (out.keep > total || bit_length(out.size) > Frontier::max_levels) return false;
  out.hash_count = total - out.keep;
  out.hashes = frame.payload() + frontier_fixed_bytes;
  out.tail = out.hashes + out.hash_count * static_cast<uint32_t>(digest_bytes);
  uint32_t size = frontier_fixed_bytes + out.hash_count * static_cast<uint32_t>(digest_bytes);
  if ((out.flags & frontier_signed) != 0) size += signature_bytes;
  if ((out.flags & frontier_old_head) != 0) size += old_head_bytes;
  if ((out.flags & frontier_skipped) != 0) size += 8;
  out.end = frame.payload() + size;
  return size == frame.size;
}

// A gap frame names the last unit in front of it whose number ends in these 16 bits.
bool LogReader::gap(uint32_t segment, const Frame& frame, Gap& out) {
  const uint8_t* p = bytes(segment, frame.payload(), gap_bytes);
  if (p == nullptr) return false;
  const uint32_t unit = frame.offset / layout_.unit;
  const uint32_t back = (unit - load_le16(p)) & 0xFFFF;
  if (back == 0 || back > unit) return false;
  out.hole = (unit - back) * layout_.unit;
  out.size = load_le64(p + 2);
  return true;
}

bool LogReader::marked(uint32_t segment, const Frame& frame, uint32_t& hole) {
  const uint8_t* p = bytes(segment, frame.payload(), mark_bytes);
  const uint32_t distance = p == nullptr ? 0 : (*p + 1) * mark_step_bytes;
  hole = frame.offset - distance;
  return p != nullptr && frame.offset >= layout_.first_frame() + distance;
}

// The kept hashes must be those at the front of `frontier`, which may be at any size from that of
// the frontier frame before this one up to this one's own: they are the same hashes in all of them.
bool LogReader::read_frontier(uint32_t segment, const FrontierFrame& frame, Frontier& frontier) {
  if (frame.keep > shared_hashes(frontier.size(), frame.size)) return false;
  if (frontier.resize(frame.size, frame.keep) != Status::ok) return false;
  for (unsigned i = 0; i < frame.hash_count; ++i) {
    const uint32_t at = frame.hashes + i * static_cast<uint32_t>(digest_bytes);
    const uint8_t* p = bytes(segment, at, digest_bytes);
    if (p == nullptr) return false;
    Digest hash;
    copy(hash.bytes, p, digest_bytes);
    frontier.set(frame.keep + i, hash);
  }
  return true;
}

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

bool LogReader::first_frontier(Segment& segment) {
  FrontierFrame content;
  if (!frame(segment.index, layout_.first_frame(), segment.crc, segment.frontier)) return false;
  if (segment.frontier.type != FrameType::frontier) return false;
  if (!frontier_frame(segment.index, segment.frontier, content) || content.keep != 0) return false;
  segment.first_leaf = content.size;
  return true;
}

bool LogReader::own_segment(uint32_t segment, Segment& out) {
  out.index = segment;
  return header(segment, out.header, out.crc) == HeaderState::valid && first_frontier(out);
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

bool LogReader::promised_segment(const Segment& predecessor, Segment& out) {
  for (uint32_t skipped = 0; skipped <= skip_max && skipped + 1 < segment_count(); ++skipped) {
    if (!promised_header(predecessor, skipped, out)) return false;
    if (first_frontier(out)) return true;
  }
  return false;
}

bool LogReader::live_header(uint32_t sequence, Segment& out) {
  out.index = place(sequence);
  if (header(out.index, out.header, out.crc) == HeaderState::valid &&
      out.header.sequence == sequence) {
    return true;
  }
  if (sequence == log_.sequence_) {  // mounting found it by a promise, or wrote it
    out.crc = log_.header_crc_;
    out.header.sequence = sequence;
    return true;
  }
  // Back to a header that has not rotted, and forward again by what the NEXT frames promise.
  Segment known;
  uint32_t at = sequence;
  do {
    if (at <= oldest_sequence()) return false;
    known.index = place(--at);
  } while (header(known.index, known.header, known.crc) != HeaderState::valid ||
           known.header.sequence != at);
  const uint32_t skipped = sequence - at - 1;
  Segment step = known;
  while (at != sequence) {
    const Segment before = step;
    if (!promised_header(before, 0, step)) break;
    ++at;
  }
  out = step;
  if (at == sequence) return true;
  return skipped <= skip_max && promised_header(known, skipped, out) && first_frontier(out);
}

bool LogReader::live_segment(uint32_t sequence, Segment& out) {
  return live_header(sequence, out) && first_frontier(out);
}

bool LogReader::successor(uint32_t sequence, Segment& out) {
  if (sequence < log_.sequence_ && live_segment(sequence + 1, out)) return true;
  Segment self;
  if (!live_header(sequence, self)) return false;
  self.index = place(sequence);
  for (uint32_t skipped = 1; skipped <= skip_max; ++skipped) {
    if (log_.sequence_ - sequence <= skipped || !promised_header(self, skipped, out)) return false;
    if (first_frontier(out)) return true;
  }
  return false;
}

bool LogReader::next_live(uint32_t sequence, Segment& out) {
  while (sequence++ < log_.sequence_) {
    if (live_segment(sequence, out)) return true;
  }
  return false;
}

Status LogReader::retirable(uint32_t skipped, uint64_t& index_min) {
  const uint32_t count = segment_count();
  const uint32_t next = log_.sequence_ + 1 + skipped;
  index_min = log_.index_min_;
  if (next < count) return Status::ok;  // never used: nothing is retired
  if (!log_.options_.recycle) return Status::full;
  const uint32_t oldest = next - count;
  Segment segment;
  const bool held = live_segment(oldest, segment);
  Segment kept;
  index_min = next_live(oldest, kept) ? kept.first_leaf : log_.segment_first_;
  if (window_.failed) return Status::io;
  return held && index_min > log_.options_.keep_from ? Status::full : Status::ok;
}

// Bisects by the sizes in the first frontiers, passing over segments that cannot be read.
uint32_t LogReader::segment_of(uint64_t size) {
  uint32_t low = oldest_sequence(), high = log_.sequence_;
  while (low < high) {
    const uint32_t middle = low + (high - low + 1) / 2;
    uint32_t probe = middle;
    Segment segment;
    while (probe <= high && !live_segment(probe, segment))
      ++probe;
    if (probe <= high && segment.first_leaf <= size) {
      low = probe;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

uint32_t LogReader::oldest_sequence() const {
  const uint32_t count = segment_count();
  const uint32_t given_up = log_.next_announced_ ? 1 + log_.skipped_ : 0;
  const uint32_t behind = log_.sequence_ + 1 + given_up;
  return behind < count ? 0 : behind - count;
}

LogReader::Found LogReader::walk(uint32_t segment, uint32_t header_crc, uint32_t& offset,
                                 Frame& out) {
  for (;;) {
    if (offset >= layout_.frames_end()) return Found::end;  // the NEXT slots are no frames of it
    if (frame(segment, offset, header_crc, out)) {
      offset = out.next;
      return Found::frame;
    }
    // Nothing valid here. Only a frame that starts a commit proves that what should have been here
    // was acknowledged; frames of the same commit may outlive it when a file's writes are
    // reordered (R3).
    const uint32_t hole = offset;
    const uint32_t written = behind_last_written(segment, hole, layout_.frames_end());
    uint32_t first = 0;
    bool acknowledged = false;
    for (uint32_t at = hole + layout_.unit; at + frame_overhead <= written;) {
      if (!frame(segment, at, header_crc, out)) {
        at += layout_.unit;
        continue;
      }
      if (first == 0) first = at;
      if (!out.more) {
        acknowledged = true;
        break;
      }
      at = out.next;
    }
    if (!acknowledged) return Found::end;
    offset = first;
    bool explained = false;
    if (log_.flash_->kind == CAIRN_FLASH_NOR) {
      explained = is_burnt(segment, hole, first - hole);
    } else if (log_.flash_->kind == CAIRN_FLASH_ONCE && out.is_gap()) {
      Gap named;
      explained = gap(segment, out, named) && named.hole == hole;
    }
    if (!explained) return Found::hole;
  }
}

bool next_batch_leaf(LogReader& reader, uint32_t segment, uint32_t& at, uint32_t end,
                     uint32_t& leaf, uint32_t& size) {
  if (at >= end) return false;
  const uint8_t* p = reader.bytes(segment, at, end - at < 2 ? 1 : 2);
  if (p == nullptr) return false;
  size = p[0];
  leaf = at + 1;
  if ((size & 0x80) != 0) {
    if (end - at < 2) return false;
    size = (size & 0x7F) | static_cast<uint32_t>(p[1]) << 7;
    leaf = at + 2;
  }
  if (size > end - leaf) return false;
  at = leaf + size;
  return true;
}

uint32_t leaf_count(LogReader& reader, uint32_t segment, const Frame& frame) {
  if (frame.type == FrameType::record) return 1;
  if (frame.type != FrameType::batch && frame.type != FrameType::more) return 0;
  uint32_t count = 0, leaf = 0, size = 0;
  uint32_t at = frame.payload();
  while (next_batch_leaf(reader, segment, at, frame.payload() + frame.size, leaf, size))
    ++count;
  return count;
}

}  // namespace cairn
