// The path from a leaf to the root, which verifying and building proofs walk alike.
#pragma once

#include "cairn/bytes.hpp"
#include "cairn/proof.hpp"

namespace cairn {

constexpr bool bit(uint64_t v, unsigned i) {
  return (v >> i & 1) != 0;
}

// The level at which the path of leaf `index` joins that of the last leaf. Below it every node has
// a sibling, on the right where the bit of the index is zero; from it on up only the nodes with a
// one bit have one, on the left.
constexpr unsigned fork_level(uint64_t index, uint64_t size) {
  return bit_length(index ^ (size - 1));
}

// Bit l is set where the path goes up from a left child on level l, to be joined from the right.
constexpr uint64_t left_turns(uint64_t index, uint64_t size) {
  return ~index & ((uint64_t{1} << fork_level(index, size)) - 1);
}

constexpr bool is_range(uint64_t first, uint64_t count, uint64_t size) {
  return size <= tree_size_max && first < size && count != 0 && count <= size - first;
}

}  // namespace cairn
