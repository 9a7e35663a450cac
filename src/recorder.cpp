// Appending and sealing. What opening does stands in recorder_open.cpp.
#include "cairn/recorder.hpp"

#include "divide.hpp"
#include "mem.hpp"

namespace cairn {

namespace {

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

void Recorder::abandon() {
  log_.report_.damaged = true;
  log_.state_ = Log::State::damaged;
}

// ---- library records ---------------------------------------------------------------------------

Status Recorder::append_library(Kind kind, ByteView body) {
  return log_.stage_one(static_cast<uint8_t>(kind), body);
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
  const uint64_t passed = monotonic - clock_monotonic_ms_;
  const uint64_t shown = static_cast<uint64_t>(now.unix_ms) - static_cast<uint64_t>(clock_unix_ms_);
  const int64_t step = static_cast<int64_t>(shown - passed);
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

// What is no more in the log: said when records have been retired, and once after a start.
Status Recorder::append_pruned() {
  const uint64_t index_min = log_.index_min();
  if (index_min == pruned_noted_) return Status::ok;
  uint8_t body[small_body_bytes_max];
  const Result<size_t> size =
      encode_pruned({index_min, monotonic_ms(*platform_), wall_time(*platform_)}, body);
  if (!size.ok()) return size.status;
  CAIRN_TRY(append_library(Kind::pruned, {body, size.value}));
  pruned_noted_ = index_min;
  after_append(1, 1 + size.value);
  return Status::ok;
}

void Recorder::after_append(uint64_t leaf_count, uint64_t leaf_bytes) {
  if (leaf_count == 0) return;
  if (!batch_open_) batch_began_ms_ = monotonic_ms(*platform_);
  batch_open_ = true;
  batch_bytes_ += leaf_bytes;
}

// ---- records -----------------------------------------------------------------------------------

// The last bytes of the medium are kept for sealing: a boot, a clock, a pruned and a close record,
// a head, and the tile that they may complete.
Status Recorder::room_for(uint64_t frame_bytes) const {
  CAIRN_TRY(log_.writable());
  const Flash& flash = log_.flash();
  const uint64_t size = log_.size() + flash.segment_bytes;  // no segment holds more leaves
  const bool tiles = options_.log.tiles != LogTiles::none;
  return log_.room_for(frame_bytes + (tiles ? log_frame_bytes(flash.unit_bytes, 8 + 32) : 0) +
                       4 * log_frame_bytes(flash.unit_bytes, 1 + small_body_bytes_max) +
                       log_head_bytes(flash.unit_bytes, size));
}

// Writes what goes in front of a record.
Status Recorder::before_append() {
  const uint64_t size = log_.size();
  if (boot_pending_) CAIRN_TRY(append_boot());
  CAIRN_TRY(append_clock_step());
  CAIRN_TRY(append_pruned());
  if (log_.size() != size) seal_if(due());
  return Status::ok;
}

void Recorder::seal_if(bool wanted) {
  if (wanted && options_.batch.automatic && pending() != 0) last_seal_ = seal();
}

Result<uint64_t> Recorder::append(Kind kind, ByteView body) {
  CAIRN_TRY(log_.writable());
  if (static_cast<uint8_t>(kind) < application_kind_min || body.size >= log_.leaf_limit()) {
    return Status::bad_argument;
  }
  Result<uint64_t> index = room_for(log_frame_bytes(log_.flash().unit_bytes, 1 + body.size));
  if (index.ok()) index.status = before_append();
  if (index.ok()) index = log_.append(static_cast<uint8_t>(kind), body);
  if (index.ok()) after_append(1, 1 + body.size);
  seal_if(index.status == Status::full || (index.ok() && due()));
  return index;
}

// The first leaves up to where the batch is due, or half a segment is full; at least one.
Recorder::Run Recorder::next_run(const ByteView* leaves, size_t count) const {
  const BatchPolicy& policy = options_.batch;
  uint64_t room = UINT64_MAX, room_bytes = UINT64_MAX;
  if (policy.automatic && policy.leaves != 0)
    room = policy.leaves - 1 - remainder(log_.size(), policy.leaves);
  if (policy.automatic && policy.bytes > batch_bytes_) room_bytes = policy.bytes - batch_bytes_;
  Run run;
  do {
    const size_t size = leaves[run.count].size;
    run.bytes += size;
    run.frame_bytes += log_frame_bytes(log_.flash().unit_bytes, size + 2);
    ++run.count;
  } while (run.count < count && run.count < room && run.bytes < room_bytes &&
           run.frame_bytes < log_.flash().segment_bytes / 2);
  return run;
}

Status Recorder::append_run(const ByteView* leaves, size_t count, size_t& taken) {
  Run run = next_run(leaves, count);
  Status status = room_for(run.frame_bytes);
  while (status == Status::full && run.count > 1) {
    run = next_run(leaves, run.count / 2);
    status = room_for(run.frame_bytes);
  }
  CAIRN_TRY(status);
  const uint64_t size = log_.size();
  status = log_.stage(leaves, run.count).status;
  taken = static_cast<size_t>(log_.size() - size);
  after_append(taken, run.bytes);
  return status;
}

Result<uint64_t> Recorder::append_batch(const ByteView* leaves, size_t count) {
  const Result<uint64_t> first = stage(leaves, count);
  const Status committed = commit();  // also after a failure: what was written is kept
  if (first.ok() && committed != Status::ok) return committed;
  return first;
}

Result<uint64_t> Recorder::stage(const ByteView* leaves, size_t count) {
  CAIRN_TRY(log_.writable());
  const size_t limit = log_.leaf_limit();
  for (size_t i = 0; i < count; ++i) {
    const size_t size = leaves[i].size;
    if (size == 0 || size > limit || leaves[i][0] < application_kind_min) {
      return Status::bad_argument;
    }
  }
  if (count == 0) return log_.size();
  Status status = room_for(log_frame_bytes(log_.flash().unit_bytes, leaves[0].size));
  if (status == Status::ok) status = before_append();
  const uint64_t first = log_.size();
  for (size_t done = 0, taken = 0; status == Status::ok && done < count; done += taken) {
    status = append_run(leaves + done, count - done, taken);
    seal_if(status == Status::ok && due());
  }
  seal_if(status == Status::full);
  if (status != Status::ok) return status;
  return first;
}

Result<uint64_t> Recorder::append_gap(uint64_t count, GapReason reason) {
  CAIRN_TRY(log_.writable());
  CAIRN_TRY(room_for(log_frame_bytes(log_.flash().unit_bytes, 1 + small_body_bytes_max)));
  CAIRN_TRY(before_append());
  const uint64_t index = log_.size();
  uint8_t body[small_body_bytes_max];
  const Result<size_t> size =
      encode_gap({count, reason, monotonic_ms(*platform_), wall_time(*platform_)}, body);
  if (!size.ok()) return size.status;
  CAIRN_TRY(append_library(Kind::gap, {body, size.value}));
  CAIRN_TRY(log_.commit());
  after_append(1, 1 + size.value);
  seal_if(due());
  return index;
}

// ---- sealing -----------------------------------------------------------------------------------

bool Recorder::due() const {
  if (!batch_open_) return false;
  const BatchPolicy& policy = options_.batch;
  if (policy.leaves != 0 && remainder(log_.size() + 1, policy.leaves) == 0) return true;
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
