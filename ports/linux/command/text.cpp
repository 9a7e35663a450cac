#include "text.hpp"

#include <cairn/note.hpp>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace command {

std::string hex(cairn::ByteView bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : bytes) {
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

std::string base64(cairn::ByteView bytes) {
  std::string out(cairn::base64_size(bytes.size), '\0');
  const auto written =
      cairn::encode_base64(bytes, {reinterpret_cast<uint8_t*>(&out[0]), out.size()});
  out.resize(written.value_or(0));
  return out;
}

std::string key_id_text(uint32_t id) {
  uint8_t bytes[4];
  cairn::store_be32(bytes, id);
  return hex(bytes);
}

std::string grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3;)
    digits.insert(at -= 3, ",");
  return digits;
}

std::string counted(uint64_t number, const std::string& noun) {
  return grouped(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string record_range(uint64_t first, uint64_t count) {
  if (count == 1) return "record " + std::to_string(first);
  return "records " + std::to_string(first) + " to " + std::to_string(first + count - 1);
}

std::string iso_time(uint64_t unix_s) {
  const auto seconds = static_cast<std::time_t>(unix_s);
  std::tm parts{};
  char text[40];
  if (gmtime_r(&seconds, &parts) == nullptr ||
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return std::to_string(unix_s) + " s";
  return text;
}

std::string iso_time_ms(int64_t unix_ms) {
  int64_t seconds = unix_ms / 1000;
  int64_t rest = unix_ms % 1000;
  if (rest < 0) {
    rest += 1000;
    --seconds;
  }
  std::string text = iso_time(static_cast<uint64_t>(seconds));
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(rest));
  if (text.back() == 'Z') text.replace(text.size() - 1, 1, fraction);
  return text;
}

const char* quality_text(cairn::TimeQuality quality) {
  switch (quality) {
    case cairn::TimeQuality::informative:
      return "informative";
    case cairn::TimeQuality::synchronised:
      return "synchronised";
    case cairn::TimeQuality::relative:
      return "relative";
    default:
      return "unsynchronised";
  }
}

std::string wall_time_text(const cairn::WallTime& time) {
  if (time.quality == cairn::TimeQuality::relative)
    return std::to_string(time.unix_ms) + " ms after an event (relative)";
  return iso_time_ms(time.unix_ms) + " (" + quality_text(time.quality) + ")";
}

std::string bytes_text(uint64_t bytes) {
  static const char* const units[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  unsigned unit = 0;
  for (; value >= 1000 && unit < 4; ++unit)
    value /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text;
}

std::string printable(const std::string& text) {
  // The JSON writer replaces invalid UTF-8 and escapes control characters.
  const auto lenient = nlohmann::json::error_handler_t::replace;
  const std::string quoted = nlohmann::json(text).dump(-1, ' ', false, lenient);
  const bool plain = quoted.size() == text.size() + 2;
  return plain ? text : quoted;
}

}  // namespace command
