#include "image_medium.hpp"

#include <algorithm>
#include <array>
#include <cairn/linux/file.hpp>
#include <cairn/linux/log_config.hpp>
#include <cstring>
#include <map>
#include <tuple>

#include "files.hpp"
#include "image_segment.hpp"
#include "text.hpp"

namespace command::image {

namespace {

constexpr size_t image_bytes_max = size_t{1} << 31;

const std::array<uint32_t, 256>& crc_table() {
  static const std::array<uint32_t, 256> table = [] {
    std::array<uint32_t, 256> out{};
    for (uint32_t i = 0; i < 256; ++i) {
      out[i] = i;
      for (int bit = 0; bit < 8; ++bit)
        out[i] = out[i] >> 1 ^ ((out[i] & 1) != 0 ? 0x82F63B78 : 0);
    }
    return out;
  }();
  return table;
}

bool is_whole(const uint8_t* header) {
  return crc32c({header, header_bytes - 4}) == le32(header + header_bytes - 4);
}

/// A place where a log may lie, and how many headers say so.
struct Candidate {
  uint32_t log_id, segment_bytes, segment_count, unit_log2;
  int64_t offset;

  bool operator<(const Candidate& other) const {
    const auto all = [](const Candidate& c) {
      return std::tie(c.log_id, c.segment_bytes, c.segment_count, c.unit_log2, c.offset);
    };
    return all(*this) < all(other);
  }
};

using Candidates = std::map<Candidate, unsigned>;

/// Whether a segment of this geometry has room for a header, a frame and the NEXT slots.
bool is_sane(uint64_t unit, uint64_t segment_bytes, uint64_t segment_count) {
  return segment_count >= 2 && segment_bytes >= 256 && segment_bytes <= (1u << 30) && unit != 0 &&
         unit <= 256 && (unit & (unit - 1)) == 0 && segment_bytes % unit == 0 &&
         segment_bytes >= 4 * unit;
}

Candidates find_candidates(const std::string& bytes) {
  Candidates found;
  const uint8_t* data = reinterpret_cast<const uint8_t*>(bytes.data());
  for (size_t at = bytes.find("CRN"); at != std::string::npos && bytes.size() - at >= header_bytes;
       at = bytes.find("CRN", at + 1)) {
    const std::optional<Header> header = read_header(data + at);
    if (!header || header->corrected || header->unit_log2 > 8) continue;
    if (!is_sane(1u << header->unit_log2, header->segment_bytes, header->segment_count)) continue;
    const uint32_t place = header->sequence % header->segment_count;
    ++found[{header->log_id, header->segment_bytes, header->segment_count, header->unit_log2,
             static_cast<int64_t>(at) - int64_t{place} * header->segment_bytes}];
  }
  return found;
}

std::string candidate_text(const Candidate& candidate, unsigned headers) {
  char id[9];
  std::snprintf(id, sizeof id, "%08x", candidate.log_id);
  return "id " + std::string(id) + " at byte " + std::to_string(candidate.offset) + " (" +
         counted(candidate.segment_count, "segment") + " of " + grouped(candidate.segment_bytes) +
         " bytes, " + counted(headers, "header") + ")";
}

bool fits(const Candidate& candidate, const Wanted& wanted) {
  const auto is = [](const auto& want, uint64_t value) { return !want || *want == value; };
  return is(wanted.log_id, candidate.log_id) && is(wanted.segment_bytes, candidate.segment_bytes) &&
         is(wanted.segment_count, candidate.segment_count) &&
         is(wanted.unit, uint64_t{1} << candidate.unit_log2) &&
         (!wanted.offset || static_cast<int64_t>(*wanted.offset) == candidate.offset);
}

[[noreturn]] void refuse_none(const std::string& path, const Medium& medium,
                              const Candidates& found) {
  if (!found.empty()) {
    std::string text;
    for (const auto& candidate : found)
      text += (text.empty() ? "" : "; ") + candidate_text(candidate.first, candidate.second);
    throw wrong_use(path, "holds no log like the one asked for", "What lies in it: " + text + ".");
  }
  if (medium.bytes.find("CRN") != std::string::npos)
    throw wrong_use(path, "no segment header in it is whole",
                    "Give --offset, --unit, --segment-bytes, --segment-count and --origin, if the "
                    "rest may be worth reading.");
  const char first = medium.bytes[0];
  const bool uniform = medium.bytes.find_first_not_of(first) == std::string::npos;
  throw wrong_use(path,
                  uniform
                      ? "nothing but bytes " + hex({medium.bytes.data(), 1}) + ": a blank medium"
                      : "no log of cairn in " + grouped(medium.bytes.size()) + " bytes",
                  "It must be a raw dump of the whole log area: no hex text, no gaps, no "
                  "compression. A log folder of this command is for `cairn check`.");
}

/// The one that most headers speak for. Several logs are the user's choice.
Candidate choose(const std::string& path, const Medium& medium, const Wanted& wanted,
                 const Candidates& found) {
  const std::pair<const Candidate, unsigned>* best = nullptr;
  const std::pair<const Candidate, unsigned>* other = nullptr;
  for (const auto& candidate : found) {
    if (!fits(candidate.first, wanted)) continue;
    if (best == nullptr || candidate.second > best->second) best = &candidate;
  }
  if (best == nullptr) refuse_none(path, medium, found);
  for (const auto& candidate : found)
    if (fits(candidate.first, wanted) && candidate.first.log_id != best->first.log_id)
      other = &candidate;
  if (other != nullptr)
    throw wrong_use(
        path, "several logs lie in it",
        "Choose with --origin or --offset: " + candidate_text(best->first, best->second) + "; " +
            candidate_text(other->first, other->second) + ".");
  return best->first;
}

/// A log in a file grows, so what lies behind its end is blank. Nothing may lack in front.
void cut_out(const std::string& path, Medium& medium, int64_t offset) {
  if (offset < 0)
    throw wrong_use(path,
                    "the dump begins inside the log: its first " +
                        grouped(static_cast<uint64_t>(-offset)) + " bytes are missing",
                    "Dump the log area from its first byte on.");
  if (static_cast<uint64_t>(offset) >= medium.bytes.size())
    throw wrong_use(path, "ends in front of byte " + grouped(static_cast<uint64_t>(offset)),
                    "Give the --offset of the log's first segment.");
  medium.offset = static_cast<uint64_t>(offset);
  const uint32_t segment = medium.geometry.segment_bytes;
  const uint64_t held = (medium.bytes.size() - medium.offset + segment - 1) / segment;
  medium.present = static_cast<uint32_t>(std::min<uint64_t>(held, medium.geometry.segment_count));
  medium.file_bytes = medium.bytes.size();
  medium.bytes.resize(std::max(medium.bytes.size(), static_cast<size_t>(medium.offset) +
                                                        static_cast<size_t>(held * segment)));
}

/// Scans every segment that has a header of the log, as the geometry says it is.
template <class Take>
void scan_log(const Medium& medium, Take take) {
  for (uint32_t place = 0; place < medium.present; ++place) {
    const std::optional<Header> header = read_header(medium.segment(place));
    if (header && header->log_id == medium.log_id)
      take(*header, scan_segment(medium, place, header->crc));
  }
}

/// Holes that nothing explains, were this the erased value.
unsigned unexplained_holes(Medium& medium, uint8_t erased) {
  unsigned count = 0;
  medium.geometry.erased = erased;
  medium.geometry.kind = CAIRN_FLASH_NOR;
  scan_log(medium, [&](const Header&, const Scan& scan) {
    for (const Hole& hole : scan.holes)
      count += hole.cause == Hole::Cause::unexplained ? 1 : 0;
  });
  return count;
}

/// The value that explains more; else the one that long runs of equal bytes have. What is erased
/// looks like that, and so does what was programmed all over.
uint8_t guess_erased(Medium& medium) {
  uint64_t counts[2] = {0, 0};
  const uint8_t* data = medium.segment(0);
  const uint64_t size = std::min(medium.file_bytes - medium.offset,
                                 uint64_t{medium.present} * medium.geometry.segment_bytes);
  for (uint64_t at = 0; at < size;) {
    uint64_t end = at + 1;
    while (end < size && data[end] == data[at])
      ++end;
    if (end - at >= 16 && (data[at] == 0xFF || data[at] == 0))
      counts[data[at] == 0 ? 0 : 1] += end - at;
    at = end;
  }
  const unsigned unexplained[2] = {unexplained_holes(medium, 0x00),
                                   unexplained_holes(medium, 0xFF)};
  if (unexplained[0] != unexplained[1]) return unexplained[0] < unexplained[1] ? 0x00 : 0xFF;
  return counts[0] > counts[1] ? 0x00 : 0xFF;
}

/// From what only one kind of medium has: burnt areas, marks, gap frames, commits of several
/// frames, and where erasing does nothing, what an earlier lap has left.
void guess_kind(Medium& medium) {
  cairn::Flash& geometry = medium.geometry;
  unsigned gaps = 0, burnt = 0, marks = 0, commits = 0, stale = 0;
  for (const uint8_t kind : {uint8_t{CAIRN_FLASH_ONCE}, uint8_t{CAIRN_FLASH_NOR}}) {
    geometry.kind = kind;
    scan_log(medium, [&](const Header& header, const Scan& scan) {
      for (const Hole& hole : scan.holes)
        burnt += kind == CAIRN_FLASH_NOR && hole.cause == Hole::Cause::burnt ? 1 : 0;
      if (kind == CAIRN_FLASH_NOR) return;
      gaps += scan.count(FrameType::gap);
      stale += scan.torn > 1u << (header.in_flight_log2 & 31) ? 1 : 0;
      for (const Frame& frame : scan.frames) {
        marks += frame.is_mark() ? 1 : 0;
        commits += frame.continues && frame.type != FrameType::tile ? 1 : 0;
      }
    });
  }
  const auto conclude = [&](int kind, const char* why) {
    geometry.kind = static_cast<uint8_t>(kind);
    medium.kind_why = why;
  };
  if (burnt != 0) return conclude(CAIRN_FLASH_NOR, "it has areas that were programmed all over");
  if (marks != 0) return conclude(CAIRN_FLASH_NOR, "it has marks of torn writes");
  if (gaps != 0) return conclude(CAIRN_FLASH_ONCE, "it has gap frames");
  if (commits != 0) return conclude(CAIRN_FLASH_FILE, "it has commits of several frames");
  if (stale != 0) return conclude(CAIRN_FLASH_REWRITABLE, "it has bytes that no erase removed");
  conclude(geometry.unit_bytes > 4 ? CAIRN_FLASH_ONCE : CAIRN_FLASH_NOR, "from the unit alone");
}

}  // namespace

uint32_t le16(const uint8_t* bytes) {
  return static_cast<uint32_t>(bytes[0] | bytes[1] << 8);
}
uint32_t le32(const uint8_t* bytes) {
  return le16(bytes) | le16(bytes + 2) << 16;
}
uint64_t le64(const uint8_t* bytes) {
  return le32(bytes) | uint64_t{le32(bytes + 4)} << 32;
}

uint32_t crc32c(cairn::ByteView bytes, uint32_t crc) {
  crc = ~crc;
  for (const uint8_t byte : bytes)
    crc = crc >> 8 ^ crc_table()[(crc ^ byte) & 0xFF];
  return ~crc;
}

uint32_t header_crc(const Header& header) {
  uint8_t bytes[header_bytes - 4] = {'C', 'R', 'N', 1};
  const uint32_t words[] = {header.log_id, header.nonce, header.sequence, header.segment_bytes,
                            header.segment_count};
  for (size_t i = 0; i < 20; ++i)
    bytes[4 + i] = static_cast<uint8_t>(words[i / 4] >> (8 * (i % 4)));
  bytes[24] = static_cast<uint8_t>(header.erases);
  bytes[25] = static_cast<uint8_t>(header.erases >> 8);
  bytes[26] = header.unit_log2;
  bytes[27] = header.in_flight_log2;
  return crc32c({bytes, sizeof bytes});
}

std::optional<Header> read_header(const uint8_t* bytes) {
  uint8_t header[header_bytes];
  std::memcpy(header, bytes, header_bytes);
  bool corrected = false;
  const uint32_t differing = le32(header) ^ 0x014E5243;
  if ((differing & (differing - 1)) != 0) return {};
  for (unsigned bit = 0; !is_whole(header) && !corrected && bit < 8 * header_bytes; ++bit) {
    header[bit / 8] = static_cast<uint8_t>(header[bit / 8] ^ 1u << bit % 8);
    corrected = is_whole(header);
    if (!corrected) header[bit / 8] = static_cast<uint8_t>(header[bit / 8] ^ 1u << bit % 8);
  }
  if (!is_whole(header) || std::memcmp(header, "CRN\1", 4) != 0) return {};
  return Header{le32(header + 4),  le32(header + 8),  le32(header + 12),
                le32(header + 16), le32(header + 20), static_cast<uint16_t>(le16(header + 24)),
                header[26],        header[27],        le32(header + 28),
                corrected};
}

Medium load_medium(const std::string& path, const Wanted& wanted) {
  Medium medium;
  require(cairn::host::read_file(path, image_bytes_max, medium.bytes));
  if (medium.bytes.empty())
    throw wrong_use(path, "the file is empty", "Check that it was written or copied completely.");
  const Candidates found = find_candidates(medium.bytes);
  const bool given =
      wanted.unit && wanted.segment_bytes && wanted.segment_count && wanted.offset && wanted.log_id;
  int64_t offset = 0;
  cairn::Flash& geometry = medium.geometry;
  geometry.struct_size = sizeof geometry;
  if (given) {
    if (!is_sane(*wanted.unit, *wanted.segment_bytes, *wanted.segment_count))
      throw wrong_use(path, "no log has this geometry",
                      "The unit is a power of two up to 256; a segment has 256 bytes or more, and "
                      "is a multiple of the unit.");
    offset = static_cast<int64_t>(*wanted.offset);
    geometry.unit_bytes = static_cast<uint32_t>(*wanted.unit);
    geometry.segment_bytes = static_cast<uint32_t>(*wanted.segment_bytes);
    geometry.segment_count = static_cast<uint32_t>(*wanted.segment_count);
    medium.log_id = *wanted.log_id;
  } else {
    const Candidate chosen = choose(path, medium, wanted, found);
    offset = chosen.offset;
    geometry.unit_bytes = 1u << chosen.unit_log2;
    geometry.segment_bytes = chosen.segment_bytes;
    geometry.segment_count = chosen.segment_count;
    medium.log_id = chosen.log_id;
  }
  cut_out(path, medium, offset);
  geometry.erased = wanted.erased == "00" ? 0x00 : 0xFF;
  if (wanted.erased.empty()) {
    geometry.erased = guess_erased(medium);
    medium.erased_why = "from the blank areas";
  }
  std::fill(medium.bytes.begin() + static_cast<std::ptrdiff_t>(medium.file_bytes),
            medium.bytes.end(), static_cast<char>(geometry.erased));
  geometry.kind = cairn::host::flash_kind_of(wanted.kind);
  if (geometry.kind == 0) guess_kind(medium);
  return medium;
}

}  // namespace command::image
