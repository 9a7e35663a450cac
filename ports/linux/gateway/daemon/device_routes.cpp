// What devices send over HTTP.
#include "device_requests.hpp"
#include "routes.hpp"

namespace service {

namespace {

constexpr size_t enrolment_bytes_max = 8192;

HttpAnswer head(Core& core, const HttpRequest& request) {
  std::string origin;
  const Error found = core.registry->find_hash(request.parameters.at(0), origin);
  if (found.status == Status::not_found) return text_answer(404, "no log of this name");
  if (!found.ok()) return error_answer(found);
  HttpAnswer answer;
  const Error error = core.intake->checkpoint(origin, answer.body);
  if (error.status == Status::not_found) return text_answer(404, "nothing is cosigned yet");
  return error.ok() ? answer : error_answer(error);
}

HttpAnswer report_of(Core& core, const HttpRequest& request) {
  const std::string origin = request.argument("origin");
  return take_report(core, request.body,
                     origin.empty() ? origin : cairn::gateway::origin_hash(origin));
}

}  // namespace

void add_device_routes(Service& service, size_t body_bytes_max, std::vector<HttpRoute>& out) {
  Core& core = service.core();
  out.push_back(
      {"POST", "/add-checkpoint", "devices", true, body_bytes_max,
       [&core](const HttpRequest& request) { return add_checkpoint(core, request.body); }});
  out.push_back({"POST", "/v1/report", "devices", true, body_bytes_max,
                 [&core](const HttpRequest& request) { return report_of(core, request); }});
  out.push_back({"POST", "/v1/enrol", "devices", true, enrolment_bytes_max,
                 [&core](const HttpRequest& request) { return enrol(core, request.body); }});
  out.push_back({"GET", "/{}/checkpoint", "devices", true, 0,
                 [&core](const HttpRequest& request) { return head(core, request); }});
}

}  // namespace service
