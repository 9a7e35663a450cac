// What may be programmed and erased at a given moment, told from the bytes on the medium alone, by
// an own reading of docs/format.md: nothing of the library is used here.
//
// Frames are written behind the end of the newest segment only, NEXT frames in its two slots, a
// header in the next segment when it has just been erased, a first frontier behind the header that
// NEXT promised. A segment is erased when NEXT stands in front of it, or when both slots are
// spoilt. The next segment is that behind the newest, or, where NEXT stands, one up to three
// further when all in between have failed several times. What a mark names, on NOR, may be
// programmed flat as long as nothing stands behind the mark.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "support/crc32c.hpp"
#include "support/fingerprint.hpp"

namespace fake {

class FlashGuard {
 public:
  FlashGuard() = default;
  FlashGuard(uint32_t unit, uint32_t segment, uint32_t count, uint8_t erased, bool is_file = false)
      : unit_(unit), segment_(segment), count_(count), erased_(erased), is_file_(is_file) {}

  bool formatting = false;     ///< everything is allowed
  uint64_t spoilt_erases = 0;  ///< allowed because both slots were spoilt

  bool has_log() const { return has_log_; }
  uint32_t sequence() const { return sequence_; }

  /// Reads the whole medium: after a start.
  void scan(const uint8_t* memory) {
    formatting = has_log_ = false;
    prepared_ = none;
    tried_slots_ = 0;
    starts_.fill(none);
    for (uint32_t i = 0; i < count_; ++i) {
      Header header;
      if (!read_header(memory, i, header) || (has_log_ && header.sequence < sequence_)) continue;
      Frame frame;
      if (!read_frame(memory, i, up(32), header.crc, frame) || frame.type != 2) continue;
      has_log_ = true;
      newest_ = i;
      sequence_ = header.sequence;
      crc_ = header.crc;
    }
    if (has_log_) end_ = find_end(memory);
  }
  /// Equal for guards that have seen alike, of what the medium does not show.
  uint64_t fingerprint() const {
    uint64_t out = 0;
    for (const Failures& failures : failures_)
      out = fingerprint::add(out,
                             failures.sequence * 3ull + (failures.count < 2 ? failures.count : 2));
    return out;
  }

  /// Null, or what is wrong with programming there now.
  const char* may_program(const uint8_t* memory, uint32_t segment, uint32_t offset,
                          const uint8_t* from, uint32_t size) {
    if (formatting) return nullptr;
    if (!has_log_) return "program where there is no log";
    if (segment == newest_) return may_program_newest(memory, offset, from, size);
    if (ahead(segment) > reach) return "program in a segment that is not in turn";
    if (offset < up(32)) {
      const bool header = offset == 0 && size == up(32) && prepared_ == segment;
      return header ? nullptr : "a header in a segment that was not erased just before";
    }
    if (offset + size > frames_end()) return "a first frontier across the NEXT slots";
    Header header;
    if (!read_header(memory, segment, header) || header.sequence != sequence_ + ahead(segment))
      return "frames in a segment without its header";
    return prepared_ == segment || is_promised(memory, header) ? nullptr
                                                               : "an unchecked spare is used";
  }

  void programmed(const uint8_t* memory, uint32_t segment, uint32_t offset, uint32_t size) {
    if (formatting || !has_log_) return;
    if (segment == newest_ && offset >= frames_end()) {
      tried_slots_ |= 1u << (offset >= frames_end() + next_size());
      return;
    }
    if (offset < up(32)) return;
    if (offset != run_end_ || segment != run_segment_) starts_.fill(none);
    run_segment_ = segment;
    run_end_ = offset + size;
    starts_[next_start_++ % starts_.size()] = offset;
    if (segment != newest_) return take_first_frontier(memory, segment);
    for (const uint32_t start : starts_) {
      if (start < end_) continue;
      Frame frame;
      for (uint32_t at = start; at != none && read_frame(memory, newest_, at, crc_, frame);) {
        at = frame.next;
        if (at > end_) end_ = at;
      }
    }
  }

  /// Null, or why this segment may not be erased now.
  const char* may_erase(const uint8_t* memory, uint32_t segment) {
    if (formatting) return nullptr;
    if (!has_log_) return "erase where there is no log";
    if (segment == newest_) return "the newest segment is erased";
    if (!is_in_turn(segment)) return "erase of a segment that is not in turn";
    if (has_next(memory, 0) || has_next(memory, 1)) return nullptr;
    if (ahead(segment) != 1) return "a segment is passed over without NEXT";
    if (!is_spoilt(memory, 0) || !is_spoilt(memory, 1)) return "erase without NEXT on the medium";
    ++spoilt_erases;
    return nullptr;
  }

  void erased(uint32_t segment) { prepared_ = segment; }
  /// An erase or a program call of this segment failed. Cuts do not let it be forgotten.
  void failed(uint32_t segment) {
    if (!has_log_ || ahead(segment) - 1 >= reach) return;
    const uint32_t sequence = sequence_ + ahead(segment);
    Failures& failures = failures_[sequence % reach];
    if (failures.sequence != sequence) failures = {sequence, 0};
    ++failures.count;
  }

  /// Offset of the first NEXT slot: frames end there.
  uint32_t frames_end() const { return segment_ - 2 * next_size(); }
  uint32_t next_size() const { return up(6 + 14); }
  /// Whether NEXT stands in the newest segment.
  bool has_next(const uint8_t* memory) const {
    return has_log_ && (has_next(memory, 0) || has_next(memory, 1));
  }
  /// Whether a tile frame holds the root of this tile.
  bool holds_tile(const uint8_t* memory, uint64_t number) const {
    for (uint32_t i = 0; i < count_; ++i) {
      Header header;
      if (!read_header(memory, i, header)) continue;
      for (uint32_t offset = up(32); offset < frames_end();) {
        Frame frame;
        const bool valid = read_frame(memory, i, offset, header.crc, frame);
        const uint64_t first = valid ? le32(at(memory, i, offset + 2)) : 0;
        if (valid && frame.type == 6 && number >= first && number < first + (frame.size - 8) / 32)
          return true;
        offset = valid ? frame.next : offset + unit_;
      }
    }
    return false;
  }

 private:
  static constexpr uint32_t none = UINT32_MAX;
  static constexpr uint32_t reach = 4;  // the next segment, and three that are passed over

  struct Header {
    uint32_t nonce = 0, sequence = 0, crc = 0;
    uint16_t erases = 0;
  };
  struct Failures {
    uint32_t sequence = 0, count = 0;
  };
  struct Frame {
    uint32_t type = 0, size = 0, next = 0;
    bool more = false;
  };

  static uint32_t le16(const uint8_t* p) { return p[0] | uint32_t{p[1]} << 8; }
  static uint32_t le32(const uint8_t* p) { return le16(p) | le16(p + 2) << 16; }

  uint32_t up(uint32_t n) const { return (n + unit_ - 1) / unit_ * unit_; }
  const uint8_t* at(const uint8_t* memory, uint32_t segment, uint32_t offset) const {
    return memory + size_t{segment} * segment_ + offset;
  }

  // So many segments behind the newest.
  uint32_t ahead(uint32_t segment) const { return (segment + count_ - newest_) % count_; }
  bool is_in_turn(uint32_t segment) const {
    if (ahead(segment) > reach) return false;
    for (uint32_t sequence = sequence_ + 1; sequence < sequence_ + ahead(segment); ++sequence) {
      const Failures& failures = failures_[sequence % reach];
      if (failures.sequence != sequence || failures.count < 2) return false;
    }
    return true;
  }

  bool read_header(const uint8_t* memory, uint32_t segment, Header& out) const {
    const uint8_t* p = at(memory, segment, 0);
    if (std::memcmp(p, "CRN\1", 4) != 0) return false;
    out.crc = test_crc::crc32c(p, 28, 0);
    out.nonce = le32(p + 8);
    out.sequence = le32(p + 12);
    out.erases = uint16_t(le16(p + 24));
    return out.crc == le32(p + 28) && out.sequence % count_ == segment;
  }

  bool read_frame(const uint8_t* memory, uint32_t segment, uint32_t offset, uint32_t seed,
                  Frame& out) const {
    const uint32_t limit = offset < frames_end() ? frames_end() : segment_;
    if (offset + 6 > limit) return false;
    const uint8_t* p = at(memory, segment, offset);
    out.type = le16(p) >> 13;
    out.size = le16(p) & 0x1FFF;
    if (out.type == 0 || out.size > limit - offset - 6) return false;
    if (test_crc::crc32c(p, 2 + out.size, seed + offset) != le32(p + 2 + out.size)) return false;
    out.next = up(offset + 6 + out.size);
    out.more =
        out.type == 7 || (out.type == 6 && is_file_) || (out.type == 2 && (p[2 + 9] & 1) != 0);
    return true;
  }

  // Behind the last frame that shows something was acknowledged: one that goes on with a commit
  // shows nothing behind a hole.
  uint32_t find_end(const uint8_t* memory) const {
    uint32_t end = up(32);
    bool hole = false;
    for (uint32_t offset = end; offset < frames_end();) {
      Frame frame;
      if (!read_frame(memory, newest_, offset, crc_, frame)) {
        hole = true;
        offset += unit_;
        continue;
      }
      hole = hole && frame.more;
      offset = frame.next;
      if (!hole) end = offset;
    }
    return end;
  }

  // Whether this burns what the mark at the log's end names.
  bool is_burning(const uint8_t* memory, uint32_t offset, const uint8_t* from,
                  uint32_t size) const {
    const uint32_t mark = end_ - up(6 + 1);
    Frame frame;
    if (mark < up(32) || !read_frame(memory, newest_, mark, crc_, frame)) return false;
    if (frame.type != 3 || frame.size != 1 || offset + size > mark) return false;
    for (uint32_t i = 0; i < size; ++i)
      if (from[i] != uint8_t(~erased_)) return false;
    return offset + (*at(memory, newest_, mark + 2) + 1u) * 64 >= mark;
  }

  const char* may_program_newest(const uint8_t* memory, uint32_t offset, const uint8_t* from,
                                 uint32_t size) const {
    if (offset < frames_end()) {
      if (offset < end_ && !is_burning(memory, offset, from, size))
        return "program below the end of the log";
      return offset + size <= frames_end() ? nullptr : "a frame across the NEXT slots";
    }
    const uint32_t slot = offset < frames_end() + next_size() ? 0 : 1;
    const uint32_t begin = frames_end() + slot * next_size();
    if (offset + size > begin + next_size()) return "a NEXT frame larger than its slot";
    return has_next(memory, slot) ? "a NEXT frame is overwritten" : nullptr;
  }

  bool has_next(const uint8_t* memory, uint32_t slot) const {
    Frame frame;
    return read_frame(memory, newest_, frames_end() + slot * next_size(), crc_, frame) &&
           frame.type == 4;
  }
  bool is_spoilt(const uint8_t* memory, uint32_t slot) const {
    if ((tried_slots_ >> slot & 1) != 0) return true;
    const uint8_t* p = at(memory, newest_, frames_end() + slot * next_size());
    for (uint32_t i = 0; i < next_size(); ++i)
      if (p[i] != erased_) return true;
    return false;
  }
  bool is_promised(const uint8_t* memory, const Header& header) const {
    for (uint32_t slot = 0; slot < 2; ++slot) {
      const uint8_t* payload = at(memory, newest_, frames_end() + slot * next_size()) + 2;
      if (!has_next(memory, slot)) continue;
      return le32(payload + 8) == header.nonce && le16(payload + 12) == header.erases;
    }
    return false;
  }

  void take_first_frontier(const uint8_t* memory, uint32_t segment) {
    Header header;
    Frame frame;
    if (!read_header(memory, segment, header)) return;
    if (!read_frame(memory, segment, up(32), header.crc, frame) || frame.type != 2) return;
    newest_ = segment;
    sequence_ = header.sequence;
    crc_ = header.crc;
    end_ = frame.next;
    prepared_ = none;
    tried_slots_ = 0;
  }

  uint32_t unit_ = 1, segment_ = 0, count_ = 0;
  uint8_t erased_ = 0xFF;
  bool is_file_ = false;
  bool has_log_ = false;
  uint32_t newest_ = 0, sequence_ = 0, crc_ = 0, end_ = 0;
  uint32_t prepared_ = none;                // erased since the start, so that a header may follow
  std::array<Failures, reach> failures_{};  // of segments that were next
  uint32_t tried_slots_ = 0;                // bit per NEXT slot of the newest segment
  uint32_t run_segment_ = 0, run_end_ = 0;
  std::array<uint32_t, 16> starts_{};  // of the program calls that ran on without a gap
  uint32_t next_start_ = 0;
};

}  // namespace fake
