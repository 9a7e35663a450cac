// Records of sources in a form that tests compare.
#pragma once

#include <cairn/linux/file.hpp>
#include <cairn/linux/source.hpp>
#include <vector>

#include "support/host.hpp"

namespace host_tests {

/// "1=2150e-2 2='text' 3=true 4=1.5", or the bytes of an opaque record.
inline std::string text_of(const cairn::host::SourceRecord& record) {
  using Type = cairn::Reading::Type;
  if (record.kind == cairn::Kind::opaque) return record.opaque;
  std::string out;
  for (const cairn::Reading& reading : record.readings) {
    std::string value;
    if (reading.type == Type::decimal) value = std::to_string(reading.decimal);
    if (reading.type == Type::decimal && reading.places > 0)
      value += "e-" + std::to_string(reading.places);
    if (reading.type == Type::real) value = "real " + std::to_string(reading.real);
    if (reading.type == Type::flag) value = reading.flag ? "true" : "false";
    if (reading.type == Type::text) value = "'" + cairn::host::string_of(reading.text) + "'";
    out += (out.empty() ? "" : " ") + std::to_string(reading.channel) + "=" + value;
  }
  return out;
}

/// The records of a source until it ends, well or not.
inline std::vector<std::string> all_records(cairn::host::Source& source) {
  std::vector<std::string> out;
  cairn::host::SourceRecord record;
  while (source.next(record) == cairn::Status::ok)
    out.push_back(text_of(record));
  return out;
}

}  // namespace host_tests
