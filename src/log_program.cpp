// Programming frames.
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

// The next bytes of a frame into the frame memory, as many as fit; `put_done_` are on the medium
// already. Returns how many.
uint32_t LogWriter::fill_buffer(FrameType type, const Pieces& payload) {
  uint8_t* buffer = log_.memory_.frame.data;
  const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
  uint32_t used = 0, at = 0;
  window_.size = 0;

  const auto push = [&](ByteView piece) {
    const uint32_t end = at + static_cast<uint32_t>(piece.size);
    const uint32_t from = at < put_done_ ? put_done_ : at;
    const uint32_t to = end < put_done_ + capacity ? end : put_done_ + capacity;
    if (from < to) {
      memcpy(buffer + used, piece.data + (from - at), to - from);
      used += to - from;
    }
    at = end;
  };

  uint8_t word[2], check[4];
  store_le16(word, frame_word(type, payload.size));
  push(word);
  for (size_t i = 0; i < payload.count; ++i)
    push(payload.list[i]);
  put_crc_ = crc32c({buffer, used}, put_crc_);
  store_le32(check, put_crc_);
  push(check);
  const uint32_t padded = layout_.up(used);
  memset(buffer + used, pad, padded - used);
  return padded;
}

// Writes one frame: with one program call when it fits the frame memory, else in pieces. `put_ok_`:
// it is there. On write-once media a frame whose program call failed may be there all the same. It
// cannot be taken back, and mounting will find it: so it counts.
Step LogWriter::put(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
                    const Pieces& payload) {
  CAIRN_STEPS(at_.put)
  put_done_ = 0;
  put_crc_ = header_crc + offset;
  do {
    CAIRN_UNIT(at_.put, reader_);
    const uint32_t size = fill_buffer(type, payload);
    put_ok_ = program(segment, offset + put_done_, log_.memory_.frame.data, size);
    put_done_ += size;
  } while (put_ok_ && put_done_ < layout_.frame(payload.size));
  if (!put_ok_) CAIRN_AWAIT(at_.put, landed(segment, header_crc, offset));
  CAIRN_STEPS_END(at_.put);
}

Step LogWriter::landed(uint32_t segment, uint32_t header_crc, uint32_t offset) {
  CAIRN_STEPS(at_.landed)
  window_.size = 0;
  if (flash_.kind == CAIRN_FLASH_ONCE && !gave_up_) {
    CAIRN_AWAIT(at_.landed, reader_.frame(segment, offset, header_crc, landed_, put_ok_));
  }
  CAIRN_STEPS_END(at_.landed);
}

Step LogWriter::sync(Status& status) {
  CAIRN_STEPS(at_.sync)
  status = Status::ok;
  if (!log_.commit_open_) CAIRN_DONE(at_.sync);
  CAIRN_UNIT(at_.sync, reader_);
  if (flash_.sync(flash_.user) < 0) {
    give_up();
    status = Status::io;
    CAIRN_DONE(at_.sync);
  }
  log_.commit_open_ = false;
  CAIRN_STEPS_END(at_.sync);
}

// Leaves a clean tail with `here` bytes of room in this segment. full: it has no place for them.
Step LogWriter::make_room_here(uint32_t here, Status& status) {
  CAIRN_STEPS(at_.make_room_here)
  status = Status::full;
  if (log_.leaving_) CAIRN_DONE(at_.make_room_here);
  status = log_.tiles_unchecked_ ? complete_tiles(0) : Status::ok;
  if (status != Status::ok) CAIRN_DONE(at_.make_room_here);
  if (log_.tail_dirty_) CAIRN_AWAIT(at_.make_room_here, repair_tail(here, status));
  if (status != Status::ok) CAIRN_DONE(at_.make_room_here);
  log_.tail_dirty_ = false;
  if (here > layout_.frames_end() - log_.end_) status = Status::full;
  CAIRN_STEPS_END(at_.make_room_here);
}

// Leaves a clean tail with `here` bytes of room in this segment, or `there` in the next.
Step LogWriter::make_room(uint32_t here, uint32_t there, Status& status) {
  CAIRN_STEPS(at_.make_room)
  CAIRN_AWAIT(at_.make_room, make_firm(status));
  if (status != Status::ok) CAIRN_DONE(at_.make_room);
  CAIRN_AWAIT(at_.make_room, make_room_here(here, status));
  if (status != Status::full) CAIRN_DONE(at_.make_room);
  CAIRN_AWAIT(at_.make_room, advance(there, status));
  if (status != Status::ok || !log_.tail_dirty_) CAIRN_DONE(at_.make_room);
  CAIRN_AWAIT(at_.make_room, repair_tail(there, status));  // a tile frame has failed
  log_.tail_dirty_ = status != Status::ok;
  if (status == Status::full) status = Status::io;
  CAIRN_STEPS_END(at_.make_room);
}

// Rewritable memory is written again at the same place. Where that goes on failing the segment is
// left, if the medium takes a NEXT frame: else all of it fails, and waiting may help.
Step LogWriter::leave_bad_memory(uint32_t room, Status& status) {
  CAIRN_STEPS(at_.leave_bad_memory)
  status = Status::ok;
  if (flash_.kind != CAIRN_FLASH_REWRITABLE) CAIRN_DONE(at_.leave_bad_memory);
  CAIRN_AWAIT(at_.leave_bad_memory, announce_next(inner_));
  if (inner_ != Status::ok) CAIRN_DONE(at_.leave_bad_memory);
  CAIRN_UNIT(at_.leave_bad_memory, reader_);
  window_.size = 0;
  if (!reader_.next_promise(log_.segment_, log_.header_crc_, next_)) {
    CAIRN_DONE(at_.leave_bad_memory);
  }
  CAIRN_AWAIT(at_.leave_bad_memory, advance(room, status));
  CAIRN_STEPS_END(at_.leave_bad_memory);
}

Step LogWriter::write_frame(FrameType type, const Pieces& payload, Status& status) {
  const uint32_t size = layout_.frame(payload.size);
  CAIRN_STEPS(at_.write_frame)
  for (frame_attempt_ = 0; frame_attempt_ < log_attempts_max; ++frame_attempt_) {
    CAIRN_AWAIT(at_.write_frame, make_room(size, size, status));
    if (status != Status::ok) CAIRN_DONE(at_.write_frame);
    CAIRN_AWAIT(at_.write_frame, put(log_.segment_, log_.header_crc_, log_.end_, type, payload));
    if (put_ok_) {
      log_.end_ += size;
      CAIRN_DONE(at_.write_frame);
    }
    log_.tail_dirty_ = true;
    // A file's tail is repaired with a sync, behind which this would be the wrong type of frame.
    if (gave_up_ || is_file()) break;
    if (frame_attempt_ + 2 != log_attempts_max) continue;
    CAIRN_AWAIT(at_.write_frame, leave_bad_memory(size, status));
    if (status != Status::ok) CAIRN_DONE(at_.write_frame);
  }
  status = Status::io;
  CAIRN_STEPS_END(at_.write_frame);
}

}  // namespace cairn
