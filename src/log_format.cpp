#include "log_format.hpp"

#include "mem.hpp"

namespace cairn::log_format {

uint32_t encode_header(const SegmentHeader& header, uint8_t (&out)[header_bytes]) {
  copy(out, magic, sizeof magic);
  out[3] = version;
  store_le32(out + 4, header.log_id);
  store_le32(out + 8, header.nonce);
  store_le32(out + 12, header.sequence);
  store_le32(out + 16, header.segment_bytes);
  store_le32(out + 20, header.segment_count);
  store_le16(out + 24, header.erase_count);
  out[26] = header.unit_log2;
  out[27] = header.in_flight_log2;
  const uint32_t crc = crc32c({out, 28}, 0);
  store_le32(out + 28, crc);
  return crc;
}

namespace {

bool is_whole(const uint8_t (&header)[header_bytes]) {
  return crc32c({header, 28}, 0) == load_le32(header + 28);
}

// Puts the one wrong bit right, if there is just one: the check value tells which.
bool correct(uint8_t (&header)[header_bytes]) {
  for (uint32_t bit = 0; bit < 8 * header_bytes; ++bit) {
    const uint8_t mask = static_cast<uint8_t>(1u << (bit % 8));
    header[bit / 8] = static_cast<uint8_t>(header[bit / 8] ^ mask);
    if (is_whole(header)) return true;
    header[bit / 8] = static_cast<uint8_t>(header[bit / 8] ^ mask);
  }
  return false;
}

}  // namespace

HeaderState decode_header(const uint8_t* from, SegmentHeader& out, uint32_t& crc) {
  static const uint8_t front[4] = {magic[0], magic[1], magic[2], version};
  uint8_t bytes[header_bytes];
  copy(bytes, from, header_bytes);
  if (!is_whole(bytes)) {
    const bool near = count_bits(load_le32(bytes) ^ load_le32(front)) <= 1;
    if (!near || !correct(bytes)) return HeaderState::invalid;
  }
  if (memcmp(bytes, magic, sizeof magic) != 0) return HeaderState::invalid;
  if (bytes[3] != version) return HeaderState::foreign_version;
  crc = load_le32(bytes + 28);
  out.log_id = load_le32(bytes + 4);
  out.nonce = load_le32(bytes + 8);
  out.sequence = load_le32(bytes + 12);
  out.segment_bytes = load_le32(bytes + 16);
  out.segment_count = load_le32(bytes + 20);
  out.erase_count = load_le16(bytes + 24);
  out.unit_log2 = bytes[26];
  out.in_flight_log2 = bytes[27];
  return HeaderState::valid;
}

bool decode_frame_word(uint16_t word, FrameType& type, uint32_t& payload) {
  const uint32_t number = word >> 13;
  payload = word & 0x1FFF;
  if (number == 0 || payload > payload_max) return false;
  type = static_cast<FrameType>(number);
  if (type == FrameType::gap) return payload == gap_bytes || payload == mark_bytes;
  if (type == FrameType::next) return payload == next_bytes;
  if (type == FrameType::frontier) return payload >= frontier_fixed_bytes;
  if (type == FrameType::tile) {
    return payload > tile_fixed_bytes && (payload - tile_fixed_bytes) % digest_bytes == 0;
  }
  return true;
}

unsigned shared_hashes(uint64_t before, uint64_t size) {
  const unsigned differ = bit_length(before ^ size);  // bits from here up are equal
  return differ >= 64 ? 0 : count_bits(size >> differ);
}

}  // namespace cairn::log_format
