#include "image_segment.hpp"

#include <algorithm>

namespace command::image {

namespace {

constexpr uint32_t frame_overhead = 6;
constexpr uint32_t gap_bytes = 10;
constexpr uint32_t next_bytes = 14;
constexpr uint32_t frontier_bytes_min = 10;

bool is_filled(const uint8_t* bytes, uint32_t size, uint8_t value) {
  return std::all_of(bytes, bytes + size, [value](uint8_t byte) { return byte == value; });
}

/// Behind the last unit of [offset, end) that is not blank.
uint32_t behind_written(const Medium& medium, uint32_t place, uint32_t offset, uint32_t end) {
  const uint8_t* bytes = medium.segment(place);
  const uint32_t unit = medium.geometry.unit_bytes;
  while (end > offset && is_filled(bytes + end - unit, unit, medium.geometry.erased))
    end -= unit;
  return end;
}

/// The last unit in front of the gap frame whose number ends in the 16 bits that it names.
uint32_t named_hole(const Medium& medium, uint32_t place, const Frame& gap) {
  const uint32_t unit = gap.offset / medium.geometry.unit_bytes;
  const uint32_t back = (unit - le16(medium.segment(place) + gap.offset + 2)) & 0xFFFF;
  return (unit - std::min(back, unit)) * medium.geometry.unit_bytes;
}

Hole::Cause cause_of(const Medium& medium, uint32_t place, uint32_t hole, const Frame& first,
                     const Frame& proof) {
  const uint8_t* bytes = medium.segment(place);
  const uint8_t burnt = static_cast<uint8_t>(~medium.geometry.erased);
  if (medium.geometry.kind == CAIRN_FLASH_NOR &&
      is_filled(bytes + hole, first.offset - hole, burnt))
    return Hole::Cause::burnt;
  if (medium.geometry.kind == CAIRN_FLASH_ONCE && proof.type == FrameType::gap &&
      proof.size == gap_bytes && named_hole(medium, place, proof) == hole)
    return Hole::Cause::gap;
  return Hole::Cause::unexplained;
}

/// A mark behind which there is nothing names what is being programmed flat: that does not count,
/// and the log ends in front of it.
void end_at_mark(const Medium& medium, uint32_t place, Scan& out) {
  if (medium.geometry.kind != CAIRN_FLASH_NOR || out.frames.empty()) return;
  const Frame mark = out.frames.back();
  if (!mark.is_mark()) return;
  const uint32_t distance = medium.segment(place)[mark.offset + 2] * 64u + 64;
  const uint32_t hole = mark.offset - std::min(mark.offset, distance);
  const auto marked = [hole](const auto& piece) { return piece.offset >= hole; };
  out.frames.erase(std::find_if(out.frames.begin(), out.frames.end(), marked), out.frames.end());
  out.holes.erase(std::find_if(out.holes.begin(), out.holes.end(), marked), out.holes.end());
  const uint8_t burnt = static_cast<uint8_t>(~medium.geometry.erased);
  const bool flat = is_filled(medium.segment(place) + hole, mark.offset - hole, burnt);
  out.holes.push_back({hole, mark.offset - hole, flat ? Hole::Cause::burnt : Hole::Cause::gap});
  out.torn += out.end - hole;
  out.end = hole;
}

/// Steps over an invalid place. False when the segment ends there.
bool step_over(const Medium& medium, uint32_t place, uint32_t crc, uint32_t& offset, Scan& out) {
  const uint32_t unit = medium.geometry.unit_bytes;
  const uint32_t written = behind_written(medium, place, offset, frames_end(medium));
  Frame frame, first;
  for (uint32_t at = offset + unit; at + frame_overhead <= written;) {
    if (!read_frame(medium, place, crc, at, frame)) {
      at += unit;
      continue;
    }
    if (first.type == FrameType::none) first = frame;
    if (!frame.continues) {
      const Hole::Cause cause = cause_of(medium, place, offset, first, frame);
      out.holes.push_back({offset, first.offset - offset, cause});
      offset = first.offset;
      return true;
    }
    at = frame.end;
  }
  out.torn = written - offset;
  return false;
}

void read_next_slots(const Medium& medium, uint32_t place, uint32_t crc, const Header* header,
                     Scan& out) {
  const uint8_t* bytes = medium.segment(place);
  for (uint32_t slot = 0; slot < 2; ++slot) {
    Frame frame;
    const uint32_t offset = frames_end(medium) + slot * padded(medium, frame_overhead + next_bytes);
    if (!read_frame(medium, place, crc, offset, frame) || frame.type != FrameType::next) continue;
    Header promised = header == nullptr ? Header{} : *header;
    promised.sequence += 1;
    promised.nonce = le32(bytes + offset + 10);
    promised.erases = static_cast<uint16_t>(le16(bytes + offset + 14));
    promised.crc = header_crc(promised);
    promised.corrected = false;
    out.promise[slot] = promised;
    out.next_index_min = le64(bytes + offset + 2);
  }
}

}  // namespace

const char* frame_name(FrameType type) {
  static const char* const names[] = {"none", "record", "frontier", "gap",
                                      "next", "batch",  "tile",     "more"};
  return names[static_cast<size_t>(type)];
}

unsigned Scan::count(FrameType type) const {
  return static_cast<unsigned>(std::count_if(
      frames.begin(), frames.end(), [type](const Frame& frame) { return frame.type == type; }));
}

uint32_t padded(const Medium& medium, uint32_t size) {
  const uint32_t unit = medium.geometry.unit_bytes;
  return (size + unit - 1) / unit * unit;
}

uint32_t frames_end(const Medium& medium) {
  return medium.geometry.segment_bytes - 2 * padded(medium, frame_overhead + next_bytes);
}

bool read_frame(const Medium& medium, uint32_t place, uint32_t crc, uint32_t offset, Frame& out) {
  const uint32_t frames = frames_end(medium);
  const uint32_t limit = offset < frames ? frames : medium.geometry.segment_bytes;
  if (offset + frame_overhead > limit) return false;
  const uint8_t* bytes = medium.segment(place) + offset;
  const uint32_t word = le16(bytes);
  out.type = static_cast<FrameType>(word >> 13);
  out.offset = offset;
  out.size = word & 0x1FFF;
  out.end = padded(medium, offset + frame_overhead + out.size);
  if (out.type == FrameType::none || out.size == 0x1FFF) return false;
  if (out.size > limit - offset - frame_overhead) return false;
  if (out.type == FrameType::gap && out.size != gap_bytes && out.size != mark_bytes) return false;
  if (out.type == FrameType::next && out.size != next_bytes) return false;
  if (out.type == FrameType::frontier && out.size < frontier_bytes_min) return false;
  if (crc32c({bytes, 2 + out.size}, crc + offset) != le32(bytes + 2 + out.size)) return false;
  out.continues = out.type == FrameType::more || out.type == FrameType::tile ||
                  (out.type == FrameType::frontier && (bytes[11] & 1) != 0);
  return true;
}

Scan scan_segment(const Medium& medium, uint32_t place, uint32_t crc, const Header* header) {
  Scan out;
  const uint32_t first = padded(medium, header_bytes);
  uint32_t offset = first;
  for (;;) {
    Frame frame;
    if (offset >= frames_end(medium)) break;
    if (!read_frame(medium, place, crc, offset, frame)) {
      if (!step_over(medium, place, crc, offset, out)) break;
      continue;
    }
    if (offset == first && frame.type == FrameType::frontier) {
      out.has_first_frontier = true;
      out.first_leaf = le64(medium.segment(place) + offset + 2);
    }
    out.frames.push_back(frame);
    offset = frame.end;
  }
  out.end = offset;
  end_at_mark(medium, place, out);
  read_next_slots(medium, place, crc, header, out);
  return out;
}

bool is_blank(const Medium& medium, uint32_t place) {
  return is_filled(medium.segment(place), medium.geometry.segment_bytes, medium.geometry.erased);
}

std::vector<cairn::ByteView> leaves_of(const Medium& medium, uint32_t place, const Frame& frame) {
  const uint8_t* at = medium.segment(place) + frame.offset + 2;
  if (frame.type == FrameType::record) return {{at, frame.size}};
  std::vector<cairn::ByteView> out;
  if (frame.type != FrameType::batch && frame.type != FrameType::more) return out;
  for (const uint8_t* end = at + frame.size; at < end;) {
    uint32_t size = *at++;
    if ((size & 0x80) != 0) {
      if (at == end) break;
      size = (size & 0x7F) | static_cast<uint32_t>(*at++) << 7;
    }
    if (size > static_cast<size_t>(end - at)) break;
    out.push_back({at, size});
    at += size;
  }
  return out;
}

}  // namespace command::image
