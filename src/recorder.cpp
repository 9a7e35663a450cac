// What a recorder is asked, and appending many records. recorder_writer.cpp: what it writes, in
// steps; recorder_seal.cpp: closing and signing; recorder_open.cpp: opening.
#include "cairn/recorder.hpp"

#include "divide.hpp"
#include "recorder_writer.hpp"

namespace cairn {

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

void Recorder::after_append(uint64_t leaf_count, uint64_t leaf_bytes) {
  if (leaf_count == 0) return;
  if (!batch_open_) batch_began_ms_ = monotonic_ms(*platform_);
  batch_open_ = true;
  batch_bytes_ += leaf_bytes;
}

// ---- records -----------------------------------------------------------------------------------

// The last bytes of the medium are kept for sealing: a boot, a clock, a pruned and a close record,
// a head, and the tile that they may complete.
uint64_t Recorder::with_reserve(uint64_t frame_bytes) const {
  const Flash& flash = log_.flash();
  const uint64_t size = log_.size() + flash.segment_bytes;  // no segment holds more leaves
  const bool tiles = options_.log.tiles != LogTiles::none;
  return frame_bytes + (tiles ? log_frame_bytes(flash.unit_bytes, 8 + 32) : 0) +
         4 * log_frame_bytes(flash.unit_bytes, 1 + small_body_bytes_max) +
         log_head_bytes(flash.unit_bytes, size);
}

Status Recorder::room_for(uint64_t frame_bytes) const {
  CAIRN_TRY(log_.writable());
  return log_.room_for(with_reserve(frame_bytes));
}

Result<uint64_t> Recorder::append(Kind kind, ByteView body) {
  CAIRN_TRY(log_.writable());
  Result<uint64_t> index = uint64_t{0};
  (void)RecorderWriter(*this).append(kind, body, index);
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
  RecorderWriter writer(*this);
  if (status == Status::ok) (void)writer.before_append(status);
  const uint64_t first = log_.size();
  for (size_t done = 0, taken = 0; status == Status::ok && done < count; done += taken) {
    status = append_run(leaves + done, count - done, taken);
    (void)writer.seal_if(status == Status::ok && due());
  }
  (void)writer.seal_if(status == Status::full);
  if (status != Status::ok) return status;
  return first;
}

Result<uint64_t> Recorder::append_gap(uint64_t count, GapReason reason) {
  CAIRN_TRY(log_.writable());
  Result<uint64_t> index = uint64_t{0};
  (void)RecorderWriter(*this).append_gap(count, reason, index);
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

Status Recorder::seal() {
  if (pending() == 0) return Status::bad_state;
  Status status = log_.stepping_ ? Status::bad_state : Status::ok;
  if (status == Status::ok) (void)RecorderWriter(*this).seal(status);
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
