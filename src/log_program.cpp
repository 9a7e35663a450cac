// Programming frames, and making a torn end of the log safe to program again (rule R4 of
// docs/format.md).
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// What is on the medium is unknown from here on: only mounting again can tell.
void LogWriter::give_up() {
  gave_up_ = true;
  log_.state_ = Log::State::closed;
}

// Programs and reads back. A file's write is not read back: it would come from the cache that the
// write went to, and the kernel reports a failure at the latest when the commit is synced.
bool LogWriter::program(uint32_t segment, uint32_t offset, const uint8_t* data, uint32_t size) {
  log_.commit_open_ = log_.commit_open_ || flash_.sync != nullptr;
  if (flash_.program(flash_.user, segment, offset, data, size) < 0) return false;
  if (is_file()) return true;
  uint8_t check[32];
  for (uint32_t at = 0; at < size; at += sizeof check) {
    const uint32_t step = size - at < sizeof check ? size - at : sizeof check;
    const int status = flash_.read(flash_.user, segment, offset + at, check, step);
    if (status < 0 && status != static_cast<int>(Status::unreadable)) give_up();
    if (status < 0 || memcmp(check, data + at, step) != 0) return false;
  }
  return true;
}

// Writes one frame. On write-once media a frame whose program call failed may be there all the
// same. It cannot be taken back, and mounting will find it: so it counts.
bool LogWriter::put(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
                    const Pieces& payload, uint32_t& next) {
  next = offset + layout_.frame(payload.size);
  return put_pieces(segment, header_crc, offset, type, payload) ||
         landed(segment, header_crc, offset);
}

bool LogWriter::landed(uint32_t segment, uint32_t header_crc, uint32_t offset) {
  Frame frame;
  window_.size = 0;
  return flash_.kind == CAIRN_FLASH_ONCE && !gave_up_ &&
         reader_.frame(segment, offset, header_crc, frame);
}

// Through the frame memory: with one program call when the frame fits, else in pieces.
bool LogWriter::put_pieces(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
                           const Pieces& payload) {
  MutableBytes buffer = log_.memory_.frame;
  const uint32_t capacity = static_cast<uint32_t>(buffer.size) & ~(layout_.unit - 1);
  uint32_t used = 0, at = offset;
  uint32_t crc = header_crc + offset;
  window_.size = 0;

  const auto push = [&](ByteView bytes) {
    for (size_t done = 0; done < bytes.size;) {
      const size_t room = capacity - used;
      const size_t step = bytes.size - done < room ? bytes.size - done : room;
      memcpy(buffer.data + used, bytes.data + done, step);
      used += static_cast<uint32_t>(step);
      done += step;
      if (used < capacity) continue;
      if (!program(segment, at, buffer.data, used)) return false;
      at += used;
      used = 0;
    }
    return true;
  };

  uint8_t word[2], check[4];
  store_le16(word, frame_word(type, payload.size));
  crc = crc32c(word, crc);
  if (!push(word)) return false;
  for (size_t i = 0; i < payload.count; ++i) {
    crc = crc32c(payload.list[i], crc);
    if (!push(payload.list[i])) return false;
  }
  store_le32(check, crc);
  if (!push(check)) return false;
  const uint32_t padded = layout_.up(used);
  memset(buffer.data + used, pad, padded - used);
  return padded == 0 || program(segment, at, buffer.data, padded);
}

Status LogWriter::sync() {
  if (!log_.commit_open_) return Status::ok;
  if (flash_.sync(flash_.user) < 0) {
    give_up();
    return Status::io;
  }
  log_.commit_open_ = false;
  return Status::ok;
}

// ---- the tail (R4) -----------------------------------------------------------------------------

// The first place behind the end that no interrupted operation can have touched.
uint32_t LogWriter::tail_hop() {
  const uint32_t end = layout_.frames_end();
  const uint32_t guard = layout_.up(log_.in_flight_bytes_);
  const uint32_t written = reader_.behind_last_written(log_.segment_, log_.end_, end);
  const uint32_t behind = written == log_.end_ ? 0 : written;
  const uint32_t safe = behind + (flash_.kind == CAIRN_FLASH_NOR && behind != 0 ? guard : 0);
  const uint32_t least = layout_.up(log_.end_ + guard);
  return safe > least ? safe : least;
}

bool LogWriter::fill(uint32_t segment, uint32_t offset, uint32_t end, uint8_t value) {
  const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
  window_.size = 0;
  while (offset < end) {
    const uint32_t step = end - offset < capacity ? end - offset : capacity;
    memset(log_.memory_.frame.data, value, step);
    if (!program(segment, offset, log_.memory_.frame.data, step)) return false;
    offset += step;
  }
  return true;
}

// A cut may have left cells of the last frame half-charged although they read well. The same bytes
// once more charge them; only NOR needs that, and allows it. Where programming fails the frame is
// left as it is.
Status LogWriter::make_firm() {
  if (flash_.kind != CAIRN_FLASH_NOR || log_.unsure_ == 0) return Status::ok;
  const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
  uint8_t* buffer = log_.memory_.frame.data;
  window_.size = 0;
  for (uint32_t at = log_.unsure_; at < log_.end_;) {
    const uint32_t step = log_.end_ - at < capacity ? log_.end_ - at : capacity;
    const int status = flash_.read(flash_.user, log_.segment_, at, buffer, step);
    if (status < 0 && status != static_cast<int>(Status::unreadable)) return Status::io;
    if (status < 0 || !program(log_.segment_, at, buffer, step)) break;
    at += step;
  }
  if (gave_up_) return Status::io;
  log_.unsure_ = 0;
  return Status::ok;
}

// Makes the end of the segment safe to program. full: the segment has no place for that and `room`
// more bytes. io: nothing was changed, or the log is given up.
Status LogWriter::repair_tail(uint32_t room) {
  const uint32_t end = layout_.frames_end();
  if (is_file()) {
    const uint32_t written = reader_.behind_last_written(log_.segment_, log_.end_, end);
    if (window_.failed || !fill(log_.segment_, log_.end_, written, flash_.erased)) {
      return Status::io;
    }
    return sync();
  }
  if (flash_.kind == CAIRN_FLASH_REWRITABLE) return Status::ok;
  uint32_t place = tail_hop();
  if (window_.failed) return Status::io;
  if (flash_.kind == CAIRN_FLASH_NOR) {
    if (place > end || room > end - place) return Status::full;
    // First the word that a torn frame begins with: else a cut could complete the frame, with cells
    // half-charged that nothing can discharge.
    const uint8_t burnt = static_cast<uint8_t>(~flash_.erased);
    const uint32_t word_end = log_.end_ + layout_.up(2);
    if (!fill(log_.segment_, log_.end_, word_end, burnt) ||
        !fill(log_.segment_, word_end, place, burnt)) {
      return gave_up_ ? Status::io : Status::full;
    }
    log_.end_ = place;
    return Status::ok;
  }
  uint8_t gap[gap_bytes];
  store_le16(gap, static_cast<uint16_t>(log_.end_ / layout_.unit));
  store_le64(gap + 2, log_.size());
  Pieces payload;
  payload.add(gap);
  const uint32_t need = layout_.frame(gap_bytes) + room;
  for (; place <= end && need <= end - place; place += layout_.up(log_.in_flight_bytes_)) {
    uint32_t next = 0;
    if (put(log_.segment_, log_.header_crc_, place, FrameType::gap, payload, next)) {
      log_.end_ = next;
      return Status::ok;
    }
    if (gave_up_) return Status::io;
  }
  return Status::full;
}

// Leaves a clean tail with `here` bytes of room in this segment, or `there` in the next.
Status LogWriter::make_room(uint32_t here, uint32_t there) {
  CAIRN_TRY(make_firm());
  if (!log_.leaving_) {
    if (log_.tiles_unchecked_) CAIRN_TRY(complete_tiles(0));
    const Status repaired = log_.tail_dirty_ ? repair_tail(here) : Status::ok;
    if (repaired == Status::ok) {
      log_.tail_dirty_ = false;
      if (here <= layout_.frames_end() - log_.end_) return Status::ok;
    } else if (repaired != Status::full) {
      return repaired;
    }
  }
  CAIRN_TRY(advance(there));
  if (!log_.tail_dirty_) return Status::ok;
  const Status repaired = repair_tail(there);  // a tile frame has failed
  log_.tail_dirty_ = repaired != Status::ok;
  return repaired == Status::full ? Status::io : repaired;
}

// Rewritable memory is written again at the same place. Where that goes on failing the segment is
// left, if the medium takes a NEXT frame: else all of it fails, and waiting may help.
Status LogWriter::leave_bad_memory(uint32_t room) {
  if (flash_.kind != CAIRN_FLASH_REWRITABLE || announce_next() != Status::ok) return Status::ok;
  Log::Promise promise;
  window_.size = 0;
  if (!reader_.next_promise(log_.segment_, log_.header_crc_, promise)) return Status::ok;
  return advance(room);
}

Status LogWriter::write_frame(FrameType type, const Pieces& payload) {
  const uint32_t size = layout_.frame(payload.size);
  for (unsigned attempt = 0; attempt < log_attempts_max; ++attempt) {
    CAIRN_TRY(make_room(size, size));
    uint32_t next = 0;
    if (put(log_.segment_, log_.header_crc_, log_.end_, type, payload, next)) {
      log_.end_ = next;
      return Status::ok;
    }
    log_.tail_dirty_ = true;
    // A file's tail is repaired with a sync, behind which this would be the wrong type of frame.
    if (gave_up_ || is_file()) break;
    if (attempt + 2 == log_attempts_max) CAIRN_TRY(leave_bad_memory(size));
  }
  return Status::io;
}

}  // namespace cairn
