// The leaves that the vectors in gomod/ were made of.
#pragma once

#include <cairn/hash.hpp>

#include "support/vectors.hpp"

namespace vectors {

// By the leaf_rule in merkle_roots.json.
inline Bytes generated_leaf(const Bytes& seed, uint64_t index) {
  uint8_t number[8];
  cairn::store_be64(number, index);
  const auto block = [&](cairn::ByteView tail) {
    cairn::Sha256 hash;
    hash.update(view(seed));
    hash.update(number);
    hash.update(tail);
    return hash.finish();
  };
  const size_t size = block(cairn::literal("len")).bytes[0] % 97u;
  Bytes out;
  for (uint32_t i = 0; out.size() < size; ++i) {
    uint8_t counter[4];
    cairn::store_be32(counter, i);
    const cairn::Digest part = block(counter);
    out.insert(out.end(), part.bytes, part.bytes + cairn::digest_bytes);
  }
  out.resize(size);
  return out;
}

}  // namespace vectors
