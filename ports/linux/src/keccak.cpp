// FIPS 202: Keccak-f[1600], section 3, with a rate of 1088 bits and a capacity of 512.
#include <openssl/err.h>
#include <openssl/evp.h>

#include <cairn/linux/keccak.hpp>
#include <cstring>

namespace cairn::host {
namespace {

constexpr size_t rate_bytes = 136;
constexpr unsigned rounds = 24;

using State = uint64_t[25];

uint64_t rotated(uint64_t lane, unsigned bits) {
  return bits == 0 ? lane : lane << bits | lane >> (64 - bits);
}

void theta(State& lanes) {
  uint64_t parity[5];
  for (unsigned x = 0; x < 5; ++x)
    parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
  for (unsigned i = 0; i < 25; ++i)
    lanes[i] ^= parity[(i + 4) % 5] ^ rotated(parity[(i + 1) % 5], 1);
}

// Turns each lane and moves it: the walk of section 3.2.2 visits all but the first.
void rho_and_pi(State& lanes) {
  unsigned x = 1, y = 0;
  uint64_t moved = lanes[1];
  for (unsigned t = 0; t < 24; ++t) {
    const unsigned next = (2 * x + 3 * y) % 5;
    x = y;
    y = next;
    const uint64_t here = lanes[5 * y + x];
    lanes[5 * y + x] = rotated(moved, (t + 1) * (t + 2) / 2 % 64);
    moved = here;
  }
}

void chi(State& lanes) {
  for (unsigned row = 0; row < 25; row += 5) {
    uint64_t old[5];
    std::memcpy(old, lanes + row, sizeof old);
    for (unsigned x = 0; x < 5; ++x)
      lanes[row + x] ^= ~old[(x + 1) % 5] & old[(x + 2) % 5];
  }
}

// The round constants come from a shift register: section 3.2.5, algorithm 5.
uint64_t next_constant(uint8_t& shift_register) {
  uint64_t constant = 0;
  for (unsigned j = 0; j < 7; ++j) {
    if ((shift_register & 1) != 0) constant |= uint64_t{1} << ((1u << j) - 1);
    const bool carry = (shift_register & 0x80) != 0;
    shift_register = static_cast<uint8_t>(shift_register << 1 ^ (carry ? 0x71 : 0));
  }
  return constant;
}

void permute(State& lanes) {
  uint8_t shift_register = 1;
  for (unsigned round = 0; round < rounds; ++round) {
    theta(lanes);
    rho_and_pi(lanes);
    chi(lanes);
    lanes[0] ^= next_constant(shift_register);
  }
}

void absorb(State& lanes, const uint8_t (&block)[rate_bytes]) {
  for (size_t i = 0; i < rate_bytes; ++i)
    lanes[i / 8] ^= uint64_t{block[i]} << 8 * (i % 8);
  permute(lanes);
}

const EVP_MD* fetch_keccak() {
  const EVP_MD* found = EVP_MD_fetch(nullptr, "KECCAK-256", nullptr);
  ERR_clear_error();
  return found;
}

}  // namespace

Digest keccak_sponge256(ByteView bytes, uint8_t padding) {
  State lanes = {};
  uint8_t block[rate_bytes];
  while (bytes.size >= rate_bytes) {
    std::memcpy(block, bytes.data, rate_bytes);
    absorb(lanes, block);
    bytes = bytes.part(rate_bytes);
  }
  std::memset(block, 0, sizeof block);
  if (!bytes.empty()) std::memcpy(block, bytes.data, bytes.size);
  block[bytes.size] = padding;
  block[rate_bytes - 1] |= 0x80;
  absorb(lanes, block);
  Digest digest;
  for (size_t i = 0; i < digest_bytes; ++i)
    digest.bytes[i] = static_cast<uint8_t>(lanes[i / 8] >> 8 * (i % 8));
  return digest;
}

Digest keccak256(ByteView bytes) {
  static const EVP_MD* const by_openssl = fetch_keccak();  // stays for the life of the program
  Digest digest;
  if (by_openssl != nullptr &&
      EVP_Digest(bytes.data, bytes.size, digest.bytes, nullptr, by_openssl, nullptr) == 1) {
    return digest;
  }
  return keccak_sponge256(bytes, 0x01);
}

}  // namespace cairn::host
