#include <strings.h>

#include <cairn/linux/file.hpp>
#include <cairn/linux/source.hpp>
#include <charconv>
#include <cmath>

namespace cairn::host {
namespace {

constexpr size_t places_max = 18;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// 007 or -012: more a name than a number, and as a number it would lose its zeros.
bool leads_with_zero(const std::string& number) {
  const size_t first = number[0] == '-' ? 1 : 0;
  return number.size() > first + 1 && number[first] == '0' && is_digit(number[first + 1]);
}

// Digits with at most one point, taken as a whole number and the places of the point.
bool parse_decimal_text(const std::string& number, Reading& out) {
  std::string digits = number;
  const size_t point = number.find('.');
  size_t places = 0;
  if (point != std::string::npos) {
    places = number.size() - point - 1;
    if (places > places_max || (places > 0 && !is_digit(number[point + 1]))) return false;
    digits.erase(point, 1);
  }
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, out.decimal);
  out.places = static_cast<uint8_t>(places);
  return error == std::errc() && stop == end;
}

bool parse_real_text(const std::string& number, Reading& out) {
  if (number.find_first_of(".eE") == std::string::npos) return false;
  const char* const end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, out.real);
  return error == std::errc() && stop == end && std::isfinite(out.real);
}

bool parse_flag_text(const std::string& text, Reading& out) {
  out.flag = strcasecmp(text.c_str(), "true") == 0;
  return out.flag || strcasecmp(text.c_str(), "false") == 0;
}

}  // namespace

void SourceRecord::clear() {
  kind = Kind::sample;
  channels.clear();
  readings.clear();
  texts.clear();
  opaque.clear();
  time = {};
  line = 0;
}

Status Source::fail(Status status, uint64_t line, const std::string& what) {
  const std::string where = line == 0 ? name_ : name_ + ", line " + std::to_string(line);
  error_ = {status, where + ": " + what};
  return status;
}

Reading reading_of_text(const std::string& text) {
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  const std::string number = plus ? text.substr(1) : text;
  Reading reading;
  if (!number.empty() && !leads_with_zero(number)) {
    reading.type = Reading::Type::decimal;
    if (parse_decimal_text(number, reading)) return reading;
    reading = {};
    reading.type = Reading::Type::real;
    if (parse_real_text(number, reading)) return reading;
    reading = {};
  }
  reading.type = Reading::Type::flag;
  if (parse_flag_text(text, reading)) return reading;
  reading.type = Reading::Type::text;
  reading.text = bytes_of(text);
  return reading;
}

}  // namespace cairn::host
