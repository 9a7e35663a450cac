// What may be programmed and erased at a given moment, told from the bytes on the medium alone, by
// an own reading of docs/format.md: nothing of the library is used here.
//
// Frames are written behind the end of the newest segment only, NEXT frames in its two slots, a
// header in the next segment when it has just been erased, a first frontier behind the header that
// NEXT promised. A segment is erased when NEXT stands in front of it, or when both slots are
// spoilt.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "support/crc32c.hpp"

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

  /// Null, or what is wrong with programming there now.
  const char* may_program(const uint8_t* memory, uint32_t segment, uint32_t offset, uint32_t size) {
    if (formatting) return nullptr;
    if (!has_log_) return "program where there is no log";
    if (segment == newest_) return may_program_newest(memory, offset, size);
    if (segment != (newest_ + 1) % count_) return "program in a segment that is not in turn";
    if (offset < up(32)) {
      const bool header = offset == 0 && size == up(32) && prepared_ == segment;
      return header ? nullptr : "a header in a segment that was not erased just before";
    }
    if (offset + size > frames_end()) return "a first frontier across the NEXT slots";
    Header header;
    if (!read_header(memory, segment, header) || header.sequence != sequence_ + 1)
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
    if (segment != (newest_ + 1) % count_) return "erase of a segment that is not in turn";
    if (has_next(memory, 0) || has_next(memory, 1)) return nullptr;
    if (!is_spoilt(memory, 0) || !is_spoilt(memory, 1)) return "erase without NEXT on the medium";
    ++spoilt_erases;
    return nullptr;
  }

  void erased(uint32_t segment) { prepared_ = segment; }

  /// Offset of the first NEXT slot: frames end there.
  uint32_t frames_end() const { return segment_ - 2 * next_size(); }

 private:
  static constexpr uint32_t none = UINT32_MAX;

  struct Header {
    uint32_t nonce = 0, sequence = 0, crc = 0;
    uint16_t erases = 0;
  };
  struct Frame {
    uint32_t type = 0, size = 0, next = 0;
    bool more = false;
  };

  static uint32_t le16(const uint8_t* p) { return p[0] | uint32_t{p[1]} << 8; }
  static uint32_t le32(const uint8_t* p) { return le16(p) | le16(p + 2) << 16; }

  uint32_t up(uint32_t n) const { return (n + unit_ - 1) / unit_ * unit_; }
  uint32_t next_size() const { return up(6 + 14); }
  const uint8_t* at(const uint8_t* memory, uint32_t segment, uint32_t offset) const {
    return memory + size_t{segment} * segment_ + offset;
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

  const char* may_program_newest(const uint8_t* memory, uint32_t offset, uint32_t size) const {
    if (offset < frames_end()) {
      if (offset < end_) return "program below the end of the log";
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
  uint32_t prepared_ = none;  // erased since the start, so that a header may follow
  uint32_t tried_slots_ = 0;  // bit per NEXT slot of the newest segment
  uint32_t run_segment_ = 0, run_end_ = 0;
  std::array<uint32_t, 16> starts_{};  // of the program calls that ran on without a gap
  uint32_t next_start_ = 0;
};

}  // namespace fake
