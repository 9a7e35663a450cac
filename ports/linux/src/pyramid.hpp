// All hashes over 2^height neighbouring subtrees, in one array of 2^(height+1): a node at i has its
// children at 2i and 2i + 1, so that each row is hashed from the one below with one call.
#pragma once

#include <cairn/hash.hpp>

namespace cairn::host {

/// Where the node `index` of the row `row` stands; row 0 is the base.
constexpr size_t pyramid_place(unsigned height, unsigned row, size_t index) {
  return (size_t{1} << (height - row)) + index;
}

/// Hashes the rows over the first `count` subtrees of the base, up to row `top`.
inline void raise_pyramid(Digest* nodes, unsigned height, size_t count, unsigned top) {
  for (unsigned row = 0; row < top && count > 1; ++row) {
    count /= 2;
    hash_backend().nodes(nodes + pyramid_place(height, row, 0), count,
                         nodes + pyramid_place(height, row + 1, 0));
  }
}

}  // namespace cairn::host
