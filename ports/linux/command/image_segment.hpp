// What one segment of an image holds: frames, and holes between them with what explains them.
// Follows docs/format.md, "Frames" and "Reading".
#pragma once

#include <cairn/log.hpp>
#include <vector>

#include "image_medium.hpp"

namespace command::image {

enum class FrameType : uint8_t { none, record, frontier, gap, next, batch, tile, more };

const char* frame_name(FrameType type);

constexpr uint32_t mark_bytes = 1;

struct Frame {
  FrameType type = FrameType::none;
  uint32_t offset = 0;     ///< of the frame
  uint32_t size = 0;       ///< of the payload
  uint32_t end = 0;        ///< behind the padding
  bool continues = false;  ///< a commit: proves nothing about what is in front of it

  /// Names a torn write that is to be programmed all over: only NOR has it.
  bool is_mark() const { return type == FrameType::gap && size == mark_bytes; }
};

struct Hole {
  enum class Cause : uint8_t { gap, burnt, unexplained };
  uint32_t offset;
  uint32_t size;
  Cause cause;
};

struct Scan {
  std::vector<Frame> frames;
  std::vector<Hole> holes;
  uint32_t end = 0;   ///< behind the last frame
  uint32_t torn = 0;  ///< bytes behind it that are not blank, up to the last one
  bool has_first_frontier = false;
  uint64_t first_leaf = 0;           ///< of the first frontier
  std::optional<Header> promise[2];  ///< what each NEXT slot says of the following segment's header
  uint64_t next_index_min = 0;       ///< of NEXT
  bool has_next() const { return promise[0] || promise[1]; }
  unsigned count(FrameType type) const;
};

/// Layout of a segment.
uint32_t padded(const Medium& medium, uint32_t size);
uint32_t frames_end(const Medium& medium);

/// The frame at `offset`, if one is there.
bool read_frame(const Medium& medium, uint32_t place, uint32_t crc, uint32_t offset, Frame& out);

/// Scans the segment at `place`, whose header has this check value. NEXT slots promise complete
/// headers only when `header` is given.
Scan scan_segment(const Medium& medium, uint32_t place, uint32_t crc,
                  const Header* header = nullptr);

/// True when the whole segment is erased.
bool is_blank(const Medium& medium, uint32_t place);

/// Leaves of a record, batch or more frame.
std::vector<cairn::ByteView> leaves_of(const Medium& medium, uint32_t place, const Frame& frame);

}  // namespace command::image
