// Values in the form that people and other programs read.
#pragma once

#include <cairn/bytes.hpp>
#include <cairn/hash.hpp>
#include <cairn/platform.hpp>
#include <string>

namespace command {

inline cairn::ByteView view(const std::string& bytes) {
  return {bytes.data(), bytes.size()};
}
inline std::string text_of(cairn::ByteView bytes) {
  return bytes.empty() ? std::string() : std::string(bytes.text(), bytes.size);
}

/// Lower-case hexadecimal.
std::string hex(cairn::ByteView bytes);
/// Standard base64.
std::string base64(cairn::ByteView bytes);
/// A key id as it stands in a vkey: eight hexadecimal digits.
std::string key_id_text(uint32_t id);
/// "20,631".
std::string grouped(uint64_t number);
/// "1 record", "20,631 records".
std::string counted(uint64_t number, const std::string& noun);
/// "record 7", "records 7 to 9".
std::string record_range(uint64_t first, uint64_t count);
/// ISO 8601 in UTC: "2026-11-20T10:33:00Z".
std::string iso_time(uint64_t unix_s);
/// The same with milliseconds.
std::string iso_time_ms(int64_t unix_ms);
/// "2026-11-20T10:33:00.123Z (synchronised)".
std::string wall_time_text(const cairn::WallTime& time);
const char* quality_text(cairn::TimeQuality quality);
/// "1.2 MB".
std::string bytes_text(uint64_t bytes);
/// The text with control characters and invalid UTF-8 made visible: safe on a terminal.
std::string printable(const std::string& text);

}  // namespace command
