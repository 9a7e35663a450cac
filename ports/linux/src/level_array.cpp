#include <algorithm>
#include <cairn/linux/level_array.hpp>

#include "pyramid.hpp"

namespace cairn::host {
namespace {

constexpr unsigned level_max = 63;
constexpr size_t batch_leaves = 1024;

// Index of the first whole subtree of a level at or behind a leaf.
uint64_t first_whole(uint64_t leaf, unsigned level) {
  const uint64_t whole = leaf >> level;
  return (whole << level) == leaf ? whole : whole + 1;
}

}  // namespace

LevelArray::LevelArray(unsigned lowest, LeafHashes leaves)
    : lowest_(std::min(lowest, lowest_max)),
      leaves_(std::move(leaves)),
      tail_(static_cast<size_t>(block_leaves())),
      block_(static_cast<size_t>(2 * block_leaves())) {}

void LevelArray::start(uint64_t first, const NodeSource& retired) {
  retired_ = retired;
  size_ = first;
  first_ = first;
  missing_.clear();
  columns_.clear();
  block_number_ = no_block;
}

// Index of the node that a level's column begins with. An even one, so that brothers are neighbours
// in one piece of the column; where the first whole subtree is a right child, a gap stands before.
uint64_t LevelArray::origin(unsigned level) const {
  return first_whole(first_, level) & ~uint64_t{1};
}

const Digest& LevelArray::kept(unsigned level, uint64_t index) const {
  return columns_[level - lowest_][index - origin(level)];
}

DigestColumn& LevelArray::column(unsigned level) {
  if (level - lowest_ == columns_.size()) {
    columns_.emplace_back();
    if (first_whole(first_, level) != origin(level)) {
      size_t one = 0;
      *columns_.back().room(1, one) = {};
      columns_.back().grow(one);
    }
  }
  return columns_[level - lowest_];
}

void LevelArray::append(const Digest* leaves, size_t count) {
  while (count != 0) {
    const size_t offset = static_cast<size_t>(size_ & (block_leaves() - 1));
    const size_t block = static_cast<size_t>(block_leaves());
    size_t taken = std::min(count, block - offset);
    if (offset == 0 && count >= block) {
      Digest work[batch_leaves];
      taken = std::min(count, batch_leaves) & ~(block - 1);
      std::copy_n(leaves, taken, work);
      append_blocks(work, taken);
    } else {
      std::copy_n(leaves, taken, tail_.begin() + static_cast<ptrdiff_t>(offset));
      // What a block that is half retired holds is not kept: the source of leaves has it.
      const bool complete = offset + taken == block;
      if (complete && size_ - offset >= first_) append_blocks(tail_.data(), block);
    }
    size_ += taken;
    leaves += taken;
    count -= taken;
  }
  raise();
}

// Hashes whole blocks up to the lowest level. Uses `leaves` as work space.
void LevelArray::append_blocks(Digest* leaves, size_t count) {
  for (unsigned level = 0; level < lowest_; ++level) {
    count /= 2;
    hash_backend().nodes(leaves, count, leaves);
  }
  DigestColumn& lowest = column(lowest_);
  while (count != 0) {
    size_t taken = 0;
    Digest* const room = lowest.room(count, taken);
    std::copy_n(leaves, taken, room);
    lowest.grow(taken);
    leaves += taken;
    count -= taken;
  }
}

// Hashes the levels above the lowest, as far as they are complete. Where nothing is new on a level,
// there is nothing above it.
void LevelArray::raise() {
  for (unsigned level = lowest_; level < level_max; ++level) {
    const uint64_t end = size_ >> (level + 1);
    if (first_whole(first_, level + 1) >= end) return;
    DigestColumn& above = column(level + 1);
    const DigestColumn& below = column(level);
    uint64_t next = origin(level + 1) + above.size();
    if (next == end) return;
    while (next < end) {
      const uint64_t left = 2 * next - origin(level);
      size_t count = static_cast<size_t>(std::min<uint64_t>(end - next, below.run(left) / 2));
      Digest* const room = above.room(count, count);
      hash_backend().nodes(&below[left], count, room);
      above.grow(count);
      next += count;
    }
  }
}

void LevelArray::append_lost(uint64_t count) {
  const Digest nothing{};
  for (; count != 0; --count) {
    missing_.push_back(size_);
    append(&nothing, 1);
  }
}

bool LevelArray::lost_within(uint64_t begin, uint64_t end) const {
  const auto found = std::lower_bound(missing_.begin(), missing_.end(), begin);
  return found != missing_.end() && *found < end;
}

// Asks for leaves, but not for those that are lost.
Status LevelArray::read_leaves(uint64_t begin, uint64_t end, Digest* out) const {
  auto lost = std::lower_bound(missing_.begin(), missing_.end(), begin);
  for (uint64_t next = begin; next < end; ++next) {
    const uint64_t stop = lost == missing_.end() ? end : std::min(*lost++, end);
    const size_t count = static_cast<size_t>(stop - next);
    if (count != 0) CAIRN_TRY(leaves_(next, count, out + (next - begin)));
    next = stop;
  }
  return Status::ok;
}

Status LevelArray::read_block(uint64_t number) {
  const uint64_t begin = number << lowest_;
  const uint64_t end = std::min(begin + block_leaves(), size_);
  if (number == block_number_ && end == block_end_) return Status::ok;
  block_number_ = no_block;
  const bool complete = end - begin == block_leaves();
  Digest* const base = block_.data() + pyramid_place(lowest_, 0, 0);
  if (complete) {
    const uint64_t held = std::max(begin, first_);
    CAIRN_TRY(read_leaves(held, end, base + (held - begin)));
  } else {
    std::copy_n(tail_.data(), static_cast<size_t>(end - begin), base);
  }
  raise_pyramid(block_.data(), lowest_, static_cast<size_t>(end - begin), lowest_);
  if (complete && begin >= first_ && !lost_within(begin, end) &&
      block_[pyramid_place(lowest_, lowest_, 0)] != kept(lowest_, number)) {
    return Status::corrupt;
  }
  block_number_ = number;
  block_end_ = end;
  return Status::ok;
}

Status LevelArray::node_in_block(unsigned level, uint64_t index, Digest& out) {
  const unsigned up = lowest_ - level;
  CAIRN_TRY(read_block(index >> up));
  const size_t inside = static_cast<size_t>(index & ((uint64_t{1} << up) - 1));
  out = block_[pyramid_place(lowest_, level, inside)];
  return Status::ok;
}

NodeSource LevelArray::nodes() const {
  return {const_cast<LevelArray*>(this), &LevelArray::node, &LevelArray::ahead};
}

bool LevelArray::is_plain(unsigned level) const {
  return first_ == 0 && missing_.empty() && level >= lowest_;
}

void LevelArray::ahead(void* user, uint64_t index, unsigned begin, unsigned end) {
  const LevelArray& self = *static_cast<const LevelArray*>(user);
  if (!self.is_plain(self.lowest_)) return;
  for (unsigned level = std::max(begin, self.lowest_); level < end; ++level)
    __builtin_prefetch(&self.columns_[level - self.lowest_][index >> level ^ 1]);
}

Status LevelArray::node(void* user, unsigned level, uint64_t index, Digest& out) {
  LevelArray& self = *static_cast<LevelArray*>(user);
  if (level > level_max || index >= self.size_ >> level) return Status::bad_argument;
  if (self.is_plain(level)) {  // nearly always
    out = self.columns_[level - self.lowest_][index];
    return Status::ok;
  }
  const uint64_t begin = index << level;
  const uint64_t end = (index + 1) << level;
  if (end <= self.first_) return self.retired_.node(self.retired_.user, level, index, out);
  if (begin < self.first_) {
    // Half retired: its left part is the other source's to know, its right part stands here.
    Digest left;
    Digest right;
    CAIRN_TRY(node(user, level - 1, 2 * index, left));
    CAIRN_TRY(node(user, level - 1, 2 * index + 1, right));
    out = node_hash(left, right);
    return Status::ok;
  }
  if (self.lost_within(begin, end)) return Status::corrupt;
  if (level < self.lowest_) return self.node_in_block(level, index, out);
  out = self.kept(level, index);
  return Status::ok;
}

}  // namespace cairn::host
