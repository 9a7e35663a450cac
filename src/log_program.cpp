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
  const uint32_t end = log_.mark_ == 0 ? log_.end_ : log_.mark_ + layout_.frame(mark_bytes);
  uint8_t* buffer = log_.memory_.frame.data;
  window_.size = 0;
  for (uint32_t at = log_.unsure_; at < end;) {
    const uint32_t step = end - at < capacity ? end - at : capacity;
    const int status = flash_.read(flash_.user, log_.segment_, at, buffer, step);
    if (status < 0 && status != static_cast<int>(Status::unreadable)) return Status::io;
    if (status < 0 || !program(log_.segment_, at, buffer, step)) break;
    at += step;
  }
  if (gave_up_) return Status::io;
  log_.unsure_ = 0;
  return Status::ok;
}

// Write-once media. The first frame behind a hole explains it. It stands behind whatever an
// interrupted operation can have touched.
Status LogWriter::pass_over_tail(uint32_t room) {
  const uint32_t end = layout_.frames_end(), need = layout_.frame(gap_bytes) + room;
  const uint32_t step = layout_.up(log_.in_flight_bytes_);
  const uint32_t written = reader_.behind_last_written(log_.segment_, log_.end_, end);
  if (window_.failed) return Status::io;
  uint8_t gap[gap_bytes];
  store_le16(gap, static_cast<uint16_t>(log_.end_ / layout_.unit));
  store_le64(gap + 2, log_.size());
  Pieces payload;
  payload.add(gap);
  const uint32_t least = log_.end_ + step;
  for (uint32_t place = written > least ? written : least; place <= end && need <= end - place;
       place += step) {
    uint32_t next = 0;
    if (put(log_.segment_, log_.header_crc_, place, FrameType::gap, payload, next)) {
      log_.end_ = next;
      return Status::ok;
    }
    if (gave_up_) return Status::io;
  }
  return Status::full;
}

// What is between the end and the mark is programmed flat; the log goes on behind the mark.
Status LogWriter::burn_up_to_mark() {
  const uint8_t burnt = static_cast<uint8_t>(~flash_.erased);
  if (!fill(log_.segment_, log_.end_, log_.mark_, burnt)) {
    return gave_up_ ? Status::io : Status::full;
  }
  log_.end_ = log_.mark_ + layout_.frame(mark_bytes);
  log_.mark_ = 0;
  return Status::ok;
}

// NOR. Half-charged cells may complete a torn frame at one start, and no longer at the next when
// burning it was cut in turn. So a mark says first that it does not count. Where that stands
// depends on where the log ends alone, and not on what seems blank: a torn mark is programmed
// again.
Status LogWriter::burn_tail(uint32_t room) {
  if (log_.mark_ != 0) CAIRN_TRY(burn_up_to_mark());
  const uint32_t distance = log_.mark_distance();
  const uint32_t end = layout_.frames_end(), need = distance + layout_.frame(mark_bytes) + room;
  if (log_.end_ > end || need > end - log_.end_) return Status::full;
  const uint8_t steps = static_cast<uint8_t>(distance / mark_step_bytes - 1);
  Pieces payload;
  payload.add({&steps, mark_bytes});
  const uint32_t place = log_.end_ + distance;
  uint32_t next = 0;
  if (!put(log_.segment_, log_.header_crc_, place, FrameType::gap, payload, next)) {
    return gave_up_ ? Status::io : Status::full;
  }
  log_.mark_ = place;
  return burn_up_to_mark();
}

// A file. What is behind the end is erased.
Status LogWriter::clear_tail() {
  const uint32_t end = layout_.frames_end();
  const uint32_t written = reader_.behind_last_written(log_.segment_, log_.end_, end);
  if (window_.failed || !fill(log_.segment_, log_.end_, written, flash_.erased)) return Status::io;
  return sync();
}

// Makes the end of the segment safe to program. full: the segment has no place for that and `room`
// more bytes. io: nothing was changed, or the log is given up.
Status LogWriter::repair_tail(uint32_t room) {
  switch (flash_.kind) {
    case CAIRN_FLASH_ONCE:
      return pass_over_tail(room);
    case CAIRN_FLASH_NOR:
      return burn_tail(room);
    case CAIRN_FLASH_FILE:
      return clear_tail();
    default:
      return Status::ok;
  }
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
