// Messages of any size, in pieces or whole, in terms of a function that compresses blocks.
#pragma once

#include "cairn/hash.hpp"
#include "mem.hpp"
#include "sha256_constants.hpp"

namespace cairn {

inline void sha256_store(const uint32_t* chain, Digest& out) {
  for (unsigned i = 0; i < 8; ++i)
    store_be32(out.bytes + 4 * i, chain[i]);
}

/// Takes `count` blocks of 64 bytes into the chain.
using Sha256Compress = void (*)(uint32_t* chain, const uint8_t* blocks, size_t count);

template <Sha256Compress compress>
struct Sha256Stream {
  static void start(Sha256State& state) {
    memcpy(state.chain, sha256_initial_chain, sizeof sha256_initial_chain);
    state.size_bytes = 0;
  }

  static void update(Sha256State& state, ByteView data) {
    const size_t used = state.size_bytes % sha256_block_bytes;
    state.size_bytes += data.size;
    if (used != 0) {
      const ByteView head = data.part(0, sha256_block_bytes - used);
      copy(state.block + used, head.data, head.size);
      if (used + head.size < sha256_block_bytes) return;
      compress(state.chain, state.block, 1);
      data = data.part(head.size);
    }
    const ByteView tail = full_blocks(state.chain, data);
    copy(state.block, tail.data, tail.size);
  }

  static void finish(Sha256State& state, Digest& out) {
    pad(state.chain, state.block, state.size_bytes % sha256_block_bytes, state.size_bytes, out);
  }

  /// out = SHA-256(message).
  static void once(ByteView message, Digest& out) {
    uint32_t chain[8];
    memcpy(chain, sha256_initial_chain, sizeof chain);
    uint8_t block[sha256_block_bytes];
    const ByteView tail = full_blocks(chain, message);
    copy(block, tail.data, tail.size);
    pad(chain, block, tail.size, message.size, out);
  }

  /// out = SHA-256(prefix || message).
  static void prefixed(uint8_t prefix, ByteView message, Digest& out) {
    uint32_t chain[8];
    memcpy(chain, sha256_initial_chain, sizeof chain);
    uint8_t block[sha256_block_bytes];
    block[0] = prefix;
    ByteView tail = message.part(0, sha256_block_bytes - 1);
    copy(block + 1, tail.data, tail.size);
    size_t used = 1 + tail.size;
    if (used == sha256_block_bytes) {
      compress(chain, block, 1);
      tail = full_blocks(chain, message.part(sha256_block_bytes - 1));
      copy(block, tail.data, tail.size);
      used = tail.size;
    }
    pad(chain, block, used, uint64_t{1} + message.size, out);
  }

  /// out[i] = SHA-256(prefix || messages[i]), one after the other.
  static void many(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
    for (size_t i = 0; i < count; ++i)
      prefixed(prefix, messages[i], out[i]);
  }

 private:
  // Compresses the full blocks at the front of `data`; returns what is left behind them.
  static ByteView full_blocks(uint32_t* chain, ByteView data) {
    const size_t count = data.size / sha256_block_bytes;
    if (count != 0) compress(chain, data.data, count);
    return data.part(count * sha256_block_bytes);
  }

  // Pads and compresses the last `used` bytes, which lie in `block`, of a message of `size_bytes`.
  static void pad(uint32_t* chain, uint8_t* block, size_t used, uint64_t size_bytes, Digest& out) {
    block[used++] = 0x80;
    if (used > sha256_length_offset) {
      memset(block + used, 0, sha256_block_bytes - used);
      compress(chain, block, 1);
      used = 0;
    }
    memset(block + used, 0, sha256_length_offset - used);
    store_be64(block + sha256_length_offset, size_bytes * 8);
    compress(chain, block, 1);
    sha256_store(chain, out);
  }
};

}  // namespace cairn
