// Packing leaves into frames, and heads.
#include "log_writer.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

// Builds one frame with as many leaves as fit into `room` bytes, at `at` in the frame memory.
// Returns how many; the check value comes later, when the place is known.
size_t LogWriter::pack_frame(const ByteView* leaves, size_t count, uint32_t room, bool more,
                             uint32_t at, uint32_t& bytes) {
  uint8_t* out = log_.memory_.frame.data + at;
  const bool single = !more && count == 1;
  uint32_t used = 2;
  size_t taken = 0;
  for (; taken < count && (!single || taken == 0); ++taken) {
    const uint32_t size = static_cast<uint32_t>(leaves[taken].size);
    const uint32_t prefix = single ? 0 : size < 0x80 ? 1 : 2;
    if (used - 2 + prefix + size > payload_max) break;
    if (layout_.up(used + prefix + size + 4) > room) break;
    if (prefix == 1) {
      out[used] = static_cast<uint8_t>(size);
    } else if (prefix == 2) {
      out[used] = static_cast<uint8_t>(size | 0x80);
      out[used + 1] = static_cast<uint8_t>(size >> 7);
    }
    copy(out + used + prefix, leaves[taken].data, size);
    used += prefix + size;
  }
  if (taken == 0) return 0;
  const FrameType type = more ? FrameType::more : single ? FrameType::record : FrameType::batch;
  store_le16(out, frame_word(type, used - 2));
  bytes = layout_.up(used + 4);
  memset(out + used, pad, bytes - used);
  return taken;
}

// Fills the frame memory with frames for one program call. On flash each frame has a call of its
// own, so that a torn call tears one frame.
size_t LogWriter::pack_group(const ByteView* leaves, size_t count, uint32_t room, uint32_t& bytes) {
  size_t taken = 0;
  bytes = 0;
  do {
    const bool more = is_file() && (log_.commit_open_ || taken != 0);
    uint32_t frame = 0;
    const uint32_t left = room - bytes;
    size_t packed = pack_frame(leaves + taken, count - taken, left, more, bytes, frame);
    // Alone, without its length in front, the leaf may just have a place.
    if (packed == 0 && !more) packed = pack_frame(leaves + taken, 1, left, false, bytes, frame);
    if (packed == 0) break;
    taken += packed;
    bytes += frame;
  } while (is_file() && taken < count);
  return taken;
}

// Writes the next leaves with one program call.
Status LogWriter::write_group(const ByteView* leaves, size_t count, size_t& taken) {
  MutableBytes buffer = log_.memory_.frame;
  const uint32_t capacity = static_cast<uint32_t>(buffer.size) & ~(layout_.unit - 1);
  const uint32_t least = layout_.up(static_cast<uint32_t>(leaves[0].size) + 2 + frame_overhead);
  for (unsigned attempt = 0; attempt < log_attempts_max; ++attempt) {
    CAIRN_TRY(make_room(least, least));
    if (starts_commit(leaves[0].size)) CAIRN_TRY(sync());
    const uint32_t left = layout_.frames_end() - log_.end_;
    uint32_t bytes = 0;
    window_.size = 0;
    taken = pack_group(leaves, count, left < capacity ? left : capacity, bytes);
    if (taken == 0) return Status::bad_argument;
    for (uint32_t at = 0; at < bytes;) {  // the check values, now that the place is known
      const uint32_t size = load_le16(buffer.data + at) & 0x1FFF;
      const uint32_t crc = crc32c({buffer.data + at, 2 + size}, log_.header_crc_ + log_.end_ + at);
      store_le32(buffer.data + at + 2 + size, crc);
      at += layout_.frame(size);
    }
    if (program(log_.segment_, log_.end_, buffer.data, bytes) ||
        landed(log_.segment_, log_.header_crc_, log_.end_)) {
      log_.end_ += bytes;
      return Status::ok;
    }
    log_.tail_dirty_ = true;
    if (gave_up_) break;
    if (attempt + 2 == log_attempts_max) CAIRN_TRY(leave_bad_memory(least));
  }
  return Status::io;
}

Status LogWriter::grow_tree(const ByteView* leaves, size_t count) {
  Digest few[8];
  const bool given = log_.memory_.digests != nullptr && log_.memory_.digest_count > 8;
  Digest* digests = given ? log_.memory_.digests : few;
  const size_t digest_count = given ? log_.memory_.digest_count : 8;
  const bool tile = completes_tile(count);
  if (tile) --count;
  while (count != 0) {
    const size_t step = count < digest_count ? count : digest_count;
    leaf_hashes(leaves, step, digests);
    CAIRN_TRY(log_.frontier_.append_batch(digests, step));
    leaves += step;
    count -= step;
  }
  return tile ? complete_tile(leaf_hash(*leaves)) : Status::ok;
}

Status LogWriter::grow_by_one(const Digest& leaf) {
  return completes_tile(1) ? complete_tile(leaf) : log_.frontier_.append(leaf);
}

// A frame that goes on with a commit has a length in front of each leaf. A leaf that leaves no
// room for one starts a commit of its own.
bool LogWriter::starts_commit(size_t leaf_bytes) const {
  const uint32_t size = static_cast<uint32_t>(leaf_bytes) + 2;
  return is_file() && log_.commit_open_ &&
         (size > payload_max || layout_.frame(size) > log_.memory_.frame.size);
}

// One leaf without a copy of it; a record frame, or the next frame of an open commit.
Status LogWriter::stage_one(uint8_t kind, ByteView body) {
  const uint32_t size = static_cast<uint32_t>(1 + body.size);
  if (body.size >= log_.leaf_limit()) return Status::bad_argument;
  if (bit_length(log_.size() + 1) > Frontier::max_levels) return Status::full;
  CAIRN_TRY(make_room(layout_.frame(size + 2), layout_.frame(size)));
  if (starts_commit(size)) CAIRN_TRY(sync());
  const bool more = is_file() && log_.commit_open_;
  const uint8_t length[2] = {static_cast<uint8_t>(size < 0x80 ? size : size | 0x80),
                             static_cast<uint8_t>(size >> 7)};
  Pieces payload;
  if (more) payload.add({length, static_cast<size_t>(size < 0x80 ? 1 : 2)});
  payload.add({&kind, 1});
  payload.add(body);
  CAIRN_TRY(write_frame(more ? FrameType::more : FrameType::record, payload));
  const uint8_t prefix = 0;
  Sha256 hash;
  hash.update({&prefix, 1});
  hash.update({&kind, 1});
  hash.update(body);
  return grow_by_one(hash.finish());
}

Status LogWriter::stage(const ByteView* leaves, size_t count) {
  const size_t limit = log_.leaf_limit();
  for (size_t i = 0; i < count; ++i) {
    if (leaves[i].size == 0 || leaves[i].size > limit) return Status::bad_argument;
  }
  if (bit_length(log_.size() + count) > Frontier::max_levels) return Status::full;
  while (count != 0) {
    size_t taken = 0;
    // A tile is completed by the last leaf of a group only, whose tile frame can then follow.
    const size_t left = static_cast<size_t>(tile_leaves - log_.size() % tile_leaves);
    const size_t most = has_tiles() && left < count ? left : count;
    CAIRN_TRY(write_group(leaves, most, taken));
    CAIRN_TRY(grow_tree(leaves, taken));
    leaves += taken;
    count -= taken;
  }
  return Status::ok;
}

Status LogWriter::write_head(const Signature& signature) {
  SignedHead head;
  head.size = log_.size();
  head.root = log_.root();
  head.signature = signature;
  // Hashes that the frontier frame before this one has are left out: all of them in a new segment.
  unsigned keep = shared_hashes(log_.frontier_size_, head.size);
  const uint32_t least = frontier_fixed_bytes + signature_bytes;
  const uint32_t hashes = (log_.frontier_.count() - keep) * static_cast<uint32_t>(digest_bytes);
  CAIRN_TRY(make_room(layout_.frame(least + hashes), layout_.frame(least)));
  keep = shared_hashes(log_.frontier_size_, head.size);
  uint8_t fixed[frontier_fixed_bytes];
  store_le64(fixed, head.size);
  fixed[8] = static_cast<uint8_t>(keep);
  fixed[9] = frontier_signed;
  if (is_file() && log_.commit_open_) fixed[9] |= frontier_more;
  Pieces payload;
  payload.add(fixed);
  if (keep < log_.frontier_.count()) {
    payload.add({log_.frontier_[keep].bytes, (log_.frontier_.count() - keep) * digest_bytes});
  }
  payload.add(signature.bytes);
  CAIRN_TRY(write_frame(FrameType::frontier, payload));
  CAIRN_TRY(sync());
  log_.frontier_size_ = head.size;
  log_.head_ = head;
  log_.has_head_ = true;
  return Status::ok;
}

}  // namespace cairn
