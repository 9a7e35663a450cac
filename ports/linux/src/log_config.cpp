#include <cairn/linux/key_file.hpp>
#include <cairn/linux/log_config.hpp>
#include <nlohmann/json.hpp>

namespace cairn::host {
namespace {

using Json = nlohmann::ordered_json;

constexpr char format_name[] = "cairn-log";
constexpr uint64_t format_version = 1;
constexpr size_t config_bytes_max = 64 * 1024;

// Takes the fields of one JSON object out, each with its type and range. What is left over at the
// end is unknown: a spelling mistake, more likely than anything else.
class Fields {
 public:
  Fields(const std::string& path, const Json& object) : path_(path), rest_(object) {}

  Error text(const char* name, std::string& out) {
    const Json value = take(name);
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
      return wrong(name, "is missing or not a text");
    }
    out = value.get<std::string>();
    return {};
  }

  template <typename T>
  Error number(const char* name, uint64_t min, uint64_t max, T& out) {
    const Json value = take(name);
    const bool fits =
        value.is_number_unsigned() && value.get<uint64_t>() >= min && value.get<uint64_t>() <= max;
    if (!fits) {
      return wrong(name, "is missing or not a whole number from " + std::to_string(min) + " to " +
                             std::to_string(max));
    }
    out = static_cast<T>(value.get<uint64_t>());
    return {};
  }

  Error flag(const char* name, bool& out) {
    const Json value = take(name);
    if (!value.is_boolean()) return wrong(name, "is missing, or neither true nor false");
    out = value.get<bool>();
    return {};
  }

  Error object(const char* name, Json& out) {
    out = take(name);
    if (!out.is_object()) return wrong(name, "is missing or not an object");
    return {};
  }

  Error finish() const {
    if (rest_.empty()) return {};
    return wrong(rest_.begin().key(), "is unknown");
  }

  Error wrong(const std::string& name, const std::string& what) const {
    return {Status::corrupt, path_ + ": the field '" + name + "' " + what +
                                 ". Restore the file from a copy, or correct it."};
  }

 private:
  Json take(const char* name) {
    const auto found = rest_.find(name);
    if (found == rest_.end()) return {};
    Json value = *found;
    rest_.erase(found);
    return value;
  }

  const std::string& path_;
  Json rest_;
};

Error read_version(const std::string& path, Fields& fields) {
  std::string format;
  CAIRN_HOST_TRY(fields.text("format", format));
  if (format != format_name) {
    return fields.wrong("format", "is not '" + std::string(format_name) + "'");
  }
  uint64_t version = 0;
  CAIRN_HOST_TRY(fields.number("version", 1, UINT32_MAX, version));
  if (version == format_version) return {};
  return {Status::wrong_version, path + " is of version " + std::to_string(version) +
                                     "; this program knows version " +
                                     std::to_string(format_version) + ". Use a newer cairn."};
}

Error read_batch(const std::string& path, Fields& fields, BatchPolicy& out) {
  Json object;
  CAIRN_HOST_TRY(fields.object("batch", object));
  Fields batch(path, object);
  CAIRN_HOST_TRY(batch.number("leaves", 0, UINT32_MAX, out.leaves));
  CAIRN_HOST_TRY(batch.number("bytes", 0, UINT32_MAX, out.bytes));
  CAIRN_HOST_TRY(batch.number("time_ms", 0, UINT32_MAX, out.time_ms));
  CAIRN_HOST_TRY(batch.flag("automatic", out.automatic));
  return batch.finish();
}

// Of a copy: what the device's flash is.
Error read_flash(const std::string& path, Fields& fields, FileGeometry& out) {
  Json object;
  std::string kind;
  CAIRN_HOST_TRY(fields.object("flash", object));
  Fields flash(path, object);
  CAIRN_HOST_TRY(flash.text("kind", kind));
  CAIRN_HOST_TRY(flash.number("unit_bytes", 1, 256, out.unit_bytes));
  CAIRN_HOST_TRY(flash.number("erased", 0, 255, out.erased));
  out.kind = flash_kind_of(kind);
  if (out.kind == 0) return flash.wrong("kind", "is no kind of memory");
  return flash.finish();
}

Error check_vkey(const std::string& path, const Fields& fields, const LogConfig& config) {
  VerifierKey key;
  CAIRN_HOST_TRY(key.parse(config.vkey, path + ", field 'vkey'"));
  if (string_of(key.key.name) == config.origin) return {};
  return fields.wrong("vkey", "is not of the origin '" + config.origin + "'");
}

}  // namespace

const char* flash_kind_name(uint8_t kind) {
  static const char* const names[] = {"unknown", "once", "nor", "rewritable", "file"};
  return names[kind <= CAIRN_FLASH_FILE ? kind : 0];
}

uint8_t flash_kind_of(const std::string& name) {
  for (uint8_t kind = CAIRN_FLASH_ONCE; kind <= CAIRN_FLASH_FILE; ++kind)
    if (name == flash_kind_name(kind)) return kind;
  return 0;
}

Error read_log_config(const std::string& path, LogConfig& out) {
  std::string content;
  CAIRN_HOST_TRY(read_file(path, config_bytes_max, content));
  const Json root = Json::parse(content, nullptr, false);
  if (!root.is_object()) {
    return {Status::corrupt, path + " is not a JSON object. Restore it from a copy."};
  }
  LogConfig config;
  Fields fields(path, root);
  CAIRN_HOST_TRY(read_version(path, fields));
  CAIRN_HOST_TRY(fields.text("origin", config.origin));
  CAIRN_HOST_TRY(fields.text("vkey", config.vkey));
  FileGeometry& geometry = config.settings.geometry;
  config.is_copy = root.contains("flash");
  if (config.is_copy) {
    CAIRN_HOST_TRY(read_flash(path, fields, geometry));
  } else {
    CAIRN_HOST_TRY(fields.text("key", config.key_path));
  }
  CAIRN_HOST_TRY(fields.number("segment_bytes",
                               config.is_copy ? uint32_t{FileGeometry::copy_segment_bytes_min}
                                              : uint32_t{FileGeometry::segment_bytes_min},
                               FileGeometry::segment_bytes_max, geometry.segment_bytes));
  CAIRN_HOST_TRY(fields.number("segment_count", FileGeometry::segment_count_min,
                               FileGeometry::segment_count_max, geometry.segment_count));
  CAIRN_HOST_TRY(fields.flag("recycle", config.settings.recycle));
  CAIRN_HOST_TRY(read_batch(path, fields, config.settings.batch));
  CAIRN_HOST_TRY(check_vkey(path, fields, config));
  CAIRN_HOST_TRY(fields.finish());
  out = config;
  return {};
}

Error write_log_config(const std::string& path, const LogConfig& config) {
  const LogSettings& settings = config.settings;
  const FileGeometry& geometry = settings.geometry;
  Json root = {{"format", format_name},
               {"version", format_version},
               {"origin", config.origin},
               {"vkey", config.vkey},
               {"segment_bytes", geometry.segment_bytes},
               {"segment_count", geometry.segment_count},
               {"recycle", settings.recycle},
               {"batch",
                {{"leaves", settings.batch.leaves},
                 {"bytes", settings.batch.bytes},
                 {"time_ms", settings.batch.time_ms},
                 {"automatic", settings.batch.automatic}}}};
  if (config.is_copy) {
    root["flash"] = {{"kind", flash_kind_name(geometry.kind)},
                     {"unit_bytes", geometry.unit_bytes},
                     {"erased", geometry.erased}};
  } else {
    root["key"] = config.key_path;
  }
  std::string text;
  try {
    text = root.dump(2) + "\n";
  } catch (const Json::type_error&) {
    return {Status::bad_argument, "the path of the private key, " + config.key_path +
                                      ", is not UTF-8. Move the key to a path that is."};
  }
  return write_file(path, bytes_of(text));
}

}  // namespace cairn::host
