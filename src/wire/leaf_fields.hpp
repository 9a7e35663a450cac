// What the messages of leaves have in common.
#pragma once

#include "cairn/bytes.hpp"

namespace cairn::wire {

/// UTF-8 of at most leaf_text_bytes_max bytes.
bool is_leaf_text(ByteView text);

}  // namespace cairn::wire
