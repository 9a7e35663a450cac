// What an image of a log amounts to: its segments, records and heads, and everything that is wrong.
#pragma once

#include <cairn/note.hpp>
#include <map>

#include "image_segment.hpp"

namespace command::image {

/// What a place of the ring is.
enum class Use : uint8_t {
  newest,   ///< records are appended here
  live,     ///< holds records
  spare,    ///< erased ahead of time
  retired,  ///< may be erased: NEXT of the newest segment says so
  blank,
  lost,   ///< in use, but neither its header nor a promise of it is there
  other,  ///< another log's, or what no log has written
};

const char* use_name(Use use);

struct Place {
  Use use = Use::other;
  std::optional<Header> header;
  bool promised = false;  ///< the header is what NEXT in the segment in front says
  Scan scan;
};

/// A signed head that some frontier frame holds.
struct Head {
  uint64_t size = 0;
  cairn::Digest root{};
  cairn::Signature signature{};
  uint32_t place = 0;
  uint32_t offset = 0;
  bool has_root = false;  ///< false when the hashes that it keeps are lost
  bool is_verified = false;
};

struct Problem {
  std::string what;
  std::optional<uint32_t> place;
  uint64_t first = 0;  ///< records concerned, when count is not 0
  uint64_t count = 0;
};

struct Report {
  std::vector<Place> places;
  std::optional<uint32_t> newest;  ///< place; none when no segment can be read
  uint32_t oldest_sequence = 0;
  cairn::Status mounted = cairn::Status::ok;
  uint64_t size = 0;
  uint64_t index_min = 0;
  uint64_t records = 0;  ///< that can be read
  cairn::Digest root{};
  uint32_t torn_bytes = 0;
  std::map<uint8_t, uint64_t> kinds;
  std::string origin;       ///< of record 0, if that is held
  std::vector<Head> heads;  ///< by size
  uint64_t frontiers = 0;   ///< frontier frames that equal the tree of the records
  std::vector<Problem> problems;
};

/// Examines an image. `key` may be null: then no signature is verified.
Report examine(Medium& medium, const cairn::NoteKey* key);

}  // namespace command::image
