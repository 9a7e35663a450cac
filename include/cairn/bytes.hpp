// Byte ranges and the loads and stores of fixed-width integers. No allocation, no ownership.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn {

/// A range of bytes that somebody else owns.
struct ByteView {
  const uint8_t* data = nullptr;
  size_t size = 0;

  constexpr ByteView() = default;
  constexpr ByteView(const uint8_t* bytes, size_t count) : data(bytes), size(count) {}
  ByteView(const char* text, size_t count)
      : data(reinterpret_cast<const uint8_t*>(text)), size(count) {}
  template <size_t N>
  constexpr ByteView(const uint8_t (&array)[N]) : data(array), size(N) {}

  constexpr bool empty() const { return size == 0; }
  constexpr const uint8_t* begin() const { return data; }
  constexpr const uint8_t* end() const { return data + size; }
  constexpr uint8_t operator[](size_t i) const { return data[i]; }
  /// The bytes from `offset` on, at most `count`; empty when `offset` lies behind the end.
  constexpr ByteView part(size_t offset, size_t count = SIZE_MAX) const {
    if (offset > size) return {data, 0};
    return {data + offset, count < size - offset ? count : size - offset};
  }
  const char* text() const { return reinterpret_cast<const char*>(data); }
};

/// A range of bytes that the callee may fill.
struct MutableBytes {
  uint8_t* data = nullptr;
  size_t size = 0;

  constexpr MutableBytes() = default;
  constexpr MutableBytes(uint8_t* bytes, size_t count) : data(bytes), size(count) {}
  template <size_t N>
  constexpr MutableBytes(uint8_t (&array)[N]) : data(array), size(N) {}
  constexpr operator ByteView() const { return {data, size}; }
};

/// The bytes of a string literal without its final zero.
template <size_t N>
inline ByteView literal(const char (&text)[N]) {
  return {text, N - 1};
}

/// True when both ranges hold the same bytes. Stops at the first difference: not for secrets.
bool equal(ByteView a, ByteView b);

/// True when both ranges hold the same bytes, in time that depends on their sizes only.
bool equal_constant_time(ByteView a, ByteView b);

/// Overwrites a secret with zeros, in a way that the compiler does not remove.
void wipe(void* secret, size_t size_bytes);

constexpr uint16_t load_le16(const uint8_t* p) {
  return static_cast<uint16_t>(p[0] | p[1] << 8);
}
constexpr uint32_t load_le32(const uint8_t* p) {
  return static_cast<uint32_t>(p[0]) | static_cast<uint32_t>(p[1]) << 8 |
         static_cast<uint32_t>(p[2]) << 16 | static_cast<uint32_t>(p[3]) << 24;
}
constexpr uint64_t load_le64(const uint8_t* p) {
  return load_le32(p) | static_cast<uint64_t>(load_le32(p + 4)) << 32;
}
constexpr uint32_t load_be32(const uint8_t* p) {
  return static_cast<uint32_t>(p[0]) << 24 | static_cast<uint32_t>(p[1]) << 16 |
         static_cast<uint32_t>(p[2]) << 8 | static_cast<uint32_t>(p[3]);
}
constexpr uint64_t load_be64(const uint8_t* p) {
  return static_cast<uint64_t>(load_be32(p)) << 32 | load_be32(p + 4);
}
constexpr void store_le16(uint8_t* p, uint16_t v) {
  p[0] = static_cast<uint8_t>(v);
  p[1] = static_cast<uint8_t>(v >> 8);
}
constexpr void store_le32(uint8_t* p, uint32_t v) {
  for (int i = 0; i < 4; ++i)
    p[i] = static_cast<uint8_t>(v >> (8 * i));
}
constexpr void store_le64(uint8_t* p, uint64_t v) {
  for (int i = 0; i < 8; ++i)
    p[i] = static_cast<uint8_t>(v >> (8 * i));
}
constexpr void store_be32(uint8_t* p, uint32_t v) {
  for (int i = 0; i < 4; ++i)
    p[i] = static_cast<uint8_t>(v >> (24 - 8 * i));
}
constexpr void store_be64(uint8_t* p, uint64_t v) {
  for (int i = 0; i < 8; ++i)
    p[i] = static_cast<uint8_t>(v >> (56 - 8 * i));
}

/// Number of set bits.
constexpr unsigned count_bits(uint64_t v) {
  unsigned n = 0;
  for (; v != 0; v &= v - 1)
    ++n;
  return n;
}
/// Number of bits needed to write `v`; 0 for 0.
constexpr unsigned bit_length(uint64_t v) {
  return v == 0 ? 0 : 64 - static_cast<unsigned>(__builtin_clzll(v));
}
/// Number of zero bits below the lowest set bit; 64 for 0.
constexpr unsigned trailing_zeros(uint64_t v) {
  return v == 0 ? 64 : static_cast<unsigned>(__builtin_ctzll(v));
}

}  // namespace cairn
