// The gateway's own log: c2sp.org/tlog-tiles. Any web server can serve the same folder.
#include <cairn/bytes.hpp>
#include <cairn/gateway/archive.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/tile_layout.hpp>
#include <cairn/note.hpp>

#include "routes.hpp"

namespace service {

namespace {

namespace host = cairn::host;

constexpr size_t file_bytes_max = 32 << 20;
constexpr char immutable[] = "public, max-age=31536000, immutable";

std::string without(const std::string& text, const std::string& beginning) {
  return text.compare(0, beginning.size(), beginning) == 0 ? text.substr(beginning.size()) : "";
}

/// Reads "x001/x234/067" as 1234067: groups of three digits, all but the last with an x.
bool parse_number(const std::string& text, uint64_t& out) {
  out = 0;
  size_t at = 0;
  for (unsigned groups = 0; groups < 6; ++groups) {
    const bool more = at < text.size() && text[at] == 'x';
    if (more) ++at;
    if (text.size() < at + 3) return false;
    for (const size_t end = at + 3; at < end; ++at) {
      if (text[at] < '0' || text[at] > '9') return false;
      out = out * 10 + static_cast<uint64_t>(text[at] - '0');
    }
    if (!more) return at == text.size();
    if (at >= text.size() || text[at++] != '/') return false;
  }
  return false;
}

/// The file for a path below tile/, built anew from what it says; empty when it says nothing.
std::string tile_file(const std::string& path) {
  std::string rest = path;
  uint64_t width = host::tile_width;
  const size_t partial = rest.find(".p/");
  if (partial != std::string::npos) {
    const auto parsed = cairn::parse_decimal(host::bytes_of(rest.substr(partial + 3)));
    if (!parsed.ok() || parsed.value == 0 || parsed.value >= host::tile_width) return "";
    width = parsed.value;
    rest.resize(partial);
  }
  uint64_t number = 0;
  const std::string entries = without(rest, "entries/");
  if (!entries.empty())
    return parse_number(entries, number) ? host::entries_path(number, static_cast<unsigned>(width))
                                         : "";
  if (rest.size() < 3 || rest[0] < '0' || rest[0] > '7' || rest[1] != '/') return "";
  return parse_number(rest.substr(2), number)
             ? host::tile_path(static_cast<unsigned>(rest[0] - '0'), number,
                               static_cast<unsigned>(width))
             : "";
}

/// A file of the log that never changes; `name` is empty for what can be none.
HttpAnswer file(Core& core, const std::string& name) {
  if (name.empty()) return text_answer(404, "no such file");
  HttpAnswer answer;
  const Error error = host::read_file(core.log.folder() + "/" + name, file_bytes_max, answer.body);
  if (error.status == Status::not_found) return text_answer(404, "no such file");
  if (!error.ok()) return error_answer(error);
  answer.type = "application/octet-stream";
  answer.headers.emplace_back("Cache-Control", immutable);
  return answer;
}

/// The file for a path below archive/; empty when it says nothing.
std::string archive_file(const std::string& path) {
  namespace gateway = cairn::gateway;
  uint64_t number = 0;
  for (const gateway::ArchiveKind kind : gateway::archive_kinds)
    if (parse_number(without(path, std::string(gateway::archive_kind_name(kind)) + "/"), number))
      return gateway::archive_path(kind, number);
  return "";
}

HttpAnswer checkpoint(Core& core) {
  HttpAnswer answer;
  answer.body = core.log.head().note;
  if (answer.body.empty()) return text_answer(404, "nothing is signed yet");
  answer.headers.emplace_back("Cache-Control", "no-cache");
  return answer;
}

}  // namespace

void add_log_routes(Service& service, std::vector<HttpRoute>& out) {
  Core& core = service.core();
  out.push_back({"GET", "/log/checkpoint", "log", false, 0,
                 [&core](const HttpRequest&) { return checkpoint(core); }});
  out.push_back({"GET", "/log/tile/{*}", "log", true, 0, [&core](const HttpRequest& request) {
                   return file(core, tile_file(request.parameters.at(0)));
                 }});
  out.push_back({"GET", "/log/archive/{*}", "log", true, 0, [&core](const HttpRequest& request) {
                   return file(core, archive_file(request.parameters.at(0)));
                 }});
}

}  // namespace service
