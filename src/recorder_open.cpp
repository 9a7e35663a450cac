// Making and opening a recorder: what a start finds out from the log.
#include "cairn/recorder.hpp"
#include "mem.hpp"

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
  CAIRN_TRY(log_.mount(flash, memory, options_.log, platform));
  Status status = log_.size() == 0 ? Status::not_formatted : check_begin();
  if (status == Status::ok) status = resume();
  if (status != Status::ok) {
    reset(log_);  // nothing may be added
    return status;
  }
  boot_pending_ = true;
  // A close record without a head: the cut came before its signature was recorded, so nobody has
  // seen one. The same bytes are signed now.
  if (!batch_open_ && pending() != 0) last_seal_ = sign_head();
  return Status::ok;
}

// The log must be the signer's. Where its first record has been retired, the origin alone tells.
Status Recorder::check_begin() const {
  if (log_.index_min() != 0) return Status::ok;
  uint8_t leaf[1 + library_body_bytes_max];
  const Result<size_t> size = log_.read(0, leaf);
  if (size.status == Status::corrupt) return Status::ok;         // rotted: nothing contradicts
  if (size.status == Status::full) return Status::bad_argument;  // too little frame memory
  if (!size.ok()) return size.status;
  Begin begin;
  if (leaf[0] != static_cast<uint8_t>(Kind::begin) ||
      decode_begin({leaf + 1, size.value - 1}, begin) != Status::ok) {
    return Status::not_found;
  }
  const bool same = begin.key == signer_->public_key && equal(begin.origin, options_.origin);
  return same ? Status::ok : Status::not_found;
}

// Counters go on from the close record under the newest head and the records behind it; where that
// one has rotted, from the newest close record that is left.
Status Recorder::resume() {
  const SignedHead* head = log_.head();
  bool found = head == nullptr || head->size == 0;
  CAIRN_TRY(resume_from(found ? 0 : head->size - 1, found));
  if (!found) CAIRN_TRY(resume_from(0, found));
  ++boot_;
  return Status::ok;
}

Status Recorder::resume_from(uint64_t from, bool& found) {
  uint8_t buffer[1 + small_body_bytes_max];
  Log::Cursor cursor;
  CAIRN_TRY(cursor.open(log_, buffer, from));
  batch_open_ = false;
  batch_bytes_ = 0;
  for (;;) {
    Log::Cursor::Item item;
    const Status status = cursor.next(item);
    if (status == Status::end) return Status::ok;
    if (status != Status::ok && status != Status::full) return status;
    if (item.type != Log::Cursor::Item::Type::leaf) continue;
    batch_open_ = true;
    batch_bytes_ += item.leaf.size;
    // What the buffer does not hold is not among the records wanted.
    if (status == Status::ok && !item.leaf.empty()) take_leaf(item.leaf, found);
  }
}

void Recorder::take_leaf(ByteView leaf, bool& found) {
  const Kind kind = static_cast<Kind>(leaf[0]);
  Close close;
  Boot boot;
  if (kind == Kind::close && decode_close(leaf.part(1), close) == Status::ok) {
    found = true;
    batch_ = close.batch + 1;
    key_epoch_ = close.key_epoch;
    if (close.boot > boot_) boot_ = close.boot;
    batch_open_ = false;
    batch_bytes_ = 0;
  } else if (kind == Kind::boot && decode_boot(leaf.part(1), boot) == Status::ok) {
    if (boot.boot > boot_) boot_ = boot.boot;
  }
}

}  // namespace cairn
