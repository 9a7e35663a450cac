// Moving on to the next segment, and making a log (rules R5, R6 and R9 of docs/format.md).
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

SegmentHeader LogWriter::header_of(uint32_t sequence, uint32_t nonce, uint16_t erases) const {
  SegmentHeader header;
  header.log_id = log_.options_.log_id;
  header.nonce = nonce;
  header.sequence = sequence;
  header.segment_bytes = layout_.segment;
  header.segment_count = flash_.segment_count;
  header.erase_count = erases;
  header.unit_log2 = static_cast<uint8_t>(log2_ceil(layout_.unit));
  header.in_flight_log2 = static_cast<uint8_t>(log2_ceil(log_.in_flight_bytes_));
  return header;
}

// Random where the platform can; else different from one lap to the next.
uint32_t LogWriter::new_nonce(uint32_t sequence) {
  uint8_t bytes[4];
  const Platform& platform = *log_.platform_;
  if (platform.entropy != nullptr && platform.entropy(platform.user, bytes, sizeof bytes) >= 0) {
    return load_le32(bytes);
  }
  store_le32(bytes, sequence);
  return crc32c(bytes, log_.header_crc_);
}

// A slot that fails is left; with both spoilt the erase goes on all the same (R6).
Status LogWriter::write_next(const Log::Promise& promise) {
  bool free[2];  // slots that can be programmed
  for (uint32_t slot = 0; slot < 2; ++slot) {
    const uint32_t offset = layout_.frames_end() + slot * layout_.next_size();
    Frame frame;
    free[slot] = flash_.kind == CAIRN_FLASH_REWRITABLE || is_file() ||
                 reader_.is_blank(log_.segment_, offset, layout_.next_size()) ||
                 (promise.unsure && reader_.frame(log_.segment_, offset, log_.header_crc_, frame));
  }
  if (window_.failed) return Status::io;

  uint8_t bytes[next_bytes];
  store_le64(bytes, promise.index_min);
  store_le32(bytes + 8, promise.nonce);
  store_le16(bytes + 12, promise.erase_count);
  Pieces payload;
  payload.add(bytes);
  for (uint32_t slot = 0; slot < 2; ++slot) {
    const uint32_t offset = layout_.frames_end() + slot * layout_.next_size();
    uint32_t next = 0;
    if (free[slot]) {
      (void)put(log_.segment_, log_.header_crc_, offset, FrameType::next, payload, next);
    }
    if (gave_up_) return Status::io;
  }
  return Status::ok;
}

// What mounting found may be half-charged (NOR) or not yet synced (files): the erase needs it firm.
Status LogWriter::confirm_next() {
  if (!log_.promise_.unsure) return Status::ok;
  if (flash_.kind == CAIRN_FLASH_NOR) CAIRN_TRY(write_next(log_.promise_));
  CAIRN_TRY(sync());
  log_.promise_.unsure = false;
  return Status::ok;
}

// NEXT in both slots: from here on the next segment may be erased (R6).
Status LogWriter::announce_next() {
  Log::Promise promise;
  window_.size = 0;
  if (log_.promise_.present && reader_.next_promise(log_.segment_, log_.header_crc_, promise)) {
    return confirm_next();
  }
  promise.present = true;
  CAIRN_TRY(reader_.retirable(0, promise.index_min));
  const uint32_t sequence = log_.sequence_ + 1;
  promise.nonce = new_nonce(sequence);
  SegmentHeader old;
  uint32_t crc = 0;
  const bool known = reader_.header(reader_.place(sequence), old, crc) == HeaderState::valid;
  const uint16_t erases = known ? old.erase_count : log_.erase_count_;
  promise.erase_count = static_cast<uint16_t>(erases + (erases != 0xFFFF && known ? 1 : 0));

  CAIRN_TRY(write_next(promise));
  CAIRN_TRY(sync());
  log_.promise_ = promise;
  log_.next_announced_ = true;
  if (promise.index_min > log_.index_min_) log_.index_min_ = promise.index_min;
  return Status::ok;
}

Status LogWriter::erase(uint32_t segment) {
  window_.size = 0;
  const int status = flash_.erase(flash_.user, segment);
  log_.commit_open_ = log_.commit_open_ || flash_.sync != nullptr;
  if (status >= 0) return Status::ok;
  return status == static_cast<int>(Status::full) ? Status::full : Status::io;
}

Status LogWriter::erase_and_head(const SegmentHeader& header, uint32_t& header_crc) {
  uint8_t encoded[header_bytes];
  header_crc = encode_header(header, encoded);
  const uint32_t segment = header.sequence % flash_.segment_count;
  const uint32_t size = layout_.up(header_bytes);
  uint8_t* buffer = log_.memory_.frame.data;
  for (unsigned attempt = 0; attempt < log_attempts_max; ++attempt) {
    const Status erased = erase(segment);
    if (erased == Status::full) return Status::full;
    if (erased != Status::ok) continue;
    copy(buffer, encoded, header_bytes);
    memset(buffer + header_bytes, pad, size - header_bytes);
    if (program(segment, 0, buffer, size)) return Status::ok;
    if (gave_up_) break;
  }
  return Status::io;
}

// The header of the segment that is to be used next.
SegmentHeader LogWriter::spare_header() const {
  return header_of(log_.sequence_ + 1 + log_.skipped_, log_.promise_.nonce,
                   log_.promise_.erase_count);
}

// Passes over a segment that the medium cannot make usable. NEXT speaks for the one behind it, too:
// without it mounting would not find the way. A header that it may have goes: with it mounting
// would not look for an erase that was cut behind it.
bool LogWriter::skip_spare() {
  const uint32_t skipped = log_.skipped_ + 1;
  uint64_t index_min = 0;
  Log::Promise promise;
  window_.size = 0;
  if (is_file() || gave_up_ || skipped > skip_max || skipped + 2 > flash_.segment_count ||
      !reader_.next_promise(log_.segment_, log_.header_crc_, promise) ||
      reader_.retirable(skipped, index_min) != Status::ok) {
    return false;
  }
  if (log_.leaving_) {
    (void)erase(reader_.place(spare_header().sequence));
  } else if (has_archive() && archive(skipped, 0) != Status::ok) {
    return false;
  }
  log_.skipped_ = skipped;
  log_.spare_ready_ = false;
  if (index_min > log_.index_min_) log_.index_min_ = index_min;
  return true;
}

// NEXT, erase, header: safe to do ahead of time. What only the next segment knows of tiles is
// written before.
Status LogWriter::prepare_next() {
  if (log_.spare_ready_) return Status::ok;
  if (log_.sequence_ >= sequence_max - skip_max) return Status::full;
  if (log_.tiles_unchecked_ && !log_.leaving_) {
    CAIRN_TRY(make_firm());
    CAIRN_TRY(complete_tiles(0));
  }
  CAIRN_TRY(announce_next());
  for (;;) {
    uint32_t crc = 0;
    const Status made = erase_and_head(spare_header(), crc);
    if (made == Status::ok) break;
    if (made == Status::io && skip_spare()) continue;
    if (!log_.leaving_) log_.skipped_ = 0;
    return made;
  }
  CAIRN_TRY(sync());
  log_.spare_ready_ = true;
  return Status::ok;
}

void LogWriter::frontier_payload(uint8_t (&fixed)[frontier_fixed_bytes],
                                 uint8_t (&rest)[old_head_bytes + 8], Pieces& payload) {
  // More was given up than NEXT says when segments were passed over, now or before a cut.
  Log::Promise promise;
  window_.size = 0;
  const bool skipped = log_.state_ == Log::State::open &&
                       (!reader_.next_promise(log_.segment_, log_.header_crc_, promise) ||
                        log_.index_min_ != promise.index_min);
  store_le64(fixed, log_.size());
  fixed[8] = 0;
  fixed[9] = log_.has_head_ ? frontier_old_head : 0;
  if (skipped) fixed[9] |= frontier_skipped;
  payload.add(fixed);
  if (log_.frontier_.count() != 0) {
    payload.add({log_.frontier_[0].bytes, log_.frontier_.count() * digest_bytes});
  }
  uint32_t used = 0;
  if (log_.has_head_) {
    store_le64(rest, log_.head_.size);
    copy(rest + 8, log_.head_.root.bytes, digest_bytes);
    copy(rest + 8 + digest_bytes, log_.head_.signature.bytes, signature_bytes);
    used = old_head_bytes;
  }
  if (skipped) {
    store_le64(rest + used, log_.index_min_);
    used += 8;
  }
  if (used != 0) payload.add({rest, used});
}

// Writes the first frontier of an erased segment that has its header, and moves there.
Status LogWriter::open_segment(const SegmentHeader& header) {
  uint8_t encoded[header_bytes];
  const uint32_t crc = encode_header(header, encoded);
  const uint32_t segment = header.sequence % flash_.segment_count;
  uint8_t fixed[frontier_fixed_bytes];
  uint8_t rest[old_head_bytes + 8];
  Pieces payload;
  frontier_payload(fixed, rest, payload);
  uint32_t next = 0;
  if (!put(segment, crc, layout_.first_frame(), FrameType::frontier, payload, next)) {
    return Status::io;
  }
  CAIRN_TRY(sync());
  log_.segment_ = segment;
  log_.sequence_ = header.sequence;
  log_.header_crc_ = crc;
  log_.erase_count_ = header.erase_count;
  log_.end_ = next;
  log_.segment_first_ = log_.size();
  log_.frontier_size_ = log_.size();
  log_.spare_ready_ = false;
  log_.skipped_ = 0;
  log_.leaving_ = false;
  log_.tail_dirty_ = false;
  log_.mark_ = 0;
  log_.promise_ = {};
  log_.next_announced_ = header.sequence + 1 < flash_.segment_count;
  return Status::ok;
}

// Moves to the next segment, if that will have `room` behind its first frontier. What is written
// but not yet synced stays part of this one.
Status LogWriter::advance(uint32_t room) {
  const uint32_t frontier = frontier_fixed_bytes + 8 +
                            log_.frontier_.count() * static_cast<uint32_t>(digest_bytes) +
                            (log_.has_head_ ? old_head_bytes : 0);
  if (layout_.first_frame() + layout_.frame(frontier) + room > layout_.frames_end()) {
    return Status::full;
  }
  CAIRN_TRY(sync());
  for (unsigned attempt = 0; attempt < log_attempts_max; ++attempt) {
    CAIRN_TRY(prepare_next());
    const Status opened = open_segment(spare_header());
    if (opened == Status::ok) return complete_tiles(room);
    if (gave_up_) return opened;
    // A frontier that failed may be there all the same: no way back.
    log_.leaving_ = true;
    log_.spare_ready_ = false;  // erase it again (R5)
    if (attempt % 2 != 0) (void)skip_spare();
  }
  return Status::io;
}

// Leaves nothing in the segment that could be taken for a part of this log. Where an erase fails,
// that does no harm as long as there is no header: before it gets one it will be erased.
Status LogWriter::clear(uint32_t segment) {
  if (flash_.kind == CAIRN_FLASH_REWRITABLE) {  // where erasing does nothing
    return fill(segment, 0, layout_.segment, flash_.erased) ? Status::ok : Status::io;
  }
  if (reader_.is_blank(segment, 0, header_bytes)) return Status::ok;
  const Status erased = erase(segment);
  if (erased != Status::io || is_file()) return erased;
  SegmentHeader old;
  uint32_t crc = 0;
  return reader_.header(segment, old, crc) == HeaderState::invalid ? Status::ok : Status::io;
}

// Clears all segments, then writes the first.
Status LogWriter::format() {
  for (uint32_t i = 0; i < flash_.segment_count; ++i)
    CAIRN_TRY(clear(i));
  CAIRN_TRY(sync());  // or a part of an older log could outlive the new one's first segment
  const uint32_t nonce = new_nonce(0);
  for (uint32_t sequence = 0; sequence <= skip_max && sequence < flash_.segment_count; ++sequence) {
    const SegmentHeader header = header_of(sequence, nonce, 1);
    for (unsigned attempt = 0; attempt < log_attempts_max; ++attempt) {
      uint32_t crc = 0;
      const Status made = erase_and_head(header, crc);
      if (made == Status::full || gave_up_) return made;
      if (made != Status::ok) break;
      if (open_segment(header) == Status::ok) {
        log_.state_ = Log::State::open;
        return Status::ok;
      }
      if (gave_up_) return Status::io;
    }
    if (is_file()) break;
  }
  return Status::io;
}

}  // namespace cairn
