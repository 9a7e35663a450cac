// What the suites share: bytes from hexadecimal text, leaves, a flash in memory whose power can be
// cut, a signer without cryptography.
#pragma once

#include <cairn/cairn.hpp>

#include "registry.hpp"

namespace on_target {

using namespace cairn;

inline unsigned nibble(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
}

/// The bytes that a text of hexadecimal digits names.
template <size_t digits>
struct Hex {
  uint8_t bytes[digits / 2];

  explicit Hex(const char (&text)[digits]) {
    for (size_t i = 0; i + 1 < digits; i += 2)
      bytes[i / 2] = static_cast<uint8_t>(nibble(text[i]) << 4 | nibble(text[i + 1]));
  }
  static constexpr size_t size = (digits - 1) / 2;
  operator ByteView() const { return {bytes, size}; }
};

inline bool is(const Digest& digest, const char (&text)[65]) {
  return equal(digest, ByteView(Hex<65>(text)));
}

/// 24 bytes that are different for each number.
struct Leaf {
  uint8_t bytes[24];

  explicit Leaf(uint64_t number) {
    for (size_t i = 0; i < sizeof bytes; ++i)
      bytes[i] = static_cast<uint8_t>(number >> (i % 8 * 8) ^ i * 37);
    bytes[0] = static_cast<uint8_t>(Kind::opaque);
  }
  operator ByteView() const { return {bytes, sizeof bytes}; }
};

/// The root over Leaf(0), Leaf(1), ... by the definition of RFC 9162 §2.1.1.
inline Digest plain_root(uint64_t first, uint64_t size) {
  if (size == 0) return empty_root;
  if (size == 1) return leaf_hash(Leaf(first));
  uint64_t left = 1;
  while (left * 2 < size)
    left *= 2;
  return node_hash(plain_root(first, left), plain_root(first + left, size - left));
}

/// Flash in memory. After `cut_after` more bytes it takes no more, and the byte in hand is torn.
struct CutFlash {
  uint8_t* memory;
  uint32_t cut_after = UINT32_MAX;
  bool dead = false;
  Flash flash = CAIRN_FLASH_INIT;

  CutFlash(uint8_t* bytes, uint32_t unit, uint32_t segment, uint32_t count, uint8_t kind)
      : memory(bytes) {
    flash.unit_bytes = unit;
    flash.segment_bytes = segment;
    flash.segment_count = count;
    flash.kind = kind;
    flash.user = this;
    flash.read = read;
    flash.program = program;
    flash.erase = erase;
    for (uint32_t i = 0; i < segment * count; ++i)
      memory[i] = 0xFF;
  }
  void power_on() {
    dead = false;
    cut_after = UINT32_MAX;
  }

 private:
  static uint8_t* at(void* user, uint32_t segment, uint32_t offset) {
    const CutFlash& self = *static_cast<CutFlash*>(user);
    return self.memory + segment * self.flash.segment_bytes + offset;
  }
  // False when the power goes, or is gone.
  bool spend() {
    if (dead) return false;
    if (cut_after == UINT32_MAX) return true;
    dead = cut_after-- == 0;
    return !dead;
  }
  static int read(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
    if (static_cast<CutFlash*>(user)->dead) return CAIRN_E_IO;
    const uint8_t* from = at(user, segment, offset);
    for (uint32_t i = 0; i < size; ++i)
      static_cast<uint8_t*>(data)[i] = from[i];
    return 0;
  }
  static int program(void* user, uint32_t segment, uint32_t offset, const void* data,
                     uint32_t size) {
    CutFlash& self = *static_cast<CutFlash*>(user);
    uint8_t* to = at(user, segment, offset);
    const uint8_t* from = static_cast<const uint8_t*>(data);
    for (uint32_t i = 0; i < size; ++i) {
      const bool alive = self.spend();
      if (!alive && self.cut_after != UINT32_MAX) return CAIRN_E_IO;
      const uint8_t before = self.flash.kind < CAIRN_FLASH_REWRITABLE ? to[i] : 0xFF;
      to[i] = static_cast<uint8_t>(before & (alive ? from[i] : from[i] | 0x5A));
      if (!alive) return CAIRN_E_IO;
    }
    return 0;
  }
  static int erase(void* user, uint32_t segment) {
    CutFlash& self = *static_cast<CutFlash*>(user);
    uint8_t* to = at(user, segment, 0);
    for (uint32_t i = 0; i < self.flash.segment_bytes; ++i) {
      if (!self.spend()) return CAIRN_E_IO;
      to[i] = 0xFF;
    }
    return 0;
  }
};

/// Its signature is the hash of the message, twice.
inline Signer hash_signer(uint8_t fill = 0x42) {
  Signer out{};
  out.struct_size = sizeof out;
  out.public_key.algorithm = CAIRN_ED25519;
  for (size_t i = 0; i < 32; ++i)
    out.public_key.bytes[i] = fill;
  out.sign = [](void*, const uint8_t* message, size_t size, uint8_t* signature) {
    const Digest digest = sha256({message, size});
    for (size_t i = 0; i < 2 * digest_bytes; ++i)
      signature[i] = digest.bytes[i % digest_bytes];
    return 0;
  };
  return out;
}
inline Verifier hash_verifier() {
  Verifier out{};
  out.struct_size = sizeof out;
  out.algorithm = CAIRN_ED25519;
  out.verify = [](void*, const PublicKey*, const uint8_t* message, size_t size,
                  const uint8_t* signature) {
    const Digest digest = sha256({message, size});
    for (size_t i = 0; i < 2 * digest_bytes; ++i)
      if (signature[i] != digest.bytes[i % digest_bytes]) return CAIRN_E_SIGNATURE_INVALID;
    return 0;
  };
  return out;
}

}  // namespace on_target
