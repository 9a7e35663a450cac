// One leaf, and heads.
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// A frame that goes on with a commit has a length in front of each leaf. A leaf that leaves no
// room for one starts a commit of its own.
bool LogWriter::starts_commit(size_t leaf_bytes) const {
  const uint32_t size = static_cast<uint32_t>(leaf_bytes) + 2;
  return is_file() && log_.commit_open_ &&
         (size > payload_max || layout_.frame(size) > log_.memory_.frame.size);
}

// The hash of a leaf whose kind stands in `record_fixed_`.
Step LogWriter::hash_leaf(ByteView body) {
  CAIRN_STEPS(at_.hash_leaf)
  body_at_ = 0;
  do {
    CAIRN_UNIT(at_.hash_leaf, reader_);
    if (body_at_ == 0) {
      tree_.begin_leaf(1 + body.size);
      tree_.hash({record_fixed_ + 2, 1});
    }
    const ByteView piece = body.part(body_at_, tree_.piece());
    if (!piece.empty()) tree_.hash(piece);
    body_at_ += static_cast<uint32_t>(piece.size);
  } while (!tree_.is_hashed());
  CAIRN_STEPS_END(at_.hash_leaf);
}

Step LogWriter::grow_by_one(Status& status) {
  CAIRN_STEPS(at_.grow_by_one)
  if (completes_tile(1)) {
    status = complete_tile(tree_.digest());
    CAIRN_DONE(at_.grow_by_one);
  }
  CAIRN_AWAIT(at_.grow_by_one, tree_.add(log_.frontier_, status));
  CAIRN_STEPS_END(at_.grow_by_one);
}

// One leaf without a copy of it; a record frame, or the next frame of an open commit.
Step LogWriter::stage_one(uint8_t kind, ByteView body, Status& status) {
  const uint32_t size = static_cast<uint32_t>(1 + body.size);
  CAIRN_STEPS(at_.stage_one)
  status = body.size >= log_.leaf_limit()                       ? Status::bad_argument
           : bit_length(log_.size() + 1) > Frontier::max_levels ? Status::full
                                                                : Status::ok;
  if (status != Status::ok) CAIRN_DONE(at_.stage_one);
  CAIRN_AWAIT(at_.stage_one, make_room(layout_.frame(size + 2), layout_.frame(size), status));
  if (status == Status::ok && starts_commit(size)) CAIRN_AWAIT(at_.stage_one, sync(status));
  if (status != Status::ok) CAIRN_DONE(at_.stage_one);
  record_fixed_[0] = static_cast<uint8_t>(size < 0x80 ? size : size | 0x80);
  record_fixed_[1] = static_cast<uint8_t>(size >> 7);
  record_fixed_[2] = kind;
  record_.clear();
  record_type_ = is_file() && log_.commit_open_ ? FrameType::more : FrameType::record;
  if (record_type_ == FrameType::more) {
    record_.add({record_fixed_, static_cast<size_t>(size < 0x80 ? 1 : 2)});
  }
  record_.add({record_fixed_ + 2, 1});
  record_.add(body);
  CAIRN_AWAIT(at_.stage_one, write_frame(record_type_, record_, status));
  if (status != Status::ok) CAIRN_DONE(at_.stage_one);
  CAIRN_AWAIT(at_.stage_one, hash_leaf(body));
  CAIRN_AWAIT(at_.stage_one, grow_by_one(status));
  CAIRN_STEPS_END(at_.stage_one);
}

// Hashes that the frontier frame before this one has are left out: all of them in a new segment.
void LogWriter::head_payload(const Signature& signature) {
  const unsigned keep = shared_hashes(log_.frontier_size_, log_.size());
  const unsigned count = log_.frontier_.count();
  store_le64(record_fixed_, log_.size());
  record_fixed_[8] = static_cast<uint8_t>(keep);
  record_fixed_[9] = frontier_signed;
  if (is_file() && log_.commit_open_) record_fixed_[9] |= frontier_more;
  record_.clear();
  record_.add(record_fixed_);
  if (keep < count) record_.add({log_.frontier_[keep].bytes, (count - keep) * digest_bytes});
  record_.add(signature.bytes);
}

Step LogWriter::write_head(const Digest& root, const Signature& signature, Status& status) {
  const uint32_t least = frontier_fixed_bytes + signature_bytes;
  CAIRN_STEPS(at_.write_head)
  head_payload(signature);  // for its size
  head_room_ = layout_.frame(record_.size);
  CAIRN_AWAIT(at_.write_head, make_room(head_room_, layout_.frame(least), status));
  if (status != Status::ok) CAIRN_DONE(at_.write_head);
  head_payload(signature);
  CAIRN_AWAIT(at_.write_head, write_frame(FrameType::frontier, record_, status));
  if (status != Status::ok) CAIRN_DONE(at_.write_head);
  CAIRN_AWAIT(at_.write_head, sync(status));
  if (status != Status::ok) CAIRN_DONE(at_.write_head);
  log_.frontier_size_ = log_.size();
  log_.head_.size = log_.size();
  log_.head_.root = root;
  log_.head_.signature = signature;
  log_.has_head_ = true;
  CAIRN_STEPS_END(at_.write_head);
}

Step LogWriter::room_for(uint64_t frame_bytes, Status& status) {
  CAIRN_STEPS(at_.room_for)
  status = Status::ok;
  if (log_.fits(frame_bytes)) CAIRN_DONE(at_.room_for);
  CAIRN_AWAIT(at_.room_for, reader_.retirable(0, index_min_, status));
  CAIRN_STEPS_END(at_.room_for);
}

}  // namespace cairn
