// Many messages in terms of a kernel that has several in flight.
//
// The shapes that the tree is made of go to the kernel in groups: messages that fit one block,
// those of 64 bytes, which are pairs of digests, and those that fit two blocks, as records of 64
// bytes with their kind do. Messages of other and of mixed sizes go through lanes: as soon as one
// is finished, the next takes its place.
#pragma once

#include "sha256_builtin.hpp"
#include "sha256_stream.hpp"

namespace cairn::accelerated {

constexpr size_t one_block_bytes = 54;  // the longest message that with its prefix is one block
constexpr size_t two_block_bytes = one_block_bytes + sha256_block_bytes;
constexpr size_t pair_bytes = 2 * digest_bytes;
constexpr uint32_t pair_bits = 8 * (1 + pair_bytes);  // with the prefix

// A message on its way through a lane, block by block.
class Lane {
 public:
  bool busy() const { return next_ < blocks_; }

  void start(uint8_t prefix, ByteView message, uint32_t* chain, Digest& out) {
    memcpy(chain, sha256_initial_chain, sizeof sha256_initial_chain);
    prefix_ = prefix;
    message_ = message;
    out_ = &out;
    next_ = 0;
    blocks_ = (uint64_t{message.size} + 73) / sha256_block_bytes;  // prefix, 0x80, length
  }

  /// The next block: in the message itself, or put together here.
  const uint8_t* next_block() {
    const uint64_t size = uint64_t{1} + message_.size;
    const uint64_t first = next_++ * sha256_block_bytes;
    const size_t at = first == 0 ? 0 : static_cast<size_t>(first - 1);
    if (first != 0 && first + sha256_block_bytes <= size) return message_.data + at;
    size_t used = 0;
    if (first == 0) block_[used++] = prefix_;
    const ByteView part = message_.part(at, sha256_block_bytes - used);
    copy(block_ + used, part.data, part.size);
    used += part.size;
    memset(block_ + used, 0, sha256_block_bytes - used);
    if (first <= size && size < first + sha256_block_bytes) block_[used] = 0x80;
    if (!busy()) store_be64(block_ + sha256_length_offset, size * 8);
    return block_;
  }

  void finish(const uint32_t* chain) { sha256_store(chain, *out_); }

 private:
  uint8_t prefix_ = 0;
  ByteView message_;
  Digest* out_ = nullptr;
  uint64_t next_ = 0;
  uint64_t blocks_ = 0;
  uint8_t block_[sha256_block_bytes];
};

inline bool all_fit_one_block(const ByteView* messages, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (messages[i].size > one_block_bytes) return false;
  return true;
}

inline bool all_take_two_blocks(const ByteView* messages, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (messages[i].size <= one_block_bytes || messages[i].size > two_block_bytes) return false;
  return true;
}

inline bool all_are_pairs(const ByteView* messages, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (messages[i].size != pair_bytes) return false;
  return true;
}

/// So many messages as a number that the compiler knows.
template <size_t N>
struct InFlight {
  constexpr size_t operator()() const { return N; }
};

/// For kernels with four lanes: calls hash(InFlight<N>, from) for four messages, or for the two and
/// the one that fewer consist of.
template <typename Hash>
inline void in_four_lanes(size_t count, const Hash& hash) {
  if (count == 4) return hash(InFlight<4>{}, 0);
  if ((count & 2) != 0) hash(InFlight<2>{}, 0);
  if ((count & 1) != 0) hash(InFlight<1>{}, count & 2);
}

/// What a backend is made of. The Kernel has
///   lanes, the number of messages in flight;
///   compress_blocks(chain, blocks, count), for one message;
///   compress_lanes(chains, blocks): one block of each lane;
///   one_block(prefix, messages, count, out) and pairs(prefix, messages, count, out): at most
///     `lanes` messages of at most 54, or of exactly 64 bytes; read before `out` is written.
template <class Kernel>
struct Many {
  using Stream = Sha256Stream<Kernel::compress_blocks>;
  static constexpr size_t lanes = Kernel::lanes;
  // Handed to the lanes at once, before groups of one shape are looked for again.
  static constexpr size_t window = 16 * lanes;

  static void many(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
    while (count != 0) {
      size_t n = count < lanes ? count : lanes;
      if (all_fit_one_block(messages, n)) {
        Kernel::one_block(prefix, messages, n, out);
      } else if (all_are_pairs(messages, n)) {
        const uint8_t* pairs[lanes];
        for (size_t i = 0; i < n; ++i)
          pairs[i] = messages[i].data;
        Kernel::pairs(prefix, pairs, n, out);
      } else if (n == 1) {
        Stream::prefixed(prefix, *messages, *out);
      } else if (all_take_two_blocks(messages, n)) {
        two_blocks(prefix, messages, n, out);
      } else {
        n = count < window ? count : window;
        mixed(prefix, messages, n, out);
      }
      messages += n;
      out += n;
      count -= n;
    }
  }

  static void nodes(const Digest* pairs, size_t count, Digest* out) {
    constexpr uint8_t node_prefix = 0x01;
    while (count != 0) {
      const size_t n = count < lanes ? count : lanes;
      const uint8_t* bytes[lanes];
      for (size_t i = 0; i < n; ++i)
        bytes[i] = pairs[2 * i].bytes;
      Kernel::pairs(node_prefix, bytes, n, out);
      pairs += 2 * n;
      out += n;
      count -= n;
    }
  }

 private:
  static void two_blocks(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
    uint8_t bytes[lanes][2 * sha256_block_bytes] = {};
    uint32_t chains[lanes][8];
    const uint8_t* blocks[lanes];
    for (size_t i = 0; i < lanes; ++i) {
      memcpy(chains[i], sha256_initial_chain, sizeof sha256_initial_chain);
      blocks[i] = bytes[i < count ? i : 0];
    }
    for (size_t i = 0; i < count; ++i) {
      const size_t size = messages[i].size;
      bytes[i][0] = prefix;
      memcpy(bytes[i] + 1, messages[i].data, size);
      bytes[i][1 + size] = 0x80;
      store_be64(bytes[i] + sha256_block_bytes + sha256_length_offset, 8 * (uint64_t{1} + size));
    }
    Kernel::compress_lanes(chains, blocks);
    for (size_t i = 0; i < lanes; ++i)
      blocks[i] += sha256_block_bytes;
    Kernel::compress_lanes(chains, blocks);
    for (size_t i = 0; i < count; ++i)
      sha256_store(chains[i], out[i]);
  }

  static void mixed(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
    Lane lane[lanes];
    uint32_t chains[lanes][8] = {};
    size_t started = 0;
    for (;;) {
      size_t busy[lanes];
      size_t busy_count = 0;
      for (size_t i = 0; i < lanes; ++i) {
        if (!lane[i].busy() && started < count) {
          lane[i].start(prefix, messages[started], chains[i], out[started]);
          ++started;
        }
        if (lane[i].busy()) busy[busy_count++] = i;
      }
      if (busy_count == 0) return;
      if (busy_count == 1) return finish_alone(lane[busy[0]], chains[busy[0]]);
      step(lane, chains, busy, busy_count);
    }
  }

  // Lanes without a message compress what another one does, and nobody looks at it.
  static void step(Lane* lane, uint32_t (*chains)[8], const size_t* busy, size_t busy_count) {
    const uint8_t* blocks[lanes];
    blocks[busy[0]] = lane[busy[0]].next_block();
    for (size_t i = 0; i < lanes; ++i)
      blocks[i] = blocks[busy[0]];
    for (size_t i = 1; i < busy_count; ++i)
      blocks[busy[i]] = lane[busy[i]].next_block();
    Kernel::compress_lanes(chains, blocks);
    for (size_t i = 0; i < busy_count; ++i)
      if (!lane[busy[i]].busy()) lane[busy[i]].finish(chains[busy[i]]);
  }

  static void finish_alone(Lane& lane, uint32_t* chain) {
    while (lane.busy())
      Kernel::compress_blocks(chain, lane.next_block(), 1);
    lane.finish(chain);
  }
};

}  // namespace cairn::accelerated
