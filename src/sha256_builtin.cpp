// SHA-256 in portable C++: the backend that is always there, and the reference for the others.
//
// One compression function serves every shape of message. It takes its sixteen words from the
// caller, so that full blocks are read straight from the input, and a leaf's or node's prefix byte
// costs no copy of the message.
#include "cairn/hash.hpp"
#include "mem.hpp"

namespace cairn {
namespace {

constexpr size_t block_bytes = 64;
constexpr size_t length_offset = 56;  // where the last block holds the length in bits

constexpr uint32_t initial_chain[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

constexpr uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr uint32_t rotate(uint32_t x, unsigned n) {
  return x >> n | x << (32 - n);
}
constexpr uint32_t sigma0(uint32_t x) {
  return rotate(x, 7) ^ rotate(x, 18) ^ x >> 3;
}
constexpr uint32_t sigma1(uint32_t x) {
  return rotate(x, 17) ^ rotate(x, 19) ^ x >> 10;
}

// One round. `bc` is b ^ c on entry and a ^ b, which is the next round's b ^ c, on return: the
// majority of a, b and c costs three operations with it.
// Forced inline: at -Os the variables would otherwise go through memory in every round.
[[gnu::always_inline]] inline void round(uint32_t a, uint32_t b, uint32_t& d, uint32_t e,
                                         uint32_t f, uint32_t g, uint32_t& h, uint32_t& bc,
                                         uint32_t word) {
  h += (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) + word;
  d += h;
  const uint32_t ab = a ^ b;
  h += (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + (b ^ (ab & bc));
  bc = ab;
}

// Replaces words t..t+15 of the message schedule by words t+16..t+31.
void extend(uint32_t* w) {
#pragma GCC unroll 16
  for (unsigned j = 0; j < 16; ++j)
    w[j] += sigma0(w[(j + 1) & 15]) + w[(j + 9) & 15] + sigma1(w[(j + 14) & 15]);
}

// The same for the first extension in the last block of a node, where only words 0 and 15 are not
// zero.
void extend_node_tail(uint32_t* w) {
  const uint32_t first = w[0];
  const uint32_t length = w[15];
  w[1] = sigma1(length);
  w[2] = sigma1(first);
  w[3] = sigma1(w[1]);
  w[4] = sigma1(w[2]);
  w[5] = sigma1(w[3]);
  w[6] = sigma1(w[4]) + length;
  for (unsigned j = 7; j < 14; ++j)
    w[j] = sigma1(w[j - 2]) + w[j - 7];
  w[14] = sigma1(w[12]) + w[7] + sigma0(length);
  w[15] = sigma1(w[13]) + w[8] + sigma0(first) + length;
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
      const uint32_t* k = round_constants + t + j;
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

void compress_bytes(uint32_t* chain, const uint8_t* block) {
  uint32_t w[16];
  for (unsigned j = 0; j < 16; ++j)
    w[j] = load_be32(block + 4 * j);
  compress(chain, w);
}

// Compresses the full blocks at the front of `data`; returns what is left behind them.
ByteView compress_blocks(uint32_t* chain, ByteView data) {
  for (; data.size >= block_bytes; data = data.part(block_bytes))
    compress_bytes(chain, data.data);
  return data;
}

void store_digest(const uint32_t* chain, Digest& out) {
  for (unsigned i = 0; i < 8; ++i)
    store_be32(out.bytes + 4 * i, chain[i]);
}

// Pads and compresses the last `used` bytes, which lie in `block`, of a message of `size_bytes`.
void finish_block(uint32_t* chain, uint8_t* block, size_t used, uint64_t size_bytes, Digest& out) {
  block[used++] = 0x80;
  if (used > length_offset) {
    memset(block + used, 0, block_bytes - used);
    compress_bytes(chain, block);
    used = 0;
  }
  memset(block + used, 0, length_offset - used);
  store_be64(block + length_offset, size_bytes * 8);
  compress_bytes(chain, block);
  store_digest(chain, out);
}

void start(Sha256State& state) {
  memcpy(state.chain, initial_chain, sizeof initial_chain);
  state.size_bytes = 0;
}

void update(Sha256State& state, ByteView data) {
  const size_t used = state.size_bytes % block_bytes;
  state.size_bytes += data.size;
  if (used != 0) {
    const ByteView head = data.part(0, block_bytes - used);
    copy(state.block + used, head.data, head.size);
    if (used + head.size < block_bytes) return;
    compress_bytes(state.chain, state.block);
    data = data.part(head.size);
  }
  const ByteView tail = compress_blocks(state.chain, data);
  copy(state.block, tail.data, tail.size);
}

void finish(Sha256State& state, Digest& out) {
  finish_block(state.chain, state.block, state.size_bytes % block_bytes, state.size_bytes, out);
}

void once(ByteView message, Digest& out) {
  uint32_t chain[8];
  memcpy(chain, initial_chain, sizeof chain);
  uint8_t block[block_bytes];
  const ByteView tail = compress_blocks(chain, message);
  copy(block, tail.data, tail.size);
  finish_block(chain, block, tail.size, message.size, out);
}

void prefixed(uint8_t prefix, ByteView message, Digest& out) {
  uint32_t chain[8];
  memcpy(chain, initial_chain, sizeof chain);
  uint8_t block[block_bytes];
  block[0] = prefix;
  ByteView tail = message.part(0, block_bytes - 1);
  copy(block + 1, tail.data, tail.size);
  size_t used = 1 + tail.size;
  if (used == block_bytes) {
    compress_bytes(chain, block);
    tail = compress_blocks(chain, message.part(block_bytes - 1));
    copy(block, tail.data, tail.size);
    used = tail.size;
  }
  finish_block(chain, block, used, uint64_t{1} + message.size, out);
}

void many(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
  for (size_t i = 0; i < count; ++i)
    prefixed(prefix, messages[i], out[i]);
}

// A node is 65 bytes: the prefix moves every word by one byte, and one byte, the padding bit and
// the length are left for the second block.
void nodes(const Digest* pairs, size_t count, Digest* out) {
  constexpr uint32_t node_prefix = 0x01;
  constexpr uint32_t node_bits = 65 * 8;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* left = pairs[2 * i].bytes;
    const uint8_t* right = pairs[2 * i + 1].bytes;
    uint32_t chain[8];
    memcpy(chain, initial_chain, sizeof chain);
    uint32_t w[16];
    w[0] = node_prefix << 24 | load_be32(left) >> 8;
    for (unsigned j = 1; j < 8; ++j)
      w[j] = load_be32(left + 4 * j - 1);
    w[8] = static_cast<uint32_t>(left[31]) << 24 | load_be32(right) >> 8;
    for (unsigned j = 1; j < 8; ++j)
      w[8 + j] = load_be32(right + 4 * j - 1);
    const uint32_t last = right[31];
    compress(chain, w);
    memset(w, 0, sizeof w);
    w[0] = last << 24 | 0x800000;
    w[15] = node_bits;
    compress(chain, w, Block::node_tail);
    store_digest(chain, out[i]);
  }
}

}  // namespace

const HashBackend sha256_builtin = {"builtin", start, update, finish, once, many, nodes};

}  // namespace cairn
