// Eight messages in the vectors of AVX2.
#define CAIRN_TARGET "avx2"
#include "sha256_x86.hpp"

namespace cairn::accelerated {
namespace {

using Vector = __m256i;
constexpr size_t lanes = 8;

CAIRN_INLINE Vector fill(uint32_t word) {
  return _mm256_set1_epi32(static_cast<int>(word));
}
CAIRN_INLINE Vector add(Vector a, Vector b) {
  return _mm256_add_epi32(a, b);
}
CAIRN_INLINE Vector xor3(Vector a, Vector b, Vector c) {
  return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}
CAIRN_INLINE Vector choose(Vector e, Vector f, Vector g) {
  return _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)));
}
CAIRN_INLINE Vector majority(Vector a, Vector b, Vector c) {
  return _mm256_xor_si256(b, _mm256_and_si256(_mm256_xor_si256(a, b), _mm256_xor_si256(b, c)));
}
template <int N>
CAIRN_INLINE Vector shift_right(Vector x) {
  return _mm256_srli_epi32(x, N);
}
template <int N>
CAIRN_INLINE Vector shift_left(Vector x) {
  return _mm256_slli_epi32(x, N);
}
template <int N>
CAIRN_INLINE Vector rotate(Vector x) {
  return _mm256_or_si256(shift_right<N>(x), shift_left<32 - N>(x));
}
CAIRN_INLINE Vector big_endian(Vector bytes) {
  return _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(byte_swap()));
}

CAIRN_INLINE Vector load(const void* from) {
  return _mm256_loadu_si256(static_cast<const Vector*>(from));
}

// Eight rows of eight words: pairs of rows, of pairs, of halves.
CAIRN_INLINE void transpose(Vector* r) {
  Vector t[8];
  for (size_t i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
  }
  Vector u[8];
  for (size_t i = 0; i < 8; i += 4) {
    u[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
    u[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
    u[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
    u[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  for (size_t i = 0; i < 4; ++i) {
    r[i] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x20);
    r[i + 4] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x31);
  }
}

CAIRN_INLINE void load_blocks(const uint8_t* const* blocks, Vector* words) {
  for (size_t i = 0; i < lanes; ++i) {
    words[i] = load(blocks[i]);
    words[8 + i] = load(blocks[i] + 32);
  }
  transpose(words);
  transpose(words + 8);
}

// The messages, each with the 0x80 behind it.
CAIRN_INLINE void load_padded(const ByteView* messages, Vector* words) {
  alignas(Vector) uint8_t blocks[lanes][sha256_block_bytes] = {};
  const uint8_t* rows[lanes];
  for (size_t i = 0; i < lanes; ++i) {
    copy(blocks[i], messages[i].data, messages[i].size);
    blocks[i][messages[i].size] = 0x80;
    rows[i] = blocks[i];
  }
  load_blocks(rows, words);
}

CAIRN_INLINE void load_chains(const uint32_t (*chains)[8], Vector* words) {
  for (size_t i = 0; i < lanes; ++i)
    words[i] = load(chains[i]);
  transpose(words);
}

CAIRN_INLINE void store_chains(const Vector* words, void* chains) {
  Vector rows[lanes];
  for (size_t i = 0; i < lanes; ++i)
    rows[i] = words[i];
  transpose(rows);
  for (size_t i = 0; i < lanes; ++i)
    _mm256_storeu_si256(static_cast<Vector*>(chains) + i, rows[i]);
}

}  // namespace
}  // namespace cairn::accelerated

#include "sha256_x86_wide.hpp"

namespace cairn::accelerated {

const HashBackend sha256_x86_avx2 = {
    "accelerated: avx2", Calls::Stream::start, Calls::Stream::update, Calls::Stream::finish,
    Calls::Stream::once, Calls::many,          Calls::nodes};

}  // namespace cairn::accelerated
