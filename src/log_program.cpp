// Programming frames, and making a torn end of the log safe to program again (rule R4 of
// docs/format.md).
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// Programs and reads back. A file's write is not read back: it would come from the cache that the
// write went to, and the kernel reports a failure at the latest when the commit is synced.
bool LogWriter::program(uint32_t segment, uint32_t offset, const uint8_t* data, uint32_t size) {
  log_.commit_open_ = log_.commit_open_ || flash_.sync != nullptr;
  if (flash_.program(flash_.user, segment, offset, data, size) < 0) return false;
  if (is_file()) return true;
  uint8_t check[32];
  for (uint32_t at = 0; at < size; at += sizeof check) {
    const uint32_t step = size - at < sizeof check ? size - at : sizeof check;
    if (flash_.read(flash_.user, segment, offset + at, check, step) < 0) return false;
    if (memcmp(check, data + at, step) != 0) return false;
  }
  return true;
}

// Writes one frame through the frame memory: with one program call when it fits, else in pieces.
bool LogWriter::put(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
                    const Pieces& payload, uint32_t& next) {
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
  if (padded != 0 && !program(segment, at, buffer.data, padded)) return false;
  next = offset + layout_.frame(payload.size);
  return true;
}

// A failed sync leaves unknown what reached the medium: only mounting again can tell.
Status LogWriter::sync() {
  if (!log_.commit_open_) return Status::ok;
  if (flash_.sync(flash_.user) < 0) {
    log_.state_ = Log::State::closed;
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

bool LogWriter::fill(uint32_t offset, uint32_t end, uint8_t value) {
  const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
  window_.size = 0;
  while (offset < end) {
    const uint32_t step = end - offset < capacity ? end - offset : capacity;
    memset(log_.memory_.frame.data, value, step);
    if (!program(log_.segment_, offset, log_.memory_.frame.data, step)) return false;
    offset += step;
  }
  return true;
}

// Makes the end of the segment safe to program. False when the segment has no room for that and
// `room` more bytes.
bool LogWriter::repair_tail(uint32_t room) {
  const uint32_t end = layout_.frames_end();
  if (is_file()) {
    const uint32_t written = reader_.behind_last_written(log_.segment_, log_.end_, end);
    if (!fill(log_.end_, written, flash_.erased) || sync() != Status::ok) return false;
    log_.tail_dirty_ = false;
    return true;
  }
  if (flash_.kind == CAIRN_FLASH_REWRITABLE) {
    log_.tail_dirty_ = false;
    return true;
  }
  uint32_t place = tail_hop();
  if (flash_.kind == CAIRN_FLASH_NOR) {
    if (place > end || room > end - place) return false;
    if (!fill(log_.end_, place, static_cast<uint8_t>(~flash_.erased))) return false;
    log_.end_ = place;
    log_.tail_dirty_ = false;
    return true;
  }
  uint8_t gap[gap_bytes];
  store_le16(gap, static_cast<uint16_t>(log_.end_ / layout_.unit));
  store_le64(gap + 2, log_.size());
  Pieces payload;
  payload.add(gap);
  const uint32_t need = layout_.frame(gap_bytes) + room;
  for (; place <= end && need <= end - place; place += layout_.up(log_.in_flight_bytes_)) {
    uint32_t next = 0;
    if (!put(log_.segment_, log_.header_crc_, place, FrameType::gap, payload, next)) continue;
    log_.end_ = next;
    log_.tail_dirty_ = false;
    return true;
  }
  return false;
}

// Leaves a clean tail with `bytes` of room, in this segment or the next.
Status LogWriter::make_room(uint32_t bytes) {
  const uint32_t end = layout_.frames_end();
  if (log_.tail_dirty_ && !repair_tail(bytes)) return advance();
  if (log_.end_ > end || bytes > end - log_.end_) return advance();
  return Status::ok;
}

Status LogWriter::write_frame(FrameType type, const Pieces& payload) {
  for (unsigned attempt = 0; attempt < log_attempts_max; ++attempt) {
    CAIRN_TRY(make_room(layout_.frame(payload.size)));
    uint32_t next = 0;
    if (put(log_.segment_, log_.header_crc_, log_.end_, type, payload, next)) {
      log_.end_ = next;
      return Status::ok;
    }
    log_.tail_dirty_ = true;
  }
  return Status::io;
}

}  // namespace cairn
