// Tile frames: behind the leaf that completes a tile, and the archive of those that are to be
// retired.
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// Adds the leaf that completes a tile to the tree, and the root of the tile to the log.
Status LogWriter::complete_tile(const Digest& leaf) {
  const LogReader::Unmetered unmetered(reader_);
  TileRun run;
  run.first = log_.size() / tile_leaves;
  run.count = 1;
  run.roots[0] = leaf;
  for (unsigned i = 1; i <= tile_level; ++i)
    run.roots[0] = node_hash(log_.frontier_[log_.frontier_.count() - i], run.roots[0]);
  CAIRN_TRY(log_.frontier_.append(leaf));
  log_.tile_due_ = true;
  return write_tiles(run, 0);
}

// Writes a tile frame where it and `room` bytes more have a place: it is never worth a new segment.
// A frame that fails is left out: proofs are built without. io: only when the log was given up.
Status LogWriter::write_tiles(const TileRun& run, uint32_t room) {
  uint8_t fixed[tile_fixed_bytes];
  store_le64(fixed, run.first);
  Pieces payload;
  payload.clear();
  payload.add(fixed);
  payload.add({run.roots[0].bytes, run.count * digest_bytes});
  const uint32_t need = layout_.frame(payload.size) + room;
  const bool newest = run.first + run.count == log_.size() / tile_leaves;
  for (unsigned attempt = 0; attempt < log_attempts_max; ++attempt) {
    if (log_.tail_dirty_) {
      Status repaired = Status::ok;
      (void)repair_tail(need, repaired);
      if (repaired != Status::ok) break;
      log_.tail_dirty_ = false;
    }
    if (log_.end_ + uint64_t{need} > layout_.frames_end()) break;
    (void)put(log_.segment_, log_.header_crc_, log_.end_, FrameType::tile, payload);
    if (put_ok_) {
      log_.end_ += layout_.frame(payload.size);
      log_.tile_due_ = log_.tile_due_ && !newest;
      return Status::ok;
    }
    log_.tail_dirty_ = true;
    if (gave_up_) break;
  }
  return gave_up_ ? Status::io : Status::ok;
}

// The newest whole tile, when a cut or a full segment came between it and its frame.
Status LogWriter::write_due_tile(uint32_t room) {
  if (!log_.tile_due_ || log_.size() < tile_leaves) return Status::ok;
  TileRun run;
  run.first = log_.size() / tile_leaves - 1;
  run.count = 1;
  window_.size = 0;
  const Status status = log_.node(tile_level, run.first, run.roots[0]);
  window_.size = 0;
  return status == Status::ok ? write_tiles(run, room) : Status::ok;
}

// ---- the archive -------------------------------------------------------------------------------

// The segment that is retired next, `skipped` ones being passed over, and the tiles that its own
// leaves completed. Archived ones in it have lower numbers. Where that place holds nothing, because
// it was passed over the lap before, the one behind it will be given up with it.
bool LogWriter::find_victim(uint32_t skipped, Victim& victim) {
  const uint32_t count = flash_.segment_count;
  const uint32_t next = log_.sequence_ + 1;
  if (log_.spare_ready_ || next + skipped < count) return false;
  while (!reader_.live_segment(next + skipped - count, victim.segment)) {
    ++skipped;
    if (window_.failed || skipped > skip_max || skipped + 1 >= count) return false;
  }
  const uint32_t sequence = next + skipped - count;
  Segment behind;
  const bool last = !reader_.next_live(sequence, behind);
  const uint64_t end = last ? log_.segment_first_ : behind.first_leaf;
  victim.own_first = victim.segment.first_leaf / tile_leaves;
  victim.own_end = end / tile_leaves;
  return !window_.failed;
}

// The next roots that the victim knows, from tile `from` on. A tile without a frame is hashed
// again.
bool LogWriter::next_run(const Victim& victim, uint64_t from, TileRun& run) {
  run.count = reader_.tiles_from(victim.segment, from, TileRun::count_max, run.first, run.roots);
  uint64_t own = from > victim.own_first ? from : victim.own_first;
  for (; own < victim.own_end && (run.count == 0 || own < run.first); ++own) {
    Digest root;
    const Status status = log_.node(tile_level, own, root);
    window_.size = 0;
    if (status != Status::ok) continue;
    run.first = own;
    run.count = 1;
    run.roots[0] = root;
  }
  return run.count != 0;
}

// Writes what the next segment is the last to know into this one: all, or as many of the newest as
// a quarter of a segment holds. What a start interrupted goes on; what a segment that is passed
// over brings with it begins anew.
Status LogWriter::archive(uint32_t skipped, uint32_t room) {
  const LogReader::Unmetered unmetered(reader_);
  Victim victim;
  if (!find_victim(skipped, victim)) return Status::ok;
  uint64_t next = 0;
  if (skipped == 0) next = reader_.behind_tiles(log_.segment_, log_.header_crc_, victim.own_end);
  TileRun run;
  uint64_t known = 0;
  for (uint64_t at = next; next_run(victim, at, run); at = run.first + run.count)
    known += run.count;
  const uint64_t most = layout_.segment / 4 / (digest_bytes + frame_overhead);
  uint64_t left_out = known > most ? known - most : 0;
  while (next_run(victim, next, run)) {
    next = run.first + (left_out < run.count ? left_out : run.count);
    if (left_out != 0) {
      left_out -= next - run.first;
      continue;
    }
    CAIRN_TRY(write_tiles(run, room));
    next = run.first + run.count;
  }
  return Status::ok;
}

Status LogWriter::write_missing_tiles(uint32_t room) {
  const LogReader::Unmetered unmetered(reader_);
  const uint64_t tiles = log_.size() / tile_leaves;
  window_.size = 0;
  if (log_.tiles_unchecked_) log_.tile_due_ = tiles != 0 && reader_.lacks_tile(tiles - 1);
  log_.tiles_unchecked_ = false;
  // The due tile comes last: what stands in front of the others says how far the archive has come.
  if (has_archive()) CAIRN_TRY(archive(log_.skipped_, room));
  return write_due_tile(room);
}

}  // namespace cairn
