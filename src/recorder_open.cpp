// Making and opening a recorder: what a start finds out from the log.
#include "mem.hpp"
#include "recorder_opening.hpp"

namespace cairn {

Status Recorder::prepare(const Flash& flash, const LogMemory& memory,
                         const RecorderOptions& options, const Platform& platform,
                         const Signer& signer) {
  reset(*this);
  if (!is_key_name(options.origin)) return Status::bad_argument;
  if (public_key_size(signer.public_key.algorithm) == 0) return Status::bad_argument;
  if (log_leaf_limit(flash, memory.frame.size) < 1 + small_body_bytes_max) {
    return Status::bad_argument;
  }
  options_ = options;
  options_.log.log_id = log_id_of(options.origin);
  platform_ = &platform;
  signer_ = &signer;
  batch_began_ms_ = monotonic_ms(platform);
  return Status::ok;
}

Status Recorder::create(const Flash& flash, const LogMemory& memory, const RecorderOptions& options,
                        const Platform& platform, const Signer& signer, const Begin* predecessor) {
  CAIRN_TRY(prepare(flash, memory, options, platform, signer));
  const Status status = begin_log(flash, memory, predecessor);
  if (status != Status::ok) reset(log_);  // half a log is none
  return status;
}

Status Recorder::begin_log(const Flash& flash, const LogMemory& memory, const Begin* predecessor) {
  Begin begin = predecessor == nullptr ? Begin{} : *predecessor;
  begin.origin = options_.origin;
  begin.key = signer_->public_key;
  uint8_t body[library_body_bytes_max];
  const Result<size_t> size = encode_begin(begin, body);
  if (!size.ok()) return size.status;
  // Before anything is given up: the first record must have its place.
  if (log_leaf_limit(flash, memory.frame.size) < 1 + size.value) return Status::bad_argument;
  CAIRN_TRY(log_.format(flash, memory, options_.log, *platform_));
  CAIRN_TRY(log_.append(static_cast<uint8_t>(Kind::begin), {body, size.value}).status);
  batch_open_ = true;
  batch_bytes_ = 1 + size.value;
  boot_ = 1;
  boot_pending_ = true;
  return Status::ok;
}

Status Recorder::open(const Flash& flash, const LogMemory& memory, const RecorderOptions& options,
                      const Platform& platform, const Signer& signer) {
  CAIRN_TRY(prepare(flash, memory, options, platform, signer));
  CAIRN_TRY(log_.attach(flash, memory, options_.log, platform));
  Status status = Status::ok;
  (void)RecorderOpening(*this).run(status);
  return status;
}

Step RecorderOpening::run(Status& status) {
  CAIRN_STEPS(at_)
  part_.make<LogMount>(recorder_.log_, meter_);
  now_ = Part::mount;
  CAIRN_AWAIT(at_, part_.as<LogMount>().run(status));
  if (status != Status::ok) CAIRN_DONE(at_);
  recorder_.log_.stepping_ = true;
  part_.make<RecorderResume>(recorder_, meter_);
  now_ = Part::resume;
  CAIRN_AWAIT(at_, part_.as<RecorderResume>().run(status));
  if (status != Status::ok) {
    reset(recorder_.log_);  // nothing may be added
    CAIRN_DONE(at_);
  }
  recorder_.boot_pending_ = true;
  // A close record without a head: the cut came before its signature was recorded, so nobody has
  // seen one. The same bytes are signed now.
  if (!recorder_.batch_open_ && recorder_.pending() != 0) {
    part_.make<RecorderWriter>(recorder_, meter_);
    now_ = Part::sign;
    CAIRN_AWAIT(at_, part_.as<RecorderWriter>().sign_head(recorder_.last_seal_));
  }
  recorder_.log_.stepping_ = false;
  CAIRN_STEPS_END(at_);
}

void RecorderOpening::forget() {
  if (now_ == Part::mount) part_.as<LogMount>().forget();
  if (now_ == Part::resume) part_.as<RecorderResume>().forget();
  if (now_ == Part::sign) part_.as<RecorderWriter>().forget();
}

// Counters go on from the close record under the newest head and the records behind it; where that
// one has rotted, from the newest close record that is left.
Step RecorderResume::run(Status& status) {
  CAIRN_STEPS(at_.run)
  status = Status::not_formatted;
  if (log_.size() == 0) CAIRN_DONE(at_.run);
  CAIRN_AWAIT(at_.run, check_begin(status));
  if (status != Status::ok) CAIRN_DONE(at_.run);
  found_ = log_.head() == nullptr || log_.head()->size == 0;
  from_ = found_ ? 0 : log_.head()->size - 1;
  CAIRN_AWAIT(at_.run, resume_from(from_, status));
  if (status == Status::ok && !found_) CAIRN_AWAIT(at_.run, resume_from(0, status));
  if (status == Status::ok) ++recorder_.boot_;
  CAIRN_STEPS_END(at_.run);
}

// The log must be the signer's. Where its first record has been retired, the origin alone tells.
Step RecorderResume::check_begin(Status& status) {
  CAIRN_STEPS(at_.check_begin)
  status = Status::ok;
  if (log_.index_min() != 0) CAIRN_DONE(at_.check_begin);
  CAIRN_AWAIT(at_.check_begin, walk_.open(log_, 0, status));
  item_.type = Log::Cursor::Item::Type::head;
  while (status == Status::ok && item_.type != Log::Cursor::Item::Type::leaf) {
    CAIRN_AWAIT(at_.check_begin, walk_.next(item_, status));
  }
  if (status == Status::ok) {
    status = judge_begin();
  } else if (status == Status::full) {  // too little frame memory, if it is that record
    status = item_.index == 0 ? Status::bad_argument : Status::ok;
  } else if (status == Status::end) {
    status = Status::ok;  // rotted: nothing contradicts
  }
  CAIRN_STEPS_END(at_.check_begin);
}

Status RecorderResume::judge_begin() const {
  Begin begin;
  const ByteView leaf = item_.leaf;
  if (item_.index != 0) return Status::ok;  // rotted: nothing contradicts
  if (leaf.size > 1 + library_body_bytes_max) return Status::bad_argument;
  if (leaf[0] != static_cast<uint8_t>(Kind::begin) ||
      decode_begin(leaf.part(1), begin) != Status::ok) {
    return Status::not_found;
  }
  const bool same =
      begin.key == recorder_.signer_->public_key && equal(begin.origin, recorder_.options_.origin);
  return same ? Status::ok : Status::not_found;
}

Step RecorderResume::resume_from(uint64_t from, Status& status) {
  CAIRN_STEPS(at_.resume_from)
  reset(cursor_);
  recorder_.batch_open_ = false;
  recorder_.batch_bytes_ = 0;
  CAIRN_AWAIT(at_.resume_from, walk_.open(log_, from, status));
  while (status == Status::ok || status == Status::full) {
    CAIRN_AWAIT(at_.resume_from, walk_.next(item_, status));
    if (status != Status::ok && status != Status::full) break;
    if (item_.type != Log::Cursor::Item::Type::leaf) continue;
    recorder_.batch_open_ = true;
    recorder_.batch_bytes_ += item_.leaf.size;
    // What the frame memory does not hold is not among the records wanted.
    if (status == Status::ok && !item_.leaf.empty()) take_leaf(item_.leaf);
  }
  if (status == Status::end) status = Status::ok;
  CAIRN_STEPS_END(at_.resume_from);
}

void RecorderResume::take_leaf(ByteView leaf) {
  const Kind kind = static_cast<Kind>(leaf[0]);
  Close close;
  Boot boot;
  if (kind == Kind::close && decode_close(leaf.part(1), close) == Status::ok) {
    found_ = true;
    recorder_.batch_ = close.batch + 1;
    recorder_.key_epoch_ = close.key_epoch;
    if (close.boot > recorder_.boot_) recorder_.boot_ = close.boot;
    recorder_.batch_open_ = false;
    recorder_.batch_bytes_ = 0;
  } else if (kind == Kind::boot && decode_boot(leaf.part(1), boot) == Status::ok) {
    if (boot.boot > recorder_.boot_) recorder_.boot_ = boot.boot;
  }
}

}  // namespace cairn
