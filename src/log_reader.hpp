// Reading the medium: bytes through a window, headers, frames, and the walk over a segment that
// tells torn tails from holes from damage (rules R1 to R3 and R7 of docs/format.md).
// log_reader.cpp: bytes, frames; log_ring.cpp: segments; log_node.cpp: hashes that stand in frames.
#pragma once

#include "cairn/log.hpp"
#include "log_format.hpp"
#include "stepping.hpp"

namespace cairn {

/// A frame whose check value is right.
struct Frame {
  log_format::FrameType type{};
  bool more = false;    // says nothing of what is in front: the same commit (files), a tile frame
  uint32_t offset = 0;  // of the frame
  uint32_t size = 0;    // of the payload
  uint32_t next = 0;    // offset behind it, padding included

  uint32_t payload() const { return offset + 2; }
  bool is_mark() const {
    return type == log_format::FrameType::gap && size == log_format::mark_bytes;
  }
  bool is_gap() const { return type == log_format::FrameType::gap && !is_mark(); }
};

/// A segment with a valid header and its first frontier.
struct Segment {
  uint32_t index = 0;  // physical
  log_format::SegmentHeader header;
  uint32_t crc = 0;         // of the header
  Frame frontier;           // its first frame
  uint64_t first_leaf = 0;  // size of the tree in front of it
};

/// The payload of a frontier frame without its hashes.
struct FrontierFrame {
  uint64_t size = 0;
  unsigned keep = 0;        // hashes that the frontier frame before it has, too
  unsigned hash_count = 0;  // hashes in the frame
  uint8_t flags = 0;
  uint32_t hashes = 0;  // offset
  uint32_t tail = 0;    // offset of what the flags announce
  uint32_t end = 0;     // offset behind it
};

/// The payload of a gap frame.
struct GapFrame {
  uint32_t hole = 0;  // offset of what it names
  uint64_t size = 0;  // index of the next record
};

/// Functions that return a Step stop when the meter is empty; their last argument is the result.
/// Those of the same name that return it never stop, and take nothing from the meter.
class LogReader {
 public:
  LogReader(const Log& log, LogWindow& window, Meter* meter = nullptr)
      : log_(log), window_(window), layout_(*log.flash_), meter_(meter) {}

  const log_format::Layout& layout() const { return layout_; }
  uint32_t segment_count() const { return log_.flash_->segment_count; }

  /// Takes a unit from the meter. False when there is none.
  bool take() {
    if (meter_ == nullptr) return true;
    if (meter_->left == 0) return false;
    --meter_->left;
    return true;
  }
  bool is_metered() const { return meter_ != nullptr; }
  /// While it lives there is no meter.
  class Unmetered {
   public:
    explicit Unmetered(LogReader& reader) : reader_(reader), meter_(reader.meter_) {
      reader.meter_ = nullptr;
    }
    ~Unmetered() { reader_.meter_ = meter_; }
    Unmetered(const Unmetered&) = delete;
    Unmetered& operator=(const Unmetered&) = delete;

   private:
    LogReader& reader_;
    Meter* meter_;
  };

  /// `size` bytes at (segment, offset), or null when the medium cannot give them. Valid until the
  /// next call. `size` is at most the window's buffer.
  const uint8_t* bytes(uint32_t segment, uint32_t offset, uint32_t size);
  bool is_blank(uint32_t segment, uint32_t offset, uint32_t size);
  Step is_blank(uint32_t segment, uint32_t offset, uint32_t size, bool& blank);
  /// Offset behind the last unit in [offset, end) that is not blank; `offset` when all are.
  Step behind_last_written(uint32_t segment, uint32_t offset, uint32_t end, uint32_t& behind);

  /// The frame at `offset`, if one is there.
  bool frame(uint32_t segment, uint32_t offset, uint32_t header_crc, Frame& out);
  Step frame(uint32_t segment, uint32_t offset, uint32_t header_crc, Frame& out, bool& found);
  bool frontier_frame(uint32_t segment, const Frame& frame, FrontierFrame& out);
  bool gap(uint32_t segment, const Frame& frame, GapFrame& out);
  /// Where the torn write begins that a mark names.
  bool marked(uint32_t segment, const Frame& frame, uint32_t& hole);
  Step read_frontier(uint32_t segment, const FrontierFrame& frame, Frontier& frontier, bool& read);

  /// The segment's own header: this log's, this geometry's, in this place.
  log_format::HeaderState header(uint32_t segment, log_format::SegmentHeader& out, uint32_t& crc);
  /// The segment by its own header.
  Step own_segment(uint32_t segment, Segment& out, bool& found);
  /// The segment as its predecessor's NEXT frame promised it.
  Step promised_segment(const Segment& predecessor, Segment& out, bool& found);
  /// What the header of the live segment with this sequence number says: its own, or that in its
  /// predecessor's promise.
  Step live_header(uint32_t sequence, Segment& out, bool& found);
  /// The same with the first frontier.
  bool live_segment(uint32_t sequence, Segment& out);
  Step live_segment(uint32_t sequence, Segment& out, bool& found);
  /// The segment that was opened behind this one. False when there is none, or it is lost.
  Step successor(uint32_t sequence, Segment& out, bool& found);
  /// The next live segment behind this one; false when there is none.
  bool next_live(uint32_t sequence, Segment& out);
  Step next_live(uint32_t sequence, Segment& out, bool& found);
  /// What the NEXT slots say.
  bool next_promise(uint32_t segment, uint32_t header_crc, Log::Promise& out);
  /// The header that a promise announces for the segment behind `predecessor`, or behind so many
  /// more that cannot be used.
  log_format::SegmentHeader promised(const log_format::SegmentHeader& predecessor,
                                     const Log::Promise& promise, uint32_t skipped) const;

  enum class Found : uint8_t { frame, hole, end };
  /// One step of a walk: the frame at `offset`, or what is wrong there. A hole that is explained is
  /// stepped over; `hole` moves `offset` to the first valid frame behind it.
  Found walk(uint32_t segment, uint32_t header_crc, uint32_t& offset, Frame& out);
  Step walk(uint32_t segment, uint32_t header_crc, uint32_t& offset, Frame& out, Found& found);

  /// The index from which records stay when the next segment, or the one so many behind it, is
  /// given up. full: it must not be.
  Step retirable(uint32_t skipped, uint64_t& index_min, Status& status);
  /// The newest segment with a first frontier whose size is at most `size`, or the oldest.
  uint32_t segment_of(uint64_t size);
  Step segment_of(uint64_t size, uint32_t& sequence);

  /// The hash of the largest subtree that begins with the leaf `first`, is of level `level` at
  /// most, and stands in a frame; `level` becomes its own. False when there is none.
  bool stored_node(uint64_t first, unsigned& level, Digest& out);
  /// The root of a tile from this tile frame.
  bool tile(uint32_t segment, const Frame& frame, uint64_t number, Digest& out);
  /// Up to `count` roots of successive tiles from one tile frame of this segment: those with the
  /// lowest numbers from `from` on. 0 when there are none.
  uint32_t tiles_from(const Segment& segment, uint64_t from, uint32_t count, uint64_t& first,
                      Digest* roots);
  /// The number behind the highest tile below `end` that the segment has a tile frame of; 0: none.
  uint64_t behind_tiles(uint32_t segment, uint32_t header_crc, uint64_t end);
  /// Whether the tile was completed in the newest segment, or the one before it, and neither has a
  /// tile frame of it.
  bool lacks_tile(uint64_t number);
  /// The root of a tile from a tile frame of this segment.
  bool find_tile(const Segment& segment, uint64_t number, Digest& out);
  bool take_digest(uint32_t segment, uint32_t offset, Digest& out);

  /// Oldest segment that holds live records.
  uint32_t oldest_sequence() const;
  uint32_t place(uint32_t sequence) const { return sequence % segment_count(); }

 private:
  bool holds(uint32_t segment, uint32_t offset, uint32_t size) const;
  bool load(uint32_t segment, uint32_t offset, uint32_t size);
  bool piece_has_only(uint32_t segment, uint32_t offset, uint32_t size, uint8_t value);
  Step has_only(uint32_t segment, uint32_t offset, uint32_t size, uint8_t value, bool& only);
  bool last_written(uint32_t segment, uint32_t offset, uint32_t size, uint32_t& behind);
  bool begin_frame(uint32_t segment, uint32_t offset, Frame& out);
  bool end_frame(uint32_t segment, uint32_t offset, uint32_t crc, Frame& out);
  Step first_behind(uint32_t segment, uint32_t header_crc, Frame& out);
  bool is_first_frontier(Segment& segment);
  Step first_frontier(Segment& segment, bool& found);
  bool element(uint32_t segment, const FrontierFrame& frame, unsigned level, uint64_t index,
               Digest& out);
  bool tile_frame(uint32_t segment, const Frame& frame, uint64_t& first, uint64_t& end);
  bool next_tile_frame(uint32_t segment, uint32_t header_crc, uint32_t& offset, Frame& frame);
  bool held_node(unsigned level, uint64_t index, Digest& out);
  bool pruned_node(uint64_t first, unsigned level_max, unsigned& level, Digest& out);
  bool archived_tile(uint64_t number, Digest& out);
  bool promised_header(const Segment& predecessor, uint32_t skipped, Segment& out);

  const Log& log_;
  LogWindow& window_;
  log_format::Layout layout_;
  Meter* meter_;

  // Where each function stopped, and what it had then. None is called while it is stopped.
  struct Places {
    uint16_t has_only, behind_last_written, is_blank, frame, read_frontier, first_behind, walk,
        first_frontier, own_segment, promised_segment, live_header, live_segment, successor,
        next_live, retirable, segment_of;
  };
  Places at_{};
  struct {
    uint32_t offset, left;
  } only_;
  struct {
    uint32_t offset, stop, unit;
    bool blank;
  } written_;
  struct {
    uint32_t offset, left, crc;
  } frame_;
  unsigned hash_;
  struct {
    uint32_t hole, written, offset, first;
    bool valid, acknowledged;
  } walk_;
  uint32_t skipped_;
  uint32_t live_sequence_;
  uint32_t next_sequence_;
  struct {
    uint32_t low, middle, high, probe;
    bool found;
  } bisection_;
  bool held_, kept_;
  Segment known_;    // live_header: the header that has not rotted
  Segment scratch_;  // of successor, retirable, and segment_of
};

/// Walks the leaves of a batch frame's payload: each has its size in front, one or two bytes.
bool next_batch_leaf(LogReader& reader, uint32_t segment, uint32_t& at, uint32_t end,
                     uint32_t& leaf, uint32_t& size);
/// Number of leaves in a frame: 1 for a record, those of a batch, 0 for others.
uint32_t leaf_count(LogReader& reader, uint32_t segment, const Frame& frame);

}  // namespace cairn
