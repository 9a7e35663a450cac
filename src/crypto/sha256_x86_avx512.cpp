// Sixteen messages in the vectors of AVX-512.
#define CAIRN_TARGET "avx512f,avx512bw,avx512vl"
#include "sha256_x86.hpp"

namespace cairn::accelerated {
namespace {

using Vector = __m512i;
constexpr size_t lanes = 16;

CAIRN_INLINE Vector fill(uint32_t word) {
  return _mm512_set1_epi32(static_cast<int>(word));
}
CAIRN_INLINE Vector add(Vector a, Vector b) {
  return _mm512_add_epi32(a, b);
}
CAIRN_INLINE Vector xor3(Vector a, Vector b, Vector c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}
CAIRN_INLINE Vector choose(Vector e, Vector f, Vector g) {
  return _mm512_ternarylogic_epi32(e, f, g, 0xca);
}
CAIRN_INLINE Vector majority(Vector a, Vector b, Vector c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0xe8);
}
template <int N>
CAIRN_INLINE Vector rotate(Vector x) {
  return _mm512_ror_epi32(x, N);
}
template <int N>
CAIRN_INLINE Vector shift_right(Vector x) {
  return _mm512_srli_epi32(x, N);
}
template <int N>
CAIRN_INLINE Vector shift_left(Vector x) {
  return _mm512_slli_epi32(x, N);
}
CAIRN_INLINE Vector big_endian(Vector bytes) {
  return _mm512_shuffle_epi8(bytes, _mm512_broadcast_i32x4(byte_swap()));
}

// Words of sixteen messages <-> messages of sixteen words: pairs of rows, of pairs, of 128-bit
// quarters, of halves.
CAIRN_INLINE void transpose(Vector* r) {
  Vector t[16];
  for (size_t i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (size_t i = 0; i < 16; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  for (size_t i = 0; i < 16; i += 8)
    for (size_t j = i; j < i + 4; ++j) {
      t[j] = _mm512_shuffle_i32x4(r[j], r[j + 4], 0x88);
      t[j + 4] = _mm512_shuffle_i32x4(r[j], r[j + 4], 0xdd);
    }
  for (size_t i = 0; i < 8; ++i) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
  }
}

CAIRN_INLINE void load_blocks(const uint8_t* const* blocks, Vector* words) {
  for (size_t i = 0; i < lanes; ++i)
    words[i] = _mm512_loadu_si512(blocks[i]);
  transpose(words);
}

// The messages, each with the 0x80 behind it. No byte outside of them is read.
CAIRN_INLINE void load_padded(const ByteView* messages, Vector* words) {
  for (size_t i = 0; i < lanes; ++i) {
    const __mmask64 end = __mmask64{1} << messages[i].size;
    const Vector bytes = _mm512_maskz_loadu_epi8(end - 1, messages[i].data);
    words[i] = _mm512_mask_blend_epi8(end, bytes, _mm512_set1_epi8(-128));
  }
  transpose(words);
}

CAIRN_INLINE void load_chains(const uint32_t (*chains)[8], Vector* words) {
  Vector rows[lanes];
  for (size_t i = 0; i < lanes; ++i)
    rows[i] =
        _mm512_zextsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(chains[i])));
  transpose(rows);
  for (size_t i = 0; i < 8; ++i)
    words[i] = rows[i];
}

CAIRN_INLINE void store_chains(const Vector* words, void* chains) {
  Vector rows[lanes];
  for (size_t i = 0; i < 8; ++i)
    rows[i] = words[i];
  for (size_t i = 8; i < lanes; ++i)
    rows[i] = fill(0);
  transpose(rows);
  for (size_t i = 0; i < lanes; ++i)
    _mm256_storeu_si256(static_cast<__m256i*>(chains) + i, _mm512_castsi512_si256(rows[i]));
}

}  // namespace
}  // namespace cairn::accelerated

#include "sha256_x86_wide.hpp"

namespace cairn::accelerated {

const HashBackend sha256_x86_avx512 = {
    "accelerated: avx512", Calls::Stream::start, Calls::Stream::update, Calls::Stream::finish,
    Calls::Stream::once,   Calls::many,          Calls::nodes};

}  // namespace cairn::accelerated
