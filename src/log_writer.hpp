// The only code that programs or erases. log_program.cpp: frames, and a tail that was torn (rule R4
// of docs/format.md); log_segment.cpp: from one segment to the next (R5, R6, R9); log_write.cpp:
// leaves and heads; log_tile.cpp: tile frames.
#pragma once

#include "log_reader.hpp"

namespace cairn {

constexpr unsigned log_attempts_max = 4;  // of one frame, and of one erase

/// One write operation. Holds no state of its own between operations.
class LogWriter {
 public:
  explicit LogWriter(Log& log)
      : log_(log), flash_(*log.flash_), reader_(log, window_), layout_(*log.flash_) {
    window_.buffer = log.memory_.frame;
  }

  Status format();
  Status stage_one(uint8_t kind, ByteView body);
  Status stage(const ByteView* leaves, size_t count);
  Status commit() { return sync(); }
  Status write_head(const Signature& signature);
  Status prepare_next();

 private:
  using FrameType = log_format::FrameType;
  using SegmentHeader = log_format::SegmentHeader;

  struct Pieces {  // a payload in pieces, so that nothing is copied twice
    ByteView list[4];
    size_t count = 0;
    uint32_t size = 0;
    void add(ByteView piece) {
      list[count++] = piece;
      size += static_cast<uint32_t>(piece.size);
    }
  };

  bool is_file() const { return flash_.kind == CAIRN_FLASH_FILE; }
  void give_up();
  bool program(uint32_t segment, uint32_t offset, const uint8_t* data, uint32_t size);
  bool put(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
           const Pieces& payload, uint32_t& next);
  bool put_pieces(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
                  const Pieces& payload);
  bool landed(uint32_t segment, uint32_t header_crc, uint32_t offset);
  Status sync();

  bool fill(uint32_t segment, uint32_t offset, uint32_t end, uint8_t value);
  Status make_firm();
  Status burn_up_to_mark();
  Status burn_tail(uint32_t room);
  Status pass_over_tail(uint32_t room);
  Status clear_tail();
  Status repair_tail(uint32_t room);
  Status make_room(uint32_t here, uint32_t there);
  Status leave_bad_memory(uint32_t room);
  Status write_frame(FrameType type, const Pieces& payload);

  size_t pack_group(const ByteView* leaves, size_t count, uint32_t room, uint32_t& bytes);
  size_t pack_frame(const ByteView* leaves, size_t count, uint32_t room, bool more, uint32_t at,
                    uint32_t& bytes);
  Status write_group(const ByteView* leaves, size_t count, size_t& taken);
  Status grow_tree(const ByteView* leaves, size_t count);
  Status grow_by_one(const Digest& leaf);
  bool completes_tile(size_t count) const {
    return has_tiles() && (log_.size() + count) % log_format::tile_leaves == 0;
  }
  bool starts_commit(size_t leaf_bytes) const;

  SegmentHeader header_of(uint32_t sequence, uint32_t nonce, uint16_t erase_count) const;
  uint32_t new_nonce(uint32_t sequence);
  Status write_next(const Log::Promise& promise);
  Status confirm_next();
  Status announce_next();
  Status erase(uint32_t segment);
  Status erase_and_head(const SegmentHeader& header, uint32_t& header_crc);
  SegmentHeader spare_header() const;
  bool skip_spare();
  void frontier_payload(uint8_t (&fixed)[log_format::frontier_fixed_bytes],
                        uint8_t (&rest)[log_format::old_head_bytes + 8], Pieces& payload);
  Status open_segment(const SegmentHeader& header);
  Status clear(uint32_t segment);
  Status advance(uint32_t room);

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
  bool gave_up_ = false;
};

}  // namespace cairn
