#include "sha256_node_tail.hpp"

#include "sha256_constants.hpp"

namespace cairn::accelerated {
namespace {

constexpr NodeTail make() {
  NodeTail table = {};
  for (unsigned last = 0; last < 256; ++last) {
    uint32_t w[64] = {node_tail_word(static_cast<uint8_t>(last))};
    w[15] = pair_bits;
    for (unsigned t = 16; t < 64; ++t) {
      w[t] = w[t - 16] + sha256_sigma0(w[t - 15]) + w[t - 7] + sha256_sigma1(w[t - 2]);
      table.words[last][t - 16] = w[t] + sha256_round_constants[t];
    }
  }
  return table;
}

}  // namespace

constexpr NodeTail sha256_node_tail = make();

}  // namespace cairn::accelerated
