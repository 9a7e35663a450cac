// SHA-256 of as many messages at once as a vector has words, one message in each.
//
// Included by a source that has the type Vector of `lanes` words and what is done with it: fill,
// add, xor3, rotate, shift_right, shift_left, choose, majority, big_endian, and loads and stores
// that turn rows of bytes into vectors of which each has one word of every row.

namespace cairn::accelerated {
namespace {

CAIRN_INLINE Vector sigma0(Vector x) {
  return xor3(rotate<7>(x), rotate<18>(x), shift_right<3>(x));
}
CAIRN_INLINE Vector sigma1(Vector x) {
  return xor3(rotate<17>(x), rotate<19>(x), shift_right<10>(x));
}

struct Chains {
  Vector word[8];
};

CAIRN_INLINE void start(Chains& chains) {
  for (size_t i = 0; i < 8; ++i)
    chains.word[i] = fill(sha256_initial_chain[i]);
}

// Replaces word t+i of the message schedule by word t+i+16.
CAIRN_INLINE void extend(Vector* w, size_t i) {
  w[i] = add(add(w[i], sigma0(w[(i + 1) & 15])), add(w[(i + 9) & 15], sigma1(w[(i + 14) & 15])));
}

// Rounds t to t+15, of which `k` are the constants. The schedule is extended to their words first,
// each in front of its round, where the message has not given them.
template <bool extended>
CAIRN_INLINE void sixteen_rounds(Chains& chains, Vector* w, const uint32_t* k) {
  Vector a = chains.word[0], b = chains.word[1], c = chains.word[2], d = chains.word[3];
  Vector e = chains.word[4], f = chains.word[5], g = chains.word[6], h = chains.word[7];
#pragma GCC unroll 16
  for (size_t i = 0; i < 16; ++i) {
    if constexpr (!extended) extend(w, i);
    h = add(add(h, add(w[i], fill(k[i]))),
            add(xor3(rotate<6>(e), rotate<11>(e), rotate<25>(e)), choose(e, f, g)));
    d = add(d, h);
    h = add(h, add(xor3(rotate<2>(a), rotate<13>(a), rotate<22>(a)), majority(a, b, c)));
    const Vector last = h;
    h = g, g = f, f = e, e = d, d = c, c = b, b = a, a = last;
  }
  chains.word[0] = a, chains.word[1] = b, chains.word[2] = c, chains.word[3] = d;
  chains.word[4] = e, chains.word[5] = f, chains.word[6] = g, chains.word[7] = h;
}

// The same for the first extension in the last block of a pair, where only words 0 and 15 are not
// zero. The odd ones up to 5 and what goes into 7 do not depend on the message.
CAIRN_INLINE void extend_tail(Vector* w) {
  const Vector first = w[0];
  const Vector length = w[15];
  w[1] = sigma1(length);
  w[2] = sigma1(first);
  w[3] = sigma1(w[1]);
  w[4] = sigma1(w[2]);
  w[5] = sigma1(w[3]);
  w[6] = add(sigma1(w[4]), length);
#pragma GCC unroll 7
  for (size_t j = 7; j < 14; ++j)
    w[j] = add(sigma1(w[j - 2]), w[j - 7]);
  w[14] = add(add(sigma1(w[12]), w[7]), sigma0(length));
  w[15] = add(add(sigma1(w[13]), w[8]), add(sigma0(first), length));
}

enum class Block { any, pair_tail };

template <Block block = Block::any>
CAIRN_INLINE void compress(Chains& chains, Vector* w) {
  const Chains before = chains;
  const uint32_t* const k = sha256_round_constants;
  sixteen_rounds<true>(chains, w, k);
  if constexpr (block == Block::pair_tail) extend_tail(w);
  sixteen_rounds<block == Block::pair_tail>(chains, w, k + 16);
  sixteen_rounds<false>(chains, w, k + 32);
  sixteen_rounds<false>(chains, w, k + 48);
  for (size_t i = 0; i < 8; ++i)
    chains.word[i] = add(chains.word[i], before.word[i]);
}

CAIRN_INLINE void big_endian(Vector* words, size_t count) {
  for (size_t i = 0; i < count; ++i)
    words[i] = big_endian(words[i]);
}

// Puts the prefix in front, which moves every word by one byte.
CAIRN_INLINE void insert_prefix(uint8_t prefix, Vector* w) {
#pragma GCC unroll 15
  for (size_t j = 15; j != 0; --j)
    w[j] = add(shift_left<24>(w[j - 1]), shift_right<8>(w[j]));
  w[0] = add(fill(static_cast<uint32_t>(prefix) << 24), shift_right<8>(w[0]));
}

CAIRN_INLINE void store_digests(Chains& chains, Digest* out) {
  big_endian(chains.word, 8);
  store_chains(chains.word, out);
}

CAIRN_CALLED void hash_one_block(uint8_t prefix, const ByteView* messages, Digest* out) {
  Chains chains;
  Vector w[16];
  alignas(Vector) uint32_t bits[lanes];
  for (size_t i = 0; i < lanes; ++i)
    bits[i] = static_cast<uint32_t>(8 + 8 * messages[i].size);
  start(chains);
  load_padded(messages, w);
  big_endian(w, 16);
  insert_prefix(prefix, w);
  memcpy(&w[15], bits, sizeof bits);
  compress(chains, w);
  store_digests(chains, out);
}

CAIRN_CALLED void hash_pairs(uint8_t prefix, const uint8_t* const* messages, Digest* out) {
  Chains chains;
  Vector w[16];
  start(chains);
  load_blocks(messages, w);
  big_endian(w, 16);
  const Vector last = add(shift_left<24>(w[15]), fill(0x800000));
  insert_prefix(prefix, w);
  compress(chains, w);
  w[0] = last;
  for (size_t j = 1; j < 15; ++j)
    w[j] = fill(0);
  w[15] = fill(pair_bits);
  compress<Block::pair_tail>(chains, w);
  store_digests(chains, out);
}

// Fewer messages than there are lanes take the time of all; one alone is left to the portable code.
struct Kernel {
  static constexpr size_t lanes = accelerated::lanes;

  static void compress_blocks(uint32_t* chain, const uint8_t* blocks, size_t count) {
    builtin::compress_blocks(chain, blocks, count);
  }

  CAIRN_CALLED static void compress_lanes(uint32_t (*chain)[8], const uint8_t* const* blocks) {
    Chains chains;
    Vector w[16];
    load_chains(chain, chains.word);
    load_blocks(blocks, w);
    big_endian(w, 16);
    compress(chains, w);
    store_chains(chains.word, chain);
  }

  static void one_block(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
    if (count == lanes) return hash_one_block(prefix, messages, out);
    if (count == 1)
      return Sha256Stream<builtin::compress_blocks>::prefixed(prefix, *messages, *out);
    ByteView all[lanes];
    for (size_t i = 0; i < lanes; ++i)
      all[i] = messages[i < count ? i : 0];
    Digest digests[lanes];
    hash_one_block(prefix, all, digests);
    memcpy(out, digests, count * sizeof(Digest));
  }

  static void pairs(uint8_t prefix, const uint8_t* const* messages, size_t count, Digest* out) {
    if (count == lanes) return hash_pairs(prefix, messages, out);
    if (count == 1) return builtin::pair(prefix, messages[0], *out);
    const uint8_t* all[lanes];
    for (size_t i = 0; i < lanes; ++i)
      all[i] = messages[i < count ? i : 0];
    Digest digests[lanes];
    hash_pairs(prefix, all, digests);
    memcpy(out, digests, count * sizeof(Digest));
  }
};

using Calls = Many<Kernel>;

}  // namespace
}  // namespace cairn::accelerated
