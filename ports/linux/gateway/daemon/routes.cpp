#include "routes.hpp"

#include <cairn/linux/file.hpp>
#include <cairn/note.hpp>

namespace service {

std::vector<HttpRoute> make_routes(Service& service, size_t body_bytes_max) {
  std::vector<HttpRoute> routes;
  add_health_routes(service, routes);
  add_log_routes(service, routes);  // before "/{}/checkpoint"
  add_device_routes(service, body_bytes_max, routes);
  add_query_routes(service, routes);
  add_anchor_routes(service, routes);
  add_page_routes(routes);
  return routes;
}

void add_health_routes(Service& service, std::vector<HttpRoute>& out) {
  out.push_back({"GET", "/healthz", "", false, 0, [&service](const HttpRequest&) {
                   return service.is_alive() ? text_answer(200, "alive")
                                             : text_answer(503, "a call of the store hangs");
                 }});
  out.push_back({"GET", "/readyz", "", false, 0, [&service](const HttpRequest&) {
                   if (service.is_ready()) return text_answer(200, "ready");
                   const Error error = service.sequencer().last();
                   return text_answer(503, error.ok() ? "starting, stopping, or without its broker"
                                                      : "not ready; see the service's log");
                 }});
  out.push_back({"GET", "/metrics", "metrics", true, 0, [&service](const HttpRequest&) {
                   HttpAnswer answer;
                   answer.type = "text/plain; version=0.0.4; charset=utf-8";
                   answer.body = service.metrics();
                   return answer;
                 }});
}

HttpAnswer json_answer(const Json& value) {
  HttpAnswer answer;
  answer.type = "application/json";
  answer.body = dumped(value);
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

bool number_of(const HttpRequest& request, const std::string& name, uint64_t otherwise,
               uint64_t& out) {
  out = otherwise;
  const std::string text = request.argument(name);
  if (text.empty()) return true;
  const auto number = cairn::parse_decimal(cairn::host::bytes_of(text));
  out = number.value;
  return number.ok();
}

}  // namespace service
