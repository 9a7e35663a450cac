// SHA-256 by the instructions of Armv8: up to four messages in flight, because one that does four
// rounds takes as many cycles, and in most processors one can start in each.
#include <arm_neon.h>

#include "sha256_kernels.hpp"
#include "sha256_many.hpp"
#include "sha256_node_tail.hpp"

namespace cairn::accelerated {
namespace {

#define CAIRN_INLINE [[gnu::always_inline]] inline
#define CAIRN_CALLED [[gnu::noinline]]

// The chains of N messages, and sixteen words of each.
template <size_t N>
struct Chains {
  uint32x4_t abcd[N];
  uint32x4_t efgh[N];
};
template <size_t N>
struct Words {
  uint32x4_t quad[N][4];
};

CAIRN_INLINE uint32x4_t words_of(uint8x16_t bytes) {
  return vreinterpretq_u32_u8(vrev32q_u8(bytes));
}
CAIRN_INLINE uint8x16_t bytes_of(uint32x4_t words) {
  return vrev32q_u8(vreinterpretq_u8_u32(words));
}

template <size_t N>
CAIRN_INLINE void start(Chains<N>& chains) {
  for (size_t i = 0; i < N; ++i) {
    chains.abcd[i] = vld1q_u32(sha256_initial_chain);
    chains.efgh[i] = vld1q_u32(sha256_initial_chain + 4);
  }
}

template <size_t N>
CAIRN_INLINE void store_digests(const Chains<N>& chains, Digest* out) {
  for (size_t i = 0; i < N; ++i) {
    vst1q_u8(out[i].bytes, bytes_of(chains.abcd[i]));
    vst1q_u8(out[i].bytes + 16, bytes_of(chains.efgh[i]));
  }
}

// Four rounds. `sum` holds the words with the constants of the rounds added.
CAIRN_INLINE void rounds(uint32x4_t& abcd, uint32x4_t& efgh, uint32x4_t sum) {
  const uint32x4_t before = abcd;
  abcd = vsha256hq_u32(abcd, efgh, sum);
  efgh = vsha256h2q_u32(efgh, before, sum);
}

// Rounds 4Q to 4Q+3. Of the schedule, the four words that were used are replaced by the next but
// fifteen.
template <int Q, size_t N>
CAIRN_INLINE void step(Chains<N>& chains, Words<N>& words) {
  const uint32x4_t constants = vld1q_u32(sha256_round_constants + 4 * Q);
#pragma GCC unroll 4
  for (size_t i = 0; i < N; ++i) {
    uint32x4_t(&w)[4] = words.quad[i];
    rounds(chains.abcd[i], chains.efgh[i], vaddq_u32(w[Q % 4], constants));
    if constexpr (Q < 12) {
      const uint32x4_t half = vsha256su0q_u32(w[Q % 4], w[(Q + 1) % 4]);
      w[Q % 4] = vsha256su1q_u32(half, w[(Q + 2) % 4], w[(Q + 3) % 4]);
    }
  }
}

template <size_t N>
CAIRN_INLINE void add(Chains<N>& chains, const Chains<N>& before) {
  for (size_t i = 0; i < N; ++i) {
    chains.abcd[i] = vaddq_u32(chains.abcd[i], before.abcd[i]);
    chains.efgh[i] = vaddq_u32(chains.efgh[i], before.efgh[i]);
  }
}

template <size_t N>
CAIRN_INLINE void compress(Chains<N>& chains, Words<N>& words) {
  const Chains<N> before = chains;
  step<0>(chains, words), step<1>(chains, words), step<2>(chains, words), step<3>(chains, words);
  step<4>(chains, words), step<5>(chains, words), step<6>(chains, words), step<7>(chains, words);
  step<8>(chains, words), step<9>(chains, words), step<10>(chains, words);
  step<11>(chains, words), step<12>(chains, words), step<13>(chains, words);
  step<14>(chains, words), step<15>(chains, words);
  add(chains, before);
}

// The second block of a message of 65 bytes, of which `last` is the last.
template <size_t N>
CAIRN_INLINE void compress_tail(Chains<N>& chains, const uint8_t (&last)[N]) {
  const Chains<N> before = chains;
  const uint32_t* const k = sha256_round_constants;
  const uint32x4_t zero = vdupq_n_u32(0);
  for (size_t i = 0; i < N; ++i) {
    const uint32x4_t first = vsetq_lane_u32(node_tail_word(last[i]), zero, 0);
    rounds(chains.abcd[i], chains.efgh[i], vaddq_u32(vld1q_u32(k), first));
  }
  for (size_t i = 0; i < N; ++i)
    rounds(chains.abcd[i], chains.efgh[i], vld1q_u32(k + 4));
  for (size_t i = 0; i < N; ++i)
    rounds(chains.abcd[i], chains.efgh[i], vld1q_u32(k + 8));
  const uint32x4_t length = vsetq_lane_u32(pair_bits, zero, 3);
  for (size_t i = 0; i < N; ++i)
    rounds(chains.abcd[i], chains.efgh[i], vaddq_u32(vld1q_u32(k + 12), length));
#pragma GCC unroll 12
  for (size_t q = 0; q < 12; ++q)
#pragma GCC unroll 4
    for (size_t i = 0; i < N; ++i)
      rounds(chains.abcd[i], chains.efgh[i], vld1q_u32(sha256_node_tail.words[last[i]] + 4 * q));
  add(chains, before);
}

CAIRN_INLINE void load_block(const uint8_t* block, uint32x4_t (&w)[4]) {
  for (size_t q = 0; q < 4; ++q)
    w[q] = words_of(vld1q_u8(block + 16 * q));
}

// A message of 16 to 54 bytes with its prefix and padding. No byte outside of it is read: what ends
// in the middle of a quarter is moved to its front by a table look-up, whose indices begin where as
// many bytes as lie in front of it make them begin. An index of no byte gives zero.
CAIRN_INLINE void load_padded(uint8_t prefix, ByteView message, uint32x4_t (&w)[4]) {
  static constexpr uint8_t to_front[32] = {0,   1,   2,   3,   4,   5,   6,   7,   8,   9,   10,
                                           11,  12,  13,  14,  15,  255, 255, 255, 255, 255, 255,
                                           255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  static constexpr uint8_t end_mark[32] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80};
  const uint8_t* const p = message.data;
  const size_t end = 1 + message.size;  // in the block
  const size_t gone = 16 - end % 16;
  const uint8x16_t rest = vqtbl1q_u8(vld1q_u8(p + message.size - 16), vld1q_u8(to_front + gone));
  const uint32x4_t last = words_of(vorrq_u8(rest, vld1q_u8(end_mark + gone)));
  const uint32x4_t zero = vdupq_n_u32(0);
  w[0] = words_of(vextq_u8(vdupq_n_u8(prefix), vld1q_u8(p), 15));
  w[1] = end < 32 ? last : words_of(vld1q_u8(p + 15));
  w[2] = end < 32 ? zero : end < 48 ? last : words_of(vld1q_u8(p + 31));
  w[3] = vsetq_lane_u32(static_cast<uint32_t>(8 * end), end < 48 ? zero : last, 3);
}

CAIRN_INLINE void load_one_block(uint8_t prefix, ByteView message, uint32x4_t (&w)[4]) {
  if (message.size >= 16) return load_padded(prefix, message, w);
  uint8_t front[32] = {prefix};
  copy(front + 1, message.data, message.size);
  front[1 + message.size] = 0x80;
  w[0] = words_of(vld1q_u8(front));
  w[1] = words_of(vld1q_u8(front + 16));
  w[2] = vdupq_n_u32(0);
  w[3] = vsetq_lane_u32(static_cast<uint32_t>(8 + 8 * message.size), w[2], 3);
}

template <size_t N>
CAIRN_CALLED void hash_one_block(uint8_t prefix, const ByteView* messages, Digest* out) {
  Chains<N> chains;
  Words<N> words;
  start(chains);
  for (size_t i = 0; i < N; ++i)
    load_one_block(prefix, messages[i], words.quad[i]);
  compress(chains, words);
  store_digests(chains, out);
}

template <size_t N>
CAIRN_CALLED void hash_pairs(uint8_t prefix, const uint8_t* const* messages, Digest* out) {
  Chains<N> chains;
  Words<N> words;
  uint8_t last[N];
  start(chains);
  for (size_t i = 0; i < N; ++i) {
    // By quarters, as digests are stored: a load across two of them would wait for both in memory.
    const uint8_t* const p = messages[i];
    const uint8x16_t a = vld1q_u8(p), b = vld1q_u8(p + 16);
    const uint8x16_t c = vld1q_u8(p + 32), d = vld1q_u8(p + 48);
    words.quad[i][0] = words_of(vextq_u8(vdupq_n_u8(prefix), a, 15));
    words.quad[i][1] = words_of(vextq_u8(a, b, 15));
    words.quad[i][2] = words_of(vextq_u8(b, c, 15));
    words.quad[i][3] = words_of(vextq_u8(c, d, 15));
    last[i] = p[pair_bytes - 1];
  }
  compress(chains, words);
  compress_tail(chains, last);
  store_digests(chains, out);
}

struct Kernel {
  static constexpr size_t lanes = 4;

  CAIRN_CALLED static void compress_blocks(uint32_t* chain, const uint8_t* blocks, size_t count) {
    Chains<1> chains = {{vld1q_u32(chain)}, {vld1q_u32(chain + 4)}};
    for (; count != 0; --count, blocks += sha256_block_bytes) {
      Words<1> words;
      load_block(blocks, words.quad[0]);
      compress(chains, words);
    }
    vst1q_u32(chain, chains.abcd[0]);
    vst1q_u32(chain + 4, chains.efgh[0]);
  }

  CAIRN_CALLED static void compress_lanes(uint32_t (*chain)[8], const uint8_t* const* blocks) {
    Chains<lanes> chains;
    Words<lanes> words;
    for (size_t i = 0; i < lanes; ++i) {
      chains.abcd[i] = vld1q_u32(chain[i]);
      chains.efgh[i] = vld1q_u32(chain[i] + 4);
      load_block(blocks[i], words.quad[i]);
    }
    compress(chains, words);
    for (size_t i = 0; i < lanes; ++i) {
      vst1q_u32(chain[i], chains.abcd[i]);
      vst1q_u32(chain[i] + 4, chains.efgh[i]);
    }
  }

  static void one_block(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
    in_four_lanes(count, [&](auto in_flight, size_t from) {
      hash_one_block<in_flight()>(prefix, messages + from, out + from);
    });
  }

  static void pairs(uint8_t prefix, const uint8_t* const* messages, size_t count, Digest* out) {
    in_four_lanes(count, [&](auto in_flight, size_t from) {
      hash_pairs<in_flight()>(prefix, messages + from, out + from);
    });
  }
};

}  // namespace

using Calls = Many<Kernel>;
const HashBackend sha256_armv8 = {
    "accelerated: armv8", Calls::Stream::start, Calls::Stream::update, Calls::Stream::finish,
    Calls::Stream::once,  Calls::many,          Calls::nodes};

}  // namespace cairn::accelerated
