#include "journal.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

namespace service {

namespace {

std::atomic<bool> json_format{false};

/// systemd reads the severity from "<6>" and has the time itself; elsewhere both are written out.
bool for_systemd() {
  static const bool answer = std::getenv("JOURNAL_STREAM") != nullptr;
  return answer;
}

spdlog::logger& logger() {
  static const auto instance = [] {
    auto out = std::make_shared<spdlog::logger>("cairn-gateway",
                                                std::make_shared<spdlog::sinks::stderr_sink_mt>());
    out->set_pattern("%v");
    out->set_level(spdlog::level::info);
    return out;
  }();
  return *instance;
}

struct Names {
  const char* word;
  const char* priority;  ///< of sd-daemon(3)
  spdlog::level::level_enum level;
};

const Names& names_of(Severity severity) {
  static const Names names[] = {{"debug", "<7>", spdlog::level::debug},
                                {"info", "<6>", spdlog::level::info},
                                {"warning", "<4>", spdlog::level::warn},
                                {"error", "<3>", spdlog::level::err}};
  return names[static_cast<int>(severity)];
}

bool is_plain(const std::string& value) {
  for (const char c : value)
    if (c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\') return false;
  return !value.empty();
}

std::string quoted(const std::string& value) {
  if (is_plain(value)) return value;
  return nlohmann::ordered_json(value).dump(-1, ' ', true,
                                            nlohmann::ordered_json::error_handler_t::replace);
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string as_text(const char* level, const std::string& event, const Fields& fields) {
  std::string out = for_systemd() ? event : now_text() + " " + level + " " + event;
  for (const auto& [key, value] : fields)
    out += " " + key + "=" + quoted(value);
  return out;
}

std::string as_json(const char* level, const std::string& event, const Fields& fields) {
  nlohmann::ordered_json out{{"time", now_text()}, {"level", level}, {"event", event}};
  for (const auto& [key, value] : fields)
    out[key] = value;
  return out.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

void set_journal(const std::string& level, const std::string& format) {
  json_format = format == "json";
  logger().set_level(spdlog::level::from_str(level));
}

void report(Severity severity, const std::string& event, const Fields& fields) {
  const Names& names = names_of(severity);
  if (!logger().should_log(names.level)) return;
  const std::string text =
      json_format ? as_json(names.word, event, fields) : as_text(names.word, event, fields);
  logger().log(names.level, "{}{}", for_systemd() ? names.priority : "", text);
  logger().flush();
}

void report_error(const std::string& event, const cairn::host::Error& error, Fields fields) {
  fields.emplace_back("status", cairn::status_text(error.status));
  fields.emplace_back("message", error.message);
  report(Severity::error, event, fields);
}

}  // namespace service
