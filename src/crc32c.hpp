// CRC-32C (Castagnoli), the check value of the log's headers and frames.
#pragma once

#include "cairn/bytes.hpp"

namespace cairn {

/// Continues a CRC: crc32c(b, crc32c(a, seed)) is the CRC of a and b under that seed.
uint32_t crc32c(ByteView data, uint32_t crc);

/// The same in portable C++.
uint32_t crc32c_portable(ByteView data, uint32_t crc);

/// The same by the processor's own instruction, if it has one (cairn::accelerated).
uint32_t crc32c_accelerated(ByteView data, uint32_t crc);

}  // namespace cairn
