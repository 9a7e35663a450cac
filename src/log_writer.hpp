// The only code that programs or erases, in steps. log_program.cpp: frames; log_tail.cpp: a tail
// that was torn (rule R4 of docs/format.md); log_next.cpp: NEXT, erase, header (R5, R6);
// log_segment.cpp: into the next segment, and format (R9); log_write.cpp: leaves and heads;
// log_batch.cpp: many leaves; log_tile.cpp: tile frames.
#pragma once

#include "tree_steps.hpp"

namespace cairn {

constexpr unsigned log_attempts_max = 4;  // of one frame, and of one erase

/// One write operation at a time. Holds no state of its own between operations. Functions that
/// return a Step stop when the meter is empty; the others take nothing from it.
class LogWriter {
 public:
  explicit LogWriter(Log& log, Meter* meter = nullptr)
      : log_(log),
        flash_(*log.flash_),
        reader_(log, window_, meter),
        layout_(*log.flash_),
        tree_(reader_) {
    window_.buffer = log.memory_.frame;
  }

  Status format();
  /// Writes one leaf and adds it to the tree.
  Step stage_one(uint8_t kind, ByteView body, Status& status);
  Status stage(const ByteView* leaves, size_t count);
  Step sync(Status& status);
  /// Writes and syncs a head over the tree as it is, whose root is given.
  Step write_head(const Digest& root, const Signature& signature, Status& status);
  Step prepare_next(Status& status);
  /// Log::room_for() of an open log.
  Step room_for(uint64_t frame_bytes, Status& status);

  LogReader& reader() { return reader_; }
  TreeSteps& tree() { return tree_; }
  /// The frame memory holds something else than before.
  void forget() { window_.size = 0; }

 private:
  using FrameType = log_format::FrameType;
  using SegmentHeader = log_format::SegmentHeader;

  struct Pieces {  // a payload in pieces, so that nothing is copied twice
    ByteView list[4];
    size_t count;
    uint32_t size;
    void clear() { count = size = 0; }
    void add(ByteView piece) {
      list[count++] = piece;
      size += static_cast<uint32_t>(piece.size);
    }
  };

  bool is_file() const { return flash_.kind == CAIRN_FLASH_FILE; }
  void give_up();
  bool program(uint32_t segment, uint32_t offset, const uint8_t* data, uint32_t size);
  uint32_t fill_buffer(FrameType type, const Pieces& payload);
  Step put(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
           const Pieces& payload);
  Step landed(uint32_t segment, uint32_t header_crc, uint32_t offset);

  Step fill(uint32_t segment, uint32_t offset, uint32_t end, uint8_t value);
  Step make_firm(Status& status);
  Step burn_up_to_mark(Status& status);
  Step burn_tail(uint32_t room, Status& status);
  Step pass_over_tail(uint32_t room, Status& status);
  Step clear_tail(Status& status);
  Step repair_tail(uint32_t room, Status& status);
  Step make_room(uint32_t here, uint32_t there, Status& status);
  Step make_room_here(uint32_t here, Status& status);
  Step leave_bad_memory(uint32_t room, Status& status);
  Step write_frame(FrameType type, const Pieces& payload, Status& status);

  size_t pack_group(const ByteView* leaves, size_t count, uint32_t room, uint32_t& bytes);
  size_t pack_frame(const ByteView* leaves, size_t count, uint32_t room, bool more, uint32_t at,
                    uint32_t& bytes);
  Status write_group(const ByteView* leaves, size_t count, size_t& taken);
  bool program_group(uint32_t bytes);
  Status grow_tree(const ByteView* leaves, size_t count);
  Step hash_leaf(ByteView body);
  void head_payload(const Signature& signature);
  Step grow_by_one(Status& status);
  bool completes_tile(size_t count) const {
    return has_tiles() && (log_.size() + count) % log_format::tile_leaves == 0;
  }
  bool starts_commit(size_t leaf_bytes) const;

  SegmentHeader header_of(uint32_t sequence, uint32_t nonce, uint16_t erase_count) const;
  uint32_t new_nonce(uint32_t sequence);
  bool is_free_slot(uint32_t offset, const Log::Promise& promise);
  Step write_next(const Log::Promise& promise, Status& status);
  Step confirm_next(Status& status);
  void make_promise();
  Step announce_next(Status& status);
  Step erase(uint32_t segment, Status& status);
  Step erase_and_head(const SegmentHeader& header, Status& status);
  SegmentHeader spare_header() const;
  bool may_skip_spare();
  Step skip_spare();
  Step head_spare(Status& status);
  void frontier_payload();
  Step open_segment(const SegmentHeader& header, Status& status);
  void move_to(const SegmentHeader& header, uint32_t header_crc);
  Status clear(uint32_t segment);
  Status format_segment(const SegmentHeader& header, bool& opened);
  Step advance(uint32_t room, Status& status);

  struct TileRun {  // hashes of successive tiles, for one frame
    static constexpr uint32_t count_max = 8;
    uint64_t first = 0;
    uint32_t count = 0;
    Digest roots[count_max];
  };
  // Constants in a build without tile frames: nothing then refers to their code.
  bool has_tiles() const { return CAIRN_LOG_TILES != 0 && log_.options_.tiles != LogTiles::none; }
  bool has_archive() const { return has_tiles() && log_.options_.tiles == LogTiles::archive; }
  Status complete_tile(const Digest& leaf);
  Status write_tiles(const TileRun& run, uint32_t room);
  Status write_due_tile(uint32_t room);
  struct Victim {
    Segment segment;
    uint64_t own_first = 0;
    uint64_t own_end = 0;
  };
  bool find_victim(uint32_t skipped, Victim& victim);
  bool next_run(const Victim& victim, uint64_t from, TileRun& run);
  Status archive(uint32_t skipped, uint32_t room);
  // Writes the tile frames that a segment lacks: after moving to it, and after mounting.
  Status complete_tiles(uint32_t room) {
    return has_tiles() ? write_missing_tiles(room) : Status::ok;
  }
  Status write_missing_tiles(uint32_t room);

  Log& log_;
  const Flash& flash_;
  LogWindow window_;
  LogReader reader_;
  log_format::Layout layout_;
  TreeSteps tree_;

  // What functions that can stop have at hand; none is called while it is stopped.
  Pieces record_;   // of the frame that is written for a caller
  Pieces service_;  // of one that the log needs by itself
  uint8_t record_fixed_[log_format::frontier_fixed_bytes];
  uint8_t service_fixed_[log_format::next_bytes];
  uint8_t service_rest_[log_format::old_head_bytes + 8];
  Log::Promise next_;
  uint64_t index_min_;
  uint32_t put_done_, put_crc_;
  uint32_t fill_at_, firm_at_, written_, place_, body_at_;
  uint32_t head_room_;
  Frame landed_;
  FrameType record_type_;
  unsigned frame_attempt_, erase_attempt_, advance_attempt_, slot_;
  Status inner_ = Status::ok;  // of a function whose status is not the caller's
  Status skip_ = Status::ok;
  bool put_ok_, filled_, skipped_ok_, slot_free_[2];
  bool gave_up_ = false;
  struct {
    uint16_t stage_one, sync, write_head, prepare_next, room_for, put, landed, fill, make_firm,
        burn_up_to_mark, burn_tail, pass_over_tail, clear_tail, repair_tail, make_room,
        make_room_here, leave_bad_memory, write_frame, hash_leaf, grow_by_one, write_next,
        confirm_next, announce_next, erase, erase_and_head, skip_spare, head_spare, open_segment,
        advance;
  } at_{};
};

}  // namespace cairn
