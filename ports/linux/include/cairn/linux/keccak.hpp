// Keccak-256 as Ethereum uses it: the function of FIPS 202's SHA3-256 with the padding that came
// before it.
#pragma once

#include <cairn/hash.hpp>

namespace cairn::host {

/// By OpenSSL ("KECCAK-256", 3.2 and later), or else by code of this library. About 10 us a
/// kilobyte at worst. Any number of threads may call it.
Digest keccak256(ByteView bytes);

/// The code of this library, with the padding byte to use: 0x01 for Keccak-256, and 0x06 for
/// SHA3-256, with which tests compare it with OpenSSL's.
Digest keccak_sponge256(ByteView bytes, uint8_t padding);

}  // namespace cairn::host
