// The log's own functions: what a caller may do in which state.
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

namespace {

// What of the frame memory is used. An interrupted write may reach as far. On flash that area is
// given up, so it must stay small against a segment.
size_t usable_bytes(const Flash& flash, size_t frame_bytes) {
  const bool flash_memory = flash.kind == CAIRN_FLASH_ONCE || flash.kind == CAIRN_FLASH_NOR;
  const size_t most = flash_memory ? flash.segment_bytes / 4 : size_t{1} << 30;
  return frame_bytes < most ? frame_bytes : most;
}

}  // namespace

size_t log_leaf_limit(const Flash& flash, size_t frame_bytes) {
  if (check_geometry(flash) != Status::ok) return 0;
  const Layout layout(flash);
  const uint32_t fixed = layout.first_frame() + 2 * layout.next_size();
  if (frame_bytes < log_frame_bytes(flash.unit_bytes, 0) ||
      fixed + layout.frame(payload_max / 32) > flash.segment_bytes) {
    return 0;
  }
  const size_t room =
      flash.segment_bytes - fixed - layout.frame(frontier_fixed_bytes + old_head_bytes);
  const size_t usable = usable_bytes(flash, frame_bytes);
  const size_t limit =
      ((usable < room ? usable : room) & ~size_t{layout.unit - 1}) - frame_overhead;
  return limit < payload_max ? limit : payload_max;
}

Status Log::attach(const Flash& flash, const LogMemory& memory, const LogOptions& options,
                   const Platform& platform) {
  const LogOptions kept = options;  // may be this log's own
  reset(*this);
  if (memory.frame.data == nullptr || log_leaf_limit(flash, memory.frame.size) == 0) {
    return Status::bad_argument;
  }
  if (CAIRN_LOG_TILES == 0 && kept.tiles != LogTiles::none) return Status::unsupported;
  flash_ = &flash;
  platform_ = &platform;
  memory_ = memory;
  options_ = kept;
  memory_.frame.size = usable_bytes(flash, memory.frame.size);
  in_flight_bytes_ = 1u << log2_ceil(static_cast<uint32_t>(memory_.frame.size));
  return Status::ok;
}

Status Log::format(const Flash& flash, const LogMemory& memory, const LogOptions& options,
                   const Platform& platform) {
  CAIRN_TRY(attach(flash, memory, options, platform));
  return LogWriter(*this).format();
}

Status Log::writable() const {
  return stepping_ ? Status::bad_state : usable();
}

Status Log::usable() const {
  return state_ == State::open      ? Status::ok
         : state_ == State::damaged ? Status::damaged
                                    : Status::bad_state;
}

size_t Log::leaf_limit() const {
  return state_ == State::closed ? 0 : log_leaf_limit(*flash_, memory_.frame.size);
}

// NOR: how far behind a torn write its mark stands. A frame larger than the frame memory is
// programmed in pieces, and may be torn in the last of them.
uint32_t Log::mark_distance() const {
  const uint32_t hashes = bit_length(size()) * static_cast<uint32_t>(digest_bytes);
  const uint32_t frame =
      frame_overhead + frontier_fixed_bytes + hashes + static_cast<uint32_t>(signature_bytes);
  const uint32_t frame_max = frame_overhead + payload_max;
  const uint32_t call = in_flight_bytes_ < frame_max ? in_flight_bytes_ : frame_max;
  const uint32_t longest = frame > call ? frame : call;
  const uint32_t stepped = (longest + mark_step_bytes - 1) / mark_step_bytes * mark_step_bytes;
  return Layout(*flash_).up(stepped);
}

// Whether so much has room without giving up anything more.
bool Log::fits(uint64_t frame_bytes) const {
  const Layout layout(*flash_);
  const uint32_t end = layout.frames_end();
  uint64_t from = end_;
  if (tail_dirty_ && flash_->kind == CAIRN_FLASH_ONCE) from += uint64_t{2} * in_flight_bytes_;
  if (tail_dirty_ && flash_->kind == CAIRN_FLASH_NOR) {
    const uint32_t mark = layout.frame(mark_bytes);
    if (mark_ != 0) from = mark_ + mark;
    from += mark_distance() + mark;
  }
  return from + frame_bytes <= end || promise_.present;
}

Status Log::room_for(uint64_t frame_bytes) const {
  CAIRN_TRY(writable());
  if (fits(frame_bytes)) return Status::ok;
  LogWindow window;
  window.buffer = memory_.frame;
  uint64_t retired = 0;
  Status status = Status::ok;
  (void)LogReader(*this, window).retirable(0, retired, status);
  return status;
}

Status Log::stage_one(uint8_t kind, ByteView body) {
  CAIRN_TRY(writable());
  Status status = Status::ok;
  (void)LogWriter(*this).stage_one(kind, body, status);
  return status;
}

Result<uint64_t> Log::append(uint8_t kind, ByteView body) {
  const uint64_t index = size();
  CAIRN_TRY(stage_one(kind, body));
  CAIRN_TRY(commit());
  return index;
}

Result<uint64_t> Log::stage(const ByteView* leaves, size_t count) {
  CAIRN_TRY(writable());
  const uint64_t index = size();
  CAIRN_TRY(LogWriter(*this).stage(leaves, count));
  return index;
}

Result<uint64_t> Log::append_batch(const ByteView* leaves, size_t count) {
  const Result<uint64_t> first = stage(leaves, count);
  if (state_ == State::open) {  // also after a failure: what was written is kept
    const Status committed = commit();
    if (first.ok() && committed != Status::ok) return committed;
  }
  return first;
}

Status Log::commit() {
  CAIRN_TRY(writable());
  Status status = Status::ok;
  (void)LogWriter(*this).sync(status);
  return status;
}

Status Log::write_head(const Signature& signature) {
  CAIRN_TRY(writable());
  Status status = Status::ok;
  (void)LogWriter(*this).write_head(root(), signature, status);
  return status;
}

Status Log::maintain() {
  CAIRN_TRY(writable());
  Status status = Status::ok;
  (void)LogWriter(*this).prepare_next(status);
  return status;
}

uint64_t Log::used_bytes() const {
  if (state_ == State::closed) return 0;
  LogWindow none;
  const uint32_t segments = sequence_ - LogReader(*this, none).oldest_sequence();
  return static_cast<uint64_t>(segments) * flash_->segment_bytes + end_;
}

}  // namespace cairn
