// Preparing the next segment: NEXT, erase, header (rules R5 and R6 of docs/format.md).
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

bool LogWriter::is_free_slot(uint32_t offset, const Log::Promise& promise) {
  Frame frame;
  return flash_.kind == CAIRN_FLASH_REWRITABLE || is_file() ||
         reader_.is_blank(log_.segment_, offset, layout_.next_size()) ||
         (promise.unsure && reader_.frame(log_.segment_, offset, log_.header_crc_, frame));
}

// A slot that fails is left; with both spoilt the erase goes on all the same (R6).
Step LogWriter::write_next(const Log::Promise& promise, Status& status) {
  const uint32_t slots = layout_.frames_end();
  CAIRN_STEPS(at_.write_next)
  CAIRN_UNIT(at_.write_next, reader_);
  slot_free_[0] = is_free_slot(slots, promise);
  slot_free_[1] = is_free_slot(slots + layout_.next_size(), promise);
  status = Status::io;
  if (window_.failed) CAIRN_DONE(at_.write_next);
  store_le64(service_fixed_, promise.index_min);
  store_le32(service_fixed_ + 8, promise.nonce);
  store_le16(service_fixed_ + 12, promise.erase_count);
  service_.clear();
  service_.add({service_fixed_, next_bytes});
  for (slot_ = 0; slot_ < 2; ++slot_) {
    if (slot_free_[slot_]) {
      CAIRN_AWAIT(at_.write_next,
                  put(log_.segment_, log_.header_crc_, slots + slot_ * layout_.next_size(),
                      FrameType::next, service_));
    }
    if (gave_up_) CAIRN_DONE(at_.write_next);
  }
  status = Status::ok;
  CAIRN_STEPS_END(at_.write_next);
}

// What mounting found may be half-charged (NOR) or not yet synced (files): the erase needs it firm.
Step LogWriter::confirm_next(Status& status) {
  CAIRN_STEPS(at_.confirm_next)
  status = Status::ok;
  if (!log_.promise_.unsure) CAIRN_DONE(at_.confirm_next);
  if (flash_.kind == CAIRN_FLASH_NOR) {
    CAIRN_AWAIT(at_.confirm_next, write_next(log_.promise_, status));
    if (status != Status::ok) CAIRN_DONE(at_.confirm_next);
  }
  CAIRN_AWAIT(at_.confirm_next, sync(status));
  if (status == Status::ok) log_.promise_.unsure = false;
  CAIRN_STEPS_END(at_.confirm_next);
}

// All of the promise but the index from which records stay.
void LogWriter::make_promise() {
  const uint32_t sequence = log_.sequence_ + 1;
  SegmentHeader old;
  uint32_t crc = 0;
  const bool known = reader_.header(reader_.place(sequence), old, crc) == HeaderState::valid;
  const uint16_t erases = known ? old.erase_count : log_.erase_count_;
  next_.present = true;
  next_.nonce = new_nonce(sequence);
  next_.erase_count = static_cast<uint16_t>(erases + (erases != 0xFFFF && known ? 1 : 0));
}

// NEXT in both slots: from here on the next segment may be erased (R6).
Step LogWriter::announce_next(Status& status) {
  CAIRN_STEPS(at_.announce_next)
  CAIRN_UNIT(at_.announce_next, reader_);
  window_.size = 0;
  if (log_.promise_.present && reader_.next_promise(log_.segment_, log_.header_crc_, next_)) {
    CAIRN_AWAIT(at_.announce_next, confirm_next(status));
    CAIRN_DONE(at_.announce_next);
  }
  next_ = {};
  CAIRN_AWAIT(at_.announce_next, reader_.retirable(0, next_.index_min, status));
  if (status != Status::ok) CAIRN_DONE(at_.announce_next);
  CAIRN_UNIT(at_.announce_next, reader_);
  make_promise();
  CAIRN_AWAIT(at_.announce_next, write_next(next_, status));
  if (status != Status::ok) CAIRN_DONE(at_.announce_next);
  CAIRN_AWAIT(at_.announce_next, sync(status));
  if (status != Status::ok) CAIRN_DONE(at_.announce_next);
  log_.promise_ = next_;
  log_.next_announced_ = true;
  if (next_.index_min > log_.index_min_) log_.index_min_ = next_.index_min;
  CAIRN_STEPS_END(at_.announce_next);
}

Step LogWriter::erase(uint32_t segment, Status& status) {
  CAIRN_STEPS(at_.erase)
  CAIRN_UNIT(at_.erase, reader_);
  window_.size = 0;
  const int answer = flash_.erase(flash_.user, segment);
  log_.commit_open_ = log_.commit_open_ || flash_.sync != nullptr;
  status = answer >= 0                                ? Status::ok
           : answer == static_cast<int>(Status::full) ? Status::full
                                                      : Status::io;
  CAIRN_STEPS_END(at_.erase);
}

Step LogWriter::erase_and_head(const SegmentHeader& header, Status& status) {
  const uint32_t segment = header.sequence % flash_.segment_count;
  const uint32_t size = layout_.up(header_bytes);
  CAIRN_STEPS(at_.erase_and_head)
  for (erase_attempt_ = 0; erase_attempt_ < log_attempts_max; ++erase_attempt_) {
    CAIRN_AWAIT(at_.erase_and_head, erase(segment, status));
    if (status == Status::full) CAIRN_DONE(at_.erase_and_head);
    if (status != Status::ok) continue;
    CAIRN_UNIT(at_.erase_and_head, reader_);
    uint8_t encoded[header_bytes];
    uint8_t* buffer = log_.memory_.frame.data;
    (void)encode_header(header, encoded);
    window_.size = 0;
    copy(buffer, encoded, header_bytes);
    memset(buffer + header_bytes, pad, size - header_bytes);
    if (program(segment, 0, buffer, size)) CAIRN_DONE(at_.erase_and_head);
    if (gave_up_) break;
  }
  status = Status::io;
  CAIRN_STEPS_END(at_.erase_and_head);
}

// The header of the segment that is to be used next.
SegmentHeader LogWriter::spare_header() const {
  return header_of(log_.sequence_ + 1 + log_.skipped_, log_.promise_.nonce,
                   log_.promise_.erase_count);
}

// NEXT speaks for the segment behind one that is passed over, too: without it mounting would not
// find the way.
bool LogWriter::may_skip_spare() {
  const uint32_t skipped = log_.skipped_ + 1;
  Log::Promise promise;
  window_.size = 0;
  return !is_file() && !gave_up_ && skipped <= skip_max && skipped + 2 <= flash_.segment_count &&
         reader_.next_promise(log_.segment_, log_.header_crc_, promise);
}

// Passes over a segment that the medium cannot make usable (`skipped_ok_`). A header that it may
// have goes: with it mounting would not look for an erase that was cut behind it.
Step LogWriter::skip_spare() {
  const uint32_t skipped = log_.skipped_ + 1;
  CAIRN_STEPS(at_.skip_spare)
  CAIRN_UNIT(at_.skip_spare, reader_);
  skipped_ok_ = may_skip_spare();
  if (!skipped_ok_) CAIRN_DONE(at_.skip_spare);
  CAIRN_AWAIT(at_.skip_spare, reader_.retirable(skipped, index_min_, skip_));
  if (skip_ == Status::ok && !log_.leaving_ && has_archive()) skip_ = archive(skipped, 0);
  skipped_ok_ = skip_ == Status::ok;
  if (!skipped_ok_) CAIRN_DONE(at_.skip_spare);
  if (log_.leaving_) {
    CAIRN_AWAIT(at_.skip_spare, erase(reader_.place(spare_header().sequence), skip_));
  }
  log_.skipped_ = skipped;
  log_.spare_ready_ = false;
  if (index_min_ > log_.index_min_) log_.index_min_ = index_min_;
  CAIRN_STEPS_END(at_.skip_spare);
}

// Erase and header of the next segment that can be used.
Step LogWriter::head_spare(Status& status) {
  CAIRN_STEPS(at_.head_spare)
  for (;;) {
    CAIRN_AWAIT(at_.head_spare, erase_and_head(spare_header(), status));
    if (status != Status::io) break;
    CAIRN_AWAIT(at_.head_spare, skip_spare());
    if (!skipped_ok_) break;
  }
  if (status != Status::ok && !log_.leaving_) log_.skipped_ = 0;
  CAIRN_STEPS_END(at_.head_spare);
}

// NEXT, erase, header: safe to do ahead of time. What only the next segment knows of tiles is
// written before.
Step LogWriter::prepare_next(Status& status) {
  CAIRN_STEPS(at_.prepare_next)
  status = Status::ok;
  if (log_.spare_ready_) CAIRN_DONE(at_.prepare_next);
  if (log_.sequence_ >= sequence_max - skip_max) status = Status::full;
  if (status != Status::ok) CAIRN_DONE(at_.prepare_next);
  if (log_.tiles_unchecked_ && !log_.leaving_) {
    CAIRN_AWAIT(at_.prepare_next, make_firm(status));
    if (status == Status::ok) status = complete_tiles(0);
    if (status != Status::ok) CAIRN_DONE(at_.prepare_next);
  }
  CAIRN_AWAIT(at_.prepare_next, announce_next(status));
  if (status != Status::ok) CAIRN_DONE(at_.prepare_next);
  CAIRN_AWAIT(at_.prepare_next, head_spare(status));
  if (status != Status::ok) CAIRN_DONE(at_.prepare_next);
  CAIRN_AWAIT(at_.prepare_next, sync(status));
  log_.spare_ready_ = status == Status::ok;
  CAIRN_STEPS_END(at_.prepare_next);
}

}  // namespace cairn
