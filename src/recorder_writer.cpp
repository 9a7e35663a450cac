// Appending, in steps.
#include "recorder_writer.hpp"

namespace cairn {

namespace {

uint64_t step_size(int64_t step) {
  return step < 0 ? uint64_t{0} - static_cast<uint64_t>(step) : static_cast<uint64_t>(step);
}

}  // namespace

// Takes the body that was encoded.
Status RecorderWriter::encode_with(const Result<size_t>& size) {
  body_size_ = static_cast<uint32_t>(size.value);
  return size.status;
}

// The record whose body was encoded. A status that is not ok stays, and nothing is written.
Step RecorderWriter::append_library(Kind kind, Status& status) {
  CAIRN_STEPS(at_.library)
  if (status == Status::ok) status = log_.usable();
  if (status != Status::ok) CAIRN_DONE(at_.library);
  CAIRN_AWAIT(at_.library,
              writer_.stage_one(static_cast<uint8_t>(kind), {body_, body_size_}, status));
  if (status == Status::ok && kind != Kind::close) recorder_.after_append(1, 1 + body_size_);
  CAIRN_STEPS_END(at_.library);
}

Step RecorderWriter::append_boot(Status& status) {
  CAIRN_STEPS(at_.boot) {
    Boot boot;
    boot.boot = recorder_.boot_;
    boot.monotonic_ms = monotonic_ms(*recorder_.platform_);
    boot.time = wall_time(*recorder_.platform_);
    boot.torn_bytes = log_.report().torn_bytes;
    status = encode_with(encode_boot(boot, body_));
  }
  CAIRN_AWAIT(at_.boot, append_library(Kind::boot, status));
  if (status == Status::ok) recorder_.boot_pending_ = false;
  CAIRN_STEPS_END(at_.boot);
}

// The two clocks should go on alike; where the wall clock was set, the log says by how much.
Step RecorderWriter::append_clock_step(Status& status) {
  const Platform& platform = *recorder_.platform_;
  CAIRN_STEPS(at_.clock)
  status = Status::ok;
  if (platform.monotonic_ms == nullptr || platform.wall_clock == nullptr) CAIRN_DONE(at_.clock);
  now_ = wall_time(platform);
  monotonic_ms_ = monotonic_ms(platform);
  {
    const uint64_t passed = monotonic_ms_ - recorder_.clock_monotonic_ms_;
    const uint64_t shown =
        static_cast<uint64_t>(now_.unix_ms) - static_cast<uint64_t>(recorder_.clock_unix_ms_);
    const int64_t step = static_cast<int64_t>(shown - passed);
    stepped_ = recorder_.has_clock_ && step_size(step) > recorder_.options_.clock_step_ms;
    if (stepped_) status = encode_with(encode_clock({step, monotonic_ms_, now_}, body_));
  }
  if (stepped_) CAIRN_AWAIT(at_.clock, append_library(Kind::clock, status));
  if (status != Status::ok) CAIRN_DONE(at_.clock);
  recorder_.has_clock_ = true;
  recorder_.clock_monotonic_ms_ = monotonic_ms_;
  recorder_.clock_unix_ms_ = now_.unix_ms;
  CAIRN_STEPS_END(at_.clock);
}

// What is no more in the log: said when records have been retired, and once after a start.
Step RecorderWriter::append_pruned(Status& status) {
  CAIRN_STEPS(at_.pruned)
  status = Status::ok;
  index_min_ = log_.index_min();
  if (index_min_ == recorder_.pruned_noted_) CAIRN_DONE(at_.pruned);
  {
    const Platform& platform = *recorder_.platform_;
    status = encode_with(
        encode_pruned({index_min_, monotonic_ms(platform), wall_time(platform)}, body_));
  }
  CAIRN_AWAIT(at_.pruned, append_library(Kind::pruned, status));
  if (status == Status::ok) recorder_.pruned_noted_ = index_min_;
  CAIRN_STEPS_END(at_.pruned);
}

Step RecorderWriter::before_append(Status& status) {
  CAIRN_STEPS(at_.before)
  status = Status::ok;
  size_ = log_.size();
  if (recorder_.boot_pending_) CAIRN_AWAIT(at_.before, append_boot(status));
  if (status == Status::ok) CAIRN_AWAIT(at_.before, append_clock_step(status));
  if (status == Status::ok) CAIRN_AWAIT(at_.before, append_pruned(status));
  if (status != Status::ok || log_.size() == size_) CAIRN_DONE(at_.before);
  CAIRN_AWAIT(at_.before, seal_if(recorder_.due()));
  CAIRN_STEPS_END(at_.before);
}

Step RecorderWriter::append(Kind kind, ByteView body, Result<uint64_t>& index) {
  const size_t frame = log_frame_bytes(log_.flash().unit_bytes, 1 + body.size);
  CAIRN_STEPS(at_.append)
  index.status = Status::bad_argument;
  if (static_cast<uint8_t>(kind) < application_kind_min || body.size >= log_.leaf_limit()) {
    CAIRN_DONE(at_.append);
  }
  CAIRN_AWAIT(at_.append, writer_.room_for(recorder_.with_reserve(frame), status_));
  if (status_ == Status::ok) CAIRN_AWAIT(at_.append, before_append(status_));
  index.value = log_.size();
  if (status_ == Status::ok) {
    CAIRN_AWAIT(at_.append, writer_.stage_one(static_cast<uint8_t>(kind), body, status_));
  }
  if (status_ == Status::ok) CAIRN_AWAIT(at_.append, writer_.sync(status_));
  if (status_ == Status::ok) recorder_.after_append(1, 1 + body.size);
  CAIRN_AWAIT(at_.append,
              seal_if(status_ == Status::full || (status_ == Status::ok && recorder_.due())));
  index.status = status_;
  CAIRN_STEPS_END(at_.append);
}

Step RecorderWriter::append_gap(uint64_t count, GapReason reason, Result<uint64_t>& index) {
  const size_t frame = log_frame_bytes(log_.flash().unit_bytes, 1 + small_body_bytes_max);
  CAIRN_STEPS(at_.gap)
  CAIRN_AWAIT(at_.gap, writer_.room_for(recorder_.with_reserve(frame), index.status));
  if (index.status == Status::ok) CAIRN_AWAIT(at_.gap, before_append(index.status));
  if (index.status != Status::ok) CAIRN_DONE(at_.gap);
  index.value = log_.size();
  {
    const Platform& platform = *recorder_.platform_;
    index.status = encode_with(
        encode_gap({count, reason, monotonic_ms(platform), wall_time(platform)}, body_));
  }
  CAIRN_AWAIT(at_.gap, append_library(Kind::gap, index.status));
  if (index.status == Status::ok) CAIRN_AWAIT(at_.gap, writer_.sync(index.status));
  if (index.status != Status::ok) CAIRN_DONE(at_.gap);
  CAIRN_AWAIT(at_.gap, seal_if(recorder_.due()));
  CAIRN_STEPS_END(at_.gap);
}

Step RecorderWriter::maintain(Status& status) {
  CAIRN_STEPS(at_.maintain)
  CAIRN_AWAIT(at_.maintain, writer_.prepare_next(status));
  CAIRN_STEPS_END(at_.maintain);
}

}  // namespace cairn
