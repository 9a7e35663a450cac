// What is behind the log's end: the tail of the newest segment, and the next one. Reads only.
#include "log_mount.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// A segment that carries a next number and records (`held_`) is the newest one with a rotted
// frontier: not ours to erase.
Step LogMount::next_holds_records(const SegmentHeader& header, uint32_t crc) {
  const uint32_t segment = reader_.place(header.sequence);
  const uint32_t start = reader_.layout().first_frame();
  CAIRN_STEPS(at_.holds_records)
  CAIRN_AWAIT(at_.holds_records,
              reader_.behind_last_written(segment, start, reader_.layout().frames_end(), behind_));
  held_ = false;
  for (offset_ = start; !held_ && offset_ + frame_overhead <= behind_;
       offset_ += reader_.layout().unit) {
    CAIRN_AWAIT(at_.holds_records, reader_.frame(segment, offset_, crc, frame_, held_));
    held_ = held_ && leaf_count(reader_, segment, frame_) != 0;
  }
  CAIRN_STEPS_END(at_.holds_records);
}

// Whether the header that was read is the one that NEXT promised.
bool LogMount::is_promised_header() {
  // The longest write of today counts: the frame memory may have grown.
  promised_.in_flight_log2 = static_cast<uint8_t>(log2_ceil(log_.in_flight_bytes_));
  uint8_t encoded[header_bytes];
  (void)encode_header(promised_, encoded);
  const uint8_t* p = reader_.bytes(reader_.place(promised_.sequence), 0, header_bytes);
  return p != nullptr && memcmp(p, encoded, header_bytes) == 0;
}

// Whether (`spare_`) the segment `skipped_` behind the next one is the erased spare, with the
// header that NEXT promised.
Step LogMount::is_spare() {
  const uint32_t sequence = newest_.header.sequence + 1 + skipped_;
  const uint32_t place = reader_.place(sequence);
  const uint32_t start = reader_.layout().first_frame();
  const uint8_t kind = log_.flash_->kind;
  CAIRN_STEPS(at_.is_spare)
  CAIRN_UNIT(at_.is_spare, reader_);
  spare_ = false;
  if (log_.promise_.present) {
    uint8_t encoded[header_bytes];
    promised_ = reader_.promised(newest_.header, log_.promise_, skipped_);
    seed_ = encode_header(promised_, encoded);
  }
  if (reader_.header(place, header_, crc_) != HeaderState::valid) {
    if (log_.promise_.present) {
      CAIRN_AWAIT(at_.is_spare, next_holds_records(promised_, seed_));
      if (held_) log_.report_.damaged = true;
    }
    CAIRN_DONE(at_.is_spare);
  }
  if (header_.sequence != sequence) CAIRN_DONE(at_.is_spare);  // as the lap before left it
  log_.next_announced_ = true;                                 // or it would not have this header
  blank_ = false;
  if (kind != CAIRN_FLASH_REWRITABLE) {
    CAIRN_AWAIT(at_.is_spare,
                reader_.is_blank(place, start, reader_.layout().segment - start, blank_));
  }
  // A torn frontier may be whole one day, and what would then be behind this segment's end is lost.
  if (kind == CAIRN_FLASH_NOR && !blank_) log_.leaving_ = true;
  if (!blank_) {
    CAIRN_AWAIT(at_.is_spare, next_holds_records(header_, crc_));
    if (held_) log_.report_.damaged = true;
    if (held_) CAIRN_DONE(at_.is_spare);
  }
  if (!log_.promise_.present) CAIRN_DONE(at_.is_spare);
  CAIRN_UNIT(at_.is_spare, reader_);
  spare_ =
      is_promised_header() && kind != CAIRN_FLASH_NOR && (blank_ || kind == CAIRN_FLASH_REWRITABLE);
  CAIRN_STEPS_END(at_.is_spare);
}

// `named_`: whether NEXT speaks of the segment that follows.
Step LogMount::find_spare() {
  CAIRN_STEPS(at_.find_spare)
  CAIRN_UNIT(at_.find_spare, reader_);
  named_ = reader_.next_promise(newest_.index, newest_.crc, log_.promise_);
  log_.promise_.unsure = named_;
  log_.next_announced_ = named_ || newest_.header.sequence + 1 < reader_.segment_count();
  for (skipped_ = 0; skipped_ <= skip_max && skipped_ + 1 < reader_.segment_count(); ++skipped_) {
    CAIRN_AWAIT(at_.find_spare, is_spare());
    if (spare_ || !named_) break;
  }
  log_.spare_ready_ = spare_;
  if (spare_) log_.skipped_ = skipped_;
  CAIRN_STEPS_END(at_.find_spare);
}

// What the following segment is: an erased spare, the oldest records, or something that nobody was
// allowed to make of it.
Step LogMount::judge_next() {
  CAIRN_STEPS(at_.judge_next)
  CAIRN_AWAIT(at_.judge_next, find_spare());
  if (spare_) CAIRN_DONE(at_.judge_next);
  if (named_) {
    CAIRN_AWAIT(at_.judge_next, find_skipped());
  } else {
    CAIRN_AWAIT(at_.judge_next, judge_unannounced());
  }
  CAIRN_STEPS_END(at_.judge_next);
}

Step LogMount::judge_unannounced() {
  const bool first_lap = newest_.header.sequence + 1 < reader_.segment_count();
  const uint32_t next = reader_.place(newest_.header.sequence + 1);
  CAIRN_STEPS(at_.unannounced)
  CAIRN_UNIT(at_.unannounced, reader_);
  if (reader_.header(next, header_, crc_) == HeaderState::valid) CAIRN_DONE(at_.unannounced);
  // What was never used is blank where its header would be. In a file, where a write may land
  // elsewhere, that matters; on other media an erase may have been torn there without NEXT.
  if (first_lap) {
    held_ = log_.flash_->kind != CAIRN_FLASH_FILE || reader_.is_blank(next, 0, header_bytes);
  } else {
    CAIRN_AWAIT(at_.unannounced, held_nothing());
  }
  if (!held_) log_.report_.damaged = true;
  CAIRN_STEPS_END(at_.unannounced);
}

// Whether (`held_`) all records are in `probe_` that the segment behind it counts: up to
// `index_min_`.
Step LogMount::is_whole() {
  CAIRN_STEPS(at_.is_whole)
  size_ = probe_.first_leaf;
  offset_ = probe_.frontier.next;
  held_ = false;
  for (;;) {
    CAIRN_AWAIT(at_.is_whole, reader_.walk(probe_.index, probe_.crc, offset_, frame_, kind_));
    if (kind_ != LogReader::Found::frame) break;
    size_ += leaf_count(reader_, probe_.index, frame_);
  }
  held_ = kind_ == LogReader::Found::end && size_ >= index_min_;
  CAIRN_STEPS_END(at_.is_whole);
}

// The segment with this number by its own header, with or without a first frontier.
bool LogMount::is_headed(uint32_t sequence) {
  const uint32_t segment = reader_.place(sequence);
  return reader_.header(segment, header_, crc_) == HeaderState::valid &&
         header_.sequence == sequence;
}

// How many segments were passed over behind NEXT. The header that was promised tells.
Step LogMount::find_skipped() {
  const uint32_t count = reader_.segment_count();
  const uint32_t next = newest_.header.sequence + 1;
  CAIRN_STEPS(at_.find_skipped)
  high_ = skip_max + 2 < count ? skip_max : count - 2;
  if (log_.flash_->kind == CAIRN_FLASH_FILE) CAIRN_DONE(at_.find_skipped);
  for (skipped_ = 0; skipped_ <= high_; ++skipped_) {
    CAIRN_UNIT(at_.find_skipped, reader_);
    if (!is_headed(next + skipped_)) continue;
    log_.skipped_ = skipped_;
    CAIRN_DONE(at_.find_skipped);
  }
  CAIRN_AWAIT(at_.find_skipped, find_unfinished_erase());
  CAIRN_STEPS_END(at_.find_skipped);
}

// Without such a header the erase of a segment behind those that failed may have been cut: nothing
// but its state tells. What is left in it was given up, and all before it.
Step LogMount::find_unfinished_erase() {
  const uint32_t count = reader_.segment_count();
  const uint32_t next = newest_.header.sequence + 1;
  CAIRN_STEPS(at_.unfinished)
  for (skipped_ = next < count ? count - next : 1; skipped_ <= high_; ++skipped_) {
    CAIRN_AWAIT(at_.unfinished, reader_.live_segment(next + skipped_ - count, probe_, found_));
    CAIRN_UNIT(at_.unfinished, reader_);
    if (!found_ && !is_headed(next + skipped_ - count)) continue;  // passed over the lap before
    CAIRN_AWAIT(at_.unfinished, reader_.retirable(skipped_, index_min_, status_));
    if (status_ != Status::ok || index_min_ > log_.options_.keep_from) CAIRN_DONE(at_.unfinished);
    held_ = false;
    if (found_) CAIRN_AWAIT(at_.unfinished, is_whole());
    if (!held_) log_.skipped_ = skipped_;
  }
  CAIRN_STEPS_END(at_.unfinished);
}

// Whether the newest segment's first frontier says from which index records stay, since segments
// were passed over.
bool LogMount::said_in_frontier(bool& readable) {
  FrontierFrame content;
  readable = reader_.frontier_frame(newest_.index, newest_.frontier, content);
  if (!readable || (content.flags & frontier_skipped) == 0) return false;
  const uint8_t* p = reader_.bytes(newest_.index, content.end - 8, 8);
  readable = p != nullptr;
  if (readable) index_min_ = load_le64(p);
  return readable;
}

// The index from which records stay since the newest segment was opened (`named_`): its first
// frontier says it where segments were passed over, else the NEXT frame in front of it.
Step LogMount::opened_from() {
  CAIRN_STEPS(at_.opened_from)
  CAIRN_UNIT(at_.opened_from, reader_);
  named_ = said_in_frontier(held_);
  if (named_ || !held_) CAIRN_DONE(at_.opened_from);
  sequence_ = newest_.header.sequence;
  for (back_ = 0; back_ <= skip_max && sequence_ != 0; ++back_) {
    --sequence_;
    CAIRN_AWAIT(at_.opened_from, reader_.live_header(sequence_, probe_, held_));
    if (!held_) continue;
    CAIRN_UNIT(at_.opened_from, reader_);
    Log::Promise promise;
    if (!reader_.next_promise(reader_.place(sequence_), probe_.crc, promise)) continue;
    index_min_ = promise.index_min;
    named_ = true;
    break;
  }
  CAIRN_STEPS_END(at_.opened_from);
}

// Whether (`held_`) the segment behind the newest, which is invalid, was passed over the lap
// before: no record that ought to be there is missing.
Step LogMount::held_nothing() {
  CAIRN_STEPS(at_.held_nothing)
  CAIRN_AWAIT(at_.held_nothing, opened_from());
  held_ = false;
  if (!named_) CAIRN_DONE(at_.held_nothing);
  sequence_ = newest_.header.sequence + 1 - reader_.segment_count();
  while (!held_ && ++sequence_ <= newest_.header.sequence) {
    CAIRN_AWAIT(at_.held_nothing, reader_.live_segment(sequence_, probe_, held_));
  }
  held_ = held_ && probe_.first_leaf == index_min_;
  CAIRN_STEPS_END(at_.held_nothing);
}

// What was said of the oldest record when a segment was given up last (`named_`). In the first lap
// nothing was. Behind a NEXT frame segments may have been passed over, but in a file.
Step LogMount::announced_index_min() {
  CAIRN_STEPS(at_.announced)
  index_min_ = log_.promise_.index_min;
  named_ = false;
  if (log_.promise_.present) {
    if (log_.flash_->kind != CAIRN_FLASH_FILE) CAIRN_DONE(at_.announced);
  } else if (newest_.header.sequence + 1 >= reader_.segment_count()) {
    if (log_.next_announced_) CAIRN_DONE(at_.announced);
    CAIRN_AWAIT(at_.announced, opened_from());
    if (!named_) CAIRN_DONE(at_.announced);
  }
  named_ = index_min_ <= log_.size();
  CAIRN_STEPS_END(at_.announced);
}

Step LogMount::judge_tail() {
  const uint32_t end = reader_.layout().frames_end();
  const uint8_t kind = log_.flash_->kind;
  CAIRN_STEPS(at_.tail)
  log_.tail_dirty_ = false;
  if (kind == CAIRN_FLASH_REWRITABLE || log_.end_ >= end) CAIRN_DONE(at_.tail);
  CAIRN_AWAIT(at_.tail, reader_.behind_last_written(newest_.index, log_.end_, end, behind_));
  log_.report_.torn_bytes = behind_ - log_.end_;
  // In a file, what was found need not have been synced: whoever wrote it may have ended before.
  log_.commit_open_ = kind == CAIRN_FLASH_FILE;
  log_.tail_dirty_ = kind != CAIRN_FLASH_ONCE || behind_ != log_.end_;
  CAIRN_STEPS_END(at_.tail);
}

}  // namespace cairn
