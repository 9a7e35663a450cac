// The parts of the portable SHA-256 that other implementations fall back on.
#pragma once

#include "cairn/hash.hpp"

namespace cairn::builtin {

/// Takes `count` blocks of 64 bytes into the chain.
void compress_blocks(uint32_t* chain, const uint8_t* blocks, size_t count);

/// out = SHA-256(prefix || 64 bytes).
void pair(uint8_t prefix, const uint8_t* bytes, Digest& out);

/// The same of 0x01 and each two digests.
void nodes(const Digest* pairs, size_t count, Digest* out);

}  // namespace cairn::builtin
