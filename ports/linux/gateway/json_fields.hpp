// Values of the store that are JSON objects: each begins with its format and version, and every
// member that is read is checked.
#pragma once

#include <cairn/linux/error.hpp>
#include <vector>

#include "json.hpp"

namespace cairn::gateway {

/// Reads the members of an object, and remembers the first that is missing or wrong.
class JsonFields {
 public:
  JsonFields(const std::string& value, const std::string& format, uint64_t version);
  /// A part of another: its faults are remembered there.
  JsonFields(const Json& part, JsonFields& whole) : json_(part), whole_(&whole) {}

  std::string text(const char* name);
  uint64_t number(const char* name);
  std::vector<uint8_t> bytes(const char* name);
  /// The elements of an array of objects; empty when it is none.
  const Json& array(const char* name);

  /// ok, wrong_version, or corrupt; `what` names the value: "the entry of device x".
  host::Error finish(const std::string& what) const;

 private:
  const Json& member(const char* name, bool right_type(const Json&));
  void reject(const std::string& why);

  Json json_;
  JsonFields* whole_ = nullptr;
  std::string fault_;
  bool later_version_ = false;
};

}  // namespace cairn::gateway
