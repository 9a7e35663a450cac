// A signer without cryptography: its signature is a hash of the message. For tests that are about
// when something is signed, and what.
#pragma once

#include <cairn/hash.hpp>
#include <cairn/sign.hpp>
#include <cstring>

namespace fake {

struct FakeSigner {
  bool broken = false;
  bool puts_off = false;  ///< asks to be asked again
  uint64_t count = 0;

  cairn::Signer signer() {
    cairn::Signer out{};
    out.struct_size = sizeof out;
    out.public_key.algorithm = CAIRN_ED25519;
    std::memset(out.public_key.bytes, 0x42, 32);
    out.user = this;
    out.sign = [](void* user, const uint8_t* message, size_t size, uint8_t* signature) {
      FakeSigner& self = *static_cast<FakeSigner*>(user);
      if (self.broken) return CAIRN_E_IO;
      if (self.puts_off) return CAIRN_PENDING;
      ++self.count;
      const cairn::Digest digest = cairn::sha256({message, size});
      std::memcpy(signature, digest.bytes, 32);
      std::memcpy(signature + 32, digest.bytes, 32);
      return 0;
    };
    return out;
  }

  static cairn::Verifier verifier() {
    cairn::Verifier out{};
    out.struct_size = sizeof out;
    out.algorithm = CAIRN_ED25519;
    out.verify = [](void*, const cairn::PublicKey*, const uint8_t* message, size_t size,
                    const uint8_t* signature) {
      const cairn::Digest digest = cairn::sha256({message, size});
      return std::memcmp(signature, digest.bytes, 32) == 0 ? 0 : CAIRN_E_SIGNATURE_INVALID;
    };
    return out;
  }
};

/// Clocks that a test sets.
struct FakeClock {
  uint64_t monotonic_ms = 1000;
  int64_t unix_ms = 1700000000000;
  uint8_t quality = CAIRN_TIME_SYNCHRONISED;

  cairn::Platform platform() {
    cairn::Platform out{};
    out.struct_size = sizeof out;
    out.user = this;
    out.monotonic_ms = [](void* user) { return static_cast<FakeClock*>(user)->monotonic_ms; };
    out.wall_clock = [](void* user, int64_t* time, uint8_t* worth) {
      *time = static_cast<FakeClock*>(user)->unix_ms;
      *worth = static_cast<FakeClock*>(user)->quality;
      return 0;
    };
    return out;
  }
  void pass(uint64_t ms) {
    monotonic_ms += ms;
    unix_ms += static_cast<int64_t>(ms);
  }
};

}  // namespace fake
