// Appending and sealing. What opening does stands in recorder_open.cpp.
#include "cairn/recorder.hpp"

#include "mem.hpp"

namespace cairn {

namespace {

// No library record but the first, which create() writes, has a longer body.
constexpr size_t small_body_bytes_max = 128;

uint64_t step_size(int64_t step) {
  return step < 0 ? uint64_t{0} - static_cast<uint64_t>(step) : static_cast<uint64_t>(step);
}

}  // namespace

uint32_t log_id_of(ByteView origin) {
  return load_le32(sha256(origin).bytes);
}

uint64_t Recorder::pending() const {
  const SignedHead* head = log_.head();
  return log_.size() - (head == nullptr ? 0 : head->size);
}

void Recorder::set_beacon(const Digest& checkpoint_hash) {
  beacon_ = checkpoint_hash;
  has_beacon_ = true;
}

// ---- library records ---------------------------------------------------------------------------

Status Recorder::append_library(Kind kind, ByteView body) {
  uint8_t leaf[1 + small_body_bytes_max];
  if (body.size > small_body_bytes_max) return Status::bad_argument;
  leaf[0] = static_cast<uint8_t>(kind);
  copy(leaf + 1, body.data, body.size);
  const ByteView view(leaf, 1 + body.size);
  return log_.stage(&view, 1).status;
}

Status Recorder::append_boot() {
  Boot boot;
  boot.boot = boot_;
  boot.monotonic_ms = monotonic_ms(*platform_);
  boot.time = wall_time(*platform_);
  boot.torn_bytes = log_.report().torn_bytes;
  uint8_t body[small_body_bytes_max];
  const Result<size_t> size = encode_boot(boot, body);
  if (!size.ok()) return size.status;
  CAIRN_TRY(append_library(Kind::boot, {body, size.value}));
  boot_pending_ = false;
  after_append(1, 1 + size.value);
  return Status::ok;
}

// The two clocks should go on alike; where the wall clock was set, the log says by how much.
Status Recorder::append_clock_step() {
  if (platform_->monotonic_ms == nullptr || platform_->wall_clock == nullptr) return Status::ok;
  const WallTime now = wall_time(*platform_);
  const uint64_t monotonic = monotonic_ms(*platform_);
  const int64_t passed = static_cast<int64_t>(monotonic - clock_monotonic_ms_);
  const int64_t step = now.unix_ms - clock_unix_ms_ - passed;
  const bool stepped = has_clock_ && step_size(step) > options_.clock_step_ms;
  if (stepped) {
    uint8_t body[small_body_bytes_max];
    const Result<size_t> size = encode_clock({step, monotonic, now}, body);
    if (!size.ok()) return size.status;
    CAIRN_TRY(append_library(Kind::clock, {body, size.value}));
    after_append(1, 1 + size.value);
  }
  has_clock_ = true;
  clock_monotonic_ms_ = monotonic;
  clock_unix_ms_ = now.unix_ms;
  return Status::ok;
}

Status Recorder::before_append() {
  if (boot_pending_) CAIRN_TRY(append_boot());
  return append_clock_step();
}

void Recorder::after_append(uint64_t leaf_count, uint64_t leaf_bytes) {
  if (leaf_count == 0) return;
  if (!batch_open_) batch_began_ms_ = monotonic_ms(*platform_);
  batch_open_ = true;
  batch_bytes_ += leaf_bytes;
}

// ---- records -----------------------------------------------------------------------------------

Result<uint64_t> Recorder::append(Kind kind, ByteView body) {
  if (static_cast<uint8_t>(kind) < application_kind_min) return Status::bad_argument;
  CAIRN_TRY(before_append());
  const Result<uint64_t> index = log_.append(static_cast<uint8_t>(kind), body);
  if (!index.ok()) return index;
  after_append(1, 1 + body.size);
  if (options_.batch.automatic && due()) last_seal_ = seal();
  return index;
}

// Records that may still come before the batch is due by count; at least one.
uint64_t Recorder::room_in_batch() const {
  const uint32_t leaves = options_.batch.leaves;
  if (leaves == 0 || !options_.batch.automatic) return UINT64_MAX;
  const uint64_t room = leaves - 1 - log_.size() % leaves;
  return room == 0 ? 1 : room;
}

Result<uint64_t> Recorder::append_batch(const ByteView* leaves, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (leaves[i].empty() || leaves[i][0] < application_kind_min) return Status::bad_argument;
  }
  CAIRN_TRY(before_append());
  const uint64_t first = log_.size();
  for (size_t done = 0; done < count;) {
    const uint64_t room = room_in_batch();
    const size_t step = room < count - done ? static_cast<size_t>(room) : count - done;
    uint64_t bytes = 0;
    for (size_t i = 0; i < step; ++i)
      bytes += leaves[done + i].size;
    const uint64_t before = log_.size();
    const Status staged = log_.stage(leaves + done, step).status;
    after_append(log_.size() - before, bytes);
    if (staged != Status::ok) {
      (void)log_.commit();  // what was written is kept; size() tells how much
      return staged;
    }
    done += step;
    if (options_.batch.automatic && due()) last_seal_ = seal();
  }
  CAIRN_TRY(log_.commit());
  return first;
}

Result<uint64_t> Recorder::append_gap(uint64_t count, GapReason reason) {
  CAIRN_TRY(before_append());
  const uint64_t index = log_.size();
  uint8_t body[small_body_bytes_max];
  const Result<size_t> size =
      encode_gap({count, reason, monotonic_ms(*platform_), wall_time(*platform_)}, body);
  if (!size.ok()) return size.status;
  CAIRN_TRY(append_library(Kind::gap, {body, size.value}));
  CAIRN_TRY(log_.commit());
  after_append(1, 1 + size.value);
  if (options_.batch.automatic && due()) last_seal_ = seal();
  return index;
}

// ---- sealing -----------------------------------------------------------------------------------

bool Recorder::due() const {
  if (!batch_open_) return false;
  const BatchPolicy& policy = options_.batch;
  if (policy.leaves != 0 && (log_.size() + 1) % policy.leaves == 0) return true;
  if (policy.bytes != 0 && batch_bytes_ >= policy.bytes) return true;
  return policy.time_ms != 0 && monotonic_ms(*platform_) - batch_began_ms_ >= policy.time_ms;
}

Status Recorder::stage_close() {
  Close close{};
  close.batch = batch_;
  close.boot = boot_;
  close.monotonic_ms = monotonic_ms(*platform_);
  close.time = wall_time(*platform_);
  close.key_epoch = key_epoch_;
  if (const SignedHead* head = log_.head(); head != nullptr) {
    close.has_previous = true;
    CAIRN_TRY(checkpoint_hash({options_.origin, head->size, head->root, {}}, close.previous));
  }
  close.has_beacon = has_beacon_;
  close.beacon = beacon_;
  uint8_t body[small_body_bytes_max];
  const Result<size_t> size = encode_close(close, body);
  if (!size.ok()) return size.status;
  CAIRN_TRY(append_library(Kind::close, {body, size.value}));
  ++batch_;
  batch_open_ = false;
  batch_bytes_ = 0;
  return Status::ok;
}

// Signs the tree as it is. The signature stays inside until the head is durable.
Status Recorder::sign_head() {
  uint8_t text[key_name_bytes_max + 1 + decimal_bytes_max + 1 + base64_size(digest_bytes) + 1];
  const Result<size_t> size =
      format_checkpoint({options_.origin, log_.size(), log_.root(), {}}, text);
  if (!size.ok()) return size.status;
  Signature signature;
  CAIRN_TRY(sign(*signer_, {text, size.value}, signature));
  return log_.write_head(signature);
}

Status Recorder::seal() {
  if (pending() == 0) return Status::bad_state;
  Status status = boot_pending_ && batch_open_ ? append_boot() : Status::ok;
  // Without open records the last leaf is a close record whose head is missing: sign it.
  if (status == Status::ok && batch_open_) status = stage_close();
  if (status == Status::ok) status = sign_head();
  if (status == Status::ok) return status;
  CAIRN_TRY(log_.commit());  // the records that wait for this commit are kept all the same
  return status;
}

Result<size_t> Recorder::checkpoint(MutableBytes out) const {
  const SignedHead* head = log_.head();
  if (head == nullptr) return Status::bad_state;
  const PublicKey& key = signer_->public_key;
  return format_signed_checkpoint({options_.origin, head->size, head->root, {}},
                                  note_key(options_.origin, log_note_type(key), key),
                                  head->signature, out);
}

Status Recorder::air_checkpoint(AirCheckpoint& out) const {
  const SignedHead* head = log_.head();
  if (head == nullptr) return Status::bad_state;
  const PublicKey& key = signer_->public_key;
  out.key_id = key_id(note_key(options_.origin, log_note_type(key), key));
  out.size = head->size;
  out.has_root = true;
  out.root = head->root;
  out.has_signature = true;
  out.algorithm = key.algorithm;
  out.signature = head->signature;
  return Status::ok;
}

}  // namespace cairn
