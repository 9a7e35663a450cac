// Bytes and frames.
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

bool LogReader::holds(uint32_t segment, uint32_t offset, uint32_t size) const {
  return window_.size != 0 && window_.segment == segment && offset >= window_.offset &&
         offset + size <= window_.offset + window_.size;
}

const uint8_t* LogReader::bytes(uint32_t segment, uint32_t offset, uint32_t size) {
  if (offset > layout_.segment || size > layout_.segment - offset) return nullptr;
  if (size > window_.buffer.size) return nullptr;
  if (!holds(segment, offset, size)) {
    // Read ahead as far as the buffer goes; when a unit there is unreadable, only what was asked.
    const uint32_t room = layout_.segment - offset;
    const uint32_t ahead =
        window_.buffer.size < room ? static_cast<uint32_t>(window_.buffer.size) : room;
    if (!load(segment, offset, ahead) && !load(segment, offset, size)) return nullptr;
  }
  return window_.buffer.data + (offset - window_.offset);
}

bool LogReader::piece_has_only(uint32_t segment, uint32_t offset, uint32_t size, uint8_t value) {
  const uint8_t* p = bytes(segment, offset, size);
  if (p == nullptr) return false;
  for (uint32_t i = 0; i < size; ++i) {
    if (p[i] != value) return false;
  }
  return true;
}

Step LogReader::has_only(uint32_t segment, uint32_t offset, uint32_t size, uint8_t value,
                         bool& only) {
  CAIRN_STEPS(at_.has_only)
  only = true;
  only_.offset = offset;
  only_.left = size;
  while (only && only_.left != 0) {
    CAIRN_UNIT(at_.has_only, *this);
    const uint32_t step_max = static_cast<uint32_t>(window_.buffer.size);
    const uint32_t step = only_.left < step_max ? only_.left : step_max;
    only = piece_has_only(segment, only_.offset, step, value);
    only_.offset += step;
    only_.left -= step;
  }
  CAIRN_STEPS_END(at_.has_only);
}

Step LogReader::is_blank(uint32_t segment, uint32_t offset, uint32_t size, bool& blank) {
  const Flash& flash = *log_.flash_;
  CAIRN_STEPS(at_.is_blank)
  if (flash.blank != nullptr) {
    CAIRN_UNIT(at_.is_blank, *this);
    blank = flash.blank(flash.user, segment, offset, size) == 1;
  } else {
    CAIRN_AWAIT(at_.is_blank, has_only(segment, offset, size, flash.erased, blank));
  }
  CAIRN_STEPS_END(at_.is_blank);
}

bool LogReader::is_blank(uint32_t segment, uint32_t offset, uint32_t size) {
  const Unmetered unmetered(*this);
  bool blank = false;
  (void)is_blank(segment, offset, size, blank);
  return blank;
}

// Whether the last written byte of a block can be told from what one read gives.
bool LogReader::last_written(uint32_t segment, uint32_t offset, uint32_t size, uint32_t& behind) {
  if (log_.flash_->blank != nullptr) return false;
  const uint8_t* const p = bytes(segment, offset, size);
  if (p == nullptr) return false;
  while (size != 0 && p[size - 1] == log_.flash_->erased)
    --size;
  if (size != 0) behind = layout_.up(offset + size);
  return true;
}

// In blocks, so that a long blank rest costs few reads.
Step LogReader::behind_last_written(uint32_t segment, uint32_t offset, uint32_t end,
                                    uint32_t& behind) {
  CAIRN_STEPS(at_.behind_last_written)
  behind = offset;
  for (written_.offset = offset; written_.offset < end; written_.offset = written_.stop) {
    {
      const uint32_t whole = layout_.up(static_cast<uint32_t>(window_.buffer.size));
      const uint32_t block = whole < layout_.unit ? layout_.unit : whole;
      written_.stop = block < end - written_.offset ? written_.offset + block : end;
    }
    CAIRN_AWAIT(at_.behind_last_written, is_blank(segment, written_.offset,
                                                  written_.stop - written_.offset, written_.blank));
    if (written_.blank ||
        last_written(segment, written_.offset, written_.stop - written_.offset, behind))
      continue;
    for (written_.unit = written_.offset; written_.unit < written_.stop;
         written_.unit += layout_.unit) {
      if (!holds(segment, written_.unit, layout_.unit)) {
        CAIRN_UNIT(at_.behind_last_written, *this);
      }
      if (!is_blank(segment, written_.unit, layout_.unit)) behind = written_.unit + layout_.unit;
    }
  }
  CAIRN_STEPS_END(at_.behind_last_written);
}

// Whether a frame may begin at `offset`: its type and size.
bool LogReader::begin_frame(uint32_t segment, uint32_t offset, Frame& out) {
  const uint32_t limit = offset < layout_.frames_end() ? layout_.frames_end() : layout_.segment;
  if (offset + frame_overhead > limit) return false;
  const uint8_t* word = bytes(segment, offset, 2);
  if (word == nullptr) return false;
  if (!decode_frame_word(load_le16(word), out.type, out.size)) return false;
  return out.size <= limit - offset - frame_overhead;
}

// Whether its check value is this one.
bool LogReader::end_frame(uint32_t segment, uint32_t offset, uint32_t crc, Frame& out) {
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

Step LogReader::frame(uint32_t segment, uint32_t offset, uint32_t header_crc, Frame& out,
                      bool& found) {
  CAIRN_STEPS(at_.frame)
  CAIRN_UNIT(at_.frame, *this);
  found = begin_frame(segment, offset, out);
  if (!found) CAIRN_DONE(at_.frame);
  frame_.crc = header_crc + offset;
  frame_.offset = offset;
  for (frame_.left = 2 + out.size; frame_.left != 0;) {
    if (frame_.offset != offset) CAIRN_UNIT(at_.frame, *this);
    const uint32_t step_max = static_cast<uint32_t>(window_.buffer.size);
    const uint32_t step = frame_.left < step_max ? frame_.left : step_max;
    const uint8_t* p = bytes(segment, frame_.offset, step);
    found = p != nullptr;
    if (!found) CAIRN_DONE(at_.frame);
    frame_.crc = crc32c({p, step}, frame_.crc);
    frame_.offset += step;
    frame_.left -= step;
  }
  found = end_frame(segment, offset, frame_.crc, out);
  CAIRN_STEPS_END(at_.frame);
}

bool LogReader::frame(uint32_t segment, uint32_t offset, uint32_t header_crc, Frame& out) {
  const Unmetered unmetered(*this);
  bool found = false;
  (void)frame(segment, offset, header_crc, out, found);
  return found;
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
bool LogReader::gap(uint32_t segment, const Frame& frame, GapFrame& out) {
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
Step LogReader::read_frontier(uint32_t segment, const FrontierFrame& frame, Frontier& frontier,
                              bool& read) {
  CAIRN_STEPS(at_.read_frontier)
  read = frame.keep <= shared_hashes(frontier.size(), frame.size) &&
         frontier.resize(frame.size, frame.keep) == Status::ok;
  for (hash_ = 0; read && hash_ < frame.hash_count; ++hash_) {
    if (hash_ % 2 == 0) CAIRN_UNIT(at_.read_frontier, *this);
    const uint32_t at = frame.hashes + hash_ * static_cast<uint32_t>(digest_bytes);
    Digest hash;
    read = take_digest(segment, at, hash);
    if (read) frontier.set(frame.keep + hash_, hash);
  }
  CAIRN_STEPS_END(at_.read_frontier);
}

// Looks behind a hole for frames. Only a frame that starts a commit proves that what should have
// been there was acknowledged; frames of the same commit may outlive it when a file's writes are
// reordered (R3).
Step LogReader::first_behind(uint32_t segment, uint32_t header_crc, Frame& out) {
  CAIRN_STEPS(at_.first_behind)
  walk_.first = 0;
  walk_.acknowledged = false;
  walk_.offset = walk_.hole + layout_.unit;
  while (!walk_.acknowledged && walk_.offset + frame_overhead <= walk_.written) {
    CAIRN_AWAIT(at_.first_behind, frame(segment, walk_.offset, header_crc, out, walk_.valid));
    if (!walk_.valid) {
      walk_.offset += layout_.unit;
      continue;
    }
    if (walk_.first == 0) walk_.first = walk_.offset;
    if (!out.more) {
      walk_.acknowledged = true;
    }
    walk_.offset = out.next;
  }
  CAIRN_STEPS_END(at_.first_behind);
}

Step LogReader::walk(uint32_t segment, uint32_t header_crc, uint32_t& offset, Frame& out,
                     Found& found) {
  const uint8_t burnt = static_cast<uint8_t>(~log_.flash_->erased);
  CAIRN_STEPS(at_.walk)
  for (;;) {
    found = Found::end;
    if (offset >= layout_.frames_end()) CAIRN_DONE(at_.walk);  // NEXT slots are no frames of it
    CAIRN_AWAIT(at_.walk, frame(segment, offset, header_crc, out, walk_.valid));
    if (walk_.valid) {
      offset = out.next;
      found = Found::frame;
      CAIRN_DONE(at_.walk);
    }
    walk_.hole = offset;
    CAIRN_AWAIT(at_.walk,
                behind_last_written(segment, walk_.hole, layout_.frames_end(), walk_.written));
    CAIRN_AWAIT(at_.walk, first_behind(segment, header_crc, out));
    if (!walk_.acknowledged) CAIRN_DONE(at_.walk);
    offset = walk_.first;
    walk_.valid = false;  // from here on: explained
    if (log_.flash_->kind == CAIRN_FLASH_NOR) {
      CAIRN_AWAIT(at_.walk,
                  has_only(segment, walk_.hole, walk_.first - walk_.hole, burnt, walk_.valid));
    } else if (log_.flash_->kind == CAIRN_FLASH_ONCE && out.is_gap()) {
      GapFrame named;
      walk_.valid = gap(segment, out, named) && named.hole == walk_.hole;
    }
    if (!walk_.valid) {
      found = Found::hole;
      CAIRN_DONE(at_.walk);
    }
  }
  CAIRN_STEPS_END(at_.walk);
}

LogReader::Found LogReader::walk(uint32_t segment, uint32_t header_crc, uint32_t& offset,
                                 Frame& out) {
  const Unmetered unmetered(*this);
  Found found = Found::end;
  (void)walk(segment, header_crc, offset, out, found);
  return found;
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
