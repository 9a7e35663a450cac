#include "sha256_node_tail.hpp"

#include "sha256_constants.hpp"

namespace cairn::accelerated {
namespace {

constexpr uint32_t rotate(uint32_t x, unsigned n) {
  return x >> n | x << (32 - n);
}
constexpr uint32_t sigma0(uint32_t x) {
  return rotate(x, 7) ^ rotate(x, 18) ^ x >> 3;
}
constexpr uint32_t sigma1(uint32_t x) {
  return rotate(x, 17) ^ rotate(x, 19) ^ x >> 10;
}

constexpr NodeTail make() {
  NodeTail table = {};
  for (unsigned last = 0; last < 256; ++last) {
    uint32_t w[64] = {node_tail_word(static_cast<uint8_t>(last))};
    w[15] = pair_bits;
    for (unsigned t = 16; t < 64; ++t) {
      w[t] = w[t - 16] + sigma0(w[t - 15]) + w[t - 7] + sigma1(w[t - 2]);
      table.words[last][t - 16] = w[t] + sha256_round_constants[t];
    }
  }
  return table;
}

}  // namespace

constexpr NodeTail sha256_node_tail = make();

}  // namespace cairn::accelerated
