// What is behind the log's end: the tail of the newest segment, and the next one. Reads only.
#include "log_mount.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// A segment that carries a next number and records is the newest one with a rotted frontier:
// not ours to erase.
bool LogMount::next_holds_records(const SegmentHeader& header, uint32_t crc) {
  const uint32_t segment = reader_.place(header.sequence);
  const uint32_t start = reader_.layout().first_frame();
  const uint32_t end = reader_.behind_last_written(segment, start, reader_.layout().frames_end());
  for (uint32_t at = start; at + frame_overhead <= end; at += reader_.layout().unit) {
    Frame frame;
    if (reader_.frame(segment, at, crc, frame) && leaf_count(reader_, segment, frame) != 0) {
      return true;
    }
  }
  return false;
}

// Whether the segment `skipped` behind the next one is the erased spare, with the header that NEXT
// promised.
bool LogMount::is_spare(const Segment& newest, uint32_t skipped) {
  const uint32_t sequence = newest.header.sequence + 1 + skipped;
  const uint32_t place = reader_.place(sequence);
  SegmentHeader header, promised;
  uint8_t encoded[header_bytes];
  uint32_t crc = 0, seed = 0;
  if (log_.promise_.present) {
    promised = reader_.promised(newest.header, log_.promise_, skipped);
    seed = encode_header(promised, encoded);
  }
  const bool valid = reader_.header(place, header, crc) == HeaderState::valid;
  if (valid && header.sequence != sequence) return false;  // as the lap before left it
  if (!valid) {
    if (log_.promise_.present && next_holds_records(promised, seed)) log_.report_.damaged = true;
    return false;
  }
  log_.next_announced_ = true;  // or it would not have this header
  const uint8_t kind = log_.flash_->kind;
  const uint32_t start = reader_.layout().first_frame();
  const bool blank = kind != CAIRN_FLASH_REWRITABLE &&
                     reader_.is_blank(place, start, reader_.layout().segment - start);
  // A torn frontier may be whole one day, and what would then be behind this segment's end is lost.
  if (kind == CAIRN_FLASH_NOR && !blank) log_.leaving_ = true;
  if (!blank && next_holds_records(header, crc)) {
    log_.report_.damaged = true;
    return false;
  }
  if (!log_.promise_.present) return false;
  // The longest write of today counts: the frame memory may have grown.
  promised.in_flight_log2 = static_cast<uint8_t>(log2_ceil(log_.in_flight_bytes_));
  (void)encode_header(promised, encoded);
  const uint8_t* p = reader_.bytes(place, 0, header_bytes);
  return p != nullptr && memcmp(p, encoded, header_bytes) == 0 && kind != CAIRN_FLASH_NOR &&
         (blank || kind == CAIRN_FLASH_REWRITABLE);
}

// What the following segment is: an erased spare, the oldest records, or something that nobody was
// allowed to make of it.
void LogMount::judge_next(const Segment& newest) {
  const uint32_t count = reader_.segment_count();
  const bool first_lap = newest.header.sequence + 1 < count;
  const bool announced = reader_.next_promise(newest.index, newest.crc, log_.promise_);
  log_.promise_.unsure = announced;
  log_.next_announced_ = announced || first_lap;
  for (uint32_t skipped = 0; skipped <= skip_max && skipped + 1 < count; ++skipped) {
    if (is_spare(newest, skipped)) {
      log_.spare_ready_ = true;
      log_.skipped_ = skipped;
      return;
    }
    if (!announced) break;
  }
  if (announced) return find_skipped(newest);
  SegmentHeader header;
  uint32_t crc = 0;
  const uint32_t next = reader_.place(newest.header.sequence + 1);
  if (reader_.header(next, header, crc) == HeaderState::valid) return;
  // What was never used is blank where its header would be. In a file, where a write may land
  // elsewhere, that matters; on other media an erase may have been torn there without NEXT.
  const bool is_file = log_.flash_->kind == CAIRN_FLASH_FILE;
  const bool in_order =
      first_lap ? !is_file || reader_.is_blank(next, 0, header_bytes) : held_nothing(newest);
  if (!in_order) log_.report_.damaged = true;
}

// Whether all records are there that the segment behind it counts.
bool LogMount::is_whole(const Segment& segment, uint64_t end) {
  uint64_t size = segment.first_leaf;
  uint32_t offset = segment.frontier.next;
  for (;;) {
    Frame frame;
    const LogReader::Found found = reader_.walk(segment.index, segment.crc, offset, frame);
    if (found == LogReader::Found::hole) return false;
    if (found == LogReader::Found::end) return size >= end;
    size += leaf_count(reader_, segment.index, frame);
  }
}

// The segment with this number by its own header, with or without a first frontier.
bool LogMount::is_headed(uint32_t sequence) {
  SegmentHeader header;
  uint32_t crc = 0;
  const uint32_t segment = reader_.place(sequence);
  return reader_.header(segment, header, crc) == HeaderState::valid && header.sequence == sequence;
}

// How many segments were passed over behind NEXT. The header that was promised tells. Without one
// the erase of a segment behind those that failed may have been cut: nothing but its state tells.
// What is left in it was given up, and all before it.
void LogMount::find_skipped(const Segment& newest) {
  const uint32_t count = reader_.segment_count();
  const uint32_t next = newest.header.sequence + 1;
  const uint32_t most = skip_max + 2 < count ? skip_max : count - 2;
  if (log_.flash_->kind == CAIRN_FLASH_FILE) return;
  for (uint32_t skipped = 0; skipped <= most; ++skipped) {
    if (!is_headed(next + skipped)) continue;
    log_.skipped_ = skipped;
    return;
  }
  for (uint32_t skipped = next < count ? count - next : 1; skipped <= most; ++skipped) {
    Segment segment;
    uint64_t index_min = 0;
    const uint32_t sequence = next + skipped - count;
    const bool live = reader_.live_segment(sequence, segment);
    if (!live && !is_headed(sequence)) continue;  // passed over the lap before
    if (reader_.retirable(skipped, index_min) != Status::ok) return;
    if (index_min > log_.options_.keep_from) return;
    if (!live || !is_whole(segment, index_min)) log_.skipped_ = skipped;
  }
}

// The index from which records stay since the newest segment was opened: its first frontier says it
// where segments were passed over, else the NEXT frame in front of it.
bool LogMount::opened_from(const Segment& newest, uint64_t& index_min) {
  FrontierFrame content;
  if (!reader_.frontier_frame(newest.index, newest.frontier, content)) return false;
  if ((content.flags & frontier_skipped) != 0) {
    const uint8_t* p = reader_.bytes(newest.index, content.end - 8, 8);
    if (p == nullptr) return false;
    index_min = load_le64(p);
    return true;
  }
  Segment before;
  Log::Promise promise;
  uint32_t sequence = newest.header.sequence;
  for (uint32_t back = 0; back <= skip_max && sequence != 0; ++back) {
    if (!reader_.live_header(--sequence, before)) continue;
    if (!reader_.next_promise(reader_.place(sequence), before.crc, promise)) continue;
    index_min = promise.index_min;
    return true;
  }
  return false;
}

// Whether the segment behind the newest, which is invalid, was passed over the lap before: no
// record that ought to be there is missing.
bool LogMount::held_nothing(const Segment& newest) {
  uint64_t index_min = 0;
  if (!opened_from(newest, index_min)) return false;
  uint32_t sequence = newest.header.sequence + 1 - reader_.segment_count();
  while (++sequence <= newest.header.sequence) {
    Segment segment;
    if (reader_.live_segment(sequence, segment)) return segment.first_leaf == index_min;
  }
  return false;
}

// What was said of the oldest record when a segment was given up last. In the first lap nothing
// was. Behind a NEXT frame segments may have been passed over, but in a file.
bool LogMount::announced_index_min(const Segment& newest, uint64_t& out) {
  uint64_t index_min = log_.promise_.index_min;
  if (log_.promise_.present) {
    if (log_.flash_->kind != CAIRN_FLASH_FILE) return false;
  } else if (newest.header.sequence + 1 >= reader_.segment_count()) {
    if (log_.next_announced_ || !opened_from(newest, index_min)) return false;
  }
  if (index_min > log_.size()) return false;
  out = index_min;
  return true;
}

void LogMount::judge_tail(const Segment& newest) {
  const uint32_t end = reader_.layout().frames_end();
  const uint8_t kind = log_.flash_->kind;
  log_.tail_dirty_ = false;
  if (kind == CAIRN_FLASH_REWRITABLE || log_.end_ >= end) return;
  const uint32_t written = reader_.behind_last_written(newest.index, log_.end_, end);
  log_.report_.torn_bytes = written - log_.end_;
  // In a file, what was found need not have been synced: whoever wrote it may have ended before.
  log_.commit_open_ = kind == CAIRN_FLASH_FILE;
  log_.tail_dirty_ = kind != CAIRN_FLASH_ONCE || written != log_.end_;
}

}  // namespace cairn
