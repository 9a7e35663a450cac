// The nodes that proofs are built from. A node comes from a frame that holds its hash (a frontier
// frame, a tile frame), or is hashed from nodes and leaves below it.
#include "log_reader.hpp"
#include "mem.hpp"

namespace cairn {

using namespace log_format;

namespace {

// Roots of perfect subtrees of what has been pushed so far, as in a frontier, but small: a subtree
// of level l needs l + 1 of them at most.
struct SubtreeStack {
  Digest nodes[CAIRN_MAX_LEVELS + 1];
  unsigned used = 0;
  uint64_t leaves = 0;

  void push(Digest hash, unsigned level) {
    for (uint64_t count = leaves >> level; (count & 1) != 0; count >>= 1) {
      hash = node_hash(nodes[--used], hash);
    }
    nodes[used++] = hash;
    leaves += uint64_t{1} << level;
  }
};

}  // namespace

bool LogReader::take_digest(uint32_t segment, uint32_t offset, Digest& out) {
  const uint8_t* p = bytes(segment, offset, digest_bytes);
  if (p != nullptr) copy(out.bytes, p, digest_bytes);
  return p != nullptr;
}

// The hash of leaves [index << level, (index + 1) << level) from a frontier frame of a size that
// has them as one of its elements.
bool LogReader::element(uint32_t segment, const FrontierFrame& frame, unsigned level,
                        uint64_t index, Digest& out) {
  if ((index & 1) != 0 || frame.size >> level != index + 1) return false;
  const unsigned position = count_bits(frame.size >> level) - 1;
  if (position < frame.keep) return false;
  const uint32_t skip = (position - frame.keep) * static_cast<uint32_t>(digest_bytes);
  return take_digest(segment, frame.hashes + skip, out);
}

// The numbers of the tiles that a tile frame holds.
bool LogReader::tile_frame(uint32_t segment, const Frame& frame, uint64_t& first, uint64_t& end) {
  const uint8_t* p = bytes(segment, frame.payload(), tile_fixed_bytes);
  if (p == nullptr) return false;
  first = load_le64(p);
  end = first + (frame.size - tile_fixed_bytes) / digest_bytes;
  return end > first;
}

bool LogReader::tile(uint32_t segment, const Frame& frame, uint64_t number, Digest& out) {
  uint64_t first = 0, end = 0;
  if (!tile_frame(segment, frame, first, end) || number < first || number >= end) return false;
  const uint32_t skip = static_cast<uint32_t>(number - first) * static_cast<uint32_t>(digest_bytes);
  return take_digest(segment, frame.payload() + tile_fixed_bytes + skip, out);
}

// The first frontier frame behind the node's last leaf has its hash, unless the node is a right
// child: those have been merged with their left neighbour. Tile frames stand in front of it.
bool LogReader::held_node(unsigned level, uint64_t index, Digest& out) {
  const uint64_t end = (index + 1) << level;
  const bool tiles = level == tile_level && log_.options_.tiles != LogTiles::none;
  if ((index & 1) != 0 && !tiles) return false;
  for (uint32_t sequence = segment_of(end - 1); sequence <= log_.sequence_; ++sequence) {
    Segment segment;
    if (!live_segment(sequence, segment)) continue;
    if (segment.first_leaf > end) return false;
    uint32_t offset = layout_.first_frame();
    Frame frame;
    for (;;) {
      const Found found = walk(segment.index, segment.crc, offset, frame);
      if (found == Found::end) break;
      if (found == Found::hole) continue;
      if (frame.type == FrameType::tile) {
        if (tiles && tile(segment.index, frame, index, out)) return true;
      } else if (frame.type == FrameType::frontier) {
        FrontierFrame content;
        if (!frontier_frame(segment.index, frame, content) || content.size < end) continue;
        if (element(segment.index, content, level, index, out)) return true;
        if (content.size > end) return false;
      }
    }
  }
  return false;
}

// The largest element of the oldest segment's first frontier that begins with the leaf `first`.
bool LogReader::pruned_node(uint64_t first, unsigned level_max, unsigned& level, Digest& out) {
  Segment oldest;
  FrontierFrame content;
  uint32_t sequence = oldest_sequence();
  while (!live_segment(sequence, oldest) || oldest.first_leaf < log_.index_min_) {
    if (window_.failed || ++sequence > log_.sequence_) return false;
  }
  if (first >= oldest.first_leaf) return false;
  if (!frontier_frame(oldest.index, oldest.frontier, content)) return false;
  level = bit_length(content.size - first) - 1;
  const bool begins =
      (first & ((uint64_t{1} << level) - 1)) == 0 && content.size >> level == (first >> level) + 1;
  return begins && level <= level_max && element(oldest.index, content, level, first >> level, out);
}

// The root of a tile whose leaves have been retired, from a tile frame of the archive.
bool LogReader::archived_tile(uint64_t number, Digest& out) {
  for (uint32_t sequence = oldest_sequence(); sequence <= log_.sequence_; ++sequence) {
    Segment segment;
    if (!live_segment(sequence, segment)) continue;
    if (find_tile(segment, number, out)) return true;
  }
  return false;
}

bool LogReader::next_tile_frame(uint32_t segment, uint32_t header_crc, uint32_t& offset,
                                Frame& frame) {
  for (;;) {
    const Found found = walk(segment, header_crc, offset, frame);
    if (found == Found::end) return false;
    if (found == Found::frame && frame.type == FrameType::tile) return true;
  }
}

bool LogReader::find_tile(const Segment& segment, uint64_t number, Digest& out) {
  uint32_t offset = segment.frontier.next;
  Frame frame;
  while (next_tile_frame(segment.index, segment.crc, offset, frame)) {
    if (tile(segment.index, frame, number, out)) return true;
  }
  return false;
}

bool LogReader::lacks_tile(uint64_t number) {
  const uint32_t sequence = segment_of((number + 1) * tile_leaves - 1);
  Segment holder, newest;
  Digest root;
  if (!live_segment(sequence, holder) || find_tile(holder, number, root)) return false;
  if (sequence == log_.sequence_) return true;
  return next_live(sequence, newest) && newest.header.sequence == log_.sequence_ &&
         !find_tile(newest, number, root);
}

uint32_t LogReader::tiles_from(const Segment& segment, uint64_t from, uint32_t count,
                               uint64_t& first, Digest* roots) {
  uint32_t offset = segment.frontier.next;
  uint64_t lowest = UINT64_MAX, lowest_end = UINT64_MAX;
  Frame frame, best;
  while (next_tile_frame(segment.index, segment.crc, offset, frame)) {
    uint64_t begin = 0, end = 0;
    if (!tile_frame(segment.index, frame, begin, end) || end <= from) continue;
    if (begin < from) begin = from;
    if (begin >= lowest) continue;
    lowest = begin;
    lowest_end = end;
    best = frame;
  }
  uint32_t taken = 0;
  first = lowest;
  while (taken < count && lowest + taken < lowest_end &&
         tile(segment.index, best, lowest + taken, roots[taken]))
    ++taken;
  return taken;
}

uint64_t LogReader::behind_tiles(uint32_t segment, uint32_t header_crc, uint64_t end) {
  uint32_t offset = layout_.first_frame();
  uint64_t behind = 0;
  Frame frame;
  while (next_tile_frame(segment, header_crc, offset, frame)) {
    uint64_t first = 0, last = 0;
    if (tile_frame(segment, frame, first, last) && last <= end && last > behind) behind = last;
  }
  return behind;
}

// The hash of the largest subtree that begins with the leaf `first`, is of level `level` at most,
// and stands in a frame. `level` becomes its own.
bool LogReader::stored_node(uint64_t first, unsigned& level, Digest& out) {
  const unsigned most = level;
  if (first >= log_.index_min_) {
    for (level = most; level >= tile_level; --level) {
      if (held_node(level, first >> level, out)) return true;
    }
    return false;
  }
  if (pruned_node(first, most, level, out)) return true;
  level = tile_level;
  return most >= tile_level && archived_tile(first >> tile_level, out);
}

namespace {

// Hashes the leaves of [next, end).
Status push_leaves(Log::Cursor& cursor, uint64_t next, uint64_t end, SubtreeStack& stack) {
  while (next != end) {
    Log::Cursor::Item item;
    const Status status = cursor.next(item);
    if (status == Status::end) return Status::corrupt;
    if (status != Status::ok) return status;
    if (item.type != Log::Cursor::Item::Type::leaf) continue;
    if (item.index != next) return Status::corrupt;
    stack.push(leaf_hash(item.leaf), 0);
    ++next;
  }
  return Status::ok;
}

// Level of the largest whole subtree that begins with the leaf `first` and ends at `end` at most.
unsigned largest_level(uint64_t first, uint64_t end) {
  const unsigned room = bit_length(end - first) - 1;
  const unsigned aligned = first == 0 ? room : bit_length(first & (~first + 1)) - 1;
  return aligned < room ? aligned : room;
}

}  // namespace

// Hashes of retired leaves come from the frontier in front of the oldest segment, or from archived
// tiles; of those that are held, from frames that have the hash, down to whole tiles, and from the
// leaves themselves below.
Status Log::node(unsigned level, uint64_t index, Digest& out) const {
  if (state_ == State::closed) return Status::bad_state;
  if (level >= CAIRN_MAX_LEVELS || index >= (size() >> level)) return Status::bad_argument;
  const uint64_t first = index << level;
  const uint64_t end = first + (uint64_t{1} << level);
  SubtreeStack stack;
  while (stack.leaves != end - first) {
    const uint64_t at = first + stack.leaves;
    LogWindow window;
    window.buffer = memory_.frame;
    Digest hash;
    unsigned found = largest_level(at, end);
    const bool stored = LogReader(*this, window).stored_node(at, found, hash);
    if (window.failed) return Status::io;
    if (stored) {
      stack.push(hash, found);
      continue;
    }
    if (at < index_min_) return Status::pruned;
    const uint64_t tile_end = (at | (tile_leaves - 1)) + 1;
    Cursor cursor;
    CAIRN_TRY(cursor.open(*this, memory_.frame, at));
    CAIRN_TRY(push_leaves(cursor, at, end < tile_end ? end : tile_end, stack));
  }
  out = stack.nodes[0];
  return Status::ok;
}

NodeSource Log::nodes() const {
  // The source only reads, but travels through a void pointer.
  return {const_cast<Log*>(this), [](void* user, unsigned level, uint64_t index, Digest& out) {
            return static_cast<const Log*>(user)->node(level, index, out);
          }};
}

}  // namespace cairn
