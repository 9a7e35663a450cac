#include "json_fields.hpp"

namespace cairn::gateway {
namespace {

bool is_text(const Json& value) {
  return value.is_string();
}
bool is_number(const Json& value) {
  return value.is_number_unsigned();
}
bool is_array(const Json& value) {
  return value.is_array();
}

}  // namespace

JsonFields::JsonFields(const std::string& value, const std::string& format, uint64_t version)
    : json_(Json::parse(value, nullptr, false)) {
  if (!json_.is_object()) {
    reject("it is no JSON object");
  } else if (text("format") != format) {
    reject("its format is not '" + format + "'");
  } else if (number("version") > version) {
    later_version_ = true;
    reject("a newer cairn wrote it");
  }
}

void JsonFields::reject(const std::string& why) {
  if (whole_ != nullptr) return whole_->reject(why);
  if (fault_.empty()) fault_ = why;
}

const Json& JsonFields::member(const char* name, bool right_type(const Json&)) {
  static const Json none;
  if (json_.is_object()) {
    const auto found = json_.find(name);
    if (found != json_.end() && right_type(*found)) return *found;
  }
  reject(std::string("its '") + name + "' is missing or wrong");
  return none;
}

std::string JsonFields::text(const char* name) {
  const Json& value = member(name, is_text);
  return value.is_string() ? value.get<std::string>() : std::string();
}

uint64_t JsonFields::number(const char* name) {
  const Json& value = member(name, is_number);
  return value.is_number_unsigned() ? value.get<uint64_t>() : 0;
}

std::vector<uint8_t> JsonFields::bytes(const char* name) {
  std::vector<uint8_t> out;
  for (const Json& element : array(name)) {
    if (!element.is_number_unsigned() || element.get<uint64_t>() > UINT8_MAX) {
      reject(std::string("its '") + name + "' has something else than bytes");
      return {};
    }
    out.push_back(element.get<uint8_t>());
  }
  return out;
}

const Json& JsonFields::array(const char* name) {
  static const Json empty = Json::array();
  const Json& value = member(name, is_array);
  return value.is_array() ? value : empty;
}

host::Error JsonFields::finish(const std::string& what) const {
  if (fault_.empty()) return {};
  const Status status = later_version_ ? Status::wrong_version : Status::corrupt;
  const char* const remedy = later_version_ ? " Use that one." : " Restore the store.";
  return {status, what + " cannot be read: " + fault_ + "." + remedy};
}

}  // namespace cairn::gateway
