// The second block of a 65-byte message: its last byte, 0x80, zeros and the length. So there are
// 256 of them, and their message schedules are a table of 48 KiB: 10 % of a node, where several
// messages are in flight. The compiler computes it, in half a second.
#pragma once

#include "sha256_many.hpp"

namespace cairn::accelerated {

/// Words 16..63 of the schedule for each last byte, with the constants of their rounds added.
struct NodeTail {
  alignas(64) uint32_t words[256][48];
};
extern const NodeTail sha256_node_tail;

/// Word 0 of such a block.
constexpr uint32_t node_tail_word(uint8_t last) {
  return static_cast<uint32_t>(last) << 24 | 0x800000;
}

}  // namespace cairn::accelerated
