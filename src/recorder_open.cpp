// Making and opening a recorder: what a start finds out from the log.
#include "cairn/recorder.hpp"
#include "mem.hpp"

namespace cairn {

Status Recorder::prepare(const RecorderOptions& options, const Platform& platform,
                         const Signer& signer) {
  reset(*this);
  if (!is_key_name(options.origin)) return Status::bad_argument;
  if (public_key_size(signer.public_key.algorithm) == 0) return Status::bad_argument;
  options_ = options;
  options_.log.log_id = log_id_of(options.origin);
  platform_ = &platform;
  signer_ = &signer;
  batch_began_ms_ = monotonic_ms(platform);
  return Status::ok;
}

Status Recorder::create(const Flash& flash, const LogMemory& memory, const RecorderOptions& options,
                        const Platform& platform, const Signer& signer, const Begin* predecessor) {
  CAIRN_TRY(prepare(options, platform, signer));
  Begin begin = predecessor == nullptr ? Begin{} : *predecessor;
  begin.origin = options_.origin;
  begin.key = signer.public_key;
  uint8_t body[library_body_bytes_max];
  const Result<size_t> size = encode_begin(begin, body);
  if (!size.ok()) return size.status;
  // Before anything is given up: the frame memory must hold the first record.
  if (memory.frame.size < log_frame_bytes(flash.unit_bytes, 1 + size.value + 2)) {
    return Status::bad_argument;
  }
  CAIRN_TRY(log_.format(flash, memory, options_.log, platform));
  CAIRN_TRY(log_.append(static_cast<uint8_t>(Kind::begin), {body, size.value}).status);
  batch_open_ = true;
  batch_bytes_ = 1 + size.value;
  boot_ = 1;
  boot_pending_ = true;
  return Status::ok;
}

Status Recorder::open(const Flash& flash, const LogMemory& memory, const RecorderOptions& options,
                      const Platform& platform, const Signer& signer) {
  CAIRN_TRY(prepare(options, platform, signer));
  const Status mounted = log_.mount(flash, memory, options_.log, platform);
  if (mounted != Status::ok) return mounted;
  if (log_.size() == 0) return Status::not_formatted;  // create() was cut short
  CAIRN_TRY(check_begin());
  CAIRN_TRY(resume());
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
  if (size.status == Status::corrupt) return Status::ok;  // rotted: nothing contradicts
  if (!size.ok()) return size.status;
  Begin begin;
  if (leaf[0] != static_cast<uint8_t>(Kind::begin) ||
      decode_begin({leaf + 1, size.value - 1}, begin) != Status::ok) {
    return Status::not_found;
  }
  const bool same = begin.key == signer_->public_key && equal(begin.origin, options_.origin);
  return same ? Status::ok : Status::not_found;
}

// Counters go on from the close record under the newest head and the records behind it.
Status Recorder::resume() {
  const SignedHead* head = log_.head();
  const uint64_t from = head == nullptr || head->size == 0 ? 0 : head->size - 1;
  uint8_t buffer[136];
  Log::Cursor cursor;
  CAIRN_TRY(cursor.open(log_, buffer, from));
  for (;;) {
    Log::Cursor::Item item;
    const Status status = cursor.next(item);
    if (status == Status::end) break;
    if (status != Status::ok && status != Status::full) return status;
    if (item.type != Log::Cursor::Item::Type::leaf) continue;
    Kind kind = Kind::opaque;
    ByteView body;
    if (status == Status::ok && !item.leaf.empty()) {  // longer ones are not among those wanted
      kind = static_cast<Kind>(item.leaf[0]);
      body = item.leaf.part(1);
    }
    Close close;
    Boot boot;
    if (kind == Kind::close && decode_close(body, close) == Status::ok) {
      batch_ = close.batch + 1;
      key_epoch_ = close.key_epoch;
      if (close.boot > boot_) boot_ = close.boot;
      batch_open_ = false;
      batch_bytes_ = 0;
      continue;
    }
    if (kind == Kind::boot && decode_boot(body, boot) == Status::ok && boot.boot > boot_) {
      boot_ = boot.boot;
    }
    batch_open_ = true;
    batch_bytes_ += item.leaf.size;
  }
  ++boot_;
  return Status::ok;
}

}  // namespace cairn
