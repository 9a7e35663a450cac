// CRC-32C (Castagnoli), the check value of the log's headers and frames.
#pragma once

#include "cairn/bytes.hpp"

namespace cairn {

/// Continues a CRC: crc32c(b, crc32c(a, seed)) is the CRC of a and b under that seed.
uint32_t crc32c(ByteView data, uint32_t crc);

}  // namespace cairn
