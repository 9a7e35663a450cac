// A raw image of a flash as bytes: where in it a log lies, and of what geometry. The headers of the
// segments tell; what they do not tell (erased value, kind) is concluded from the rest.
#pragma once

#include <cairn/bytes.hpp>
#include <cairn/flash.hpp>
#include <optional>
#include <string>
#include <vector>

namespace command::image {

constexpr uint32_t header_bytes = 32;

/// The header of a segment. docs/format.md, "Segment header".
struct Header {
  uint32_t log_id;
  uint32_t nonce;
  uint32_t sequence;
  uint32_t segment_bytes;
  uint32_t segment_count;
  uint16_t erases;
  uint8_t unit_log2;
  uint8_t in_flight_log2;
  uint32_t crc;    ///< seeds the check values of the segment's frames
  bool corrected;  ///< one wrong bit was put right
};

uint32_t crc32c(cairn::ByteView bytes, uint32_t crc = 0);
uint32_t le16(const uint8_t* bytes);
uint32_t le32(const uint8_t* bytes);
uint64_t le64(const uint8_t* bytes);

/// The header at `bytes`, if one is there.
std::optional<Header> read_header(const uint8_t* bytes);
/// The check value of a header with these fields.
uint32_t header_crc(const Header& header);

/// What the user knows; the rest is looked for.
struct Wanted {
  std::optional<uint64_t> offset;
  std::optional<uint64_t> unit;
  std::optional<uint64_t> segment_bytes;
  std::optional<uint64_t> segment_count;
  std::optional<uint32_t> log_id;
  std::string erased;  ///< "ff", "00", or empty
  std::string kind;    ///< "once", "nor", "rewritable", "file", or empty
};

struct Medium {
  std::string bytes;  ///< the whole file
  uint64_t file_bytes = 0;
  uint64_t offset = 0;      ///< of the first segment
  cairn::Flash geometry{};  ///< without functions
  uint32_t log_id = 0;
  std::string erased_why;  ///< how it was concluded; empty when it was given
  std::string kind_why;

  uint32_t present = 0;  ///< so many segments lie in the file; the others are taken as blank

  const uint8_t* segment(uint32_t place) const {
    return reinterpret_cast<const uint8_t*>(bytes.data()) + offset +
           size_t{place} * geometry.segment_bytes;
  }
};

/// Reads the file and finds the log in it. Throws Failure.
Medium load_medium(const std::string& path, const Wanted& wanted);

}  // namespace command::image
