#include "cairn/merkle.hpp"

#include "mem.hpp"

namespace cairn {
namespace {

constexpr uint8_t leaf_prefix = 0x00;
constexpr uint64_t size_max = (uint64_t{1} << Frontier::max_levels) - 1;

}  // namespace

const Digest empty_root = {{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                            0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                            0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};

Digest leaf_hash(ByteView leaf) {
  Digest out;
  hash_backend().many(leaf_prefix, &leaf, 1, &out);
  return out;
}

Digest node_hash(const Digest& left, const Digest& right) {
  Digest pair[2] = {left, right};
  hash_backend().nodes(pair, 1, pair);
  return pair[0];
}

void leaf_hashes(const ByteView* leaves, size_t count, Digest* out) {
  hash_backend().many(leaf_prefix, leaves, count, out);
}

unsigned cover_level(uint64_t first, uint64_t end) {
  const unsigned aligned = trailing_zeros(first);
  const unsigned fits = bit_length(end - first) - 1;
  return aligned < fits ? aligned : fits;
}

size_t cover_count(uint64_t first, uint64_t end) {
  size_t count = 0;
  for (; first < end; first += uint64_t{1} << cover_level(first, end))
    ++count;
  return count;
}

// The node with this index on its level becomes the last one, and what is to the left of it in
// pairs becomes their parents.
void Frontier::add(const Digest& node, uint64_t index) {
  unsigned last = count();
  nodes_[last] = node;
  for (; (index & 1) != 0; index >>= 1, --last)
    hash_backend().nodes(nodes_ + last - 1, 1, nodes_ + last - 1);
}

Status Frontier::append(const Digest& leaf) {
  if (size_ == size_max) return Status::full;
  add(leaf, size_);
  ++size_;
  return Status::ok;
}

Status Frontier::append_subtree(unsigned level, const Digest& root) {
  if (level > trailing_zeros(size_)) return Status::bad_argument;
  if (level >= max_levels || uint64_t{1} << level > size_max - size_) return Status::full;
  add(root, size_ >> level);
  size_ += uint64_t{1} << level;
  return Status::ok;
}

// Goes up level by level. The nodes of a level stand at the front of `leaves`; those that stay
// without a right neighbour belong to the new frontier and gather at its back, smallest last.
Status Frontier::append_batch(Digest* leaves, size_t count_new) {
  if (count_new > size_max - size_) return Status::full;
  const HashBackend& hash = hash_backend();
  unsigned kept = count();
  size_t gathered = count_new;
  uint64_t index = size_;  // of the level's first new node
  for (size_t width = count_new; width != 0; index >>= 1) {
    size_t parents = 0;
    if ((index & 1) != 0) {
      leaves[0] = node_hash(nodes_[--kept], leaves[0]);
      parents = 1;
    }
    const size_t pairs = (width - parents) / 2;
    hash.nodes(leaves + parents, pairs, leaves + parents);
    if ((width - parents) % 2 != 0) leaves[--gathered] = leaves[width - 1];
    width = parents + pairs;
  }
  copy(nodes_ + kept, leaves + gathered, (count_new - gathered) * sizeof(Digest));
  size_ += count_new;
  return Status::ok;
}

Digest Frontier::root() const {
  unsigned i = count();
  if (i == 0) return empty_root;
  Digest root = nodes_[--i];
  while (i != 0)
    root = node_hash(nodes_[--i], root);
  return root;
}

Status Frontier::assign(uint64_t size, const Digest* hashes, size_t hash_count) {
  if (size > size_max || hash_count != count_bits(size)) return Status::bad_argument;
  copy(nodes_, hashes, hash_count * sizeof(Digest));
  size_ = size;
  return Status::ok;
}

Status Frontier::resize(uint64_t size, unsigned keep) {
  if (size > size_max || keep > count() || keep > count_bits(size)) return Status::bad_argument;
  size_ = size;
  return Status::ok;
}

}  // namespace cairn
