// SHA-256 by the SHA extensions of x86: up to four messages in flight, because the instruction that
// does two rounds takes four cycles and one can start in each.
//
// Included by a source that says for which processor: the same code is compiled for 16 and for 32
// vector registers.
#include "sha256_node_tail.hpp"
#include "sha256_x86.hpp"

namespace cairn::accelerated {
namespace {

// The chains of N messages, in the order that the instructions want, and sixteen words of each.
template <size_t N>
struct Chains {
  __m128i abef[N];
  __m128i cdgh[N];
};
template <size_t N>
struct Words {
  __m128i quad[N][4];
};

CAIRN_INLINE __m128i load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
CAIRN_INLINE void store(void* to, __m128i value) {
  _mm_storeu_si128(static_cast<__m128i*>(to), value);
}
CAIRN_INLINE __m128i big_endian(__m128i bytes) {
  return _mm_shuffle_epi8(bytes, byte_swap());
}

template <size_t N>
CAIRN_INLINE void start(Chains<N>& chains) {
  for (size_t i = 0; i < N; ++i) {
    const uint32_t* h = sha256_initial_chain;
    chains.abef[i] = _mm_set_epi32(static_cast<int>(h[0]), static_cast<int>(h[1]),
                                   static_cast<int>(h[4]), static_cast<int>(h[5]));
    chains.cdgh[i] = _mm_set_epi32(static_cast<int>(h[2]), static_cast<int>(h[3]),
                                   static_cast<int>(h[6]), static_cast<int>(h[7]));
  }
}

// From the order of the chain, first word lowest, to that of the instructions, and back.
CAIRN_INLINE void split(__m128i abcd, __m128i efgh, __m128i& abef, __m128i& cdgh) {
  const __m128i badc = _mm_shuffle_epi32(abcd, 0xb1);
  const __m128i hgfe = _mm_shuffle_epi32(efgh, 0x1b);
  abef = _mm_alignr_epi8(badc, hgfe, 8);
  cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
}
CAIRN_INLINE void join(__m128i abef, __m128i cdgh, __m128i& abcd, __m128i& efgh) {
  const __m128i abef_up = _mm_shuffle_epi32(abef, 0x1b);
  const __m128i ghcd = _mm_shuffle_epi32(cdgh, 0xb1);
  abcd = _mm_blend_epi16(abef_up, ghcd, 0xf0);
  efgh = _mm_alignr_epi8(ghcd, abef_up, 8);
}

template <size_t N>
CAIRN_INLINE void store_digests(const Chains<N>& chains, Digest* out) {
  for (size_t i = 0; i < N; ++i) {
    __m128i abcd, efgh;
    join(chains.abef[i], chains.cdgh[i], abcd, efgh);
    store(out[i].bytes, big_endian(abcd));
    store(out[i].bytes + 16, big_endian(efgh));
  }
}

// Four rounds. `sum` holds the words with the constants of the rounds added.
CAIRN_INLINE void rounds(__m128i& abef, __m128i& cdgh, __m128i sum) {
  cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
  abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

// Rounds 4Q to 4Q+3. Of the schedule, this finishes the words of the next four rounds and begins
// those that follow in three steps' time.
template <int Q, size_t N>
CAIRN_INLINE void step(Chains<N>& chains, Words<N>& words) {
  const __m128i constants = load(sha256_round_constants + 4 * Q);
#pragma GCC unroll 4
  for (size_t i = 0; i < N; ++i) {
    __m128i(&w)[4] = words.quad[i];
    const __m128i now = w[Q % 4];
    rounds(chains.abef[i], chains.cdgh[i], _mm_add_epi32(now, constants));
    if constexpr (Q >= 3 && Q < 15) {
      const __m128i sum = _mm_add_epi32(w[(Q + 1) % 4], _mm_alignr_epi8(now, w[(Q + 3) % 4], 4));
      w[(Q + 1) % 4] = _mm_sha256msg2_epu32(sum, now);
    }
    if constexpr (Q >= 1 && Q < 13) w[(Q + 3) % 4] = _mm_sha256msg1_epu32(w[(Q + 3) % 4], now);
  }
}

template <size_t N>
CAIRN_INLINE void add(Chains<N>& chains, const Chains<N>& before) {
  for (size_t i = 0; i < N; ++i) {
    chains.abef[i] = _mm_add_epi32(chains.abef[i], before.abef[i]);
    chains.cdgh[i] = _mm_add_epi32(chains.cdgh[i], before.cdgh[i]);
  }
}

template <size_t N>
CAIRN_INLINE void compress(Chains<N>& chains, Words<N>& words) {
  const Chains<N> before = chains;
  step<0>(chains, words), step<1>(chains, words), step<2>(chains, words), step<3>(chains, words);
  step<4>(chains, words), step<5>(chains, words), step<6>(chains, words), step<7>(chains, words);
  step<8>(chains, words), step<9>(chains, words), step<10>(chains, words), step<11>(chains, words);
  step<12>(chains, words), step<13>(chains, words), step<14>(chains, words);
  step<15>(chains, words);
  add(chains, before);
}

// The second block of a message of 65 bytes, of which `last` is the last.
template <size_t N>
CAIRN_INLINE void compress_tail(Chains<N>& chains, const uint8_t (&last)[N]) {
  const Chains<N> before = chains;
  const uint32_t* const k = sha256_round_constants;
  for (size_t i = 0; i < N; ++i) {
    const int first = static_cast<int>(node_tail_word(last[i]));
    rounds(chains.abef[i], chains.cdgh[i], _mm_add_epi32(load(k), _mm_cvtsi32_si128(first)));
  }
  for (size_t i = 0; i < N; ++i)
    rounds(chains.abef[i], chains.cdgh[i], load(k + 4));
  for (size_t i = 0; i < N; ++i)
    rounds(chains.abef[i], chains.cdgh[i], load(k + 8));
  const __m128i length = _mm_set_epi32(pair_bits, 0, 0, 0);
  for (size_t i = 0; i < N; ++i)
    rounds(chains.abef[i], chains.cdgh[i], _mm_add_epi32(load(k + 12), length));
#pragma GCC unroll 12
  for (size_t q = 0; q < 12; ++q)
#pragma GCC unroll 4
    for (size_t i = 0; i < N; ++i)
      rounds(chains.abef[i], chains.cdgh[i], load(sha256_node_tail.words[last[i]] + 4 * q));
  add(chains, before);
}

CAIRN_INLINE void load_block(const uint8_t* block, __m128i (&w)[4]) {
  for (size_t q = 0; q < 4; ++q)
    w[q] = big_endian(load(block + 16 * q));
}

// Bytes that move the end of a vector to its front, and the 0x80 behind it: both are read from
// where as many bytes as have gone before make them begin.
alignas(16) constexpr uint8_t to_front[32] = {
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
alignas(16) constexpr uint8_t end_mark[32] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80};

// A message of 16 to 54 bytes with its prefix and padding. No byte outside of it is read.
CAIRN_INLINE void load_padded(uint8_t prefix, ByteView message, __m128i (&w)[4]) {
  const uint8_t* const p = message.data;
  const size_t end = 1 + message.size;  // in the block
  const size_t gone = 16 - end % 16;
  const __m128i last = _mm_or_si128(
      _mm_shuffle_epi8(load(p + message.size - 16), load(to_front + gone)), load(end_mark + gone));
  const __m128i length = _mm_set_epi32(static_cast<int>(end * 8), 0, 0, 0);
  w[0] = big_endian(_mm_or_si128(_mm_slli_si128(load(p), 1), _mm_cvtsi32_si128(prefix)));
  w[1] = big_endian(end < 32 ? last : load(p + 15));
  w[2] = end < 32 ? _mm_setzero_si128() : big_endian(end < 48 ? last : load(p + 31));
  w[3] = end < 48 ? length : _mm_or_si128(big_endian(last), length);
}

CAIRN_INLINE void load_one_block(uint8_t prefix, ByteView message, __m128i (&w)[4]) {
  if (message.size >= 16) return load_padded(prefix, message, w);
  uint8_t front[32] = {prefix};
  copy(front + 1, message.data, message.size);
  front[1 + message.size] = 0x80;
  w[0] = big_endian(load(front));
  w[1] = big_endian(load(front + 16));
  w[2] = _mm_setzero_si128();
  w[3] = _mm_set_epi32(static_cast<int>(8 + message.size * 8), 0, 0, 0);
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
    const __m128i a = load(p), b = load(p + 16), c = load(p + 32), d = load(p + 48);
    words.quad[i][0] = big_endian(_mm_or_si128(_mm_slli_si128(a, 1), _mm_cvtsi32_si128(prefix)));
    words.quad[i][1] = big_endian(_mm_alignr_epi8(b, a, 15));
    words.quad[i][2] = big_endian(_mm_alignr_epi8(c, b, 15));
    words.quad[i][3] = big_endian(_mm_alignr_epi8(d, c, 15));
    last[i] = p[pair_bytes - 1];
  }
  compress(chains, words);
  compress_tail(chains, last);
  store_digests(chains, out);
}

struct Kernel {
  static constexpr size_t lanes = 4;

  CAIRN_CALLED static void compress_blocks(uint32_t* chain, const uint8_t* blocks, size_t count) {
    Chains<1> chains;
    split(load(chain), load(chain + 4), chains.abef[0], chains.cdgh[0]);
    for (; count != 0; --count, blocks += sha256_block_bytes) {
      Words<1> words;
      load_block(blocks, words.quad[0]);
      compress(chains, words);
    }
    __m128i abcd, efgh;
    join(chains.abef[0], chains.cdgh[0], abcd, efgh);
    store(chain, abcd);
    store(chain + 4, efgh);
  }

  CAIRN_CALLED static void compress_lanes(uint32_t (*chain)[8], const uint8_t* const* blocks) {
    Chains<lanes> chains;
    Words<lanes> words;
    for (size_t i = 0; i < lanes; ++i) {
      split(load(chain[i]), load(chain[i] + 4), chains.abef[i], chains.cdgh[i]);
      load_block(blocks[i], words.quad[i]);
    }
    compress(chains, words);
    for (size_t i = 0; i < lanes; ++i) {
      __m128i abcd, efgh;
      join(chains.abef[i], chains.cdgh[i], abcd, efgh);
      store(chain[i], abcd);
      store(chain[i] + 4, efgh);
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
}  // namespace cairn::accelerated
