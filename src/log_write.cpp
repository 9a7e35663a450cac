// The only code that programs or erases: packing leaves into frames, recovering the tail, moving
// on to the next segment (rules R4 to R6 and R9 of docs/format.md).
#include "log_reader.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

namespace {

constexpr unsigned attempts_max = 4;  // of one frame, and of one erase

uint32_t log2_ceil(uint32_t value) {
  return bit_length(value - 1);
}

}  // namespace

/// One write operation. Holds no state of its own between operations.
class LogWriter {
 public:
  explicit LogWriter(Log& log)
      : log_(log), flash_(*log.flash_), reader_(log, window_), layout_(*log.flash_) {
    window_.buffer = log.memory_.frame;
  }

  Status format();
  Status stage_one(uint8_t kind, ByteView body);
  Status stage(const ByteView* leaves, size_t count);
  Status commit() { return sync(); }
  Status write_head(const Signature& signature);
  Status prepare_next();

 private:
  struct Pieces {  // a payload in pieces, so that nothing is copied twice
    ByteView list[4];
    size_t count = 0;
    uint32_t size = 0;
    void add(ByteView piece) {
      list[count++] = piece;
      size += static_cast<uint32_t>(piece.size);
    }
  };

  bool is_file() const { return flash_.kind == CAIRN_FLASH_FILE; }
  bool program(uint32_t segment, uint32_t offset, const uint8_t* data, uint32_t size);
  bool put(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
           const Pieces& payload, uint32_t& next);
  Status sync();

  uint32_t tail_hop();
  bool fill(uint32_t offset, uint32_t end, uint8_t value);
  bool repair_tail(uint32_t room);
  Status make_room(uint32_t bytes);
  Status write_frame(FrameType type, const Pieces& payload);

  size_t pack_group(const ByteView* leaves, size_t count, uint32_t room, uint32_t& bytes);
  size_t pack_frame(const ByteView* leaves, size_t count, uint32_t room, bool more, uint32_t at,
                    uint32_t& bytes);
  Status write_group(const ByteView* leaves, size_t count, size_t& taken);
  Status grow_tree(const ByteView* leaves, size_t count);
  bool fits(size_t leaf_bytes) const;

  SegmentHeader header_of(uint32_t sequence, uint32_t nonce, uint16_t erase_count) const;
  uint32_t new_nonce(uint32_t sequence);
  Status may_retire(uint64_t& index_min);
  Status announce_next();
  Status erase_and_head(const SegmentHeader& header, uint32_t& header_crc);
  void frontier_payload(uint8_t (&fixed)[frontier_fixed_bytes], uint8_t (&old)[old_head_bytes],
                        Pieces& payload);
  Status open_segment(const SegmentHeader& header);
  Status advance();

  Log& log_;
  const Flash& flash_;
  LogWindow window_;
  LogReader reader_;
  Layout layout_;
};

// ---- programming -------------------------------------------------------------------------------

// Programs and reads back. A file's write is not read back: it would come from the cache that the
// write went to, and the kernel reports a failure at the latest when the commit is synced.
bool LogWriter::program(uint32_t segment, uint32_t offset, const uint8_t* data, uint32_t size) {
  log_.commit_open_ = log_.commit_open_ || flash_.sync != nullptr;
  if (flash_.program(flash_.user, segment, offset, data, size) < 0) return false;
  if (is_file()) return true;
  uint8_t check[32];
  for (uint32_t at = 0; at < size; at += sizeof check) {
    const uint32_t step = size - at < sizeof check ? size - at : sizeof check;
    if (flash_.read(flash_.user, segment, offset + at, check, step) < 0) return false;
    if (memcmp(check, data + at, step) != 0) return false;
  }
  return true;
}

// Writes one frame through the frame memory: with one program call when it fits, else in pieces.
bool LogWriter::put(uint32_t segment, uint32_t header_crc, uint32_t offset, FrameType type,
                    const Pieces& payload, uint32_t& next) {
  MutableBytes buffer = log_.memory_.frame;
  const uint32_t capacity = static_cast<uint32_t>(buffer.size) & ~(layout_.unit - 1);
  uint32_t used = 0, at = offset;
  uint32_t crc = header_crc + offset;
  window_.size = 0;

  const auto push = [&](ByteView bytes) {
    for (size_t done = 0; done < bytes.size;) {
      const size_t room = capacity - used;
      const size_t step = bytes.size - done < room ? bytes.size - done : room;
      memcpy(buffer.data + used, bytes.data + done, step);
      used += static_cast<uint32_t>(step);
      done += step;
      if (used < capacity) continue;
      if (!program(segment, at, buffer.data, used)) return false;
      at += used;
      used = 0;
    }
    return true;
  };

  uint8_t word[2], check[4];
  store_le16(word, frame_word(type, payload.size));
  crc = crc32c(word, crc);
  if (!push(word)) return false;
  for (size_t i = 0; i < payload.count; ++i) {
    crc = crc32c(payload.list[i], crc);
    if (!push(payload.list[i])) return false;
  }
  store_le32(check, crc);
  if (!push(check)) return false;
  const uint32_t padded = layout_.up(used);
  memset(buffer.data + used, pad, padded - used);
  if (padded != 0 && !program(segment, at, buffer.data, padded)) return false;
  next = offset + layout_.frame(payload.size);
  return true;
}

// A failed sync leaves unknown what reached the medium: only mounting again can tell.
Status LogWriter::sync() {
  if (!log_.commit_open_) return Status::ok;
  if (flash_.sync(flash_.user) < 0) {
    log_.state_ = Log::State::closed;
    return Status::io;
  }
  log_.commit_open_ = false;
  return Status::ok;
}

// ---- the tail (R4) -----------------------------------------------------------------------------

// The first place behind the end that no interrupted operation can have touched.
uint32_t LogWriter::tail_hop() {
  const uint32_t end = layout_.frames_end();
  const uint32_t guard = layout_.up(log_.in_flight_bytes_);
  const uint32_t written = reader_.behind_last_written(log_.segment_, log_.end_, end);
  const uint32_t behind = written == log_.end_ ? 0 : written;
  const uint32_t safe = behind + (flash_.kind == CAIRN_FLASH_NOR && behind != 0 ? guard : 0);
  const uint32_t least = layout_.up(log_.end_ + guard);
  return safe > least ? safe : least;
}

bool LogWriter::fill(uint32_t offset, uint32_t end, uint8_t value) {
  const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
  window_.size = 0;
  while (offset < end) {
    const uint32_t step = end - offset < capacity ? end - offset : capacity;
    memset(log_.memory_.frame.data, value, step);
    if (!program(log_.segment_, offset, log_.memory_.frame.data, step)) return false;
    offset += step;
  }
  return true;
}

// Makes the end of the segment safe to program. False when the segment has no room for that and
// `room` more bytes.
bool LogWriter::repair_tail(uint32_t room) {
  const uint32_t end = layout_.frames_end();
  if (is_file()) {
    const uint32_t written = reader_.behind_last_written(log_.segment_, log_.end_, end);
    if (!fill(log_.end_, written, flash_.erased) || sync() != Status::ok) return false;
    log_.tail_dirty_ = false;
    return true;
  }
  if (flash_.kind == CAIRN_FLASH_REWRITABLE) {
    log_.tail_dirty_ = false;
    return true;
  }
  uint32_t place = tail_hop();
  if (flash_.kind == CAIRN_FLASH_NOR) {
    if (place > end || room > end - place) return false;
    if (!fill(log_.end_, place, static_cast<uint8_t>(~flash_.erased))) return false;
    log_.end_ = place;
    log_.tail_dirty_ = false;
    return true;
  }
  uint8_t gap[gap_bytes];
  store_le16(gap, static_cast<uint16_t>(log_.end_ / layout_.unit));
  store_le64(gap + 2, log_.size());
  Pieces payload;
  payload.add(gap);
  const uint32_t need = layout_.frame(gap_bytes) + room;
  for (; place <= end && need <= end - place; place += layout_.up(log_.in_flight_bytes_)) {
    uint32_t next = 0;
    if (!put(log_.segment_, log_.header_crc_, place, FrameType::gap, payload, next)) continue;
    log_.end_ = next;
    log_.tail_dirty_ = false;
    return true;
  }
  return false;
}

// Leaves a clean tail with `bytes` of room, in this segment or the next.
Status LogWriter::make_room(uint32_t bytes) {
  const uint32_t end = layout_.frames_end();
  if (log_.tail_dirty_ && !repair_tail(bytes)) return advance();
  if (log_.end_ > end || bytes > end - log_.end_) return advance();
  return Status::ok;
}

Status LogWriter::write_frame(FrameType type, const Pieces& payload) {
  for (unsigned attempt = 0; attempt < attempts_max; ++attempt) {
    CAIRN_TRY(make_room(layout_.frame(payload.size)));
    uint32_t next = 0;
    if (put(log_.segment_, log_.header_crc_, log_.end_, type, payload, next)) {
      log_.end_ = next;
      return Status::ok;
    }
    log_.tail_dirty_ = true;
  }
  return Status::io;
}

// ---- leaves ------------------------------------------------------------------------------------

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
  if (taken == 0) return more || single ? 0 : pack_frame(leaves, 1, room, more, at, bytes);
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
    const size_t packed =
        pack_frame(leaves + taken, count - taken, room - bytes, more, bytes, frame);
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
  for (unsigned attempt = 0; attempt < attempts_max; ++attempt) {
    CAIRN_TRY(make_room(least));
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
    if (program(log_.segment_, log_.end_, buffer.data, bytes)) {
      log_.end_ += bytes;
      return Status::ok;
    }
    log_.tail_dirty_ = true;
  }
  return Status::io;
}

Status LogWriter::grow_tree(const ByteView* leaves, size_t count) {
  Digest few[8];
  Digest* digests = log_.memory_.digest_count > 8 ? log_.memory_.digests : few;
  const size_t digest_count = log_.memory_.digest_count > 8 ? log_.memory_.digest_count : 8;
  while (count != 0) {
    const size_t step = count < digest_count ? count : digest_count;
    leaf_hashes(leaves, step, digests);
    CAIRN_TRY(log_.frontier_.append_batch(digests, step));
    leaves += step;
    count -= step;
  }
  return Status::ok;
}

// Whether one frame can hold a leaf of this size. A file's frame may need two bytes more.
bool LogWriter::fits(size_t leaf_bytes) const {
  const size_t size = leaf_bytes + (is_file() ? 2 : 0);
  const uint32_t capacity = static_cast<uint32_t>(log_.memory_.frame.size) & ~(layout_.unit - 1);
  return leaf_bytes != 0 && size <= payload_max &&
         layout_.frame(static_cast<uint32_t>(size)) <= capacity;
}

// One leaf without a copy of it; a record frame, or the next frame of an open commit.
Status LogWriter::stage_one(uint8_t kind, ByteView body) {
  const uint32_t size = static_cast<uint32_t>(1 + body.size);
  if (body.size > payload_max || !fits(size)) return Status::bad_argument;
  if (bit_length(log_.size() + 1) > Frontier::max_levels) return Status::full;
  CAIRN_TRY(make_room(layout_.frame(size + 2)));
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
  return log_.frontier_.append(hash.finish());
}

Status LogWriter::stage(const ByteView* leaves, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!fits(leaves[i].size)) return Status::bad_argument;
  }
  if (bit_length(log_.size() + count) > Frontier::max_levels) return Status::full;
  while (count != 0) {
    size_t taken = 0;
    CAIRN_TRY(write_group(leaves, count, taken));
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
  const uint32_t hashes = log_.frontier_.count() * static_cast<uint32_t>(digest_bytes);
  CAIRN_TRY(make_room(layout_.frame(frontier_fixed_bytes + hashes + signature_bytes)));
  // Hashes that the frontier frame before this one has are left out. They are the same ones in the
  // first frame of the next segment, should a retry move there.
  uint8_t fixed[frontier_fixed_bytes];
  const unsigned keep = shared_hashes(log_.frontier_size_, head.size);
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

// ---- segments ----------------------------------------------------------------------------------

SegmentHeader LogWriter::header_of(uint32_t sequence, uint32_t nonce, uint16_t erases) const {
  SegmentHeader header;
  header.log_id = log_.options_.log_id;
  header.nonce = nonce;
  header.sequence = sequence;
  header.segment_bytes = layout_.segment;
  header.segment_count = flash_.segment_count;
  header.erase_count = erases;
  header.unit_log2 = static_cast<uint8_t>(log2_ceil(layout_.unit));
  header.in_flight_log2 = static_cast<uint8_t>(log2_ceil(log_.in_flight_bytes_));
  return header;
}

// Random where the platform can; else different from one lap to the next.
uint32_t LogWriter::new_nonce(uint32_t sequence) {
  uint8_t bytes[4];
  const Platform& platform = *log_.platform_;
  if (platform.entropy != nullptr && platform.entropy(platform.user, bytes, sizeof bytes) >= 0) {
    return load_le32(bytes);
  }
  store_le32(bytes, sequence);
  return crc32c(bytes, log_.header_crc_);
}

// The index from which records stay when the next segment is given up; full when they must not be.
Status LogWriter::may_retire(uint64_t& index_min) {
  const uint32_t count = flash_.segment_count;
  index_min = log_.index_min_;
  if (log_.sequence_ + 1 < count) return Status::ok;  // never used: nothing is retired
  if (!log_.options_.recycle) return Status::full;
  Segment oldest, second;
  const bool held = reader_.live_segment(log_.sequence_ + 1 - count, oldest);
  index_min = log_.segment_first_;
  if (count > 2 && reader_.live_segment(log_.sequence_ + 2 - count, second)) {
    index_min = second.first_leaf;
  }
  if (held && index_min > log_.options_.keep_from) return Status::full;
  return Status::ok;
}

// NEXT in both slots: from here on the next segment may be erased (R6).
Status LogWriter::announce_next() {
  if (log_.promise_.present) return Status::ok;
  Log::Promise promise;
  promise.present = true;
  CAIRN_TRY(may_retire(promise.index_min));
  const uint32_t sequence = log_.sequence_ + 1;
  promise.nonce = new_nonce(sequence);
  SegmentHeader old;
  uint32_t crc = 0;
  const bool known = reader_.header(reader_.place(sequence), old, crc) == HeaderState::valid;
  const uint16_t erases = known ? old.erase_count : log_.erase_count_;
  promise.erase_count = static_cast<uint16_t>(erases + (erases != 0xFFFF && known ? 1 : 0));

  uint8_t bytes[next_bytes];
  store_le64(bytes, promise.index_min);
  store_le32(bytes + 8, promise.nonce);
  store_le16(bytes + 12, promise.erase_count);
  Pieces payload;
  payload.add(bytes);
  for (uint32_t slot = 0; slot < 2; ++slot) {
    const uint32_t offset = layout_.frames_end() + slot * layout_.next_size();
    const bool free = flash_.kind == CAIRN_FLASH_REWRITABLE || is_file() ||
                      reader_.is_blank(log_.segment_, offset, layout_.next_size());
    uint32_t next = 0;
    // A slot that fails is left; with both spoilt the erase goes on all the same (R6).
    if (free) (void)put(log_.segment_, log_.header_crc_, offset, FrameType::next, payload, next);
  }
  CAIRN_TRY(sync());
  log_.promise_ = promise;
  log_.next_announced_ = true;
  if (promise.index_min > log_.index_min_) log_.index_min_ = promise.index_min;
  return Status::ok;
}

Status LogWriter::erase_and_head(const SegmentHeader& header, uint32_t& header_crc) {
  uint8_t encoded[header_bytes];
  header_crc = encode_header(header, encoded);
  const uint32_t segment = header.sequence % flash_.segment_count;
  const uint32_t size = layout_.up(header_bytes);
  uint8_t* buffer = log_.memory_.frame.data;
  for (unsigned attempt = 0; attempt < attempts_max; ++attempt) {
    window_.size = 0;
    const int erased = flash_.erase(flash_.user, segment);
    if (erased == static_cast<int>(Status::full)) return Status::full;
    if (erased < 0) continue;
    copy(buffer, encoded, header_bytes);
    memset(buffer + header_bytes, pad, size - header_bytes);
    if (program(segment, 0, buffer, size)) return Status::ok;
  }
  return Status::io;
}

// NEXT, erase, header: safe to do ahead of time.
Status LogWriter::prepare_next() {
  if (log_.spare_ready_) return Status::ok;
  CAIRN_TRY(announce_next());
  const SegmentHeader header =
      header_of(log_.sequence_ + 1, log_.promise_.nonce, log_.promise_.erase_count);
  uint32_t crc = 0;
  CAIRN_TRY(erase_and_head(header, crc));
  CAIRN_TRY(sync());
  log_.spare_ready_ = true;
  return Status::ok;
}

void LogWriter::frontier_payload(uint8_t (&fixed)[frontier_fixed_bytes],
                                 uint8_t (&old)[old_head_bytes], Pieces& payload) {
  store_le64(fixed, log_.size());
  fixed[8] = 0;
  fixed[9] = log_.has_head_ ? frontier_old_head : 0;
  payload.add(fixed);
  if (log_.frontier_.count() != 0) {
    payload.add({log_.frontier_[0].bytes, log_.frontier_.count() * digest_bytes});
  }
  if (!log_.has_head_) return;
  store_le64(old, log_.head_.size);
  copy(old + 8, log_.head_.root.bytes, digest_bytes);
  copy(old + 8 + digest_bytes, log_.head_.signature.bytes, signature_bytes);
  payload.add(old);
}

// Writes the first frontier of an erased segment that has its header, and moves there.
Status LogWriter::open_segment(const SegmentHeader& header) {
  uint8_t encoded[header_bytes];
  const uint32_t crc = encode_header(header, encoded);
  const uint32_t segment = header.sequence % flash_.segment_count;
  uint8_t fixed[frontier_fixed_bytes];
  uint8_t old[old_head_bytes];
  Pieces payload;
  frontier_payload(fixed, old, payload);
  uint32_t next = 0;
  if (!put(segment, crc, layout_.first_frame(), FrameType::frontier, payload, next)) {
    return Status::io;
  }
  CAIRN_TRY(sync());
  log_.segment_ = segment;
  log_.sequence_ = header.sequence;
  log_.header_crc_ = crc;
  log_.erase_count_ = header.erase_count;
  log_.end_ = next;
  log_.segment_first_ = log_.size();
  log_.frontier_size_ = log_.size();
  log_.spare_ready_ = false;
  log_.tail_dirty_ = false;
  log_.promise_ = {};
  log_.next_announced_ = header.sequence + 1 < flash_.segment_count;
  return Status::ok;
}

// Moves to the next segment. What is written but not yet synced stays part of this one.
Status LogWriter::advance() {
  CAIRN_TRY(sync());
  for (unsigned attempt = 0; attempt < attempts_max; ++attempt) {
    CAIRN_TRY(prepare_next());
    const SegmentHeader header =
        header_of(log_.sequence_ + 1, log_.promise_.nonce, log_.promise_.erase_count);
    const Status opened = open_segment(header);
    if (opened == Status::ok) return Status::ok;
    if (log_.state_ == Log::State::closed) return opened;
    log_.spare_ready_ = false;  // erase it again (R5)
  }
  return Status::io;
}

// Every segment that could be taken for a part of this log is erased, then the first is written.
Status LogWriter::format() {
  for (uint32_t i = 0; i < flash_.segment_count; ++i) {
    const uint8_t* p = reader_.bytes(i, 0, header_bytes);
    const bool blank = p != nullptr && reader_.is_blank(i, 0, header_bytes);
    if (!blank && flash_.erase(flash_.user, i) < 0) return Status::io;
    window_.size = 0;
  }
  const SegmentHeader header = header_of(0, new_nonce(0), 1);
  uint32_t crc = 0;
  for (unsigned attempt = 0; attempt < attempts_max; ++attempt) {
    CAIRN_TRY(erase_and_head(header, crc));
    const Status opened = open_segment(header);
    if (opened == Status::ok) {
      log_.state_ = Log::State::open;
      return Status::ok;
    }
  }
  return Status::io;
}

// ---- the log's own functions -------------------------------------------------------------------

Status Log::attach(const Flash& flash, const LogMemory& memory, const LogOptions& options,
                   const Platform& platform) {
  *this = Log();
  CAIRN_TRY(check_geometry(flash));
  const Layout layout(flash);
  if (memory.frame.data == nullptr || memory.frame.size < log_frame_bytes(flash.unit_bytes, 0) ||
      layout.first_frame() + 2 * layout.next_size() + layout.frame(payload_max / 32) >
          flash.segment_bytes) {
    return Status::bad_argument;
  }
  flash_ = &flash;
  platform_ = &platform;
  memory_ = memory;
  options_ = options;
  // An interrupted write may reach as far as the frame memory. On flash that area is given up, so
  // it must stay small against a segment.
  const uint32_t quarter = flash.segment_bytes / 4;
  const bool flash_memory = flash.kind == CAIRN_FLASH_ONCE || flash.kind == CAIRN_FLASH_NOR;
  if (flash_memory && memory_.frame.size > quarter) memory_.frame.size = quarter;
  if (memory_.frame.size > 0x40000000) memory_.frame.size = 0x40000000;
  in_flight_bytes_ = 1u << log2_ceil(static_cast<uint32_t>(memory_.frame.size));
  return Status::ok;
}

Status Log::format(const Flash& flash, const LogMemory& memory, const LogOptions& options,
                   const Platform& platform) {
  CAIRN_TRY(attach(flash, memory, options, platform));
  return LogWriter(*this).format();
}

Status Log::writable() const {
  return state_ == State::open      ? Status::ok
         : state_ == State::damaged ? Status::damaged
                                    : Status::bad_state;
}

Result<uint64_t> Log::append(uint8_t kind, ByteView body) {
  CAIRN_TRY(writable());
  const uint64_t index = size();
  LogWriter writer(*this);
  CAIRN_TRY(writer.stage_one(kind, body));
  CAIRN_TRY(writer.commit());
  return index;
}

Result<uint64_t> Log::stage(const ByteView* leaves, size_t count) {
  CAIRN_TRY(writable());
  const uint64_t index = size();
  CAIRN_TRY(LogWriter(*this).stage(leaves, count));
  return index;
}

Result<uint64_t> Log::append_batch(const ByteView* leaves, size_t count) {
  const Result<uint64_t> first = stage(leaves, count);
  if (state_ == State::open) {  // also after a failure: what was written is kept
    const Status committed = commit();
    if (first.ok() && committed != Status::ok) return committed;
  }
  return first;
}

Status Log::commit() {
  CAIRN_TRY(writable());
  return LogWriter(*this).commit();
}

Status Log::write_head(const Signature& signature) {
  CAIRN_TRY(writable());
  return LogWriter(*this).write_head(signature);
}

Status Log::maintain() {
  CAIRN_TRY(writable());
  return LogWriter(*this).prepare_next();
}

uint64_t Log::used_bytes() const {
  if (state_ == State::closed) return 0;
  LogWindow none;
  const uint32_t segments = sequence_ - LogReader(*this, none).oldest_sequence();
  return static_cast<uint64_t>(segments) * flash_->segment_bytes + end_;
}

}  // namespace cairn
