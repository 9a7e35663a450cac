// OpenTimestamps: the timestamps of its calendars, and files of them that its clients read
// (python-opentimestamps, opentimestamps/core/timestamp.py and serialize.py).
#pragma once

#include <cairn/hash.hpp>
#include <cairn/linux/error.hpp>
#include <vector>

namespace cairn::host {

/// What a timestamp promises.
struct OpenTimestampsFact {
  std::vector<std::string> calendars;     ///< URLs of calendars that have it and will complete it
  std::vector<uint64_t> bitcoin_heights;  ///< blocks that are said to commit to it: not checked
};

/// Walks a serialized timestamp: form, operations that are known, at least one attestation.
/// Neither a calendar nor a block is asked.
///
/// corrupt: not a timestamp
Status parse_opentimestamps(ByteView timestamp, OpenTimestampsFact& out);

/// The file FILE.ots for a file with this SHA-256.
std::string format_opentimestamps_file(const Digest& file_digest, ByteView timestamp);

}  // namespace cairn::host
