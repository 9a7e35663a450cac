// The one way to a false alarm that the format of the log has (docs/format.md, R6): both NEXT slots
// of the newest segment are spoilt, so that nothing announces the erase that follows.
#pragma once

#include "crc32c.hpp"
#include "log_format.hpp"
#include "support/fake_flash.hpp"

namespace log_walk {

// Whether a valid frame of this type lies there.
inline bool has_frame(const uint8_t* segment, uint32_t segment_bytes, uint32_t offset, uint32_t crc,
                      cairn::log_format::FrameType type) {
  const uint8_t* at = segment + offset;
  const uint16_t word = cairn::load_le16(at);
  const uint32_t size = 2 + (word & 0x1FFFu);
  return word >> 13 == static_cast<uint32_t>(type) && offset + size + 4 <= segment_bytes &&
         cairn::load_le32(at + size) == cairn::crc32c({at, size}, crc + offset);
}

/// Whether the newest segment has no NEXT frame, and each place of one was torn. With
/// `programs_failed`, programming may have failed there and left no trace.
inline bool both_next_slots_spoilt(fake::FakeFlash& fake, bool programs_failed) {
  using namespace cairn::log_format;
  const cairn::Flash& flash = fake.flash();
  const Layout layout(flash);
  const auto memory_of = [&](uint32_t segment) {
    return fake.memory.data() + size_t{segment} * layout.segment;
  };
  uint32_t newest = 0, newest_crc = 0, sequence = 0;
  for (uint32_t i = 0; i < flash.segment_count; ++i) {
    SegmentHeader header;
    uint32_t crc = 0;
    if (decode_header(memory_of(i), header, crc) != HeaderState::valid ||
        header.sequence < sequence ||
        !has_frame(memory_of(i), layout.segment, layout.first_frame(), crc, FrameType::frontier)) {
      continue;
    }
    newest = i;
    newest_crc = crc;
    sequence = header.sequence;
  }
  for (uint32_t slot = 0; slot < 2; ++slot) {
    const uint32_t offset = layout.frames_end() + slot * layout.next_size();
    const bool used = fake.is_used(newest, offset, layout.next_size());
    const bool spoilt = used || programs_failed;
    if (!spoilt ||
        has_frame(memory_of(newest), layout.segment, offset, newest_crc, FrameType::next)) {
      return false;
    }
  }
  return true;
}

}  // namespace log_walk
