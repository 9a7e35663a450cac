// What the gateway knows, as JSON: devices, their heads, its own log, the last hour.
#include <cairn/linux/file.hpp>
#include <cairn/note.hpp>
#include <ctime>

#include "anchoring_json.hpp"
#include "routes.hpp"

namespace service {

namespace {

namespace gateway = cairn::gateway;

constexpr size_t page_max = 500;
constexpr uint64_t page_default = 100;

/// A device with its newest head, and how long ago that was cosigned.
Json with_head(const Core& core, const gateway::Device& device) {
  Json out = json_of(device);
  std::string note;
  if (!core.intake->checkpoint(device.origin, note).ok()) return out;
  Json head = json_of_head(note);
  if (head.is_object() && head.contains("time"))
    out["lag_seconds"] = std::time(nullptr) - static_cast<std::time_t>(head["time"]);
  out["head"] = std::move(head);
  return out;
}

/// How many a page is to have; false when that is no number or too many.
bool page_of(const HttpRequest& request, size_t otherwise, uint64_t& limit) {
  return number_of(request, "limit", otherwise, limit) && limit != 0 && limit <= page_max;
}

HttpAnswer wrong_limit() {
  return text_answer(400, "limit is a number from 1 to " + std::to_string(page_max));
}

HttpAnswer devices(Core& core, const HttpRequest& request) {
  uint64_t limit = 0;
  if (!page_of(request, page_default, limit)) return wrong_limit();
  std::vector<gateway::Device> page;
  const Error error = core.registry->list(request.argument("after"), limit, page);
  if (!error.ok()) return error_answer(error);
  Json list = Json::array();
  for (const gateway::Device& device : page)
    list.push_back(with_head(core, device));
  Json out{{"devices", list}};
  if (page.size() == limit) out["next"] = page.back().origin;
  return json_answer(out);
}

HttpAnswer device(Core& core, const HttpRequest& request) {
  const std::string origin = request.argument("origin");
  gateway::Device found;
  const Error error = core.registry->find(origin, found);
  if (error.status == Status::not_found) return text_answer(404, "no device of this origin");
  if (!error.ok()) return error_answer(error);
  Json out = with_head(core, found);
  std::vector<gateway::DeviceEvent> events;
  const Error read = core.registry->events(origin, events);
  if (!read.ok()) return error_answer(read);
  out["events"] = json_of(events);
  gateway::AggregateLeaf leaf;
  const uint64_t size = out.contains("head") && out["head"].is_object()
                            ? static_cast<uint64_t>(out["head"]["size"])
                            : 0;
  if (size != 0 && core.log.find(origin, size, leaf).ok()) out["leaf"] = leaf.index;
  return json_answer(out);
}

/// Origins of the devices that signed two histories.
HttpAnswer forks(Core& core, const HttpRequest& request) {
  uint64_t limit = 0;
  if (!page_of(request, page_max, limit)) return wrong_limit();
  const std::string prefix = gateway::prefix_of({"fork"});
  std::vector<gateway::Entry> entries;
  const Error error = core.store->scan(prefix, prefix + request.argument("after"), limit, entries);
  if (!error.ok()) return error_answer(error);
  Json list = Json::array();
  for (const gateway::Entry& entry : entries)
    list.push_back(entry.key.substr(prefix.size()));
  Json out{{"forks", list}};
  if (list.size() == limit) out["next"] = list.back();
  return json_answer(out);
}

HttpAnswer fork(Core& core, const HttpRequest& request) {
  HttpAnswer answer;
  const Error error = core.registry->fork(request.argument("origin"), answer.body);
  if (error.status == Status::not_found) return text_answer(404, "no fork of this origin is known");
  if (!error.ok()) return error_answer(error);
  answer.type = "application/octet-stream";
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"proof.fork\"");
  return answer;
}

/// What evidence is asked about: exactly one of the three.
enum class Wanted { records, batches, head };

bool wanted_of(const HttpRequest& request, Wanted& out) {
  const bool records = !request.argument("index").empty();
  const bool head = !request.argument("head").empty();
  const bool batches = !request.argument("from_ms").empty() || !request.argument("to_ms").empty();
  out = records ? Wanted::records : head ? Wanted::head : Wanted::batches;
  return (records ? 1 : 0) + (head ? 1 : 0) + (batches ? 1 : 0) == 1;
}

/// A .cairn file about records by index, about the batches closed in a span of time, or about a
/// head.
HttpAnswer evidence(Core& core, const HttpRequest& request) {
  gateway::RecordSpan span;
  span.origin = request.argument("origin");
  const std::string anchor = request.argument("anchor");
  uint64_t from_ms = 0, to_ms = 0, head = 0;
  if (!number_of(request, "index", 0, span.first) || !number_of(request, "count", 1, span.count) ||
      !number_of(request, "from_ms", 0, from_ms) ||
      !number_of(request, "to_ms", INT64_MAX, to_ms) || !number_of(request, "head", 0, head))
    return text_answer(400, "index, count, from_ms, to_ms and head are numbers");
  Wanted wanted{};
  if (!wanted_of(request, wanted))
    return text_answer(400, "give index, and perhaps count; or from_ms and to_ms; or head");
  HttpAnswer answer;
  Error error;
  if (wanted == Wanted::batches)
    error = core.evidence->find_time(span.origin, static_cast<int64_t>(from_ms),
                                     static_cast<int64_t>(to_ms), span);
  if (error.ok())
    error = wanted == Wanted::head
                ? core.evidence->build_head(span.origin, head, answer.body, anchor)
                : core.evidence->build(span, answer.body, anchor);
  if (error.status == Status::not_found) return text_answer(404, error.message);
  if (error.status == Status::full) return text_answer(413, error.message);
  if (!error.ok()) return error_answer(error);
  answer.type = "application/octet-stream";
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"evidence.cairn\"");
  return answer;
}

HttpAnswer status(Service& service) {
  Core& core = service.core();
  const gateway::IntakeCounts counts = core.intake->counts();
  const gateway::AggregateHead head = core.log.head();
  Json answers;
  for (size_t i = 0; i < std::size(gateway::intake_answers); ++i)
    answers[std::to_string(gateway::intake_answers[i])] = counts.answers[i];
  Json samples = Json::array();
  for (const Sample& sample : service.history().samples())
    samples.push_back(
        {sample.time_s, sample.cosigned, sample.records, sample.leaves, sample.waiting});
  const Error last = service.sequencer().last();
  const std::shared_ptr<const Anchoring> anchoring = service.anchoring();
  return json_answer({{"ready", service.is_ready()},
                      {"now", std::time(nullptr)},
                      {"log",
                       {{"origin", core.log.origin()},
                        {"vkey", cairn::host::vkey_text(core.log_key.log_key())},
                        {"head", json_of_head(head.note)},
                        {"waiting", core.log.queued()}}},
                      {"witness",
                       {{"name", core.witness_key.name()},
                        {"vkey", cairn::host::vkey_text(core.witness_key.cosigner_key().value)}}},
                      {"answers", answers},
                      {"records", counts.records},
                      {"forks", counts.forks},
                      {"anchors", json_of(anchoring->anchors(), head.size)},
                      {"witnesses", json_of(anchoring->witnesses(), head.size)},
                      {"sequencer", last.ok() ? "ok" : cairn::status_text(last.status)},
                      {"history", samples}});
}

}  // namespace

void add_query_routes(Service& service, std::vector<HttpRoute>& out) {
  Core& core = service.core();
  const auto add = [&out](const char* path, std::function<HttpAnswer(const HttpRequest&)> answer) {
    out.push_back({"GET", path, "query", true, 0, std::move(answer)});
  };
  add("/v1/status", [&service](const HttpRequest&) { return status(service); });
  add("/v1/devices", [&core](const HttpRequest& request) { return devices(core, request); });
  add("/v1/device", [&core](const HttpRequest& request) { return device(core, request); });
  add("/v1/evidence", [&core](const HttpRequest& request) { return evidence(core, request); });
  add("/v1/forks", [&core](const HttpRequest& request) { return forks(core, request); });
  add("/v1/fork", [&core](const HttpRequest& request) { return fork(core, request); });
}

}  // namespace service
