// Packing many leaves into frames.
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

// Programs a group of frames at the end of the log, now that their place is known.
bool LogWriter::program_group(uint32_t bytes) {
  uint8_t* buffer = log_.memory_.frame.data;
  for (uint32_t at = 0; at < bytes;) {
    const uint32_t size = load_le16(buffer + at) & 0x1FFF;
    const uint32_t crc = crc32c({buffer + at, 2 + size}, log_.header_crc_ + log_.end_ + at);
    store_le32(buffer + at + 2 + size, crc);
    at += layout_.frame(size);
  }
  put_ok_ = program(log_.segment_, log_.end_, buffer, bytes);
  if (!put_ok_) (void)landed(log_.segment_, log_.header_crc_, log_.end_);
  return put_ok_;
}

// Writes the next leaves with one program call.
Status LogWriter::write_group(const ByteView* leaves, size_t count, size_t& taken) {
  const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
  const uint32_t least = layout_.up(static_cast<uint32_t>(leaves[0].size) + 2 + frame_overhead);
  Status status = Status::ok;
  for (unsigned attempt = 0; attempt < log_attempts_max; ++attempt) {
    (void)make_room(least, least, status);
    if (status == Status::ok && starts_commit(leaves[0].size)) (void)sync(status);
    CAIRN_TRY(status);
    const uint32_t left = layout_.frames_end() - log_.end_;
    uint32_t bytes = 0;
    window_.size = 0;
    taken = pack_group(leaves, count, left < capacity ? left : capacity, bytes);
    if (taken == 0) return Status::bad_argument;
    if (program_group(bytes)) {
      log_.end_ += bytes;
      return Status::ok;
    }
    log_.tail_dirty_ = true;
    if (gave_up_) break;
    if (attempt + 2 == log_attempts_max) (void)leave_bad_memory(least, status);
    CAIRN_TRY(status);
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

}  // namespace cairn
