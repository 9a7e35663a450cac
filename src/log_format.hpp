// The bytes of the log on the medium: segment headers and frames. No I/O, no state.
// docs/format.md, "Log".
#pragma once

#include "cairn/flash.hpp"
#include "cairn/log.hpp"
#include "crc32c.hpp"

namespace cairn::log_format {

constexpr uint8_t magic[3] = {'C', 'R', 'N'};
constexpr uint8_t version = 1;
constexpr uint32_t header_bytes = 32;
constexpr uint32_t sequence_max = UINT32_MAX - 1;  // so that one more is a number, too
constexpr uint32_t frame_overhead = 6;             // type and length in front, check value behind
constexpr uint32_t payload_max = 8190;  // 0xFFFF stays impossible as a frame's first two bytes
constexpr uint8_t pad = 0x5A;           // neither erased value

enum class FrameType : uint8_t {
  record = 1,    // one leaf
  frontier = 2,  // size, hashes, perhaps a signature
  gap = 3,       // what lies in front of here is a torn write; on NOR a mark
  next = 4,      // the following segment may be erased
  batch = 5,     // several leaves
  tile = 6,      // roots of tiles
  more = 7,      // several leaves, in the same commit as the frame before
};

constexpr uint32_t gap_bytes = 10;
// On NOR: the distance from where the torn write begins, in steps, less one. No frame is shorter,
// so that marks for two ends of the log never overlap.
constexpr uint32_t mark_bytes = 1;
constexpr uint32_t mark_step_bytes = 64;
constexpr uint32_t next_bytes = 14;
constexpr uint32_t tile_fixed_bytes = 8;  // number of the first tile; its root and further ones
constexpr unsigned tile_level = 8;
constexpr uint64_t tile_leaves = uint64_t{1} << tile_level;

// A frontier frame: size (8), keep (1), flags (1), hashes, and what the flags say.
constexpr uint32_t frontier_fixed_bytes = 10;
constexpr uint8_t frontier_more = 1;      // in the same commit as the frame before
constexpr uint8_t frontier_signed = 2;    // followed by a signature over this size
constexpr uint8_t frontier_old_head = 4;  // followed by an older head: size, root, signature
constexpr uint8_t frontier_skipped = 8;   // then by the index from which records stay
constexpr uint32_t old_head_bytes = 8 + digest_bytes + signature_bytes;
// Segments that are passed over, one behind the other, because the medium fails there.
constexpr uint32_t skip_max = 3;

struct SegmentHeader {
  uint32_t log_id = 0;
  uint32_t nonce = 0;
  uint32_t sequence = 0;
  uint32_t segment_bytes = 0;
  uint32_t segment_count = 0;
  uint16_t erase_count = 0;
  uint8_t unit_log2 = 0;
  uint8_t in_flight_log2 = 0;
};

/// Writes the header; returns its check value, which seeds those of the segment's frames.
uint32_t encode_header(const SegmentHeader& header, uint8_t (&out)[header_bytes]);

enum class HeaderState : uint8_t { valid, foreign_version, invalid };
/// Accepts a header with one flipped bit, which is put right: a segment must not be lost for it.
HeaderState decode_header(const uint8_t* from, SegmentHeader& out, uint32_t& crc);

/// The exponent of the smallest power of two that is not below `value`, which is not 0.
constexpr uint32_t log2_ceil(uint32_t value) {
  return bit_length(value - 1);
}

constexpr uint16_t frame_word(FrameType type, uint32_t payload) {
  return static_cast<uint16_t>(static_cast<uint32_t>(type) << 13 | payload);
}

/// False for a first word that no frame has.
bool decode_frame_word(uint16_t word, FrameType& type, uint32_t& payload);

/// Sizes and places that follow from a geometry.
struct Layout {
  uint32_t unit;
  uint32_t segment;

  explicit Layout(const Flash& flash) : unit(flash.unit_bytes), segment(flash.segment_bytes) {}
  uint32_t up(uint32_t n) const { return (n + unit - 1) & ~(unit - 1); }
  uint32_t frame(uint32_t payload) const { return up(frame_overhead + payload); }
  uint32_t first_frame() const { return up(header_bytes); }
  uint32_t next_size() const { return frame(next_bytes); }
  /// Frames end here; the two NEXT slots follow.
  uint32_t frames_end() const { return segment - 2 * next_size(); }
};

/// Hashes of the frontier of `size` that are also in that of the smaller `before`.
unsigned shared_hashes(uint64_t before, uint64_t size);

}  // namespace cairn::log_format
