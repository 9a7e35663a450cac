// Moving on to the next segment, and making a log (rules R5 and R9 of docs/format.md).
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// A new segment's first frontier, as the payload of `service_`.
void LogWriter::frontier_payload() {
  // More was given up than NEXT says when segments were passed over, now or before a cut.
  Log::Promise promise;
  window_.size = 0;
  const bool skipped = log_.state_ == Log::State::open &&
                       (!reader_.next_promise(log_.segment_, log_.header_crc_, promise) ||
                        log_.index_min_ != promise.index_min);
  store_le64(service_fixed_, log_.size());
  service_fixed_[8] = 0;
  service_fixed_[9] = log_.has_head_ ? frontier_old_head : 0;
  if (skipped) service_fixed_[9] |= frontier_skipped;
  service_.clear();
  service_.add({service_fixed_, frontier_fixed_bytes});
  if (log_.frontier_.count() != 0) {
    service_.add({log_.frontier_[0].bytes, log_.frontier_.count() * digest_bytes});
  }
  uint32_t used = 0;
  if (log_.has_head_) {
    store_le64(service_rest_, log_.head_.size);
    copy(service_rest_ + 8, log_.head_.root.bytes, digest_bytes);
    copy(service_rest_ + 8 + digest_bytes, log_.head_.signature.bytes, signature_bytes);
    used = old_head_bytes;
  }
  if (skipped) {
    store_le64(service_rest_ + used, log_.index_min_);
    used += 8;
  }
  if (used != 0) service_.add({service_rest_, used});
}

// Writes the first frontier of an erased segment that has its header, and moves there.
Step LogWriter::open_segment(const SegmentHeader& header, Status& status) {
  uint8_t encoded[header_bytes];
  const uint32_t crc = encode_header(header, encoded);
  CAIRN_STEPS(at_.open_segment)
  CAIRN_UNIT(at_.open_segment, reader_);
  frontier_payload();
  CAIRN_AWAIT(at_.open_segment, put(header.sequence % flash_.segment_count, crc,
                                    layout_.first_frame(), FrameType::frontier, service_));
  status = Status::io;
  if (!put_ok_) CAIRN_DONE(at_.open_segment);
  CAIRN_AWAIT(at_.open_segment, sync(status));
  if (status == Status::ok) move_to(header, crc);
  CAIRN_STEPS_END(at_.open_segment);
}

void LogWriter::move_to(const SegmentHeader& header, uint32_t header_crc) {
  log_.segment_ = header.sequence % flash_.segment_count;
  log_.sequence_ = header.sequence;
  log_.header_crc_ = header_crc;
  log_.erase_count_ = header.erase_count;
  log_.end_ = layout_.first_frame() + layout_.frame(service_.size);
  log_.segment_first_ = log_.size();
  log_.frontier_size_ = log_.size();
  log_.spare_ready_ = false;
  log_.skipped_ = 0;
  log_.leaving_ = false;
  log_.tail_dirty_ = false;
  log_.mark_ = 0;
  log_.promise_ = {};
  log_.next_announced_ = header.sequence + 1 < flash_.segment_count;
}

// Moves to the next segment, if that will have `room` behind its first frontier. What is written
// but not yet synced stays part of this one.
Step LogWriter::advance(uint32_t room, Status& status) {
  const uint32_t frontier = frontier_fixed_bytes + 8 +
                            log_.frontier_.count() * static_cast<uint32_t>(digest_bytes) +
                            (log_.has_head_ ? old_head_bytes : 0);
  CAIRN_STEPS(at_.advance)
  status = Status::full;
  if (layout_.first_frame() + layout_.frame(frontier) + room > layout_.frames_end()) {
    CAIRN_DONE(at_.advance);
  }
  CAIRN_AWAIT(at_.advance, sync(status));
  if (status != Status::ok) CAIRN_DONE(at_.advance);
  for (advance_attempt_ = 0; advance_attempt_ < log_attempts_max; ++advance_attempt_) {
    CAIRN_AWAIT(at_.advance, prepare_next(status));
    if (status != Status::ok) CAIRN_DONE(at_.advance);
    CAIRN_AWAIT(at_.advance, open_segment(spare_header(), status));
    if (status == Status::ok) status = complete_tiles(room);
    if (status == Status::ok || gave_up_) CAIRN_DONE(at_.advance);
    // A frontier that failed may be there all the same: no way back.
    log_.leaving_ = true;
    log_.spare_ready_ = false;  // erase it again (R5)
    if (advance_attempt_ % 2 != 0) CAIRN_AWAIT(at_.advance, skip_spare());
  }
  status = Status::io;
  CAIRN_STEPS_END(at_.advance);
}

// Leaves nothing in the segment that could be taken for a part of this log. Where an erase fails,
// that does no harm as long as there is no header: before it gets one it will be erased.
Status LogWriter::clear(uint32_t segment) {
  if (flash_.kind == CAIRN_FLASH_REWRITABLE) {  // where erasing does nothing
    (void)fill(segment, 0, layout_.segment, flash_.erased);
    return filled_ ? Status::ok : Status::io;
  }
  if (reader_.is_blank(segment, 0, header_bytes)) return Status::ok;
  Status erased = Status::ok;
  (void)erase(segment, erased);
  if (erased != Status::io || is_file()) return erased;
  SegmentHeader old;
  uint32_t crc = 0;
  return reader_.header(segment, old, crc) == HeaderState::invalid ? Status::ok : Status::io;
}

// Makes this the first segment (`opened`), or not: the medium fails there.
Status LogWriter::format_segment(const SegmentHeader& header, bool& opened) {
  Status status = Status::ok;
  opened = false;
  for (unsigned attempt = 0; !opened && attempt < log_attempts_max; ++attempt) {
    (void)erase_and_head(header, status);
    if (status == Status::full || gave_up_) return status;
    if (status != Status::ok) break;
    (void)open_segment(header, status);
    if (gave_up_) return Status::io;
    opened = status == Status::ok;
  }
  return Status::ok;
}

// Clears all segments, then writes the first.
Status LogWriter::format() {
  for (uint32_t i = 0; i < flash_.segment_count; ++i)
    CAIRN_TRY(clear(i));
  Status status = Status::ok;
  (void)sync(status);  // or a part of an older log could outlive the new one's first segment
  CAIRN_TRY(status);
  const uint32_t nonce = new_nonce(0);
  for (uint32_t sequence = 0; sequence <= skip_max && sequence < flash_.segment_count; ++sequence) {
    bool opened = false;
    CAIRN_TRY(format_segment(header_of(sequence, nonce, 1), opened));
    if (opened) {
      log_.state_ = Log::State::open;
      return Status::ok;
    }
    if (is_file()) break;
  }
  return Status::io;
}

}  // namespace cairn
