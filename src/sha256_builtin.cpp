// SHA-256 in portable C++: the backend that is always there, and the reference for the others.
//
// One compression function serves every shape of message. It takes its sixteen words from the
// caller, so that full blocks are read straight from the input, and a leaf's or node's prefix byte
// costs no copy of the message.
#include "sha256_builtin.hpp"

#include "sha256_stream.hpp"

namespace cairn {
namespace {

// One round. `bc` is b ^ c on entry and a ^ b, which is the next round's b ^ c, on return: the
// majority of a, b and c costs three operations with it.
// Forced inline: at -Os the variables would otherwise go through memory in every round.
[[gnu::always_inline]] inline void round(uint32_t a, uint32_t b, uint32_t& d, uint32_t e,
                                         uint32_t f, uint32_t g, uint32_t& h, uint32_t& bc,
                                         uint32_t word) {
  h += (sha256_rotate(e, 6) ^ sha256_rotate(e, 11) ^ sha256_rotate(e, 25)) + (g ^ (e & (f ^ g))) +
       word;
  d += h;
  const uint32_t ab = a ^ b;
  h += (sha256_rotate(a, 2) ^ sha256_rotate(a, 13) ^ sha256_rotate(a, 22)) + (b ^ (ab & bc));
  bc = ab;
}

// Replaces words t..t+15 of the message schedule by words t+16..t+31.
void extend(uint32_t* w) {
#pragma GCC unroll 16
  for (unsigned j = 0; j < 16; ++j)
    w[j] += sha256_sigma0(w[(j + 1) & 15]) + w[(j + 9) & 15] + sha256_sigma1(w[(j + 14) & 15]);
}

// The same for the first extension in the last block of a node, where only words 0 and 15 are not
// zero.
void extend_node_tail(uint32_t* w) {
  const uint32_t first = w[0];
  const uint32_t length = w[15];
  w[1] = sha256_sigma1(length);
  w[2] = sha256_sigma1(first);
  w[3] = sha256_sigma1(w[1]);
  w[4] = sha256_sigma1(w[2]);
  w[5] = sha256_sigma1(w[3]);
  w[6] = sha256_sigma1(w[4]) + length;
  for (unsigned j = 7; j < 14; ++j)
    w[j] = sha256_sigma1(w[j - 2]) + w[j - 7];
  w[14] = sha256_sigma1(w[12]) + w[7] + sha256_sigma0(length);
  w[15] = sha256_sigma1(w[13]) + w[8] + sha256_sigma0(first) + length;
}

enum class Block { any, node_tail };

// Consumes `w`, the sixteen words of a block.
void compress(uint32_t* chain, uint32_t* w, Block kind = Block::any) {
  uint32_t a = chain[0], b = chain[1], c = chain[2], d = chain[3];
  uint32_t e = chain[4], f = chain[5], g = chain[6], h = chain[7];
  uint32_t bc = b ^ c;
  for (unsigned t = 0; t < 64; t += 16) {
    if (t == 16 && kind == Block::node_tail) {
      extend_node_tail(w);
    } else if (t != 0) {
      extend(w);
    }
#pragma GCC unroll 2
    for (unsigned j = 0; j < 16; j += 8) {
      const uint32_t* k = sha256_round_constants + t + j;
      const uint32_t* x = w + j;
      round(a, b, d, e, f, g, h, bc, k[0] + x[0]);
      round(h, a, c, d, e, f, g, bc, k[1] + x[1]);
      round(g, h, b, c, d, e, f, bc, k[2] + x[2]);
      round(f, g, a, b, c, d, e, bc, k[3] + x[3]);
      round(e, f, h, a, b, c, d, bc, k[4] + x[4]);
      round(d, e, g, h, a, b, c, bc, k[5] + x[5]);
      round(c, d, f, g, h, a, b, bc, k[6] + x[6]);
      round(b, c, e, f, g, h, a, bc, k[7] + x[7]);
    }
  }
  chain[0] += a, chain[1] += b, chain[2] += c, chain[3] += d;
  chain[4] += e, chain[5] += f, chain[6] += g, chain[7] += h;
}

}  // namespace

namespace builtin {

void compress_blocks(uint32_t* chain, const uint8_t* blocks, size_t count) {
  for (; count != 0; --count, blocks += sha256_block_bytes) {
    uint32_t w[16];
    for (unsigned j = 0; j < 16; ++j)
      w[j] = load_be32(blocks + 4 * j);
    compress(chain, w);
  }
}

// 65 bytes: the prefix moves every word by one byte, and one byte, the padding bit and the length
// are left for the second block.
void pair(uint8_t prefix, const uint8_t* bytes, Digest& out) {
  constexpr uint32_t bits = 65 * 8;
  uint32_t chain[8];
  memcpy(chain, sha256_initial_chain, sizeof chain);
  uint32_t w[16];
  w[0] = static_cast<uint32_t>(prefix) << 24 | load_be32(bytes) >> 8;
  for (unsigned j = 1; j < 16; ++j)
    w[j] = load_be32(bytes + 4 * j - 1);
  const uint32_t last = bytes[63];
  compress(chain, w);
  memset(w, 0, sizeof w);
  w[0] = last << 24 | 0x800000;
  w[15] = bits;
  compress(chain, w, Block::node_tail);
  sha256_store(chain, out);
}

// Two digests lie side by side.
void nodes(const Digest* pairs, size_t count, Digest* out) {
  static_assert(sizeof(Digest[2]) == 64);
  constexpr uint8_t node_prefix = 0x01;
  for (size_t i = 0; i < count; ++i)
    pair(node_prefix, pairs[2 * i].bytes, out[i]);
}

}  // namespace builtin

using Stream = Sha256Stream<builtin::compress_blocks>;
const HashBackend sha256_builtin = {"builtin",    Stream::start, Stream::update, Stream::finish,
                                    Stream::once, Stream::many,  builtin::nodes};

}  // namespace cairn
