#include "settings.hpp"

#include <cairn/linux/file.hpp>
#include <cctype>
#include <nlohmann/json.hpp>
#include <optional>

namespace cairn::openplc {
namespace {

using host::Error;
using Json = nlohmann::json;

constexpr size_t settings_bytes_max = 1024 * 1024;
constexpr uint64_t interval_ms_max = 24 * 60 * 60 * 1000;
constexpr unsigned address_max = 65535;

struct TypeName {
  const char* name;
  Type type;
  char width;  ///< of a located variable of this type: the letter behind %I, %Q, %M
};
// Of each width, the first is its type when none is given.
constexpr TypeName types[] = {{"BOOL", Type::boolean, 'X'}, {"USINT", Type::usint, 'B'},
                              {"SINT", Type::sint, 'B'},    {"UINT", Type::uint, 'W'},
                              {"INT", Type::int_, 'W'},     {"UDINT", Type::udint, 'D'},
                              {"DINT", Type::dint, 'D'},    {"REAL", Type::real, 'D'},
                              {"LINT", Type::lint, 'L'},    {"LREAL", Type::lreal, 'L'}};

class Object {
 public:
  Object(const std::string& path, const Json& json) : path_(path), rest_(json) {}

  Error wrong(const std::string& name, const std::string& what) const {
    return {Status::corrupt, path_ + ": the field '" + name + "' " + what + "."};
  }

  bool has(const char* name) const { return rest_.contains(name); }

  Json take(const char* name) {
    Json value = rest_.contains(name) ? rest_[name] : Json();
    rest_.erase(name);
    return value;
  }

  Error text(const char* name, std::string& out) {
    const Json value = take(name);
    if (!value.is_string() || value.get<std::string>().empty()) {
      return wrong(name, "is missing or not a text");
    }
    out = value.get<std::string>();
    return {};
  }

  Error number(const char* name, uint64_t min, uint64_t max, uint32_t& out) {
    const Json value = take(name);
    if (!value.is_number_unsigned() || value.get<uint64_t>() < min || value.get<uint64_t>() > max) {
      return wrong(name, "is missing or not a whole number from " + std::to_string(min) + " to " +
                             std::to_string(max));
    }
    out = value.get<uint32_t>();
    return {};
  }

  Error flag(const char* name, bool& out) {
    const Json value = take(name);
    if (!value.is_boolean()) return wrong(name, "is neither true nor false");
    out = value.get<bool>();
    return {};
  }

  /// What is left is a spelling mistake, more likely than anything else.
  Error finish() const {
    if (rest_.empty()) return {};
    return wrong(rest_.begin().key(), "is unknown");
  }

 private:
  const std::string& path_;
  Json rest_;
};

std::optional<unsigned> take_number(const char*& p, unsigned max) {
  if (std::isdigit(static_cast<unsigned char>(*p)) == 0) return {};
  unsigned value = 0;
  while (std::isdigit(static_cast<unsigned char>(*p)) != 0 && value <= max)
    value = value * 10 + static_cast<unsigned>(*p++ - '0');
  if (value > max) return {};
  return value;
}

// "%IW7", "%QX0.3", "%MD2": area, width, address; the width is returned, 0 for what is none.
char parse_location(const std::string& text, Variable& out) {
  const char* p = text.c_str();
  const char* const areas = "IQM";
  if (*p++ != '%') return 0;
  const char* const area = *p == '\0' ? nullptr : std::char_traits<char>::find(areas, 3, *p);
  if (area == nullptr) return 0;
  out.area = static_cast<Variable::Area>(area - areas);
  const char width = *++p;
  if (width == '\0' || std::string("XBWDL").find(width) == std::string::npos) return 0;
  const std::optional<unsigned> address = take_number(++p, address_max);
  if (!address) return 0;
  out.address = *address;
  if (width == 'X') {
    if (*p++ != '.') return 0;
    const std::optional<unsigned> bit = take_number(p, 7);
    if (!bit) return 0;
    out.bit = *bit;
  }
  return *p == '\0' ? width : '\0';
}

Error read_location(Object& object, Variable& out, char& width) {
  std::string at;
  CAIRN_HOST_TRY(object.text("at", at));
  width = parse_location(at, out);
  if (width == 0) return object.wrong("at", "is no located variable, like %IW7 or %QX0.3");
  if (out.area == Variable::Area::memory && width == 'B') {
    return object.wrong("at", "is %MB: the runtime has no memory bytes. Use %MX or %MW");
  }
  return {};
}

Error read_debug(Object& object, Variable& out) {
  const Json pair = object.take("debug");
  const bool fits = pair.is_array() && pair.size() == 2 && pair[0].is_number_unsigned() &&
                    pair[1].is_number_unsigned() && pair[0].get<uint64_t>() <= UINT8_MAX &&
                    pair[1].get<uint64_t>() <= UINT16_MAX;
  if (!fits) return object.wrong("debug", "is not [array, element] of the debug map");
  out.area = Variable::Area::program;
  out.bit = pair[0].get<unsigned>();
  out.address = pair[1].get<unsigned>();
  return {};
}

// `width` 0: a variable of the debug map, which says nothing about its type.
Error read_type(Object& object, char width, Type& out) {
  std::string name;
  const bool named = object.has("type") || width == 0;
  if (named) CAIRN_HOST_TRY(object.text("type", name));
  for (const TypeName& type : types) {
    if ((width != 0 && type.width != width) || (named && name != type.name)) continue;
    out = type.type;
    return {};
  }
  return object.wrong("type",
                      "is not a type that fits; BOOL, SINT, USINT, INT, UINT, DINT, "
                      "UDINT, LINT, REAL and LREAL are known");
}

Error read_variable(const std::string& path, const Json& json, Variable& out) {
  if (!json.is_object()) return {Status::corrupt, path + ": a variable is not an object."};
  Object object(path, json);
  CAIRN_HOST_TRY(object.number("channel", 0, UINT32_MAX, out.channel));
  char width = 0;
  if (object.has("debug")) {
    CAIRN_HOST_TRY(read_debug(object, out));
  } else {
    CAIRN_HOST_TRY(read_location(object, out, width));
  }
  CAIRN_HOST_TRY(read_type(object, width, out.type));
  if (object.has("on_change")) CAIRN_HOST_TRY(object.flag("on_change", out.on_change));
  return object.finish();
}

Error read_variables(const std::string& path, Object& root, Settings& out) {
  const Json list = root.take("variables");
  if (!list.is_array() || list.empty()) {
    return root.wrong("variables", "is missing, empty or not a list");
  }
  for (const Json& json : list) {
    Variable variable;
    CAIRN_HOST_TRY(read_variable(path, json, variable));
    if (out.every_scans == 0 && !variable.on_change) {
      return root.wrong("every_scans",
                        "is missing or 0, and a variable has no 'on_change': it "
                        "would never be recorded");
    }
    out.variables.push_back(variable);
  }
  return {};
}

Error read_retain(const std::string& path, Object& root, Settings& out) {
  const Json json = root.take("retain");
  if (!json.is_object()) return root.wrong("retain", "is not an object");
  Object retain(path, json);
  CAIRN_HOST_TRY(retain.text("folder", out.retain_folder));
  CAIRN_HOST_TRY(retain.text("key", out.retain_key));
  if (retain.has("interval_ms")) {
    CAIRN_HOST_TRY(retain.number("interval_ms", 1, interval_ms_max, out.retain_interval_ms));
  }
  if (retain.has("channel")) {
    if (out.log.empty()) return retain.wrong("channel", "needs a log to record on");
    CAIRN_HOST_TRY(retain.number("channel", 1, UINT32_MAX, out.retain_channel));
  }
  return retain.finish();
}

}  // namespace

unsigned size_of(Type type) {
  switch (type) {
    case Type::boolean:
    case Type::sint:
    case Type::usint:
      return 1;
    case Type::int_:
    case Type::uint:
      return 2;
    case Type::dint:
    case Type::udint:
    case Type::real:
      return 4;
    case Type::lint:
    case Type::lreal:
      break;
  }
  return 8;
}

Error read_settings(const std::string& path, Settings& out) {
  std::string content;
  CAIRN_HOST_TRY(host::read_file(path, settings_bytes_max, content));
  const Json json = Json::parse(content, nullptr, false);
  if (!json.is_object()) return {Status::corrupt, path + " is not a JSON object."};
  Object root(path, json);
  out = {};
  if (!root.has("log") && !root.has("retain")) {
    return root.wrong("log", "is missing, and so is 'retain': there is nothing to do");
  }
  if (root.has("log")) {
    CAIRN_HOST_TRY(root.text("log", out.log));
    if (root.has("every_scans")) {
      CAIRN_HOST_TRY(root.number("every_scans", 0, UINT32_MAX, out.every_scans));
    }
    CAIRN_HOST_TRY(read_variables(path, root, out));
  }
  if (root.has("retain")) CAIRN_HOST_TRY(read_retain(path, root, out));
  return root.finish();
}

}  // namespace cairn::openplc
